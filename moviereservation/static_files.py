"""Static files whose names carry their content's hash, ES modules included.

What is collected has one style sheet: a browser that follows twenty `@import`s shows its first
page half a second later on a phone. The files in `static/` stay as they are written.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/app.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
ADDRESS = re.compile(r'url\("((?![a-z]+:|/|#)[^"]+)"\)')


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    # Otherwise `import "./seat.js"` inside a module keeps pointing at the unhashed name.
    support_js_module_import_aggregation = True
    # An asset that somebody else's package forgot must not take a page down.
    manifest_strict = False

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """`paths` are the collected names, each with the storage and the path that it is from."""
        if SHEET in paths:
            whole = InMemoryStorage()
            whole.save(SHEET, ContentFile(assembled(paths).encode()))
            paths = {**paths, SHEET: (whole, SHEET)}
        yield from super().post_process(paths, dry_run, **options)


def assembled(paths: dict[str, Any]) -> str:
    """The style sheet with everything that it imports in place, each in its layer."""

    def imported(match: re.Match[str]) -> str:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(SHEET), match[1]))
        return f"@layer {match[2]} {{\n{_moved(_read(paths, name), name)}}}\n"

    return IMPORT.sub(imported, _read(paths, SHEET))


def _read(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())


def _moved(css: str, name: str) -> str:
    """Its addresses, seen from the sheet that it is now a part of."""
    folder, here = posixpath.dirname(name), posixpath.dirname(SHEET)

    def address(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, match[1]))
        return f'url("{posixpath.relpath(target, here)}")'

    return ADDRESS.sub(address, css)
