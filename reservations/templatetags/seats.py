"""`{% load seats %}`: seats, reservations and refunds as `reservations.formats` writes them."""

from django import template

from reservations import formats

register = template.Library()

register.filter(formats.checkboxes)
register.filter(formats.follows_aisle)
register.filter(formats.kind_name)
register.filter(formats.price_list)
register.filter(formats.refund_in_words)
register.filter(formats.state_in_words)
