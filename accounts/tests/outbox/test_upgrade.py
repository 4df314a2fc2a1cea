"""What 1.0.0 left in the database is there after the upgrade, under its new name."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
from django.utils import timezone

from accounts.models import Channel, OutgoingMessage
from accounts.outbox.worker import Worker
from accounts.tests.cast import make_person, mia
from accounts.tests.mail_server import enqueue, work

pytestmark = pytest.mark.django_db(transaction=True)
OF_1_0_0 = "0004_names_in_words"
RENAMED = "0005_outgoing_message"
BOTH_RUN = "0006_message_in_one_row"
WITHOUT_QUEUE = "0007_without_task_queue"
QUEUE = "django_tasks_database_dbtaskresult"


@pytest.fixture
def database_of_1_0_0():
    """The tables, content types and permissions as 1.0.0 has them."""
    migrate(OF_1_0_0)
    yield MigrationExecutor(connection).loader.project_state([("accounts", OF_1_0_0)]).apps
    call_command("migrate", verbosity=0)


def migrate(name: str) -> None:
    call_command("migrate", "accounts", name, verbosity=0)
    ContentType.objects.clear_cache()


def permissions(**of: object) -> set[tuple[str, str, str]]:
    return set(
        Permission.objects.filter(content_type__app_label="accounts", **of).values_list(
            "content_type__model", "codename", "name"
        )
    )


def test_rows_and_permissions_survive_and_go_back(database_of_1_0_0):
    letter = {"key": "tickets:1", "kind": "tickets", "about": {"reservation_id": 1}}
    times = dict.fromkeys(("posted_at", "due_at", "good_until"), timezone.now())
    Letter = database_of_1_0_0.get_model("accounts", "Letter")
    row = Letter.objects.create(**letter, **times, language="de", trouble="away")
    ushers = Group.objects.create(name="ushers")
    ushers.permissions.add(Permission.objects.get(codename="view_letter"))
    usher = make_person("Uri")
    usher.groups.add(ushers)
    before = permissions(content_type__model="letter")
    assert ("letter", "view_letter", "Can view letter") in before

    migrate(WITHOUT_QUEUE)
    message = OutgoingMessage.objects.get()
    assert (message.pk, message.last_error, message.language) == (row.pk, "away", "de")
    assert (message.kind, message.about) == ("tickets", {"reservation_id": 1})
    held = {("outgoingmessage", "view_outgoingmessage", "Can view message")}
    assert permissions(group=ushers) == held
    assert usher.has_perm("accounts.view_outgoingmessage")
    assert permissions(codename__contains="letter") == set()
    assert len(permissions(content_type__model="outgoingmessage")) == len(before)

    migrate(OF_1_0_0)
    assert Letter.objects.get().trouble == "away"
    assert permissions(content_type__model="letter") == before
    assert permissions(group=ushers) == {("letter", "view_letter", "Can view letter")}


@pytest.mark.parametrize("backwards", [False, True])
def test_the_new_name_moves_no_data_and_locks_no_table(capsys, backwards):
    call_command("sqlmigrate", "accounts", RENAMED, backwards=backwards)
    lines = capsys.readouterr().out.splitlines()
    assert "-- (no-op)" in lines
    statements = {line for line in lines if not line.startswith("--")}
    assert statements <= {"BEGIN;", "COMMIT;"}


def test_an_address_of_the_back_office_that_was_kept_leads_to_the_new_one(client):
    client.force_login(mia())
    for path in ("", "?standing=waiting", "7/change/"):
        answer = client.get(f"/admin/accounts/letter/{path}")
        assert answer.status_code == 302
        assert answer["Location"] == f"/admin/accounts/outgoingmessage/{path}"
    page = client.get("/admin/accounts/letter/?standing=waiting", follow=True)
    assert page.status_code == 200


@pytest.fixture
def queue_of_1_0_0():
    """Its table, as far as we look; the package that made it is not here any more."""
    migrate(RENAMED)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {QUEUE} (id CHAR(32) PRIMARY KEY, status VARCHAR(10))")
    MigrationRecorder(connection).record_applied("django_tasks_database", "0001_initial")
    task = ContentType.objects.create(app_label="django_tasks_database", model="dbtaskresult")
    permission = Permission.objects.create(content_type=task, codename="view_dbtaskresult", name="")
    ushers = Group.objects.create(name="ushers")
    ushers.permissions.add(permission)
    yield MigrationExecutor(connection).loader.project_state([("accounts", RENAMED)]).apps
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {QUEUE}")
    MigrationRecorder(connection).migration_qs.filter(app="django_tasks_database").delete()
    call_command("migrate", verbosity=0)


def promised_by_1_0_0(apps, key: str, *, status: str, **changes: object) -> None:
    """A row and its entry in the queue, as 1.0.0 writes them."""
    entry, now = uuid.uuid4(), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {QUEUE} VALUES (%s, %s)", [entry.hex, status])
    times = {"posted_at": now, "due_at": now, "good_until": now + timedelta(days=3)} | changes
    apps.get_model("accounts", "OutgoingMessage").objects.create(
        key=key, kind="greeting", about={"name": "Ann"}, language="en", task_id=entry, **times
    )


@pytest.mark.usefixtures("greeting")
def test_no_message_is_lost_with_the_queue_of_1_0_0(queue_of_1_0_0):
    """Ready, in the hand of a worker that dies meanwhile, and pausing; and one that was sent."""
    now = timezone.now()
    soon = now + timedelta(minutes=5)
    promised_by_1_0_0(queue_of_1_0_0, "ready", status="READY")
    promised_by_1_0_0(queue_of_1_0_0, "in hand", status="RUNNING", due_at=soon, tries=1)
    promised_by_1_0_0(queue_of_1_0_0, "pausing", status="READY", due_at=soon, tries=3)
    promised_by_1_0_0(queue_of_1_0_0, "sent", status="SUCCESSFUL", sent_at=now, tries=1)
    migrate(WITHOUT_QUEUE)
    assert QUEUE not in connection.introspection.table_names()
    assert work() == 1
    assert Worker(clock=lambda: soon).send_due() == 2
    assert len(mail.outbox) == 3
    assert not OutgoingMessage.objects.waiting().exists()
    assert {message.channel for message in OutgoingMessage.objects.all()} == {Channel.EMAIL}


def test_nothing_says_any_more_that_there_was_a_queue(queue_of_1_0_0):
    """So that `migrate` of 1.0.0 makes it anew for whoever goes back."""
    migrate(WITHOUT_QUEUE)
    assert not ContentType.objects.filter(app_label="django_tasks_database").exists()
    assert not Permission.objects.filter(codename="view_dbtaskresult").exists()
    assert "django_tasks_database" not in {app for app, _name in applied()}
    migrate(RENAMED)
    fields = connection.introspection.get_table_description(connection.cursor(), "accounts_letter")
    assert "task_id" in {field.name for field in fields}


@pytest.mark.usefixtures("greeting")
def test_1_0_0_and_this_version_share_the_outbox_while_both_run(queue_of_1_0_0):
    """Between the two migrations: what each writes, the other takes, and neither twice."""
    migrate(BOTH_RUN)
    promised_by_1_0_0(queue_of_1_0_0, "by 1.0.0", status="READY")
    enqueue("by us")
    theirs = queue_of_1_0_0.get_model("accounts", "OutgoingMessage").objects
    now = timezone.now()
    # How 1.0.0 takes a message.
    due = theirs.filter(key="by us", sent_at=None, given_up_at=None, due_at__lte=now)
    assert due.update(due_at=now + timedelta(minutes=5), tries=F("tries") + 1) == 1
    assert work() == 1
    assert [message.subject for message in mail.outbox] == ["Hello Ann"]
    assert OutgoingMessage.objects.waiting().get().key == "by us"
    assert not theirs.filter(key="by 1.0.0", sent_at=None, due_at__lte=now).exists()


def applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())
