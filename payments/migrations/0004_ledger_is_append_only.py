from django.db import migrations

from moviereservation.db import append_only

TABLE = 'payments_ledgerentry'


def protect(apps, schema_editor):
    append_only.protect(schema_editor.connection, TABLE)


def unprotect(apps, schema_editor):
    append_only.unprotect(schema_editor.connection, TABLE)


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_ledger'),
    ]

    operations = [
        migrations.RunPython(protect, unprotect),
    ]
