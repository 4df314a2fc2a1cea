"""What payments tell whoever listens, without knowing who that is."""

from django.dispatch import Signal

# Something happened to a payment at Stripe. Sent with `payment` (payments.models.Payment), `now`
# (datetime) and `by` (accounts.actors.Actor: what told us). The message says only that something
# happened: whoever listens asks Stripe how things stand. A listener that raises is asked again.
payment_changed = Signal()
