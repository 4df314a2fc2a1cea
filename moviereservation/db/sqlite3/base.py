"""Django's SQLite backend, which makes the product's own folder for its file (see `engines.py`).

SQLite makes a file that is missing, but not its folder; and settings, which say where both are,
write nothing. Any other folder has to be there: in place of a disk that is not mounted an empty
cinema would open.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: Any) -> Any:
        folder = Path(conn_params["database"]).parent
        if folder == Path(settings.VAR_DIR):
            folder.mkdir(parents=True, exist_ok=True)
        return super().get_new_connection(conn_params)
