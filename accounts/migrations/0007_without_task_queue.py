"""The queue of django-tasks-db goes. Not before the last process of 1.0.0 has ended: it writes there.

No message is lost with it. Each entry stood beside a message whose own row says when it is due: at
once, after a pause, or when the worker that had it must be dead.

Back in 1.0.0 `migrate` makes the queue anew, because nothing says any more that it was made; then
its housekeeping queues what waits.
"""

from django.db import migrations
from django.db.migrations.recorder import MigrationRecorder

APP = "django_tasks_database"


def forget_the_queue(apps, schema_editor):
    MigrationRecorder(schema_editor.connection).migration_qs.filter(app=APP).delete()
    # Its permissions first: the database lets no content type go that they belong to.
    apps.get_model("auth", "Permission").objects.filter(content_type__app_label=APP).delete()
    apps.get_model("contenttypes", "ContentType").objects.filter(app_label=APP).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_message_in_one_row"),
    ]

    operations = [
        migrations.RunSQL(f"DROP TABLE IF EXISTS {APP}_dbtaskresult", migrations.RunSQL.noop),
        migrations.RunPython(forget_the_queue, migrations.RunPython.noop),
        migrations.RemoveField(model_name="outgoingmessage", name="task_id"),
    ]
