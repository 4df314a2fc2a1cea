"""Every stable `code` of the API's problem documents: what it means, and who answers with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from moviereservation.web import limits  # noqa: F401 (it declares the code of a limit)
from moviereservation.web.general import General
from moviereservation.web.refusals import declared

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
    is_general: bool
    operations: tuple[str, ...]

    @property
    def is_on_pages_only(self) -> bool:
        return not self.operations and not self.is_general

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
    found = {}
    for code, refusal in declared().items():
        is_general = issubclass(refusal, General)
        operations = () if is_general else tuple(_operations(code))
        found[code] = Problem(code, refusal.status, refusal.meaning, is_general, operations)
    return found


def _operations(code: str) -> Iterator[str]:
    for (method, path), codes in OF_OPERATION.items():
        if code in codes:
            yield f"{method.upper()} {path}"
