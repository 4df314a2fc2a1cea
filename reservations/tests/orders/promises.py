"""What a verb promises to whoever it answers, and what two of them promise together.

The audit says that the records are right; these, that somebody got what they were told.
"""

from collections.abc import Callable
from typing import Any

from payments.models import WebhookEvent
from reservations.errors import SeatsTaken
from reservations.models import Reservation, ReservedSeat, State
from reservations.tests.orders.scenes import Scene
from reservations.tests.orders.verbs import Meeting
from reservations.tests.points import Killed

SETTLING = {"settle", "webhook"}
CANCELLING = {"cancel", "cancel showtime"}


def broken_promise(scene: Scene, meeting: Meeting, answers: list[object]) -> str | None:
    """The first that is broken. Who died has promised nothing, and is asked about nothing."""
    for number, (name, answer) in enumerate(zip(meeting.names, answers, strict=True)):
        others = {*meeting.names[:number], *meeting.names[number + 1 :]}
        if name not in OF_A_VERB or isinstance(answer, BaseException):
            continue
        if wrong := OF_A_VERB[name](scene, answer, others):
            return f"{name}: {wrong}"
    if any(isinstance(answer, Killed) for answer in answers):
        return None
    together = [promise for names, promise in TOGETHER if names == {*meeting.names}]
    return next(filter(None, (promise(scene, answers) for promise in together)), None)


def _hold(scene: Scene, answer: Any, others: set[str]) -> str | None:
    if "cancel showtime" in others or "A1" in _seats_of(answer.pk):
        return None
    return "was promised a seat that is not kept"


def _replace(scene: Scene, answer: Any, others: set[str]) -> str | None:
    if "cancel showtime" in others or _seats_of(answer.pk) == {"A2", "A3"}:
        return None
    return "was promised seats that are not kept"


def _extend(scene: Scene, answer: Any, others: set[str]) -> str | None:
    if answer.state != State.HELD or answer.held_until <= scene.clock:
        return None
    if Reservation.objects.filter(pk=answer.pk, state=State.LAPSED).exists():
        return "lapsed although it was extended"
    # A second click in the same moment lengthens nothing.
    return None if answer.extensions == 1 else "was extended twice"


def _settle(scene: Scene, answer: Any, others: set[str]) -> str | None:
    return None if others & CANCELLING else _not_sold(scene, [])


def _webhook(scene: Scene, answer: Any, others: set[str]) -> str | None:
    waiting = WebhookEvent.objects.filter(handled_at=None).exists()
    return "the message waits for housekeeping" if waiting else None


def _cancel(scene: Scene, answer: Any, others: set[str]) -> str | None:
    return None if scene.fresh().has_ended else "said to be cancelled, and is not"


def _cancel_some(scene: Scene, answer: Any, others: set[str]) -> str | None:
    return "a seat is kept that was given back" if "A1" in _seats_of(scene.reservation.pk) else None


OF_A_VERB: dict[str, Callable[[Scene, Any, set[str]], str | None]] = {
    "hold": _hold,
    "hold of a rival": _hold,
    "replace": _replace,
    "extend": _extend,
    "settle": _settle,
    "webhook": _webhook,
    "cancel": _cancel,
    "cancel some seats": _cancel_some,
}


def _one_of_two(scene: Scene, answers: list[object]) -> str | None:
    if sum(isinstance(one, Reservation) for one in answers) != 1:
        return f"not one of the two got the seat: {answers!r}"
    refused = any(isinstance(one, SeatsTaken) for one in answers)
    return None if refused else f"odd refusal: {answers!r}"


def _free_seat(scene: Scene, answers: list[object]) -> str | None:
    return None if isinstance(answers[0], Reservation) else f"a free seat was refused: {answers!r}"


def _hers_or_his(scene: Scene, answers: list[object]) -> str | None:
    if isinstance(answers[0], Reservation) is not scene.fresh().is_confirmed:
        return None
    return f"the seat is neither paid nor held by the other, or both: {answers!r}"


def _not_sold(scene: Scene, answers: list[object]) -> str | None:
    return None if scene.fresh().is_confirmed else f"is not a sale: {answers!r}"


TOGETHER: list[tuple[set[str], Callable[[Scene, list[object]], str | None]]] = [
    ({"hold", "hold of a rival"}, _one_of_two),
    ({"hold", "lapse"}, _free_seat),
    ({"hold", "settle"}, _hers_or_his),
    ({"hold", "webhook"}, _hers_or_his),
    ({"settle"}, _not_sold),
    ({"webhook"}, _not_sold),
    ({"settle", "webhook"}, _not_sold),
    ({"settle", "lapse"}, _not_sold),
    ({"webhook", "lapse"}, _not_sold),
    ({"settle", "extend"}, _not_sold),
    ({"webhook", "extend"}, _not_sold),
]


def _seats_of(reservation_id: int) -> set[str]:
    live = ReservedSeat.objects.live().filter(reservation_id=reservation_id)
    return {claim.label for claim in live.select_related("seat")}
