"""Where the task of 1.0.0 is looked for: its entries in the queue outlive an upgrade."""

from accounts.outbox.sending import deliver

__all__ = ["deliver"]
