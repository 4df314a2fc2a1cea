"""`/showtimes/:id` with its seat map, what is suggested on it, and what is thought of a choice."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from moviereservation.web import general
from moviereservation.web.refusals import refuses
from reservations.api.seat_serializers import (
    AdviceSerializer,
    AdviceWishSerializer,
    SeatMapSerializer,
    SuggestionsSerializer,
    SuggestionsWishSerializer,
    advice_json,
    keys_in,
    labels_in,
    seat_map_json,
    suggestions_json,
)
from reservations.errors import BadSeats, SeatingRefused, UnknownSeats, UnknownShowtime
from reservations.seating import choice, orphan_rule
from reservations.seating.occupancy import Occupancy, cached, occupancy_of
from reservations.seating.seat_map import drawn_from
from reservations.seating.suggestions import suggestions
from showtimes.api.showtimes import ShowtimeActions

# Nobody is looked up for what everybody sees.
OPEN = {"authentication_classes": (), "permission_classes": (AllowAny,)}


class ShowtimeViewSet(ShowtimeActions):
    @extend_schema(responses=SeatMapSerializer)
    @action(detail=True, **OPEN)
    @refuses(UnknownShowtime)
    def seats(self, request: Request, showtime_id: int) -> HttpResponse:
        """Every seat of a showtime: where it is, what it costs, whether it is free."""
        occupancy = occupancy_of(showtime_id, now=timezone.now())

        def draw() -> str:
            return _json(seat_map_json(drawn_from(occupancy)))

        return _answered(request, occupancy, lambda: cached("seat-map", occupancy, draw))

    @extend_schema(parameters=[SuggestionsWishSerializer], responses=SuggestionsSerializer)
    @action(detail=True, url_path="seats/suggestions", url_name="seat-suggestions", **OPEN)
    @refuses(general.Invalid, UnknownSeats, UnknownShowtime)
    def suggestions(self, request: Request, showtime_id: int) -> HttpResponse:
        """Where a party might sit: the best places, and who would sit together around each seat.

        Nothing is held by it. They leave no single seat alone that need not be.
        """
        occupancy = occupancy_of(showtime_id, now=timezone.now())
        form = SuggestionsWishSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        wish = form.validated_data
        plan, party = occupancy.plan, wish["party"]
        mine, chosen = keys_in(wish["mine"], plan), keys_in(wish["chosen"], plan)

        def draw() -> str:
            taken = (occupancy.taken.keys() - mine) | chosen
            return _json(suggestions_json(party, suggestions(plan, taken, party)))

        if mine or chosen:
            return _answered(request, occupancy, draw)
        name = f"suggestions-{party}"
        return _answered(request, occupancy, lambda: cached(name, occupancy, draw))

    @extend_schema(parameters=[AdviceWishSerializer], responses=AdviceSerializer)
    @action(detail=True, url_path="seats/advice", url_name="seat-advice", **OPEN)
    @refuses(general.Invalid, BadSeats, UnknownShowtime)
    def advice(self, request: Request, showtime_id: int) -> Response:
        """Whether a choice minds others, and what to take instead if it does not.

        The pages refuse such a choice; the API holds it all the same.
        """
        occupancy = occupancy_of(showtime_id, now=timezone.now())
        form = AdviceWishSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        plan = occupancy.plan
        seats = choice.named(plan, labels_in(form.validated_data["seats"]))
        taken = occupancy.taken.keys() - keys_in(form.validated_data["mine"], plan)
        try:
            orphan_rule.check(plan, taken, seats)
        except SeatingRefused as refusal:
            return Response(advice_json(refusal))
        return Response(advice_json(None))


def _answered(request: Request, occupancy: Occupancy, draw: Callable[[], str]) -> HttpResponse:
    """304 for who has seen this occupancy already, before anything is drawn."""
    etag = f'"{occupancy.version}"'
    unchanged = get_conditional_response(request._request, etag=etag)
    answer = unchanged or HttpResponse(draw(), content_type="application/json")
    answer["ETag"], answer["Cache-Control"] = etag, "public, max-age=0"
    return answer


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
