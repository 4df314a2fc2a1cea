"""Guests and showtimes for a campaign, made in the product's own process and database.

    python -m benchmarks.stage '{"guests": 200, "showtimes": 1, "plan": "A  ssssssssss"}'

prints JSON: the guests' access tokens, the showtimes' ids and the labels of their seats.
"""

import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moviereservation.settings")
os.environ.setdefault("ACCESS_TOKEN_SECONDS", "86400")
django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.credentials import tokens  # noqa: E402
from accounts.models import User  # noqa: E402
from movies import catalogue  # noqa: E402
from movies.models import Movie  # noqa: E402
from showtimes import scheduling, seat_plan  # noqa: E402
from showtimes.models import Auditorium  # noqa: E402

PLAN = "\n".join(f"{row}  {'s' * 20}" for row in "ABCDEFGHJK")


@transaction.atomic
def main(
    guests: int = 50, showtimes: int = 1, plan: str = PLAN, movies: int = 0
) -> dict[str, object]:
    """`movies`: so many in the catalogue at the end."""
    now = timezone.now()
    offset = User.objects.count()
    people = User.objects.bulk_create(
        User(email=f"buyer{offset + n}@example.org", name=f"Buyer {offset + n}", password="!")
        for n in range(guests)
    )
    if not people[0].pk:  # MySQL does not tell the keys
        people = list(User.objects.order_by("-pk")[:guests])
    movie = catalogue.add({"title": f"Campaign {offset}", "runtime_minutes": 90}, ["Drama"])
    for n in range(movies - Movie.objects.count()):
        catalogue.add({"title": f"Another {offset}-{n}", "runtime_minutes": 90}, ["Drama"])
    shows = []
    for n in range(showtimes):
        room = seat_plan.apply_plan(
            Auditorium.objects.create(name=f"Campaign {offset}-{n}", plan=plan)
        )
        shows.append(scheduling.schedule(movie, room, now + timedelta(days=2), now=now))
    labels = [seat.label for seat in shows[0].auditorium.seats.order_by("y", "x")]
    return {
        "tokens": [tokens.issue(person, now=now).token for person in people],
        "guests": [person.pk for person in people],
        "showtimes": [show.pk for show in shows],
        "seats": [list(show.auditorium.seats.values_list("pk", flat=True)) for show in shows],
        "labels": labels,
        "movie": movie.pk,
    }


if __name__ == "__main__":
    json.dump(main(**json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}")), sys.stdout)
