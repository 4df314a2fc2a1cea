"""Leaving: a guest's data as a file, and the account erased.

What was sold stays in the accounts, because the law wants it, and belongs to nobody by name.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import ApiSession, EmailChange, OutgoingMessage, OutgoingMessageQuerySet, User
from accounts.signals import person_leaving

# What other apps know of a person, as JSON, by its name in the file. Registered as they get ready.
Part = Callable[[User], Any]
PARTS: dict[str, Part] = {}


def export(person: User, *, now: datetime) -> dict[str, Any]:
    """Everything that is known of a person, without what would let somebody act for them."""
    return {
        "exportedAt": now,
        "profile": {
            "id": person.pk,
            "name": person.name,
            "email": person.email,
            "since": person.created_at,
            "lastLogIn": person.last_login,
            "worksAs": list(person.groups.order_by("name").values_list("name", flat=True)),
            "needs": person.saved_needs.split(),
        },
        "changesOfEmail": list(
            person.email_changes.order_by("pk").values(
                "old_email", "new_email", "asked_at", "confirmed_at"
            )
        ),
        "logInsOfPrograms": list(
            person.api_sessions.order_by("created_at").values(
                "created_at", "rotated_at", "expires_at", "revoked_at"
            )
        ),
        "letters": list(_messages_to(person).order_by("pk").values("kind", "posted_at", "sent_at")),
        **{name: part(person) for name, part in PARTS.items()},
    }


def erase(person: User, *, now: datetime) -> None:
    """Forget the person and end every session and log-in; what they bought stays in the accounts.

    Again changes nothing.
    """
    # Before the transaction: whoever has something open may have to ask somebody else.
    person_leaving.send(sender=User, person=person, now=now)
    with transaction.atomic():
        ApiSession.objects.filter(user=person, revoked_at=None).update(revoked_at=now)
        EmailChange.objects.filter(user=person).delete()
        # A mail server may have named the address when it refused a message.
        _messages_to(person).update(last_error="")
        _back_office_notes(person).update(object_repr="", change_message="")
        person.email = f"erased-{uuid.uuid4().hex}@invalid.example"
        person.name = person.saved_needs = ""
        person.is_active = person.is_staff = person.is_superuser = False
        person.set_unusable_password()
        person.save()
        person.groups.clear()
        person.user_permissions.clear()


def _messages_to(person: User) -> OutgoingMessageQuerySet:
    changes = list(person.email_changes.values_list("pk", flat=True))
    to_person = OutgoingMessage.objects.filter(about__user_id=person.pk)
    return to_person | OutgoingMessage.objects.filter(about__change_id__in=changes)


def _back_office_notes(person: User) -> QuerySet[LogEntry]:
    """What staff did to the account: the note keeps its name."""
    users = ContentType.objects.get_for_model(User)
    return LogEntry.objects.filter(content_type=users, object_id=str(person.pk))
