"""People by name, all of them, the staff and who was switched off: the list of the back office."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0007_without_task_queue")]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["name"], name="accounts_us_name_f6626a_idx"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["is_staff", "name"], name="accounts_us_is_staf_49acc7_idx"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["is_active", "name"], name="accounts_us_is_acti_4eb821_idx"),
        ),
    ]
