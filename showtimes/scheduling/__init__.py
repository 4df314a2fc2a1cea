from showtimes.scheduling.planning import (
    apply_plan,
    as_it_stands,
    free_again_at,
    local_start,
    recount,
    refuse_overlap,
    schedule,
    schedule_for,
    validate_start,
)

__all__ = [
    "apply_plan",
    "as_it_stands",
    "free_again_at",
    "local_start",
    "recount",
    "refuse_overlap",
    "schedule",
    "schedule_for",
    "validate_start",
]
