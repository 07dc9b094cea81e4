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
from tix.store.connection import Store, scope_values
from tix.store.spool import spooled

# Orders that an index serves as they are written.
_QUEUE_ORDER = "ticket.rank DESC, ticket.due_key, ticket.number"
# Sort keys that can be absent: those rows come last either way.
_NEVER_ABSENT = frozenset(
    "ref number subject status phase priority requester creator source created_at updated_at "
    "last_activity_at answered entries attachments overdue version".split()
)


Filters = Mapping[str, "list[Any] | int | None"]


class Selection(NamedTuple):
    """Which tickets, in which order, how many.

    ``filters`` maps the name of a compiled filter to the values it takes (None where it takes none).
    ``sort`` is a key of ``SORT_KEYS``, with ``-`` for descending; None is the queue's own order.
    """

    filters: Filters
    sort: str | None = None
    limit: int = -1


class Stream(NamedTuple):
    """A part of a selection: its clauses, the key it is ordered by, the index that gives the order (``using``)."""

    where: str
    key: str
    using: str


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
    if "closed" in selection.filters:
        # No index holds what is not open: all of them less the open ones, each counted in an index.
        rest = {name: value for name, value in selection.filters.items() if name != "closed"}
        every = count(store, scope, selection._replace(filters=rest), now)
        return every - count(store, scope, selection._replace(filters={**rest, "open": None}), now)
    if not selection.filters.keys().isdisjoint({"status", "since", "until"}):
        streams, values = _streams(scope, selection.filters, now)
        counted = [f"(SELECT count(*) FROM ticket{index} WHERE {where})" for where, _, index in streams]
        (number,) = store.execute(f"SELECT {' + '.join(counted)}", values).fetchone()
        return int(number)
    clauses, values = _clauses(scope, selection.filters, now)
    sql = f"SELECT count(*) FROM ticket{_index(scope, selection.filters)} WHERE {' AND '.join(clauses)}"
    (number,) = store.execute(sql, values).fetchone()
    return int(number)


def assemble(scope: Scope, selection: Selection, now: int) -> tuple[str, dict[str, Any]]:
    """The text that finds the ids of a page, and its values."""
    if selection.sort == "-last_activity_at":
        return _by_activity(scope, selection, now)
    clauses, values = _clauses(scope, selection.filters, now)
    values["limit"] = selection.limit
    order = _QUEUE_ORDER if selection.sort is None else _order(scope, selection.sort)
    index = _index(scope, selection.filters) if selection.sort is None else ""
    where = " AND ".join(clauses)
    return f"SELECT ticket.id AS id FROM ticket{index} WHERE {where} ORDER BY {order} LIMIT :limit", values


def _clauses(scope: Scope, filters: Filters, now: int) -> tuple[list[str], dict[str, Any]]:
    """The scope's clause, then one for each filter; and their values."""
    clauses = [compiled.SCOPES[scope.kind]]
    values = {**scope_values(scope), "now": now}
    still_open = not filters.keys().isdisjoint(_OPEN)
    for given, wanted in filters.items():
        # What is open has not lapsed.
        name = f"{given}_recorded" if still_open and given in ("since", "until") else given
        if name.endswith("_name"):  # the key of the field beside it
            values[name] = wanted
            continue
        if not isinstance(wanted, list):
            clauses.append(compiled.FILTERS[name])
            values.update({} if wanted is None else {name: wanted})
        elif len(wanted) == 1 and name not in _SEVERAL:
            clauses.append(compiled.FILTERS[f"{name}_is"])
            values[f"{name}_is"] = wanted[0]
        else:
            clauses.append(compiled.FILTERS[name])
            values[name] = _array(wanted)
    return clauses, values


def _array(values: list[Any]) -> str:
    """A JSON array; of ids without loading json, which costs 1.5 ms."""
    if all(type(value) is int for value in values):
        return f"[{','.join(map(str, values))}]"
    import json

    return json.dumps(values)


# Filters whose single value has no clause of its own.
_SEVERAL = frozenset(
    {"open_status", "status", "assignee_or_nobody", "user", "tag", "ids", "lapsed_to", "asset"}
    | {f"field_{number}" for number in range(4)}
)
# Filters that say the ticket is open; then the index of the queue covers the clause.
_OPEN = frozenset({"queue", "open", "open_status", "overdue"})
# Filters that have an index of their own, with few rows to a value.
_NARROW = ("ids", "about", "requester", "creator", "user")


