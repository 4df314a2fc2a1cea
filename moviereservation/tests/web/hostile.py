"""Every endpoint of the API, and what an enemy, a fuzzer or a broken client sends to it."""

import json
from typing import Any

from rest_framework.test import APIClient

# Method, path, and the fields that it reads. `{…}` is filled in by `Places`.
ENDPOINTS: list[tuple[str, str, tuple[str, ...]]] = [
    ("POST", "/auth/signup", ("name", "email", "password")),
    ("POST", "/auth/login", ("email", "password")),
    ("POST", "/auth/refresh", ("refreshToken",)),
    ("POST", "/auth/logout", ("refreshToken",)),
    ("PATCH", "/auth/me", ("name",)),
    ("POST", "/movies", ("title", "genre", "posterImage", "runtimeMinutes", "releaseDate")),
    ("PUT", "/movies/{movie}", ("genres",)),
    ("PATCH", "/movies/{movie}", ("trailerUrl",)),
    ("POST", "/movies/{movie}/showtimes", ("startsAt", "auditoriumId", "date", "time", "capacity",
                                           "prices")),
    ("POST", "/payment/create-payment-intent", ("showtimeId", "seats", "amount", "currency")),
    ("POST", "/payment/webhook", ("id", "type", "data", "object")),
    ("POST", "/reservations", ("paymentIntentId",)),
]  # fmt: skip
READS: list[tuple[str, tuple[str, ...]]] = [
    ("/auth/me", ()),
    ("/movies", ("genre", "search", "date", "showing", "page", "pageSize")),
    ("/movies/{movie}", ()),
    ("/movies/{movie}/showtimes", ("date", "page", "pageSize")),
    ("/showtimes/{showtime}", ()),
    ("/showtimes/{showtime}/seats", ()),
    ("/showtimes/{showtime}/seats/suggestions", ("party", "mine", "chosen")),
    ("/showtimes/{showtime}/seats/advice", ("seats", "mine")),
    ("/reservations/my-reservations", ("state", "upcoming", "page", "pageSize")),
    ("/reservations/{reservation}", ()),
    ("/reservations/showtime/{showtime}", ()),
    ("/healthz", ()),
    ("/readyz", ()),
]
# Enough to be valid, so that the hostile field is what is looked at.
VALID: dict[str, dict[str, Any]] = {
    "/auth/signup": {"name": "Eve", "email": "eve@example.org", "password": "correct-horse-9"},
    "/auth/login": {"email": "eve@example.org", "password": "correct-horse-9"},
    "/movies": {"title": "Metropolis"},
    "/movies/{movie}": {"title": "Metropolis"},
    "/movies/{movie}/showtimes": {"date": "2027-03-01", "time": "19:30", "capacity": 20},
    "/payment/create-payment-intent": {"showtimeId": 1, "seats": ["A1"]},
}


def nested(depth: int, opening: str = "[", closing: str = "]", inner: str = "1") -> str:
    return opening * depth + inner + closing * depth


VALUES: list[Any] = [
    None, True, 0, -1, 1.5, 2**63, 10**40, "", " ", "0", "null", "NaN", "a\x00b", "\ud800", "﷽🎬",
    "x" * 5000, "' OR 1=1 --", "%s{0}{{7*7}}", "9999-12-31", "9999-12-31T23:59:59",
    "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2027-02-30", "24:00", "19:30+99:99",
    [], [None], [[]], [{}], ["A1", "A1"], ["A1"] * 10_000, [1, 2], ["\x00"],
    {}, {"": None}, {"__proto__": {"admin": True}}, {"$ne": None}, {"standard": -1},
    {"standard": 1.5}, {"standard": 10**30},
]  # fmt: skip
# Written by hand, since no client's library would write them.
RAW_VALUES = [
    "1e999", "1" * 5000, "-" + "9" * 4000, "1e-400", nested(15), nested(400), nested(940),
]  # fmt: skip
BODIES: list[tuple[bytes, str]] = [
    (body, "application/json")
    for body in [
        b"", b" ", b"{", b"}", b"[]", b"[1]", b"null", b"true", b"1", b'"text"', b"nonsense",
        b"{'a': 1}", b'{"a": 1,}', b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1e999}', b"\xff\xfe",
        b'{"a": "\xff"}', b"\x00", b"\xef\xbb\xbf{}", '{"a": 1}'.encode("utf-16"), b"{}{}",
        b'{"a": 1, "a": 2}', nested(100_000).encode(), nested(100_000, '{"a":', "}").encode(),
        b"[" * 200_000, b'{"a": ' + b"9" * 10_000 + b"}", b'{"a":"' + b"x" * 250_000 + b'"}',
        b'{"a":"' + b"x" * 2_000_000 + b'"}',
    ]
] + [
    (b"{}", "application/json; charset=utf-16"),
    (b"{}", "application/json; charset=zlib"),
    (b"{}", "application/json; charset=hex"),
    (b"{}", "application/json; charset=nonsense"),
    (b"{}", "text/plain"),
    (b"{}", "text/plain; charset=bz2"),
    (b"<a/>", "application/xml"),
    (b"a=1", "application/x-www-form-urlencoded"),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
    (b"--x\r\n", "multipart/form-data"),
    (b"{}", "nonsense"),
    (b"{}", ""),
    (b"{}", "application/"),
    (b"{}", ";;;"),
    (b"{}", "application/json\x00"),
]  # fmt: skip
QUERIES = [
    "0", "-1", "1.5", "1e3", "%00", "%ff%fe", "%ED%A0%80", "%20", "9" * 12, "9" * 19, "9" * 5000,
    "٣", "²", "2027-02-30", "9999-12-31", "0001-01-01", "2027-W09-1", "%27%20OR%201=1--", "%25",
    "x" * 3000,
]  # fmt: skip
NUMBERS = ["0", "00", "9" * 18, "9" * 19, "9223372036854775808", "9" * 40, "9" * 5000]


def field_bodies(path: str, field: str) -> list[bytes]:
    """The valid body of a path with one hostile value after the other in this field."""
    valid = VALID.get(path, {})
    bodies = [json.dumps(valid | {field: value}).encode() for value in VALUES]
    marked = json.dumps(valid | {field: "<here>"})
    return bodies + [marked.replace('"<here>"', raw).encode() for raw in RAW_VALUES]


def send(client: APIClient, method: str, path: str, body: bytes, media_type: str) -> Any:
    return client.generic(method, path, body, content_type=media_type)


def assert_told_properly(answer: Any, what: str) -> None:
    """Never 500; and a refusal is a problem document that tells nothing of the inside."""
    assert answer.status_code < 500, f"{what}: {answer.status_code}"
    if answer.status_code < 400:
        return
    assert answer["Content-Type"] == "application/problem+json", what
    problem = json.loads(answer.content)
    assert problem["status"] == answer.status_code, what
    assert {"type", "title", "status", "detail", "code"} <= set(problem), what
    assert problem["detail"], what
    told = answer.content.decode()
    for inside in ("Traceback", "SELECT", "sqlite", "MySQL", "django", "recursion", "codec"):
        assert inside not in told, f"{what}: {told}"
