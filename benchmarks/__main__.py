"""`python -m benchmarks [NAME …]`: run a campaign; without a name, the quick one of all figures.

Each is a module of this package with `arguments(parser)` and `run(options) -> bool`; a campaign
prints a table and ends with 1 if what it proves did not hold.
"""

import importlib
import platform
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime

CAMPAIGNS = {
    "quick": "figures.campaign",
    "long": "figures.campaign",
    "profile": "inside.profile",
    "files": "inside.files",
    "rush": "rush",
    "crash": "crash",
    "webhooks": "webhooks",
    "cluster": "cluster",
    "audit_million": "audit_million",
    "growth": "growth.campaign",
    "memory": "memory",
    "lighthouse": "lighthouse",
}


def main() -> int:
    parser = ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").split("\n")[0])
    names = parser.add_subparsers(dest="name", metavar="NAME")
    for name, path in CAMPAIGNS.items():
        module = importlib.import_module(f"benchmarks.{path}")
        said = (module.__doc__ or "").partition("\n")[0]
        module.arguments(names.add_parser(name, help=said, description=module.__doc__))
    words = sys.argv[1:]
    options = parser.parse_args(words if words and words != ["--write"] else ["quick", *words])
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    command = " ".join(["python -m benchmarks", *sys.argv[1:]])
    print(f"{command}  ({datetime.now(UTC):%Y-%m-%d}, {machine})\n")
    return 0 if importlib.import_module(f"benchmarks.{CAMPAIGNS[options.name]}").run(options) else 1


if __name__ == "__main__":
    sys.exit(main())