def _index(scope: Scope, filters: Filters, ordered: str = "") -> str:
    """Which index a selection is read by.

    The planner does not know how many rows a value has, and by guessing sorts a whole desk (tried): so the
    index is named, but where a filter or the scope leaves few rows anyway. ``ordered`` is the one to take
    where the tickets are not only open ones.
    """
    if not filters.keys().isdisjoint(_NARROW):
        return ""
    if scope.kind == "own":
        return " INDEXED BY by_requester"
    if not filters.keys().isdisjoint(_OPEN):
        return " INDEXED BY open_queue"
    for name, index in (("type", "by_type"), ("rank", "by_rank"), ("assignee", "by_assignee")):
        wanted = filters.get(name)
        if isinstance(wanted, list) and len(wanted) == 1:
            return f" INDEXED BY {index}"
    return f" INDEXED BY {ordered}" if ordered and "mine" not in filters else ""


def _order(scope: Scope, sort: str) -> str:
    name = sort.removeprefix("-")
    direction = " DESC" if sort.startswith("-") else ""
    key = (compiled.STAFF_SORT_KEYS if scope.staff else {}).get(name) or compiled.SORT_KEYS[name]
    last = "" if name in _NEVER_ABSENT else f"({key}) IS NULL, "
    return f"{last}{key}{direction}, ticket.number"


def _by_activity(scope: Scope, selection: Selection, now: int) -> tuple[str, dict[str, Any]]:
    """Newest activity first: ordered streams are merged, so that nobody waits for a sort of the whole desk."""
    streams, values = _streams(scope, selection.filters, now)
    values["limit"] = selection.limit
    merged = " UNION ALL ".join(
        f"SELECT * FROM (SELECT ticket.id AS id, ticket.number AS number, {key} AS moment FROM ticket{index} "
        f"WHERE {where} ORDER BY {key} DESC, ticket.number LIMIT :limit)"
        for where, key, index in streams
    )
    return f"SELECT id FROM ({merged}) ORDER BY moment DESC, number LIMIT :limit", values


def _streams(scope: Scope, filters: Filters, now: int) -> tuple[list[Stream], dict[str, Any]]:
    """The tickets of a selection in parts that do not overlap, each ordered by one index.

    A ticket that has lapsed unrecorded is as active as its lapse, and in the status that time has put it in:
    those are one part. With ``--status`` the others are one for each status.
    """
    shared = {name: value for name, value in filters.items() if name not in ("status", "since", "until")}
    window = {name: value for name, value in filters.items() if name in ("since", "until")}
    statuses = filters.get("status")
    index = _index(scope, shared, "by_activity")
    clauses, values = _clauses(scope, shared, now)
    recorded = [*clauses, *(compiled.FILTERS[f"{name}_recorded"] for name in window)]
    lapsed = [*clauses, compiled.EXPRESSIONS["lapsed"]]
    lapsed += [compiled.FILTERS[f"{name}_lapsed"] for name in window]
    for name, value in window.items():
        values[f"{name}_recorded"] = values[f"{name}_lapsed"] = value
    key, streams = "ticket.last_activity_at", []
    if isinstance(statuses, list):
        by_status = " INDEXED BY by_status" if index.endswith("by_activity") else index
        for number, status in enumerate(statuses):
            clause = compiled.FILTERS["status_is"].replace(":status_is", f":status_{number}")
            values[f"status_{number}"] = status
            streams.append(Stream(" AND ".join([*recorded, clause]), key, by_status))
        lapsed.append(compiled.FILTERS["lapsed_to"])
        values["lapsed_to"] = _array(statuses)
    else:
        where = " AND ".join([*recorded, compiled.EXPRESSIONS["not_lapsed"]])
        streams.append(Stream(where, key, index))
    lapsing = " INDEXED BY lapsing" if index.endswith(("by_activity", "by_type", "by_rank")) else index
    streams.append(Stream(" AND ".join(lapsed), "ticket.lapses_at", lapsing))
    return streams, values
