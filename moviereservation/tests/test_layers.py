"""The contracts of who may know whom see every file, and break when a wrong import is planted."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph
from importlinter import configuration
from importlinter.application import use_cases

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
APPS = ["accounts", "movies", "payments", "reservations", "showtimes"]
BETWEEN_APPS = "Apps know only the apps below them"
TOOLS = "The product knows none of the tools"
DOORS = "No rule knows a door, not even of an app below"
# Importer, what it must not import, and the contract that says so.
WRONG = [
    ("accounts.sign_in.passwords", "accounts.pages.passwords", "Rooms of accounts"),
    ("accounts.outbox.queue", "accounts.sign_in.passwords", "Rooms of accounts"),
    ("accounts.models", "movies.models", BETWEEN_APPS),
    ("accounts.sign_in.identity", "reservations.booking.holding", BETWEEN_APPS),
    ("movies.catalogue", "movies.api.movies", "Rooms of movies"),
    ("movies.models", "showtimes.models", BETWEEN_APPS),
    ("payments.refunds", "payments.admin", "Rooms of payments"),
    ("payments.models", "payments.gateway", "Rooms of payments"),
    ("payments.intents", "reservations.models", BETWEEN_APPS),
    ("payments.intents", "showtimes.models", BETWEEN_APPS),
    ("showtimes.scheduling.planning", "showtimes.pages.programme", "Rooms of showtimes"),
    ("showtimes.seat_plan.layout", "showtimes.scheduling.planning", "Rooms of showtimes"),
    ("showtimes.programme.listing", "reservations.seating.occupancy", BETWEEN_APPS),
    ("reservations.booking.holding", "reservations.pages.seats", "Rooms of reservations"),
    ("reservations.booking.holding", "reservations.api.serializers", "Rooms of reservations"),
    ("reservations.pages.seats", "reservations.api.serializers", "Rooms of reservations"),
    ("reservations.seating.choice", "reservations.booking.statements", "Rooms of reservations"),
    ("reservations.booking.steps", "reservations.checkout.settlement", "Rooms of reservations"),
    ("reservations.checkout.opening", "moviereservation.health", BETWEEN_APPS),
    ("movies.catalogue", "moviereservation.settings", BETWEEN_APPS),
    ("reservations.booking.holding", "accounts.pages.account", DOORS),
    ("reservations.checkout.opening", "payments.api.webhook", DOORS),
    ("showtimes.programme.listing", "movies.api.movies", DOORS),
    ("moviereservation.web.problems", "moviereservation.health", "Roof and ground"),
    ("moviereservation.web.problems", "accounts.models", BETWEEN_APPS),
    ("moviereservation.db.transactions", "reservations.models", BETWEEN_APPS),
    ("moviereservation.management.supervisor", "tools.private_servers", TOOLS),
    ("accounts.outbox.sending", "tools.standin.process", TOOLS),
    ("movies.catalogue", "tools.standin.process", TOOLS),
    ("payments.gateway", "tools.standin.process", TOOLS),
    ("showtimes.programme.listing", "tools.standin.process", TOOLS),
    ("reservations.booking.holding", "tools.standin.process", TOOLS),
    ("reservations.checkout.settlement", "stripe", "Only payments talks to Stripe"),
]


def own_modules(folder: Path) -> set[str]:
    """The modules and packages that lie directly in a folder."""
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return packages | {path.stem for path in folder.glob("*.py")} - {"__init__"}


@pytest.fixture(scope="module")
def graph() -> ImportGraph:
    configuration.configure()
    options = use_cases.read_user_options(str(ROOT / "pyproject.toml"))
    return use_cases._build_graph(
        root_package_names=options.session_options["root_packages"],
        cache_dir=None,
        include_external_packages=True,
        exclude_type_checking_imports=False,
        verbose=False,
    )


def broken(graph: ImportGraph, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The names of the contracts that do not hold for a graph."""
    options: Any = use_cases.read_user_options(str(ROOT / "pyproject.toml"))
    use_cases._register_contract_types(options)
    monkeypatch.setattr(use_cases, "_build_graph", lambda **_options: deepcopy(graph))
    report = use_cases.create_report(options, cache_dir=None)
    return (
        contract.name for contract, check in report.get_contracts_and_checks() if not check.kept
    )


def test_every_package_is_looked_at() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert sorted(OPTIONS["root_packages"]) == sorted(packages)


def test_the_roof_names_whatever_is_no_ground() -> None:
    contract = next(one for one in OPTIONS["contracts"] if one["name"] == BETWEEN_APPS)
    named = {name.strip() for name in contract["layers"][0].replace("\n", " ").split(":")}
    ground = {"web", "db", "business_day", "tests"}
    there = own_modules(ROOT / "moviereservation") - ground
    assert named == {f"moviereservation.{module}" for module in there}


def test_the_contracts_of_rooms_have_no_exception_but_migrations_and_tests() -> None:
    contracts = OPTIONS["contracts"]
    rooms = [contract for contract in contracts if contract["name"].startswith("Rooms of")]
    assert sorted(contract["containers"][0] for contract in rooms) == APPS
    for contract in rooms:
        assert contract["exhaustive"], contract["name"]
        assert contract["exhaustive_ignores"] == ["migrations", "tests"], contract["name"]
        assert "ignore_imports" not in contract, contract["name"]


def test_as_it_is_nothing_is_broken(graph: ImportGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(broken(graph, monkeypatch)) == []


@pytest.mark.parametrize(("importer", "imported", "contract"), WRONG)
def test_control_a_wrong_import_breaks_its_contract(
    graph: ImportGraph, monkeypatch: pytest.MonkeyPatch, importer: str, imported: str, contract: str
) -> None:
    assert importer in graph.modules
    assert imported in graph.modules
    planted = deepcopy(graph)
    planted.add_import(
        importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}"
    )
    assert contract in list(broken(planted, monkeypatch))


@pytest.mark.parametrize(
    ("app", "contract"),
    [*((app, f"Rooms of {app}") for app in APPS), ("moviereservation", "Roof and ground")],
)
def test_control_a_file_without_a_room_breaks_the_contract(
    graph: ImportGraph, monkeypatch: pytest.MonkeyPatch, app: str, contract: str
) -> None:
    planted = deepcopy(graph)
    planted.add_module(f"{app}.helpers")
    assert contract in list(broken(planted, monkeypatch))


def test_every_room_of_rules_is_kept_from_the_doors() -> None:
    contracts = {contract["name"]: contract for contract in OPTIONS["contracts"]}
    doors = {"pages", "api", "admin"}
    named = {name.partition(".")[0::2] for name in contracts[DOORS]["source_modules"]}
    for app in APPS:
        packages = {path.parent.name for path in (ROOT / app).glob("*/__init__.py")}
        rules = packages - doors - {"migrations", "tests", "management", "templatetags", "errors"}
        assert {room for of_app, room in named if of_app == app} >= rules, app
        there = {door for door in own_modules(ROOT / app) if door in doors}
        forbidden = contracts[DOORS]["forbidden_modules"]
        assert {f"{app}.{door}" for door in there} <= set(forbidden), app
