"""`expand[]=latest_charge`: an id answered as the whole object."""

from typing import Any

from .errors import invalid
from .ledger import Ledger

Json = dict[str, Any]
KINDS = {"pi": "payment_intent", "ch": "charge", "re": "refund", "pm": "payment_method"}


def expand(ledger: Ledger, thing: Json, paths: list[str]) -> Json:
    """A copy of `thing` in which the named ids are objects. `data.…` goes into lists."""
    for path in paths:
        thing = expanded(ledger, thing, path.split("."), path)
    return thing


def expanded(ledger: Ledger, thing: Json, steps: list[str], path: str) -> Json:
    step, rest = steps[0], steps[1:]
    if thing["object"] == "charge" and step == "refunds":
        value: Any = refunds_of(ledger, thing)
    elif step not in thing:
        raise invalid(f"This property cannot be expanded ({path}).", "expand")
    else:
        value = looked_up(ledger, thing[step], path)
    if rest and isinstance(value, list):
        value = [expanded(ledger, item, rest, path) for item in value]
    elif rest and isinstance(value, dict):
        value = expanded(ledger, value, rest, path)
    return thing | {step: value}


def looked_up(ledger: Ledger, value: Any, path: str) -> Any:
    """The object behind an id. Null stays null, and what is expanded already stays as it is."""
    if not isinstance(value, str):
        return value
    kind = KINDS.get(value.partition("_")[0])
    found = ledger.find(kind, value) if kind else None
    if found is None:
        raise invalid(f"This property cannot be expanded ({path}).", "expand")
    return found


def refunds_of(ledger: Ledger, charge: Json) -> Json:
    refunds = ledger.belonging_to("refund", charge["payment_intent"])
    own = [refund for refund in reversed(refunds) if refund["charge"] == charge["id"]]
    url = f"/v1/charges/{charge['id']}/refunds"
    return {"object": "list", "data": own, "has_more": False, "url": url}
