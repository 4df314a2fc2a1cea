"""Form bodies with nested brackets, as Stripe's API takes them."""

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import invalid

DEEPEST = 6
MOST_FIELDS = 1000
KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
BRACKET = re.compile(r"\[([^\[\]]*)\]")


def parse(text: str) -> dict[str, Any]:
    """`a[b]=1&c[]=2&c[]=3` → `{"a": {"b": "1"}, "c": ["2", "3"]}`. Values stay strings."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise invalid("The request has too many parameters.") from error
    tree: dict[str, Any] = {}
    for key, value in pairs:
        plant(tree, path_of(key), value, key)
    return {name: listed(branch) for name, branch in tree.items()}


def path_of(key: str) -> list[str]:
    found = KEY.match(key)
    if not found:
        raise invalid(f"Invalid parameter name: {key}", key)
    path = [found[1], *BRACKET.findall(found[2])]
    if len(path) > DEEPEST:
        raise invalid(f"Parameter nested too deeply: {path[0]}", path[0])
    return path


def plant(tree: dict[str, Any], path: list[str], value: str, key: str) -> None:
    """Put one value at its place. An empty bracket means: the next item of a list."""
    for step in path[:-1]:
        tree = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise invalid(f"Parameter given both as a value and as a hash: {key}", key)
    last = path[-1] or str(len(tree))
    if isinstance(tree.get(last), dict):
        raise invalid(f"Parameter given both as a value and as a hash: {key}", key)
    tree[last] = value


def listed(branch: Any) -> Any:
    """Turn `{"0": …, "1": …}` into a list, all the way down."""
    if not isinstance(branch, dict):
        return branch
    grown = {name: listed(value) for name, value in branch.items()}
    if grown and all(name.isascii() and name.isdigit() for name in grown):
        return [grown[name] for name in sorted(grown, key=int)]
    return grown
