from accounts.outbox.queue import (
    Content,
    File,
    forget_old_entries,
    post,
    resume,
    site_url,
    try_again,
    writer,
)

__all__ = [
    "Content",
    "File",
    "forget_old_entries",
    "post",
    "resume",
    "site_url",
    "try_again",
    "writer",
]
