"""People in the back office, and the messages that they are sent."""

from accounts.admin.messages import OutgoingMessageAdmin
from accounts.admin.people import PersonAdmin

__all__ = ["OutgoingMessageAdmin", "PersonAdmin"]
