"""The queue: the one statement that is assembled, from compiled parts, each in its own parentheses.

The scope is a required argument and always the first clause of each branch query (``store.search.plan``). The page
is found first (ids alone, in their order, by an index), then its rows are read by their ids.
"""

from collections.abc import Iterator
from itertools import chain

from tix.domain.permissions import Scope
from tix.domain.tickets.ticket import Ticket
from tix.errors import InvalidCursor
from tix.store.connection import Store
from tix.store.search import plan
from tix.store.search.plan import BranchQuery, Filters, Values
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tix.store.engines import Texts

    Words = Callable[[Store, Scope, "Selection", int], "Selection"]

# The queue's order, as its index has it: each a key and its direction.
_QUEUE_ORDER = (("ticket.rank", " DESC"), ("ticket.due_key", ""), ("ticket.number", ""))
_BY_ACTIVITY = "-last_activity_at"
# Sort keys that are always present; with others, rows without a value come last in either direction.
_NEVER_ABSENT = frozenset(
    "ref number subject status phase priority requester creator source created_at updated_at "
    "last_activity_at answered entries attachments overdue version".split()
)
# Up to so many tickets with an asset or a custom field value are found by id; with more, each row is tested.
_FEW = 5_000


class Selection(NamedTuple):
    """Which tickets, in which order, how many.

    ``filters`` maps the name of a compiled filter to its values (None if it has none). ``sort`` has keys of
    ``SORT_KEYS`` or ``field.KEY``, separated by commas, with ``-`` for descending; None is the queue's own order. ``limit`` -1 is no
    limit. ``words`` finds the tickets that match a search: it returns the same selection with their ids
    (``fulltext.having``). It applies to ``page``, ``rows`` and ``count``. ``after`` is the ``position`` of a ticket:
    only those that come after it; not for ``count``.
    """

    filters: Filters
    sort: str | None = None
    limit: int = -1
    words: "Words | None" = None
    after: "Position | None" = None


# The values of the keys that tickets are ordered by.
Position = tuple[str | int | float | None, ...]


class TicketRow(NamedTuple):
    """A ticket of the queue with what its table needs of its requester."""

    ticket: Ticket
    requester_name: str | None
    requester_email: str | None


def page(store: Store, scope: Scope, selection: Selection, now: int) -> Iterator[TicketRow]:
    """Yield the tickets of a selection that ``scope`` sees, in order."""
    from tix.store.spool import spooled

    for row in spooled(rows(store, scope, selection, now)):
        yield TicketRow(Ticket(*row[:-2]), row[-2], row[-1])


def rows(store: Store, scope: Scope, selection: Selection, now: int) -> "Rows":
    """Return the same as plain rows: the columns of a ticket, then its requester's name and address."""
    return Rows(store, scope, selection, now)


class Rows:
    """The rows of a selection, fetched as from a cursor, in one snapshot that ends with them or with ``close``.

    The order is that of the ids, whatever order SQLite reads the rows in.
    """

    def __init__(self, store: Store, scope: Scope, selection: Selection, now: int) -> None:
        self._store = store
        self._is_closed = False
        self._snapshot = store.reading().__enter__()  # for as long as rows are read
        try:
            selection = resolved(store, scope, selection, now)
            self._ids = store.execute(*assemble(store.texts, scope, selection, now))
        except BaseException:
            self._snapshot.close()
            raise

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]:
        """Return at most ``size`` rows; none at the end."""
        if self._is_closed:
            return []
        ids = [id for (id,) in self._ids.fetchmany(size)]
        found = {
            row[0]: row
            for row in self._store.execute(self._store.texts.HEADS["tickets"], {"ids": plan.array(ids)})
        }
        if len(ids) < size:
            self.close()
        return [found[id] for id in ids]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Yield all rows, read a thousand at a time."""
        return chain.from_iterable(iter(lambda: self.fetchmany(1000), []))

    def close(self) -> None:
        """Release the store's lock."""
        self._is_closed = True
        self._ids.close()
        self._snapshot.close()


