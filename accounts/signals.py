"""What accounts tell whoever listens, without knowing who that is."""

from django.dispatch import Signal

# Somebody is about to be erased. Sent with `person` (accounts.models.User) and `now` (datetime),
# outside of every transaction: end what is open, and forget what is known of them.
person_leaving = Signal()
