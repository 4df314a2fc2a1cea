from showtimes.seat_plan.plan import (
    KIND_OF,
    Plan,
    PlannedSeat,
    PlanSeat,
    grid_for,
    plan_at,
    plan_of,
    read,
)

__all__ = [
    "KIND_OF",
    "Plan",
    "PlanSeat",
    "PlannedSeat",
    "grid_for",
    "plan_at",
    "plan_of",
    "read",
]