def count(store: Store, scope: Scope, selection: Selection, now: int) -> int:
    """Return how many tickets a selection has."""
    selection = resolved(store, scope, selection._replace(limit=-1), now)
    if "closed" in selection.filters:
        # No index covers finished tickets: count all and subtract the open ones, each counted in an index.
        rest = {name: value for name, value in selection.filters.items() if name != "closed"}
        every = count(store, scope, selection._replace(filters=rest), now)
        return every - count(store, scope, selection._replace(filters={**rest, "open": None}), now)
    (number,) = store.execute(*counting(store.texts, scope, selection.filters, now)).fetchone()
    return int(number)


def counting(texts: "Texts", scope: Scope, filters: Filters, now: int) -> tuple[str, Values]:
    """Return the text that counts tickets, each once, and its values."""
    arms, more = plan.arms(texts, scope, filters)
    arms = plan.apart(arms)
    if filters.keys().isdisjoint({"status", "since", "until"}):
        clauses, values = plan.clauses(texts, scope, filters, now)
        # Without an order: the whole desk can be counted in any index.
        arms = [arm._replace(using="") if arm.using == "by_activity" else arm for arm in arms]
        parts = [plan.stream(texts, clauses, arm) for arm in arms]
    else:
        parts, values = plan.by_activity(texts, scope, filters, arms, now)
    counted = [f"(SELECT count(*) FROM {part.source} WHERE {part.where})" for part in parts]
    return f"SELECT {' + '.join(counted)}", values | more


def assemble(texts: "Texts", scope: Scope, selection: Selection, now: int) -> tuple[str, Values]:
    """Return the text that finds the ids of a page, and its values."""
    arms, more = plan.arms(texts, scope, selection.filters, whole=selection.limit < 0)
    if selection.sort == _BY_ACTIVITY:
        parts, values = plan.by_activity(texts, scope, selection.filters, arms, now)
        parts = [_past(texts, part, _activity(part.key), selection.after, values) for part in parts]
        return _merged(texts, parts, None, values | more, selection.limit, overlapping=len(arms) > 1)
    clauses, values = plan.clauses(texts, scope, selection.filters, now)
    order = _QUEUE_ORDER if selection.sort is None else _order(texts, scope, selection.sort, values)
    if scope.staff and selection.sort is not None:
        arms, more = [plan.Branch(None, "")], {}
    parts = [_past(texts, plan.stream(texts, clauses, arm), order, selection.after, values) for arm in arms]
    return _merged(texts, parts, order, values | more, selection.limit, overlapping=len(arms) > 1)


def position(store: Store, scope: Scope, selection: Selection, id: int, now: int) -> Position:
    """Return where the ticket with that id comes in the order of a selection, for ``after``."""
    texts = store.texts
    _, values = plan.clauses(texts, scope, {}, now)
    if selection.sort == _BY_ACTIVITY:
        lapsed = texts.EXPRESSIONS["lapsed"]
        order = _activity(f"CASE WHEN {lapsed} THEN ticket.lapses_at ELSE ticket.last_activity_at END")
    else:
        order = _QUEUE_ORDER if selection.sort is None else _order(texts, scope, selection.sort, values)
    keys = ", ".join(key for key, _ in order)
    row = store.execute(f"SELECT {keys} FROM ticket WHERE ticket.id = :at_id", {**values, "at_id": id})
    return tuple(row.fetchone())


def _past(
    texts: "Texts", part: BranchQuery, order: "Order", after: Position | None, values: Values
) -> BranchQuery:
    """Return the branch query for what comes after a position. Raises InvalidCursor for that of another order."""
    if after is None:
        return part
    if len(after) != len(order):
        raise InvalidCursor("the cursor is not one of this query", hint="start again without a cursor")
    values.update((f"after_{place}", value) for place, value in enumerate(after))
    same, choices = "", []
    for place, (key, direction) in enumerate(order):
        choices.append(f"{same}({key}) {'<' if direction else '>'} :after_{place}")
        same += texts.SPELLINGS["same"].format(key=key, value=f":after_{place}") + " AND "
    return part._replace(where=f"{part.where} AND ({' OR '.join(choices)})")


def seen(store: Store, scope: Scope, most: int) -> set[int] | None:
    """Return the ids of all tickets that ``scope`` sees, or None if there are more than ``most``."""
    if scope.kind == "all":
        return None
    arms, more = plan.arms(store.texts, scope, {})
    clauses, values = plan.clauses(store.texts, scope, {}, 0)
    found: set[int] = set()
    for arm in arms:
        part = plan.stream(store.texts, clauses, arm)
        sql = f"SELECT ticket.id FROM {part.source} WHERE {part.where} LIMIT {store.texts.SPELLINGS['limit']}"
        found.update(id for (id,) in store.execute(sql, {**values, **more, "limit": most + 1}))
        if len(found) > most:
            return None
    return found


