"""The API's addresses: both forms, and numbers that are what the type hint says."""

import pytest
from django.test import RequestFactory
from django.urls import Resolver404, resolve, reverse

from moviereservation.urls import api
from moviereservation.web.addresses import is_api

LARGEST = 2**63 - 1


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(("spelled", "key"), [("1", 1), ("007", 7), (str(LARGEST), LARGEST)])
def test_a_number_in_an_address_is_a_number(spelled, key, slash):
    assert resolve(f"/movies/{spelled}{slash}").kwargs == {"movie_id": key}


@pytest.mark.parametrize("spelled", ["0", str(LARGEST + 1), "9" * 40, "-1", "+1", "1.0", "٣", "1a"])
def test_what_no_row_can_have_as_its_key_is_no_address(spelled):
    with pytest.raises(Resolver404):
        resolve(f"/movies/{spelled}")


def test_a_link_leads_to_the_form_without_a_slash():
    assert reverse("seat-suggestions", args=[7]) == "/showtimes/7/seats/suggestions"
    assert reverse("seat-advice", args=[7]) == "/showtimes/7/seats/advice"


def test_every_address_is_served_in_both_forms_by_the_same_view():
    by_route = {str(address.pattern): address.callback for address in api.urls}
    assert len(by_route) == len(api.urls)
    for route, view in by_route.items():
        assert by_route[route.removesuffix("/") if route.endswith("/") else f"{route}/"] is view


def test_all_that_is_served_is_known_to_be_for_programs():
    for address in api.urls:
        assert is_api(RequestFactory().get(f"/{address.pattern}"))


def test_every_viewset_is_registered_once():
    viewsets = [viewset.__name__ for _prefix, viewset, _name in api.registry]
    assert sorted(viewsets) == [
        "AuthViewSet", "MovieShowtimesViewSet", "MovieViewSet", "PaymentViewSet",
        "ReservationViewSet", "ShowtimeViewSet",
    ]  # fmt: skip
