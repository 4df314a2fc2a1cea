"""A message is one row: what the queue's own row said of it stands in `due_at` and `taken_until`.

1.0.0 can go on beside it: it promises without the two columns, and takes messages by `due_at`.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0005_outgoing_message"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingmessage",
            name="channel",
            field=models.CharField(
                db_default="email",
                default="email",
                max_length=12,
                verbose_name="channel",
            ),
        ),
        migrations.AddField(
            model_name="outgoingmessage",
            name="taken_until",
            field=models.DateTimeField(null=True),
        ),
    ]
