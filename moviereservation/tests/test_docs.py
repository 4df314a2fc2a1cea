"""What documents and docstrings name exists: modules, what is in them, files.

Read are the words between backticks and the links of the documents, and of the code the
docstrings of the product's modules.
"""

import ast
import importlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("accounts", "movies", "showtimes", "payments", "reservations", "moviereservation")
PACKAGES = (*PRODUCT, "tools", "benchmarks")
FOLDERS = (*PACKAGES, "docs", "static", "templates")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

QUOTED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[([^\]]*)\]\(([^)#:\s]+)(?:#[^)]*)?\)")
BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"[\w*][\w./*-]*\.(css|html|js|json|md|mo|po|png|py|sh|toml|txt|yml|in)")
DOTTED = re.compile(r"[A-Za-z_]\w*(\.\w+)+")
# Stripe's events, what Django calls its own, and addresses.
NOT_OURS = re.compile(
    r"(request|uv|payment_intent|refund|charge|transaction|Model)\.|.*\.(org|com)$"
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_exists(path):
    text = BLOCK.sub("", path.read_text())
    assert missing(QUOTED.findall(text), beside=path.parent) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_leads_to_a_file_in_which_its_words_are_found(path):
    links = LINK.findall(BLOCK.sub("", path.read_text()))
    assert [link for link in links if not leads_to_its_words(*link, beside=path.parent)] == []


def test_what_the_docstring_of_a_module_names_exists():
    wrong = {
        str(path.relative_to(ROOT)): missing(QUOTED.findall(docstring), beside=path.parent)
        for path in product_modules()
        if (docstring := ast.get_docstring(ast.parse(path.read_text())))
    }
    assert {path: words for path, words in wrong.items() if words} == {}


@pytest.mark.parametrize(
    "word",
    ["booking.adopt", "returning.give_back", "reservations.booking.nothing", "courtesy.py",
     "showtimes/wanted.py", "Reservation.nothing", "docs/nowhere/", "test_faults_*.py"],
)  # fmt: skip
def test_what_does_not_exist_is_missing(word):
    assert missing([word], beside=ROOT) == [word]


@pytest.mark.parametrize(
    "word",
    ["booking.hold", "booking.hold()", "reservations.booking.hold", "Reservation.move",
     "Reservation.visitor", "engines.py", "docs/", "reservations/models/", "test_no_two_*.py",
     "payment_intent.succeeded", "manage.py audit", "/movies", "4.2.2"],
)  # fmt: skip
def test_what_exists_and_what_names_nothing_of_ours_is_not(word):
    assert missing([word], beside=ROOT) == []


def test_a_link_with_the_name_of_what_has_moved_is_found():
    assert leads_to_its_words("`booking.hold`", "reservations/booking/holding.py", beside=ROOT)
    assert not leads_to_its_words(
        "`booking.hold`", "reservations/booking/statements.py", beside=ROOT
    )
    assert not leads_to_its_words("all of it", "reservations/nowhere.py", beside=ROOT)


def missing(words: Iterable[str], *, beside: Path) -> list[str]:
    return [word for word in dict.fromkeys(words) if not exists(word, beside=beside)]


def exists(word: str, *, beside: Path) -> bool:
    """True also of what is neither a file of ours nor a dotted name."""
    if FILE.fullmatch(word) or (" " not in word and word.partition("/")[0] in FOLDERS):
        return is_a_file(word, beside=beside) or is_a_name(word)
    name = word.partition("(")[0]
    return not DOTTED.fullmatch(name) or bool(NOT_OURS.match(name)) or is_a_name(name)


def is_a_file(word: str, *, beside: Path) -> bool:
    """Below the project, beside the document, or, without a folder, anywhere in the project."""
    pattern = word.replace("…", "**")
    if any(any(place.glob(pattern)) for place in (ROOT, beside)):
        return True
    return "/" not in word and any(path.match(pattern) for path in files())


def is_a_name(name: str) -> bool:
    """`reservations.booking.hold`, or from any module on: `booking.hold`, `Reservation.move`."""
    head, _dot, rest = name.partition(".")
    if head in PACKAGES:
        return resolves(name)
    homes = [path for path in modules() if path.endswith(f".{head}")]
    homes += [f"{home}.{head}" for home in homes_of_classes().get(head, [])]
    return any(resolves(f"{home}.{rest}") for home in homes)


def resolves(name: str) -> bool:
    """Whether something importable has all the attributes that follow."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = ".".join(parts[:length])
        if path in modules():
            return has(importlib.import_module(path), parts[length:])
    return False


def has(thing: Any, attributes: list[str]) -> bool:
    for attribute in attributes:
        if attribute in getattr(thing, "__annotations__", {}):
            return True
        if not hasattr(thing, attribute):
            return False
        thing = getattr(thing, attribute)
    return True


def leads_to_its_words(words: str, target: str, *, beside: Path) -> bool:
    path = (beside / target).resolve()
    if not path.exists():
        return False
    name = words.strip("`").rpartition(".")[2]
    if path.suffix != ".py" or not words.startswith("`") or words.endswith(".py`"):
        return True
    defined = re.compile(rf"^(def|class) {re.escape(name)}\b", re.MULTILINE)
    return bool(defined.search(path.read_text())) or name in (path.stem, path.parent.name)


@cache
def modules() -> frozenset[str]:
    """Every importable path of the project, packages included."""
    paths = [path.relative_to(ROOT) for path in files() if path.suffix == ".py"]
    inside = [path.with_suffix("").parts for path in paths if path.parts[0] in PACKAGES]
    return frozenset(".".join(parts).removesuffix(".__init__") for parts in inside)


@cache
def homes_of_classes() -> dict[str, list[str]]:
    homes: dict[str, list[str]] = {}
    for path in product_modules():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for name in re.findall(r"^class (\w+)", path.read_text(), re.MULTILINE):
            homes.setdefault(name, []).append(module)
    return homes


@cache
def product_modules() -> list[Path]:
    tops = [(path, path.relative_to(ROOT).parts) for path in files() if path.suffix == ".py"]
    return [path for path, parts in tops
            if parts[0] in PRODUCT and not {"tests", "migrations"} & set(parts)]  # fmt: skip


@cache
def files() -> list[Path]:
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return sorted(path for path in [*ROOT.glob("*"), *inside] if path.is_file())
