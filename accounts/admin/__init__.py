"""People in the back office, and the letters that they are sent."""

from accounts.admin.messages import LetterAdmin
from accounts.admin.people import PersonAdmin

__all__ = ["LetterAdmin", "PersonAdmin"]
