"""Examples in the API's description, for the calls that a client is written around."""

from typing import Any

SHOWTIME = {
    "id": 12,
    "movieId": 3,
    "movie": {
        "id": 3,
        "title": "The General",
        "originalTitle": "",
        "slug": "the-general",
        "summary": "An engine driver chases his stolen locomotive.",
        "description": "",
        "genres": ["Comedy"],
        "posterImage": None,
        "posterAlt": "",
        "runtimeMinutes": 78,
        "rating": "G",
        "ratingReason": "",
        "releaseDate": "1926-12-31",
        "directors": "Clyde Bruckman, Buster Keaton",
        "cast": "Buster Keaton, Marion Mack",
        "language": "Silent, English intertitles",
        "country": "United States",
        "trailerUrl": "",
    },
    "auditorium": {"id": 1, "name": "Grand"},
    "startsAt": "2026-11-27T19:30:00-05:00",
    "endsAt": "2026-11-27T21:08:00-05:00",
    "state": "on_sale",
    "format": "35 mm",
}
PRICE = {"amount": 1200, "currency": "usd"}
TICKETS = ["T1.4Q8ZJ6NVXK20HT3M.MFRGGZDFMZTWQ2LK", "T1.0WB5RSEC97PGYD1A.NB2HI4DTHIXS653X"]
SEATS = [
    {"label": "C7", "kind": "standard", "price": PRICE},
    {"label": "C8", "kind": "standard", "price": PRICE},
]
HELD = {
    "id": 71,
    "reference": "7K2M9QXB4T",
    "state": "held",
    "showtime": SHOWTIME,
    "seats": SEATS,
    "amount": 2400,
    "currency": "usd",
    "heldUntil": "2026-11-24T18:10:00-05:00",
    "cancellableUntil": "2026-11-27T19:30:00-05:00",
    "createdAt": "2026-11-24T18:00:00-05:00",
    "confirmedAt": None,
    "returnedSeats": [],
    "refund": None,
    "refunds": [],
}
CONFIRMED = HELD | {
    "state": "confirmed",
    "seats": [seat | {"ticketCode": code} for seat, code in zip(SEATS, TICKETS, strict=True)],
    "heldUntil": None,
    "confirmedAt": "2026-11-24T18:04:00-05:00",
}
REFUND = {
    "amount": 2400,
    "currency": "usd",
    "status": "succeeded",
    "createdAt": "2026-11-25T09:00:00-05:00",
}
CANCELLED = CONFIRMED | {
    "state": "cancelled",
    "seats": SEATS,
    "refund": REFUND,
    "refunds": [REFUND],
}
INTENT = {
    "clientSecret": "pi_3TExample_secret_Example",
    "paymentIntentId": "pi_3TExample",
    "publishableKey": "pk_test_example",
    "reservation": HELD,
}

# By operation: of the body that is sent, by name; of the answers, by status.
REQUESTS: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/auth/signup"): {
        "a guest": {"name": "Ann", "email": "ann@example.org", "password": "a-long-one-1926"}
    },
    ("post", "/auth/login"): {
        "a guest": {"email": "ann@example.org", "password": "a-long-one-1926"}
    },
    ("post", "/payment/create-payment-intent"): {
        "these seats": {"showtimeId": 12, "seats": ["C7", "C8"]},
        "the best two together": {"showtimeId": 12, "seats": 2},
    },
    ("post", "/reservations"): {"an intent": {"paymentIntentId": "pi_3TExample"}},
    ("post", "/movies"): {
        "a movie": {"title": "The General", "genres": ["Comedy"], "runtimeMinutes": 78}
    },
    ("post", "/movies/{movie_id}/showtimes"): {
        "in an auditorium": {
            "startsAt": "2026-11-27T19:30:00-05:00",
            "auditoriumId": 1,
            "prices": {"standard": 1200, "premium": 1500},
        },
        "by date, time and capacity": {"date": "2026-11-27", "time": "19:30:00", "capacity": 80},
    },
}
ANSWERS: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/payment/create-payment-intent"): {"201": INTENT, "200": INTENT},
    ("post", "/reservations"): {
        "201": CONFIRMED,
        "200": CONFIRMED,
        "202": HELD | {"state": "pinned", "heldUntil": None},
    },
    ("get", "/reservations/my-reservations"): {"200": [CONFIRMED]},
    ("get", "/reservations/{reservation_id}"): {"200": CONFIRMED},
    ("delete", "/reservations/{reservation_id}"): {
        "200": {
            "message": "The reservation was cancelled.",
            "reservation": CANCELLED,
            "refund": REFUND,
        }
    },
}
# What a problem document says beside its sentence.
EXTRAS: dict[str, dict[str, Any]] = {
    "invalid": {"errors": {"seats": ["This field is required."]}},
    "seats_taken": {"taken": ["C7"], "alternatives": [["D7", "D8"], ["B6", "B7"]]},
    "not_enough_seats": {"taken": [], "alternatives": []},
    "auditorium_busy": {
        "clash": {
            "movie": "Metropolis",
            "startsAt": "2026-11-27T18:00:00-05:00",
            "endsAt": "2026-11-27T20:48:00-05:00",
        }
    },
}
