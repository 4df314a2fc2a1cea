"""The documented way of a client, through a real server and with Stripe's own webhooks."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest

from accounts.tests.cast import PASSWORD
from reservations.models import Reservation, State
from showtimes.tests.factories import make_showtime
from tools.standin.process import Running

pytestmark = pytest.mark.django_db(transaction=True)


class Client:
    """A client written for the description alone: JSON in, JSON out, a token between."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with straight.open(request, timeout=20) as answer:
                raw = answer.read()
                return answer.status, json.loads(raw) if raw else None
        except HTTPError as error:
            with error:
                return error.code, json.load(error)


@pytest.fixture
def client(live_server: Any, stripe_standin: Running) -> Client:
    return Client(live_server.url)


@pytest.fixture
def webhooks(live_server: Any, stripe_standin: Running) -> Iterator[None]:
    """Stripe reports to the running server."""
    stripe_standin.webhooks(url=f"{live_server.url}/payment/webhook")
    yield
    stripe_standin.webhooks(url=None)


def eventually(true: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def sign_up(client: Client) -> None:
    person = {"name": "Alice", "email": "alice@example.org", "password": PASSWORD}
    status, answer = client.call("POST", "/auth/signup", person)
    assert status == 201
    client.token = answer["token"]


def test_from_signing_up_to_the_refund(client, stripe_standin):
    showtime = make_showtime()
    sign_up(client)
    assert client.call("GET", "/movies")[1][0]["id"] == showtime.movie_id
    listed = client.call("GET", f"/movies/{showtime.movie_id}/showtimes")[1]
    assert [one["id"] for one in listed] == [showtime.pk]
    assert client.call("GET", f"/showtimes/{showtime.pk}/seats")[1]["seatsAvailable"] == 24
    wish = {"showtimeId": showtime.pk, "seats": 2}
    status, held = client.call("POST", "/payment/create-payment-intent", wish)
    assert status == 201
    paid = {"paymentIntentId": held["paymentIntentId"]}
    assert client.call("POST", "/reservations", paid)[0] == 402
    stripe_standin.confirm(held["paymentIntentId"])
    status, booked = client.call("POST", "/reservations", paid)
    assert (status, booked["state"]) == (201, "confirmed")
    own = client.call("GET", "/reservations/my-reservations")[1]
    assert [one["id"] for one in own] == [booked["id"]]
    status, cancelled = client.call("DELETE", f"/reservations/{booked['id']}")
    assert (status, cancelled["refund"]["amount"]) == (200, booked["amount"])
    refunds = stripe_standin.call("GET", "/v1/refunds", payment_intent=held["paymentIntentId"])
    assert [refund["amount"] for refund in refunds["data"]] == [booked["amount"]]
    assert client.call("POST", "/auth/logout")[0] == 204
    assert client.call("GET", "/auth/me")[0] == 401


@pytest.mark.usefixtures("webhooks")
def test_a_guest_who_never_comes_back_has_a_booking(client, stripe_standin):
    showtime = make_showtime()
    sign_up(client)
    wish = {"showtimeId": showtime.pk, "seats": ["A1"]}
    held = client.call("POST", "/payment/create-payment-intent", wish)[1]
    stripe_standin.confirm(held["paymentIntentId"])
    assert eventually(lambda: Reservation.objects.get().state == State.CONFIRMED)
    status, booked = client.call("GET", f"/reservations/{held['reservation']['id']}")
    assert (status, booked["state"]) == (200, "confirmed")
    assert booked["seats"][0]["ticketCode"]


def test_a_body_longer_than_it_says_or_without_a_length_breaks_nothing(live_server, client):
    address = urlsplit(live_server.url)
    for headers, body, statuses in (
        ({"Content-Length": "2"}, b'{}{"more": 1}', {400}),
        ({"Content-Length": "300000"}, b"", {413}),
        ({"Content-Length": "99999999999999999999"}, b"", {413}),
        ({"Content-Length": "-1"}, b"{}", {400, 413}),
        ({}, b"", {400}),
    ):
        connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
        connection.putrequest("POST", "/auth/login")
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        assert answer.status in statuses, headers
        assert answer.getheader("Content-Type") == "application/problem+json"
        connection.close()
    assert client.call("GET", "/healthz")[0] == 200
