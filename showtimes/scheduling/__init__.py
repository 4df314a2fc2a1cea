from showtimes.scheduling.planning import (
    as_it_stands,
    free_again_at,
    lay_out,
    local_start,
    recount,
    refuse_odd_start,
    reserve_auditorium,
    schedule,
    schedule_for,
)

__all__ = [
    "as_it_stands",
    "free_again_at",
    "lay_out",
    "local_start",
    "recount",
    "refuse_odd_start",
    "reserve_auditorium",
    "schedule",
    "schedule_for",
]
