"""The queue: the one statement that is assembled, from compiled parts, each in its own parentheses.

The scope is a required argument and always the first clause. The page is found first (ids alone, by an
index), then its rows are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tix.domain.policy import Scope
from tix.domain.ticket import Ticket
from tix.store import compiled
from tix.store.connection import Store
from tix.store.spool import spooled

# Orders that an index serves as they are written.
_QUEUE_ORDER = "ticket.rank DESC, ticket.due_key, ticket.number"
# Sort keys that can be absent: those rows come last either way.
_NEVER_ABSENT = frozenset(
    "ref number subject status phase priority requester creator source created_at updated_at "
    "last_activity_at answered entries attachments overdue version".split()
)


class Selection(NamedTuple):
    """Which tickets, in which order, how many.

    ``filters`` maps the name of a compiled filter to the values it takes (None where it takes none).
    ``sort`` is a key of ``SORT_KEYS``, with ``-`` for descending; None is the queue's own order.
    """

    filters: Mapping[str, list[Any] | int | None]
    sort: str | None = None
    limit: int = -1


class Row(NamedTuple):
    """A ticket of the queue with what its table needs of its requester."""

    ticket: Ticket
    requester_name: str | None
    requester_email: str | None


def page(store: Store, scope: Scope, selection: Selection, now: int) -> Iterator[Row]:
    """The tickets of a selection that ``scope`` sees, in order."""
    for row in spooled(store.execute(*whole(scope, selection, now))):
        yield Row(Ticket(*row[:-2]), row[-2], row[-1])


def whole(scope: Scope, selection: Selection, now: int) -> tuple[str, dict[str, Any]]:
    """The text that reads a page's rows, in order, and its values."""
    inner, values = assemble(scope, selection, now)
    sql = f"WITH page AS MATERIALIZED ({inner}) {compiled.HEADS['tickets']}"
    return sql.replace("FROM page JOIN ticket", "FROM page CROSS JOIN ticket"), values


def count(store: Store, scope: Scope, selection: Selection, now: int) -> int:
    """How many tickets a selection has."""
    where, values = _where(scope, selection, now)
    (number,) = store.execute(f"SELECT count(*) FROM ticket WHERE {where}", values).fetchone()
    return int(number)


def assemble(scope: Scope, selection: Selection, now: int) -> tuple[str, dict[str, Any]]:
    """The text that finds the ids of a page, and its values."""
    where, values = _where(scope, selection, now)
    values["limit"] = selection.limit
    if selection.sort == "-last_activity_at":
        return _by_activity(where), values
    order = _QUEUE_ORDER if selection.sort is None else _order(selection.sort)
    return f"SELECT ticket.id AS id FROM ticket WHERE {where} ORDER BY {order} LIMIT :limit", values


def _where(scope: Scope, selection: Selection, now: int) -> tuple[str, dict[str, Any]]:
    clauses = [compiled.SCOPES[scope.kind]]
    values: dict[str, Any] = {"me": scope.me, "now": now}
    for name, wanted in selection.filters.items():
        clauses.append(compiled.FILTERS[name])
        if isinstance(wanted, list):
            import json  # 1.5 ms, and most queues name no list

            values[name] = json.dumps(wanted)
        elif wanted is not None:
            values[name] = wanted
    return " AND ".join(clauses), values


def _order(sort: str) -> str:
    name = sort.removeprefix("-")
    direction = " DESC" if sort.startswith("-") else ""
    key = compiled.SORT_KEYS[name]
    last = "" if name in _NEVER_ABSENT else f"({key}) IS NULL, "
    return f"{last}{key}{direction}, ticket.number"


def _by_activity(where: str) -> str:
    """Newest activity first.

    A ticket that has lapsed unrecorded is as active as its lapse: two ordered streams, each by its index,
    are merged, so that nobody waits for a sort of the whole desk.
    """
    columns = "SELECT ticket.id AS id, ticket.number AS number, {key} AS moment FROM ticket WHERE "
    order = "ORDER BY {key} DESC, ticket.number LIMIT :limit"
    streams = []
    for clause, key in (("not_lapsed", "ticket.last_activity_at"), ("lapsed", "ticket.lapses_at")):
        streams.append(
            f"SELECT * FROM ({columns.format(key=key)}{where} AND {compiled.EXPRESSIONS[clause]} "
            f"{order.format(key=key)})"
        )
    return f"SELECT id FROM ({' UNION ALL '.join(streams)}) ORDER BY moment DESC, number LIMIT :limit"
