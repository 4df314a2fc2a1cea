from showtimes.seat_plan.layout import apply_plan, grid_for, recount
from showtimes.seat_plan.plan import KIND_OF, Plan, PlannedSeat, PlanSeat, plan_at, plan_of, read

__all__ = [
    "KIND_OF",
    "Plan",
    "PlanSeat",
    "PlannedSeat",
    "apply_plan",
    "grid_for",
    "plan_at",
    "plan_of",
    "read",
    "recount",
]
