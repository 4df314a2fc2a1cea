"""`python -m benchmarks [NAME …]`: run a campaign; without a name, list them.

Each is a module of this package with `arguments(parser)` and `run(options) -> bool`; a campaign
prints a table and ends with 1 if what it proves did not hold.
"""

import importlib
import platform
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime

CAMPAIGNS = (
    "rush",
    "holds",
    "crash",
    "webhooks",
    "cluster",
    "audit_million",
    "lighthouse",
    "seat_page",
)


def main() -> int:
    parser = ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").split("\n")[0])
    names = parser.add_subparsers(dest="name", metavar="NAME")
    for name in CAMPAIGNS:
        module = importlib.import_module(f"benchmarks.{name}")
        said = (module.__doc__ or "").partition("\n")[0]
        module.arguments(names.add_parser(name, help=said, description=module.__doc__))
    options = parser.parse_args()
    if options.name is None:
        parser.print_help()
        return 0
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    command = " ".join(["python -m benchmarks", *sys.argv[1:]])
    print(f"{command}  ({datetime.now(UTC):%Y-%m-%d}, {machine})\n")
    return 0 if importlib.import_module(f"benchmarks.{options.name}").run(options) else 1


if __name__ == "__main__":
    sys.exit(main())
