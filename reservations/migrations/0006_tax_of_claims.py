"""The tax of claims that were made before it was stored, at the house's rate of today."""

from django.conf import settings
from django.db import migrations
from django.db.models import F, Max

AT_ONCE = 20_000  # claims: few enough that others who write do not wait for long
WHOLE = 10_000


def store_tax(apps, schema_editor):
    """As `payments.tax.contained`. May be interrupted and begun again."""
    rate = settings.TAX_RATE_BASIS_POINTS
    if not rate:
        return
    doubled = 2 * F('price') * rate + WHOLE + rate
    divisor = 2 * (WHOLE + rate)
    claims = apps.get_model('reservations', 'ReservedSeat').objects
    last = claims.aggregate(last=Max('pk'))['last'] or 0
    for first in range(0, last + 1, AT_ONCE):
        # A division without a rest is the same on every engine.
        claims.filter(pk__gte=first, pk__lt=first + AT_ONCE, tax_rate=0).update(
            tax_rate=rate, tax=(doubled - doubled % divisor) / divisor
        )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('reservations', '0005_ticket_type_and_tax'),
    ]

    operations = [
        migrations.RunPython(store_tax, migrations.RunPython.noop),
    ]
