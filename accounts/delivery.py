"""The door by which 1.0.0 knows the task: its entries in the queue outlive an upgrade."""

from accounts.outbox.sending import deliver

__all__ = ["deliver"]
