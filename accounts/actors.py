"""Who did something: a guest, staff, a message of Stripe's, or the product itself."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    GUEST = "guest"
    STAFF = "staff"
    WEBHOOK = "webhook"
    HOUSEKEEPING = "housekeeping"
    # A rule of ours, named in words: `Actor.rule("time over")`.
    RULE = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """`key` says which of its kind. `str(actor)` is what a history shows, and is never parsed."""

    kind: ActorKind
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.key}".strip()

    @classmethod
    def guest(cls, guest_id: int | None, *, through: str = "") -> "Actor":
        """`through` is how the guest came where there was no log-in, such as `by link`."""
        return cls(ActorKind.GUEST, f"{guest_id} {through}".strip())

    @classmethod
    def staff(cls, user_id: int | None) -> "Actor":
        return cls(ActorKind.STAFF, str(user_id))

    @classmethod
    def webhook(cls, event_id: str) -> "Actor":
        return cls(ActorKind.WEBHOOK, event_id)

    @classmethod
    def rule(cls, words: str) -> "Actor":
        return cls(ActorKind.RULE, words)


HOUSEKEEPING = Actor(ActorKind.HOUSEKEEPING)
