"""Limits on hoarding and on noise."""

from accounts.limits import Limit

INTENTS_BY_GUEST = Limit("intents", times=30, seconds=60)
HOLDS_BY_ADDRESS = Limit("holds", times=120, seconds=60)
