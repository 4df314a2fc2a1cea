"""Some seats of a sale are given back; the others stay, and each seat is paid back once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.cast import TEST, alice, bob
from accounts.tests.crowd import at_once
from payments.models import Refund, RefundStatus
from reservations import booking, checkout
from reservations.errors import (
    NoSeats,
    PaymentIncomplete,
    ShowtimeStarted,
    StillDeciding,
    TicketUsed,
    TooManySeatsInAll,
    UnknownSeats,
)
from reservations.models import Reservation, ReservedSeat, State
from reservations.seating.seat_map import seat_map
from reservations.tests.aftermath import assert_all_is_well
from reservations.tests.factories import authorise, book_for, hold_for, start_for
from reservations.tickets.codes import code_of, ticket_id_of
from reservations.upkeep import housekeeping
from showtimes.models import Showtime
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(stripe_standin):
    """A1 and A2 for $12 each, C1 (premium) for $15."""
    return book_for(stripe_standin, alice(), make_showtime(), "A1", "A2", "C1")


def cancel_seats(sale, *labels, now=None, **options):
    fresh = Reservation.objects.select_related("payment").get(pk=sale.pk)
    return checkout.cancel(fresh, labels, now=now or timezone.now(), by=TEST, **options)


def showtime_with_free_seats():
    showtime = make_showtime()
    Showtime.objects.update(prices={"standard": 0, "premium": 1500})
    return showtime


def paid_back(stripe, sale):
    listed = stripe.call("GET", "/v1/refunds", payment_intent=sale.payment.intent_id, limit=100)
    return sorted(refund["amount"] for refund in listed["data"])


def test_the_prices_of_the_seats_go_back_and_the_others_stay_sold(sale, stripe_standin):
    given = cancel_seats(sale, "A1", "C1")
    assert (given.reservation.state, given.reservation.amount) == (State.CONFIRMED, 1200)
    assert (given.refund.amount, given.refund.status) == (2700, RefundStatus.SUCCEEDED)
    assert paid_back(stripe_standin, sale) == [2700]
    sale.refresh_from_db()
    assert sale.labels == ["A2"]
    assert sorted(claim.label for claim in sale.returned_seats) == ["A1", "C1"]
    assert_all_is_well(stripe_standin, now=timezone.now())


def test_the_seats_are_free_for_others_at_once(sale, django_capture_on_commit_callbacks):
    def shown():
        drawn = seat_map(sale.showtime_id, now=timezone.now())
        return {seat.label: seat.state for seat in drawn.rows[0].seats}

    assert (shown()["A1"], shown()["A2"]) == ("sold", "sold")  # and the map is in the cache
    with django_capture_on_commit_callbacks(execute=True):
        cancel_seats(sale, "A1")
    assert (shown()["A1"], shown()["A2"]) == ("free", "sold")
    assert hold_for(bob(), sale.showtime, "A1").state == State.HELD


def test_a_ticket_that_was_given_back_lets_nobody_in(sale):
    codes = {claim.label: code_of(claim) for claim in sale.seats.all()}
    cancel_seats(sale, "A1")
    valid = ReservedSeat.objects.tickets()
    assert not valid.filter(ticket_id=ticket_id_of(codes["A1"])).exists()
    assert valid.get(ticket_id=ticket_id_of(codes["A2"])).label == "A2"


def test_the_same_act_again_pays_once(sale, stripe_standin):
    first, again = cancel_seats(sale, "A1"), cancel_seats(sale, "a1 ", "A1")
    assert first.refund == again.refund
    assert paid_back(stripe_standin, sale) == [1200]


def test_seats_given_back_before_are_left_out_of_what_is_paid_back(sale, stripe_standin):
    cancel_seats(sale, "A1")
    assert cancel_seats(sale, "A1", "A2").refund.amount == 1200
    assert paid_back(stripe_standin, sale) == [1200, 1200]


def test_the_last_seats_end_the_booking(sale, stripe_standin):
    cancel_seats(sale, "C1")
    given = cancel_seats(sale, "A1", "A2")
    assert (given.reservation.state, given.refund.amount) == (State.CANCELLED, 2400)
    assert paid_back(stripe_standin, sale) == [1500, 2400]
    assert cancel_seats(sale, "C1").reservation.state == State.CANCELLED
    assert paid_back(stripe_standin, sale) == [1500, 2400]
    assert_all_is_well(stripe_standin, now=timezone.now())


def test_all_seats_at_once_are_an_ordinary_cancel(sale):
    given = cancel_seats(sale, "A1", "A2", "C1")
    assert (given.reservation.state, given.refund.reason) == (State.CANCELLED, "cancelled")
    assert not ReservedSeat.objects.exclude(returned_at=None).exists()


def test_cancelling_what_is_left_pays_back_what_is_left(sale, stripe_standin):
    cancel_seats(sale, "A1")
    cancelled = checkout.cancel(Reservation.objects.get(pk=sale.pk), now=timezone.now(), by=TEST)
    assert cancelled.refund.amount == 2700
    assert paid_back(stripe_standin, sale) == [1200, 2700]


def test_every_act_is_written_down_with_who_did_it(sale):
    cancel_seats(sale, "A1")
    line = sale.history.order_by("pk").last()
    assert (line.from_state, line.to_state, line.by) == ("confirmed", "confirmed", "test")
    returned = sale.seats.get(seat__row="A", seat__number=1).returned_at
    assert line.at == returned == Refund.objects.get().created_at


def test_after_the_cut_off_nothing_is_given_back_but_by_the_house(sale, stripe_standin):
    late = sale.showtime.starts_at
    with pytest.raises(ShowtimeStarted):
        cancel_seats(sale, "A1", now=late)
    assert cancel_seats(sale, "A1", now=late - timedelta(microseconds=1)).refund.amount == 1200
    assert cancel_seats(sale, "A2", now=late, despite_cutoff=True).refund.amount == 1200


def test_who_was_let_in_cannot_give_the_seat_back_but_the_seat_beside(sale):
    sale.seats.filter(seat__row="A", seat__number=1).update(admitted_at=timezone.now())
    for labels in (["A1"], ["A1", "A2"], ["A1", "A2", "C1"]):
        with pytest.raises(TicketUsed):
            cancel_seats(sale, *labels)
    assert cancel_seats(sale, "A2").reservation.amount == 2700


@pytest.mark.parametrize(
    ("labels", "refusal"), [([], NoSeats), (["A9"], UnknownSeats), (["A1", "Z1"], UnknownSeats)]
)
def test_what_is_no_seat_of_it_changes_nothing(sale, labels, refusal):
    with pytest.raises(refusal):
        cancel_seats(sale, *labels)
    sale.refresh_from_db()
    assert (sale.amount, sale.labels) == (3900, ["A1", "A2", "C1"])


def test_some_seats_of_a_hold_are_not_given_back_but_all_are(stripe_standin):
    held = start_for(alice(), make_showtime(), "A1", "A2")
    with pytest.raises(PaymentIncomplete):
        cancel_seats(held, "A1")
    assert cancel_seats(held, "A1", "A2").reservation.state == State.CANCELLED


def test_while_the_money_is_just_being_taken_nothing_is_given_back(stripe_standin):
    paying = start_for(alice(), make_showtime(), "A1", "A2")
    authorise(stripe_standin, paying)
    booking.pin(paying.pk, now=timezone.now(), by=TEST)
    stripe_standin.fault("POST /v1/payment_intents/*/capture", "error")
    with pytest.raises(StillDeciding):
        cancel_seats(paying, "A1")
    stripe_standin.clear_faults()
    assert cancel_seats(paying, "A1").reservation.amount == 1200


def test_a_refund_that_stripe_cannot_take_now_is_repeated_by_housekeeping(sale, stripe_standin):
    stripe_standin.fault("POST /v1/refunds", "error", after=True)
    assert cancel_seats(sale, "A1").refund.status == RefundStatus.DUE
    stripe_standin.clear_faults()
    now = timezone.now()
    for _round in range(4):
        now += housekeeping.PATIENCE * 2
        housekeeping.tidy(now=now)
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    assert paid_back(stripe_standin, sale) == [1200]


def test_what_was_given_for_nothing_is_given_back_for_nothing(stripe_standin):
    sale = book_for(stripe_standin, alice(), showtime_with_free_seats(), "A1", "C1")
    assert cancel_seats(sale, "A1").refund is None
    assert cancel_seats(sale, "C1").refund.amount == 1500


def test_free_seats_that_are_left_are_cancelled_without_a_refund(stripe_standin):
    sale = book_for(stripe_standin, alice(), showtime_with_free_seats(), "A1", "C1")
    cancel_seats(sale, "C1")
    assert cancel_seats(sale, "A1").reservation.state == State.CANCELLED
    assert paid_back(stripe_standin, sale) == [1500]


def test_seats_given_back_do_not_count_against_what_one_guest_may_have(settings, sale):
    settings.SEATS_PER_GUEST_AND_SHOWTIME = 3
    with pytest.raises(TooManySeatsInAll):
        hold_for(sale.guest, sale.showtime, "A5")
    cancel_seats(sale, "A1")
    assert hold_for(sale.guest, sale.showtime, "A5").state == State.HELD


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_pay_every_seat_back_once(sale, stripe_standin):
    """Five give A1 back, five A2 and C1: whoever is last ends the booking."""
    acts = (["A1"], ["A2", "C1"])
    answers = at_once(10, lambda n: cancel_seats(sale, *acts[n % 2]).reservation.state)
    assert set(answers) <= {State.CONFIRMED, State.CANCELLED}
    assert Reservation.objects.get(pk=sale.pk).state == State.CANCELLED
    assert paid_back(stripe_standin, sale) == [1200, 2700]
    assert_all_is_well(stripe_standin, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_some_seats_and_all_at_once_pay_every_seat_back_once(sale, stripe_standin):
    """Whoever is first: a seat that was given back is not paid for again by the cancelling."""

    def act(number):
        fresh = Reservation.objects.select_related("payment").get(pk=sale.pk)
        if number % 2:
            return cancel_seats(sale, "A1").reservation.state
        return checkout.cancel(fresh, now=timezone.now(), by=TEST).reservation.state

    at_once(8, act)
    assert Reservation.objects.get(pk=sale.pk).state == State.CANCELLED
    assert sum(paid_back(stripe_standin, sale)) == 3900
    assert_all_is_well(stripe_standin, now=timezone.now())
