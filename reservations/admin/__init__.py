"""Bookings in the back office, and what bookings add to the showtimes' pages."""

from reservations.admin.reservations import ReservationAdmin
from reservations.admin.showtimes import BookedShowtimeAdmin

__all__ = ["BookedShowtimeAdmin", "ReservationAdmin"]
