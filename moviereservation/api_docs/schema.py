"""The OpenAPI description: what the views say of themselves, and what no single view knows.

`without_twins` runs before drf-spectacular reads the views, `finish` after (SPECTACULAR_SETTINGS).
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from moviereservation.api_docs import schema_examples
from moviereservation.api_docs.problem_catalogue import (
    Problem,
    problems,
    refusals_by_operation,
    usual_refusals,
)

Json = dict[str, Any]
# Path, its pattern, method, view.
Endpoint = tuple[str, str, str, Any]

ABOUT = """\
Find a movie, hold seats, pay with Stripe, walk in with a ticket.

**To book:** `POST /payment/create-payment-intent` holds the seats and answers with a client secret;
confirm the payment with Stripe.js; then `POST /reservations`. The card is authorised first and
charged only when the seats are certain.

**Log in** with `POST /auth/login` and send `Authorization: Bearer <token>`. A token is short-lived;
`POST /auth/refresh` trades a refresh token, which works once, for a new pair.

**Refusals** are problem documents (RFC 9457) with a stable `code`: [what each means](problems/).

Times are ISO 8601 with an offset; amounts are whole minor units of their currency. Lists are plain
arrays of at most 100 items; `Link` and `X-Total-Count` tell of the others. Reads carry an `ETag`
and answer 304 to `If-None-Match`. Every path works with and without a trailing slash.
"""
TAGS = {
    "auth": "Sign up, log in and out, one’s own profile",
    "movies": "What is shown, and when",
    "showtimes": "One showtime and its seats",
    "payment": "Hold seats and pay for them",
    "reservations": "Confirm, look at and cancel bookings",
    "health": "For whoever watches over the machine",
}
PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457. `detail` is for people; `code` is for programs and never changes.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "What is wrong, by field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "taken": {"type": "array", "items": {"type": "string"}},
        "alternatives": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "string"}},
        },
        "clash": {
            "type": "object",
            "properties": {
                "movie": {"type": "string"},
                "startsAt": {"type": "string", "format": "date-time"},
                "endsAt": {"type": "string", "format": "date-time"},
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}
# Whoever logs in may see more there: drafts.
LOG_IN_IS_OPTIONAL = {
    ("get", "/movies"),
    ("get", "/movies/{movie_id}"),
    ("get", "/movies/{movie_id}/showtimes"),
    ("get", "/showtimes/{showtime_id}"),
}
RETRY_AFTER = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
PAGED = {
    "X-Total-Count": {"description": "Of all pages.", "schema": {"type": "integer"}},
    "Link": {"description": "first, prev, next, last (RFC 8288).", "schema": {"type": "string"}},
}


def without_twins(endpoints: list[Endpoint], **_kwargs: Any) -> list[Endpoint]:
    """Every path is served with and without a trailing slash, and described once."""
    return [endpoint for endpoint in endpoints if not endpoint[0].endswith("/")]


def finish(result: Json, **_kwargs: Any) -> Json:
    """The description with summaries, refusals, examples, and what is no REST framework view."""
    result["info"]["description"] = ABOUT
    result["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            _summarise(operation)
            if (method, path) in LOG_IN_IS_OPTIONAL:
                operation["security"] = [{}, {"bearer": []}]
            _page(operation)
            _exemplify(operation, method, path)
            _refuse(operation, method, path)
    result["paths"] |= _health()
    return result


def _summarise(operation: Json) -> None:
    first, _newline, rest = operation.get("description", "").partition("\n\n")
    operation["summary"] = " ".join(first.split()).removesuffix(".").replace("`", "")
    operation["description"] = rest
    for status, answer in operation["responses"].items():
        answer["description"] = answer["description"] or HTTPStatus(int(status)).phrase


def _page(operation: Json) -> None:
    if any(parameter["name"] == "pageSize" for parameter in operation.get("parameters", ())):
        operation["responses"]["200"]["headers"] = PAGED


def _exemplify(operation: Json, method: str, path: str) -> None:
    sent = schema_examples.REQUESTS.get((method, path), {})
    if sent:
        content = operation["requestBody"]["content"]["application/json"]
        content["examples"] = {name: {"value": body} for name, body in sent.items()}
    for status, body in schema_examples.ANSWERS.get((method, path), {}).items():
        operation["responses"][status]["content"]["application/json"]["example"] = body


def _refuse(operation: Json, method: str, path: str) -> None:
    by_status: dict[int, list[Problem]] = {}
    for problem in _problems_of(operation, method, path):
        by_status.setdefault(problem.status, []).append(problem)
    refusals = {str(status): _refusal(of_status) for status, of_status in by_status.items()}
    operation["responses"] = dict(sorted((operation["responses"] | refusals).items()))


def _problems_of(operation: Json, method: str, path: str) -> Iterator[Problem]:
    takes_token = {"bearer": []} in operation["security"]
    usual = usual_refusals(
        # Of a webhook the raw bytes are read, whatever they are said to be.
        has_body="requestBody" in operation and path != "/payment/webhook",
        takes_token=takes_token,
        needs_token=takes_token and {} not in operation["security"],
    )
    known = problems()
    refusals = (*refusals_by_operation()[method, path], *usual)
    for code in dict.fromkeys(refusal.code for refusal in refusals):
        yield known[code]


def _refusal(of_status: list[Problem]) -> Json:
    codes = [problem.code for problem in of_status]
    refusal: Json = {
        "description": "\n".join(f"* `{problem.code}`: {problem.meaning}" for problem in of_status),
        "content": {
            "application/problem+json": {
                "schema": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Problem"},
                        {"properties": {"code": {"enum": codes}}},
                    ]
                },
                "examples": {problem.code: {"value": _document(problem)} for problem in of_status},
            }
        },
    }
    if of_status[0].status in (429, 503):
        refusal["headers"] = {"Retry-After": RETRY_AFTER}
    return refusal


def _document(problem: Problem) -> Json:
    return {
        "type": f"/api/docs/problems/#{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.meaning,
        "code": problem.code,
    } | schema_examples.EXTRAS.get(problem.code, {})


def _health() -> Json:
    def probe(name: str, summary: str, answers: dict[str, str]) -> Json:
        responses = {status: {"description": words} for status, words in answers.items()}
        return {
            "get": {
                "operationId": name,
                "summary": summary,
                "tags": ["health"],
                "security": [{}],
                "responses": responses,
            }
        }

    return {
        "/healthz": probe("healthz", "Whether the process is alive", {"200": "It is."}),
        "/readyz": probe(
            "readyz",
            "Whether it can serve: the database is asked, and the cache as a warning",
            {"200": "It can.", "503": "The database is away."},
        ),
    }
