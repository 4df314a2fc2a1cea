"""The programme in the back office: auditoriums with their seat plans, and showtimes."""

from showtimes.admin.auditoriums import AuditoriumAdmin
from showtimes.admin.showtimes import ShowtimeAdmin

__all__ = ["AuditoriumAdmin", "ShowtimeAdmin"]
