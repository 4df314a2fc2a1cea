from django.db import migrations

from reservations.migrations import _books


def fill(apps, schema_editor):
    _books.fill(schema_editor.connection)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('payments', '0004_ledger_is_append_only'),
        ('reservations', '0006_tax_of_claims'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
