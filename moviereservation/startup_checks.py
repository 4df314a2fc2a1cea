"""Combinations of settings with which the box office refuses to start."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

PLACEHOLDER = "change-me"


def refuse_unsafe(settings: Mapping[str, Any]) -> None:
    """Raise ImproperlyConfigured, naming the variable to set, if this must not go live."""
    secret_key = settings["SECRET_KEY"]
    stripe_key = settings["STRIPE_SECRET_KEY"]
    live = "_live_" in stripe_key
    if not settings["DEMO"]:
        if not secret_key or PLACEHOLDER in secret_key or len(secret_key) < 32:
            _refuse("SECRET_KEY must be a long random value of your own outside a demo.")
        if not stripe_key or settings["STRIPE_STANDIN"]:
            _refuse("STRIPE_SECRET_KEY must be a key of your Stripe account outside a demo.")
        if not settings["STRIPE_WEBHOOK_SECRET"]:
            _refuse("STRIPE_WEBHOOK_SECRET is missing: Stripe's messages could not be trusted.")
        if not settings["STRIPE_PUBLISHABLE_KEY"]:
            _refuse("STRIPE_PUBLISHABLE_KEY is missing: guests could not pay.")
    if not 0 <= settings["TAX_RATE_BASIS_POINTS"] <= 10_000:
        _refuse("TAX_RATE_BASIS_POINTS is no rate: 0 to 10000, where 1900 is 19 %.")
    if live and settings["DEMO"]:
        _refuse("STRIPE_SECRET_KEY is a live key, but this is a demo (set DEMO=off).")
    if live and settings["STRIPE_API_BASE"]:
        _refuse("STRIPE_API_BASE is set: a live key must never be sent anywhere but to Stripe.")
    if live and settings["DEBUG"]:
        _refuse("DEBUG is on with a live Stripe key.")


def _refuse(why: str) -> None:
    raise ImproperlyConfigured(f"The box office does not start like this. {why}")
