"""`Letter` becomes `OutgoingMessage`: one row of the outbox, whatever channel it takes.

No data moves: table and column keep their names. The content type is renamed by Django; the
permissions are renamed here, so that whoever had one keeps it.
"""

from django.db import migrations, models

ACTIONS = ("add", "change", "delete", "view")
OLD, NEW = ("letter", "letter"), ("outgoingmessage", "message")


def rename_permissions(apps, old, new):
    Permission = apps.get_model("auth", "Permission")
    for action in ACTIONS:
        Permission.objects.filter(
            content_type__app_label="accounts", codename=f"{action}_{old[0]}"
        ).update(codename=f"{action}_{new[0]}", name=f"Can {action} {new[1]}")


def forward(apps, schema_editor):
    rename_permissions(apps, OLD, NEW)


def backward(apps, schema_editor):
    rename_permissions(apps, NEW, OLD)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0004_names_in_words"),
    ]

    operations = [
        migrations.AlterModelTable("letter", "accounts_letter"),
        migrations.RenameModel("Letter", "OutgoingMessage"),
        migrations.RunPython(forward, backward),
        migrations.AlterField(
            model_name="outgoingmessage",
            name="trouble",
            field=models.CharField(blank=True, db_column="trouble", max_length=200, verbose_name="why not yet"),
        ),
        migrations.RenameField("outgoingmessage", "trouble", "last_error"),
        migrations.AlterField(
            model_name="outgoingmessage",
            name="kind",
            field=models.CharField(max_length=40, verbose_name="kind"),
        ),
        migrations.AlterModelOptions(
            name="outgoingmessage",
            options={"verbose_name": "message", "verbose_name_plural": "messages"},
        ),
    ]