def resolved(store: Store, scope: Scope, selection: Selection, now: int) -> Selection:
    """Return the same selection so that indexes alone find it: ids in place of words, and of rare search keys.

    With a limit the ids are those of its page: not for counting.
    """
    if selection.words is not None:
        selection = selection.words(store, scope, selection, now)
    return narrowed(store, selection)


def narrowed(store: Store, selection: Selection) -> Selection:
    """Return the same selection, by ids if few tickets have the asset or custom field value it filters by."""
    facets = [name for name in selection.filters if name in _FACETS]
    if not facets:
        return selection
    filters = dict(selection.filters)
    for name in facets:
        wanted = filters[name]
        assert isinstance(wanted, list)
        facet = {"name": filters.get(f"{name}_name", name), "values": plan.array(wanted)}
        if store.value("facet_count", **facet, limit=_FEW + 1) > _FEW:
            continue
        del filters[name]
        filters.pop(f"{name}_name", None)
        ids = {id for (id,) in store.run("facet_tickets", **facet)}
        known = filters.get("ids")
        filters["ids"] = sorted(ids if not isinstance(known, list) else ids.intersection(known))
    return selection._replace(filters=filters)


_FACETS = frozenset({"asset", *(f"field_{number}" for number in range(4))})

Order = tuple[tuple[str, str], ...]


def _activity(key: str) -> Order:
    return ((key, " DESC"), ("ticket.number", ""))


# Prefix of the key of a custom field by which a queue is sorted.
ANSWER = "field."


def _order(texts: "Texts", scope: Scope, sort: str, values: Values) -> Order:
    """Return the order of sort keys, separated by commas; ties are in the order of the numbers."""
    order: list[tuple[str, str]] = []
    for place, one in enumerate(sort.split(",")):
        name = one.removeprefix("-")
        direction = " DESC" if one.startswith("-") else ""
        if name.startswith(ANSWER):
            key = texts.EXPRESSIONS["answer" if scope.staff else "public_answer"]
            key = key.replace(":sorted_by", f":sorted_by_{place}").replace(
                ":sorted_path", f":sorted_path_{place}"
            )
            values[f"sorted_by_{place}"] = name
            values[f"sorted_path_{place}"] = f'$."{name.removeprefix(ANSWER)}"'
        else:
            key = _column(texts, scope, name)
        if name not in _NEVER_ABSENT:
            order.append((f"({key}) IS NULL", ""))
        order.append((key, direction))
    return (*order, ("ticket.number", ""))


def _column(texts: "Texts", scope: Scope, name: str) -> str:
    return (texts.STAFF_SORT_KEYS if scope.staff else {}).get(name) or texts.SORT_KEYS[name]


def _merged(
    texts: "Texts",
    parts: list[BranchQuery],
    order: Order | None,
    values: Values,
    limit: int,
    *,
    overlapping: bool,
) -> tuple[str, Values]:
    """Return the query for one page of ordered branch queries, so that the whole desk is never sorted.

    Without ``order`` each branch query has its own key, newest first.
    """
    values["limit"] = limit
    most = texts.SPELLINGS["limit"]
    orders = [order or _activity(part.key) for part in parts]
    if len(parts) == 1:
        keys = ", ".join(key + direction for key, direction in orders[0])
        (part,) = parts
        sql = f"SELECT ticket.id AS id FROM {part.source} WHERE {part.where} ORDER BY {keys} LIMIT {most}"
        return sql, values
    branches = []
    for part, by in zip(parts, orders, strict=True):
        named = ", ".join(f"{key} AS key_{place}" for place, (key, _) in enumerate(by))
        keys = ", ".join(f"key_{place}{direction}" for place, (_, direction) in enumerate(by))
        branches.append(
            f"SELECT * FROM (SELECT ticket.id AS id, {named} FROM {part.source} "
            f"WHERE {part.where} ORDER BY {keys} LIMIT {most}) AS part"
        )
    joined = " UNION " if overlapping else " UNION ALL "
    return f"SELECT id FROM ({joined.join(branches)}) AS parts ORDER BY {keys} LIMIT {most}", values
