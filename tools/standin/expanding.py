"""`expand[]=latest_charge`: an id answered as the whole object."""

from typing import Any

from .errors import invalid
from .ledger import Ledger

Json = dict[str, Any]
EXPANDABLE = {
    "payment_intent": {
        "customer": "",
        "latest_charge": "charge",
        "payment_method": "payment_method",
    },
    "charge": {"payment_intent": "payment_intent", "refunds": "refund", "customer": ""},
    "refund": {"payment_intent": "payment_intent", "charge": "charge"},
}


def check(paths: list[str], kind: str, listed: bool) -> None:
    """Refuse what cannot be expanded, before anything is done. `listed`: the answer is a list."""
    for path in paths:
        steps = path.split(".")
        at = kind
        if listed and steps.pop(0) != "data":
            raise impossible(path)
        for step in steps:
            known = EXPANDABLE.get(at, {})
            if step not in known:
                raise impossible(path)
            at = known[step]


def expand(ledger: Ledger, thing: Json, paths: list[str]) -> Json:
    """A copy of `thing` in which the named ids are objects. `data.…` goes into lists."""
    for path in paths:
        thing = expanded(ledger, thing, path.split("."))
    return thing


def expanded(ledger: Ledger, thing: Json, steps: list[str]) -> Json:
    step, rest = steps[0], steps[1:]
    if thing["object"] == "charge" and step == "refunds":
        value: Any = refunds_of(ledger, thing)
    else:
        value = looked_up(ledger, thing, step)
    if rest and isinstance(value, list):
        value = [expanded(ledger, item, rest) for item in value]
    elif rest and isinstance(value, dict):
        value = expanded(ledger, value, rest)
    return thing | {step: value}


def looked_up(ledger: Ledger, thing: Json, step: str) -> Any:
    """The object behind an id. Null stays null, and what is expanded already stays as it is."""
    value = thing[step]
    kind = EXPANDABLE.get(thing["object"], {}).get(step)
    return (ledger.find(kind, value) or value) if kind and isinstance(value, str) else value


def refunds_of(ledger: Ledger, charge: Json) -> Json:
    refunds = ledger.belonging_to("refund", charge["payment_intent"])
    own = [refund for refund in reversed(refunds) if refund["charge"] == charge["id"]]
    url = f"/v1/charges/{charge['id']}/refunds"
    return {"object": "list", "data": own, "has_more": False, "url": url}


def impossible(path: str) -> Exception:
    return invalid(f"This property cannot be expanded ({path}).", "expand")
