"""`POST /payment/webhook`: Stripe's messages are stored once and told to whoever listens."""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.tests.cast import alice
from payments.models import Payment, WebhookEvent
from payments.signals import payment_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[str]]:
    """Who was told of what: the intents that a listener heard of."""
    heard: list[str] = []

    def listen(payment: Payment, **_kwargs: Any) -> None:
        heard.append(payment.intent_id)

    payment_changed.connect(listen)
    yield heard
    payment_changed.disconnect(listen)


def an_event(number: int = 1, intent: str = "pi_1", **changes: Any) -> dict[str, Any]:
    subject = {"id": intent, "object": "payment_intent", "status": "succeeded"}
    return {
        "id": f"evt_{number}", "object": "event", "type": "payment_intent.succeeded",
        "api_version": "2026-10-28", "created": 1, "livemode": False, "data": {"object": subject},
    } | changes  # fmt: skip


def signed(body: bytes, *, age: int = 0, secret: str = "") -> str:
    """The header that Stripe would send with this body, `age` seconds ago."""
    moment = int(time.time()) - age
    key = (secret or settings.STRIPE_WEBHOOK_SECRET).encode()
    signature = hmac.new(key, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signature}"


def report(body: bytes | dict[str, Any], signature: str | None = None, **headers: str):
    """Post it. Signed as Stripe signs unless another signature is given."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    header = signed(raw) if signature is None else signature
    sent = headers | ({"Stripe-Signature": header} if header else {})
    return APIClient().generic(
        "POST", "/payment/webhook", raw, content_type="application/json", headers=sent
    )


def a_payment(intent: str = "pi_1") -> Payment:
    return Payment.objects.create(
        payer=alice(), reference="ABC", amount=1200, currency="usd", intent_id=intent,
        client_secret="secret",
    )  # fmt: skip


def test_a_message_is_stored_handled_and_thanked(told):
    a_payment()
    answer = report(an_event())
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    event = WebhookEvent.objects.get()
    assert (event.event_id, event.type, event.intent_id) == (
        "evt_1", "payment_intent.succeeded", "pi_1",
    )  # fmt: skip
    assert event.handled_at is not None
    assert told == ["pi_1"]


def test_replays_by_the_hundred_are_one_message(told):
    a_payment()
    body = json.dumps(an_event()).encode()
    signature = signed(body)
    client = APIClient()
    for _n in range(200):
        answer = client.generic(
            "POST", "/payment/webhook", body, content_type="application/json",
            headers={"Stripe-Signature": signature},
        )  # fmt: skip
        assert answer.status_code == 200
    assert WebhookEvent.objects.count() == 1
    assert told == ["pi_1"]


def test_a_charge_or_refund_leads_to_its_intent():
    for number, kind in enumerate(("charge", "refund")):
        subject = {"id": f"{kind}_1", "object": kind, "payment_intent": "pi_1"}
        event = an_event(number, type=f"{kind}.updated", data={"object": subject})
        assert report(event).status_code == 200
    assert set(WebhookEvent.objects.values_list("intent_id", flat=True)) == {"pi_1"}


@pytest.mark.parametrize(
    "subject",
    [
        {"id": "pi_other", "object": "payment_intent"},
        {"id": "cus_1", "object": "customer"},
        {"object": "balance"},
        {"id": "ch_1", "object": "charge", "payment_intent": None},
    ],
)
def test_what_is_not_ours_is_thanked_and_told_to_nobody(subject, told):
    a_payment()
    assert report(an_event(type="something.new", data={"object": subject})).status_code == 200
    assert WebhookEvent.objects.get().handled_at is not None
    assert told == []


def test_a_listener_that_breaks_does_not_lose_the_message(caplog):
    """Stripe is thanked, since it is stored; housekeeping handles what waits."""
    a_payment()

    def listen(**_kwargs: Any) -> None:
        raise RuntimeError("a listener's own fault")

    payment_changed.connect(listen)
    with caplog.at_level(logging.CRITICAL):
        answer = report(an_event())
    payment_changed.disconnect(listen)
    assert answer.status_code == 200
    assert WebhookEvent.objects.get().handled_at is None
    assert report(an_event()).status_code == 200
    assert WebhookEvent.objects.get().handled_at is not None


@pytest.mark.parametrize("slash", ["", "/"])
def test_it_is_a_post_with_and_without_a_slash(slash):
    body = json.dumps(an_event()).encode()
    headers = {"Stripe-Signature": signed(body)}
    path = f"/payment/webhook{slash}"
    answer = APIClient(enforce_csrf_checks=True).generic("POST", path, body, headers=headers)
    assert answer.status_code == 200
    assert APIClient().get(path).status_code == 405
