from showtimes.scheduling.planning import (
    as_it_stands,
    free_again_at,
    local_start,
    refuse_overlap,
    schedule,
    schedule_for,
    validate_start,
)

__all__ = [
    "as_it_stands",
    "free_again_at",
    "local_start",
    "refuse_overlap",
    "schedule",
    "schedule_for",
    "validate_start",
]
