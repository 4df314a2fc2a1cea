"""Every stable `code` of the API's problem documents: what it means, and who answers with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from accounts.errors import AccountRefused
from movies.errors import MovieRefused
from payments.errors import PaymentRefused
from reservations.errors import BookingRefused
from showtimes.errors import SchedulingRefused

Refusal = type[AccountRefused | BookingRefused | MovieRefused | PaymentRefused | SchedulingRefused]
BASES: tuple[Refusal, ...] = (
    AccountRefused, MovieRefused, SchedulingRefused, PaymentRefused, BookingRefused,
)  # fmt: skip

# What the framework, the database or the request itself refuses.
GENERAL = {
    "invalid": (400, "A value is not valid. `errors` says which field and why."),
    "malformed": (400, "The body is no JSON object."),
    "not_authenticated": (401, "No access token was sent."),
    "token_not_valid": (401, "The token is wrong, over, used up or revoked. Log in again."),
    "permission_denied": (403, "The account may not do this."),
    "not_found": (404, "It does not exist, or it is somebody else’s; nobody learns which."),
    "method_not_allowed": (405, "The address knows other methods: `Allow` names them."),
    "not_acceptable": (406, "Answers are JSON, and `Accept` asks for something else."),
    "too_large": (413, "The body is larger than any honest one."),
    "unsupported_media_type": (415, "Send `Content-Type: application/json`."),
    "too_many_requests": (429, "That was too often. Wait for `Retry-After` seconds."),
    "internal_error": (500, "A fault of ours. We are told of it."),
    "unavailable": (503, "The database is away; nothing was changed. Wait for `Retry-After`."),
}  # fmt: skip

MEANING = {
    "wrong_login": "E-mail and password do not belong together. Which is wrong is not told.",
    "email_taken": "There is an account with this e-mail address, in whatever spelling.",
    "wrong_password": "The password that was asked for again is not this account’s.",
    "dead_link": "The link of a letter was used before, or is too old.",
    "movie_has_sales": "Seats were booked for it, so it stays in the accounts.",
    "auditorium_busy": "The auditorium is taken then. `clash` names movie, start and end.",
    "imaginary_time": "The clocks are put forward over this time: it does not exist that day.",
    "past_time": "The start is in the past.",
    "too_far_ahead": "Showtimes are planned a year ahead at most.",
    "bad_seat_plan": "The text grid is no seat plan. The sentence names the line.",
    "seats_in_use": "Seats that were booked cannot leave the plan.",
    "showtime_cancelled": "The showtime was cancelled, and that is final.",
    "showtime_booked": "Seats are booked, so movie, auditorium, start and state stand.",
    "no_seats": "Ask for one seat at least.",
    "unknown_seats": "The auditorium has no such seat.",
    "duplicate_seats": "A seat was named more than once.",
    "blocked_seats": "A seat is out of order.",
    "too_many_seats": "More seats than can be booked at a time.",
    "seats_taken": "Somebody else has one of them. `taken` says which; `alternatives` are groups "
    "of seats that were free a moment ago, the nearest first.",
    "leaves_seat_alone": "A single free seat would be left between seats that are gone. "
    "`leftAlone` says which; `alternatives` are the same party moved along. Only pages refuse.",
    "companion_alone": "A companion seat goes with the wheelchair space beside it. `alternatives` "
    "are both, or other seats. Only pages refuse.",
    "not_enough_seats": "So many seats are not free any more.",
    "sales_closed": "The showtime is cancelled, or has begun.",
    "hold_over": "The seats are not held any more. Nothing was charged.",
    "no_more_time": "The hold was extended as often as it can be.",
    "log_in_needed": "The hold belongs to another account.",
    "payment_incomplete": "The guest has not paid yet. The seats stay held.",
    "payment_processing": "The bank is still deciding. It finishes by itself; ask again.",
    "payment_failed": "The bank keeps the money back. Nothing was charged, the seats are free.",
    "payment_mismatch": "The intent is not what was asked of Stripe. Nothing was charged.",
    "payment_unavailable": "Stripe does not answer. Seats that are held stay held; ask again after "
    "`Retry-After` seconds.",
    "seats_lost": "The seats went to somebody else before the money came. The authorisation is "
    "let go and nothing was charged.",
    "showtime_started": "It is too late to cancel.",
    "ticket_used": "Somebody was let in with one of the tickets, so it cannot be cancelled.",
    "bad_signature": "Stripe did not sign this. Nothing was written.",
}  # fmt: skip

# What an operation answers beside what all of its kind do (`usual_codes`).
OF_OPERATION: dict[tuple[str, str], tuple[str, ...]] = {
    ("post", "/auth/signup"): ("email_taken", "too_many_requests"),
    ("post", "/auth/login"): ("wrong_login", "too_many_requests"),
    ("post", "/auth/refresh"): ("token_not_valid",),
    ("post", "/auth/logout"): ("token_not_valid", "not_authenticated"),
    ("get", "/auth/me"): (),
    ("patch", "/auth/me"): (),
    ("delete", "/auth/me"): (),
    ("get", "/movies"): ("invalid",),
    ("post", "/movies"): ("permission_denied",),
    ("get", "/movies/{movie_id}"): ("not_found",),
    ("put", "/movies/{movie_id}"): ("permission_denied", "not_found", "auditorium_busy"),
    ("patch", "/movies/{movie_id}"): ("permission_denied", "not_found", "auditorium_busy"),
    ("delete", "/movies/{movie_id}"): ("permission_denied", "not_found", "movie_has_sales"),
    ("get", "/movies/{movie_id}/showtimes"): ("invalid", "not_found"),
    ("post", "/movies/{movie_id}/showtimes"): (
        "permission_denied", "not_found", "past_time", "imaginary_time", "too_far_ahead",
        "auditorium_busy",
    ),
    ("get", "/showtimes/{showtime_id}"): ("not_found",),
    ("get", "/showtimes/{showtime_id}/seats"): ("not_found",),
    ("get", "/showtimes/{showtime_id}/seats/suggestions"): (
        "invalid", "unknown_seats", "not_found",
    ),
    ("get", "/showtimes/{showtime_id}/seats/advice"): (
        "invalid", "no_seats", "unknown_seats", "duplicate_seats", "blocked_seats",
        "too_many_seats", "not_found",
    ),
    ("post", "/payment/create-payment-intent"): (
        "no_seats", "unknown_seats", "duplicate_seats", "blocked_seats", "too_many_seats",
        "not_found", "seats_taken", "not_enough_seats", "sales_closed", "too_many_requests",
        "payment_unavailable",
    ),
    ("post", "/payment/webhook"): ("bad_signature",),
    ("post", "/reservations"): (
        "not_found", "payment_incomplete", "payment_failed", "payment_mismatch", "seats_lost",
        "payment_unavailable",
    ),
    ("get", "/reservations/my-reservations"): ("invalid",),
    ("get", "/reservations/{reservation_id}"): ("not_found",),
    ("delete", "/reservations/{reservation_id}"): (
        "invalid", "malformed", "no_seats", "unknown_seats", "payment_incomplete", "not_found",
        "showtime_started", "ticket_used", "payment_processing", "payment_unavailable",
    ),
    ("get", "/reservations/showtime/{showtime_id}"): ("permission_denied", "not_found"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """`operations` are those that answer with it, as `POST /reservations`.

    There are none for what any may answer, and for what is only ever told on a page.
    """

    code: str
    status: int
    meaning: str
    operations: tuple[str, ...]

    @property
    def is_on_pages_only(self) -> bool:
        return not self.operations and self.code not in GENERAL

    @property
    def title(self) -> str:
        return self.code.replace("_", " ").capitalize()


def usual_codes(*, has_body: bool, takes_token: bool, needs_token: bool) -> tuple[str, ...]:
    """What every operation with a JSON body, or with a log-in, may answer."""
    body = ("invalid", "malformed", "too_large", "unsupported_media_type") if has_body else ()
    token = ("token_not_valid",) if takes_token else ()
    nobody = ("not_authenticated",) if needs_token else ()
    return (*body, *nobody, *token, "unavailable")


@cache
def problems() -> dict[str, Problem]:
    """By code, in alphabetical order."""
    found = dict(GENERAL)
    for refusal in _refusals(BASES):
        if refusal.code not in found and refusal.code in MEANING:
            found[refusal.code] = (refusal.status, MEANING[refusal.code])
    return {
        code: Problem(code, status, meaning, () if code in GENERAL else tuple(_operations(code)))
        for code, (status, meaning) in sorted(found.items())
    }


def _refusals(bases: tuple[Refusal, ...]) -> Iterator[Refusal]:
    for base in bases:
        for below in base.__subclasses__():
            yield below
            yield from _refusals((below,))


def _operations(code: str) -> Iterator[str]:
    for (method, path), codes in OF_OPERATION.items():
        if code in codes:
            yield f"{method.upper()} {path}"
