"""Pages of objects, newest first: https://docs.stripe.com/api/pagination."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from .errors import invalid, not_found
from .fields import Fields
from .ledger import Ledger

Json = dict[str, Any]
MOST = 100
COMPARISONS = ("gt", "gte", "lt", "lte")


def page(
    ledger: Ledger, kind: str, fields: Fields, url: str, filters: tuple[str, ...] = ()
) -> Json:
    """One page of a kind, filtered by attributes and by `created`."""
    wanted = {name: value for name in filters if (value := fields.text(name))}
    fits = creation(fields)
    rows = (ledger.rows[kind][key] for key in window(ledger, kind, fields))
    found = (
        row
        for row in rows
        if fits(row["created"]) and all(row.get(name) == wanted[name] for name in wanted)
    )
    return shown(found, fields, url, turned="ending_before" in fields)


def window(ledger: Ledger, kind: str, fields: Fields) -> Iterator[str]:
    """The ids beyond the cursor, nearest first; only those of one intent where that is asked."""
    parent = fields.text("payment_intent")
    ids = ledger.children.get((kind, parent), []) if parent else ledger.order[kind]
    after, before = fields.text("starting_after"), fields.text("ending_before")
    place = len(ids)
    if cursor := after or before:
        if cursor not in ledger.rows[kind] or (parent and cursor not in ids):
            param = "starting_after" if after else "ending_before"
            raise not_found(kind, cursor, param, status=400)
        place = ids.index(cursor) if parent else ledger.place[cursor]
    if before:
        return islice(ids, place + 1, None)
    return (ids[index] for index in range(place - 1, -1, -1))


def shown(found: Iterator[Json], fields: Fields, url: str, turned: bool = False) -> Json:
    limit = fields.integer("limit", 10, least=1) or 10
    if limit > MOST:
        raise invalid(f"This value must be less than or equal to {MOST}.", "limit")
    rows = list(islice(found, limit + 1))
    data = rows[:limit]
    if turned:
        data.reverse()
    return {"object": "list", "data": data, "has_more": len(rows) > limit, "url": url}


def creation(fields: Fields) -> Any:
    """A test for `created`, given as a Unix time or as `created[gte]` and its like."""
    if not isinstance(fields.values.get("created"), dict):
        exact = fields.integer("created")
        return lambda at: exact is None or at == exact
    bounds = fields.inside("created")
    bounds.only(*COMPARISONS)
    gt, gte, lt, lte = (bounds.integer(name) for name in COMPARISONS)
    return lambda at: (
        (gt is None or at > gt)
        and (gte is None or at >= gte)
        and (lt is None or at < lt)
        and (lte is None or at <= lte)
    )
