"""`{% load cinema %}`: times, days, money and movies as `showtimes.formats` writes them."""

from django import template

from moviereservation import business_day
from showtimes import formats

register = template.Library()

register.simple_tag(formats.cinema_name)
register.simple_tag(formats.cinema_address)
register.simple_tag(formats.currency)
register.simple_tag(formats.minor_digits)

register.filter(business_day.after_midnight)
register.filter(formats.badges)
register.filter(formats.clock)
register.filter(formats.day)
register.filter(formats.money)
register.filter(formats.month_day)
register.filter(formats.month_day_short)
register.filter(formats.month_name)
register.filter(formats.names)
register.filter(formats.night_note)
register.filter(formats.runtime)
register.filter(formats.short_day)
register.filter(formats.weekday)
register.filter(formats.weekday_short)
register.filter(formats.when)
