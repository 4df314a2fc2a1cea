"""Showtimes of a state in the order of their start, for the list of the back office."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("showtimes", "0004_ticket_type")]

    operations = [
        migrations.AddIndex(
            model_name="showtime",
            index=models.Index(fields=["state", "starts_at"], name="showtimes_s_state_eefa46_idx"),
        ),
    ]
