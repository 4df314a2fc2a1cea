#!/usr/bin/env python3
"""`make house`: how the product's code is laid out, in numbers that a reader feels.

Counted is what runs in a cinema: no tests, migrations, benchmarks or tools. Settings are read from
top to bottom like a form and may be long.
"""

import argparse
import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "movies", "showtimes", "payments", "reservations", "moviereservation")
LEFT_OUT = {"tests", "migrations"}
SETTINGS = "moviereservation/settings.py"

FILES_IN_A_FOLDER = 15
LINES_IN_A_MODULE = 250
LINES_IN_A_BODY = 25
LONG_BODIES = 5
SHOWN = 12


@dataclass(frozen=True)
class House:
    """Each figure as pairs of a name and a number, the greatest first."""

    modules: list[tuple[str, int]]
    folders: list[tuple[str, int]]
    bodies: list[tuple[str, int]]

    @property
    def long_modules(self) -> list[tuple[str, int]]:
        return [(name, lines) for name, lines in self.modules if lines > LINES_IN_A_MODULE]

    @property
    def full_folders(self) -> list[tuple[str, int]]:
        return [(name, files) for name, files in self.folders if files > FILES_IN_A_FOLDER]

    @property
    def long_bodies(self) -> list[tuple[str, int]]:
        return [(name, lines) for name, lines in self.bodies if lines > LINES_IN_A_BODY]


def measured(root: Path) -> House:
    """The house below this folder, as its files are now."""
    texts = {path.relative_to(root).as_posix(): path.read_text() for path in product_code(root)}
    lines = {name: len(text.splitlines()) for name, text in texts.items() if name != SETTINGS}
    folders = Counter(name.rpartition("/")[0] for name in texts)
    bodies = {
        f"{name}:{function.lineno} {function.name}": body_lines(function)
        for name, text in texts.items()
        for function in functions(text)
    }
    return House(_greatest(lines), _greatest(folders), _greatest(bodies))


def product_code(root: Path) -> Iterator[Path]:
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if not LEFT_OUT & set(path.relative_to(root).parts):
                yield path


def functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From its first statement to its last, without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def table(house: House) -> Iterator[str]:
    fullest, longest = house.folders[0], house.modules[0]
    yield "| | limit | |"
    yield "|---|---|---|"
    yield f"| modules | | {len(house.modules)} |"
    yield f"| files in the fullest folder | {FILES_IN_A_FOLDER} | {fullest[1]} (`{fullest[0]}`) |"
    yield f"| folders with more | 0 | {len(house.full_folders)} |"
    yield f"| lines of the longest module | {LINES_IN_A_MODULE} | {longest[1]} (`{longest[0]}`) |"
    yield f"| modules with more | 0 | {len(house.long_modules)} |"
    yield f"| bodies over {LINES_IN_A_BODY} lines | {LONG_BODIES} | {len(house.long_bodies)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the layout of the product's code.")
    parser.add_argument("root", nargs="?", type=Path, default=ROOT, help="another checkout")
    house = measured(parser.parse_args().root)
    print("\n".join(table(house)))
    for title, rows in (
        ("Files in a folder", house.folders),
        ("Lines in a module", house.modules),
        ("Lines in a body", house.long_bodies),
    ):
        print(f"\n{title}")
        for name, number in rows[:SHOWN]:
            print(f"{number:5}  {name}")


def _greatest(numbers: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))


if __name__ == "__main__":
    main()
