"""What 1.0.0 left in the database is there after the upgrade, under its new name."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import OutgoingMessage
from accounts.tests.cast import make_person, mia
from accounts.tests.mail_server import enqueue, work

pytestmark = pytest.mark.django_db(transaction=True)
OF_1_0_0 = "0004_names_in_words"
RENAMED = "0005_outgoing_message"


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

    migrate(RENAMED)
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


@pytest.mark.usefixtures("greeting")
def test_a_task_that_1_0_0_queued_is_run():
    enqueue()
    DBTaskResult.objects.update(task_path="accounts.delivery.deliver")
    work()
    assert [message.subject for message in mail.outbox] == ["Hello Ann"]
    assert OutgoingMessage.objects.get().sent_at is not None
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
