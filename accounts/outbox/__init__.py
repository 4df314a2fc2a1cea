from accounts.outbox.queue import enqueue, insertion, try_again
from accounts.outbox.renderer import Content, File, writer

__all__ = ["Content", "File", "enqueue", "insertion", "try_again", "writer"]
