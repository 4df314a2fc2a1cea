"""Django's SQLite backend, which makes the folder of its file (named in `engines.py`).

SQLite makes a file that is missing, but not its folder; and settings, which say where both are,
write nothing.
"""

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: Any) -> Any:
        Path(conn_params["database"]).parent.mkdir(parents=True, exist_ok=True)
        return super().get_new_connection(conn_params)
