from accounts.outbox.queue import (
    Content,
    File,
    enqueue,
    forget_old_entries,
    resume,
    try_again,
    writer,
)

__all__ = [
    "Content",
    "File",
    "enqueue",
    "forget_old_entries",
    "resume",
    "try_again",
    "writer",
]
