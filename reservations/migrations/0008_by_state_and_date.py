"""Bookings of a state, the newest first, and by date.

With `held_until` in it the index of the state gave no order, so that a list sorted all of a state.
Of what is held, which is all whose `held_until` is asked for, there is never much.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("reservations", "0007_what_was_sold_before")]

    operations = [
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(fields=["state"], name="reservation_state_f6f01b_idx"),
        ),
        migrations.RemoveIndex(model_name="reservation", name="reservation_state_72b286_idx"),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(fields=["created_at"], name="reservation_created_fddb5a_idx"),
        ),
    ]
