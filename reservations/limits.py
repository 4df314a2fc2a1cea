"""Limits on hoarding and on noise."""

from moviereservation.web.limits import Limit

INTENTS_BY_GUEST = Limit("intents", times=30, seconds=60)
EMAILS_BY_GUEST = Limit("letters", times=5, seconds=600)
HOLDS_BY_ADDRESS = Limit("holds", times=120, seconds=60)
FINDS_BY_ADDRESS = Limit("finds-address", times=30, seconds=600)
FINDS_BY_REFERENCE = Limit("finds-reference", times=10, seconds=600)
LINKS_BY_REFERENCE = Limit("cancel-links", times=3, seconds=600)
