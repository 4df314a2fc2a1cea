"""The secret key of a demo, for which nobody has configured one."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def of_this_machine(var_dir: Path) -> str:
    """Made once, kept in a file that only its owner reads, never shared.

    Several processes that start together agree on it: the file appears with all that is in it, and
    whoever comes second reads it.
    """
    path = var_dir / "secret_key"
    with suppress(FileNotFoundError):
        return path.read_text()
    var_dir.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=var_dir, prefix="secret_key.") as draft:
        draft.write(secrets.token_urlsafe(48))
        draft.flush()
        try:
            os.link(draft.name, path)
        except FileExistsError:
            pass
        except OSError:  # a disk that has no links; what is lost is the safety of two first starts
            path.write_text(Path(draft.name).read_text())
            path.chmod(0o600)
    return path.read_text()
