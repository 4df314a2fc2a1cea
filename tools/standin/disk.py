"""Write-through to an SQLite file, so that a demo finds its payments again after a restart."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL
)
"""
WRITE = """
INSERT INTO records (kind, id, body) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET body = excluded.body
"""


class Disk:
    """Records by kind and id, in the order of their first writing.

    Not thread safe: the ledger's lock guards it. `synchronous` is off because the state of a
    development tool has to survive the end of a process, not of a machine.
    """

    def __init__(self, path: str):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.base = sqlite3.connect(path, check_same_thread=False, timeout=5)
        self.base.execute("PRAGMA journal_mode = WAL")
        self.base.execute("PRAGMA synchronous = OFF")
        self.base.execute(SCHEMA)

    def records(self) -> Iterator[tuple[str, str, Any]]:
        rows = self.base.execute("SELECT kind, id, body FROM records ORDER BY seq")
        for kind, identifier, body in rows:
            yield kind, identifier, json.loads(body)

    def write(self, kind: str, identifier: str, body: str) -> None:
        self.base.execute(WRITE, (kind, identifier, body))

    def remove(self, identifier: str) -> None:
        self.base.execute("DELETE FROM records WHERE id = ?", (identifier,))

    def empty(self) -> None:
        self.base.execute("DELETE FROM records")

    def commit(self) -> None:
        if self.base.in_transaction:
            self.base.commit()
