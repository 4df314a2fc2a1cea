"""What a manager sees of a showtime."""

from dataclasses import dataclass

from django.db.models import Sum

from payments.models import Payment, Refund
from reservations.models import Reservation, ReservedSeat, State
from showtimes.models import Showtime


@dataclass(frozen=True)
class ShowtimeReport:
    """Seats are counted while somebody has them; `revenue` is captured less refunded."""

    showtime: Showtime
    reservations: list[Reservation]
    seats_reserved: int
    revenue: int

    @property
    def capacity(self) -> int:
        return self.showtime.auditorium.capacity

    @property
    def occupancy(self) -> float:
        return round(self.seats_reserved / self.capacity, 4) if self.capacity else 0.0


def showtime_report(showtime: Showtime) -> ShowtimeReport:
    """Every reservation of a showtime, newest first, also those that ended, and what it earned."""
    reservations = (
        Reservation.objects.filter(showtime=showtime)
        .shown_to_guests()
        .select_related("guest", "showtime__movie", "showtime__auditorium", "payment")
        .newest_first()
    )
    payments = Payment.objects.filter(reservations__showtime=showtime)
    captured = payments.aggregate(sum=Sum("amount_captured"))["sum"] or 0
    refunded = (
        Refund.objects.owed().filter(payment__in=payments).aggregate(sum=Sum("amount"))["sum"] or 0
    )
    reserved = ReservedSeat.objects.live().filter(
        showtime=showtime, reservation__state__in=(State.PINNED, State.CONFIRMED)
    )
    return ShowtimeReport(showtime, list(reservations), reserved.count(), captured - refunded)
