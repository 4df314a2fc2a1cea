"""What is collected for production: hashed, and the style sheets in one."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from moviereservation.static_files import SHEET, HashedFiles

SOURCE = Path(settings.BASE_DIR, "static")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Our own files, collected as `collectstatic` does it; the storage that they are in."""
    folder = tmp_path_factory.mktemp("static")
    source, storage = FileSystemStorage(SOURCE), HashedFiles(location=folder, base_url="/static/")
    names = [str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*") if path.is_file()]
    for name in names:
        with source.open(name) as file:
            storage.save(name, file)
    processed = storage.post_process({name: (source, name) for name in names})
    failed = [outcome for _name, _hashed, outcome in processed if isinstance(outcome, Exception)]
    assert failed == []
    return storage


def read(storage: Any, name: str) -> str:
    return Path(storage.path(storage.stored_name(name))).read_text()


def test_the_style_sheet_arrives_whole_with_every_layer_in_its_order(collected):
    css = read(collected, SHEET)
    assert "@import" not in css
    assert re.search(r"@layer reset, tokens, base, layout, components, utilities;", css)
    assert (
        css.count("\n@layer ") + css.startswith("@layer ")
        == (SOURCE / SHEET).read_text().count("@import") + 1
    )
    assert css.count("{") == css.count("}")


def test_every_address_in_it_leads_to_a_hashed_file(collected):
    addresses = re.findall(r'url\("([^"]+)"\)', read(collected, SHEET))
    assert len(addresses) >= 3
    for address in addresses:
        file = Path(collected.path(SHEET)).parent / address
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address)
        assert file.resolve().is_file()


def test_modules_import_each_other_by_their_hashed_names(collected):
    for path in (SOURCE / "js").glob("*.js"):
        for address in re.findall(r'from "(\./[^"]+)"', read(collected, f"js/{path.name}")):
            assert re.search(r"\.[0-9a-f]{12}\.js$", address)
