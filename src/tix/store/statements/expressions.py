"""What statements are built from: the columns, named parameters, and a few expressions that SQL lacks.

Never imported by a hot verb.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, Text, and_, bindparam, case, cast, insert, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from tix.domain.tickets.ticket import FIELDS
from tix.store.schema.desk import (
    AttachmentRow,
    BlobRow,
    CounterRow,
    DeedRow,
    KeyedWriteRow,
    SettingRow,
    TallyRow,
    TombstoneRow,
)
from tix.store.schema.tickets import FacetRow, ItemRow, NoticeRow, PersonRow, TicketRow


class visible(ColumnElement[bool]):  # noqa: N801  # reads as a function where it is used
    """A placeholder for the scope's clause: the text cannot run until a scope has been inserted."""

    type = Boolean()
    inherit_cache = True


@compiles(visible)
def _visible(*_: Any, **__: Any) -> str:
    return "<<visible>>"


class among(FunctionElement[bool]):  # noqa: N801  # as above
    """True if ``column`` is one of the values of a JSON array bound to ``names``."""

    type = Boolean()
    inherit_cache = True


@compiles(among)
def _among(element: Any, compiler: Any, **options: Any) -> str:
    value, names = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{value} IN (SELECT value FROM json_each({names}))"


@compiles(among, "postgresql")
def _among_there(element: Any, compiler: Any, **options: Any) -> str:
    value, names = (compiler.process(clause, **options) for clause in element.clauses)
    kind = "BIGINT" if isinstance(next(iter(element.clauses)).type, Integer) else "TEXT"
    return f"{value} = ANY(CAST(ARRAY(SELECT {_texts_of(names)}) AS {kind}[]))"


def _texts_of(names: str) -> str:
    """The values of a JSON array as rows, for PostgreSQL."""
    return f"jsonb_array_elements_text(CAST({names} AS jsonb))"


class bears(FunctionElement[bool]):  # noqa: N801  # as above
    """True if a text of words between spaces contains one of the values of a JSON array bound to ``names``."""

    type = Boolean()
    inherit_cache = True


@compiles(bears)
def _bears(element: Any, compiler: Any, **options: Any) -> str:
    words, names = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({names}) AS wanted WHERE instr({words}, ' ' || wanted.value || ' ') > 0)"


@compiles(bears, "postgresql")
def _bears_there(element: Any, compiler: Any, **options: Any) -> str:
    words, names = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        f"EXISTS (SELECT 1 FROM {_texts_of(names)} AS wanted(value) "
        f"WHERE strpos({words}, ' ' || wanted.value || ' ') > 0)"
    )


class holds(FunctionElement[bool]):  # noqa: N801  # as above
    """True if a JSON array contains a value."""

    type = Boolean()
    inherit_cache = True


@compiles(holds)
def _holds(element: Any, compiler: Any, **options: Any) -> str:
    array, value = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({array}) AS held WHERE held.value = {value})"


@compiles(holds, "postgresql")
def _holds_there(element: Any, compiler: Any, **options: Any) -> str:
    array, value = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM {_texts_of(array)} AS held(value) WHERE held.value = {value})"


class borne(FunctionElement[bool]):  # noqa: N801  # as above
    """True if the ticket has a search key ``name`` with one of the values of a JSON array bound to ``names``."""

    type = Boolean()
    inherit_cache = True


@compiles(borne)
def _borne(element: Any, compiler: Any, **options: Any) -> str:
    ticket_id, name, names = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        f"EXISTS (SELECT 1 FROM facet WHERE facet.name = {name} "
        f"AND facet.value IN (SELECT value FROM json_each({names})) AND facet.ticket_id = {ticket_id})"
    )


@compiles(borne, "postgresql")
def _borne_there(element: Any, compiler: Any, **options: Any) -> str:
    ticket_id, name, names = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        f"EXISTS (SELECT 1 FROM facet WHERE facet.name = {name} "
        f"AND facet.value = ANY(ARRAY(SELECT {_texts_of(names)})) AND facet.ticket_id = {ticket_id})"
    )


class within(FunctionElement[bool]):  # noqa: N801  # as above
    """True if ``value`` lies in one of the pairs of a first and a last number in a JSON array bound to ``names``."""

    type = Boolean()
    inherit_cache = True


@compiles(within)
def _within(element: Any, compiler: Any, **options: Any) -> str:
    value, names = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        f"EXISTS (SELECT 1 FROM json_each({names}) AS span WHERE {value} "
        "BETWEEN json_extract(span.value, '$[0]') AND json_extract(span.value, '$[1]'))"
    )


@compiles(within, "postgresql")
def _within_there(element: Any, compiler: Any, **options: Any) -> str:
    value, names = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        f"EXISTS (SELECT 1 FROM jsonb_array_elements(CAST({names} AS jsonb)) AS span(value) WHERE {value} "
        "BETWEEN CAST(span.value ->> 0 AS BIGINT) AND CAST(span.value ->> 1 AS BIGINT))"
    )


class latest(FunctionElement[int]):  # noqa: N801  # as above
    """The greatest of several numbers, none of which is NULL: with one, the engines differ."""

    type = Integer()
    inherit_cache = True


@compiles(latest)
def _latest(element: Any, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(latest, "postgresql")
def _latest_there(element: Any, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


class has_key(FunctionElement[bool]):  # noqa: N801  # as above
    """True if a JSON object has the key of a path such as ``$."place"``; false where there is no object."""

    type = Boolean()
    inherit_cache = True


@compiles(has_key)
def _has_key(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_type({compiler.process(element.clauses, **options)}) IS NOT NULL"


@compiles(has_key, "postgresql")
def _has_key_there(element: Any, compiler: Any, **options: Any) -> str:
    json, path = (compiler.process(clause, **options) for clause in element.clauses)
    return f"coalesce(jsonb_path_exists(CAST({json} AS jsonb), CAST({path} AS jsonpath)), FALSE)"


class has_number(FunctionElement[bool]):  # noqa: N801  # as above
    """True if what a JSON object has at a path is a number."""

    type = Boolean()
    inherit_cache = True


@compiles(has_number)
def _has_number(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_type({compiler.process(element.clauses, **options)}) IN ('integer', 'real')"


@compiles(has_number, "postgresql")
def _has_number_there(element: Any, compiler: Any, **options: Any) -> str:
    json, path = (compiler.process(clause, **options) for clause in element.clauses)
    return f"jsonb_typeof(jsonb_path_query_first(CAST({json} AS jsonb), CAST({path} AS jsonpath))) = 'number'"


class number_key(FunctionElement[Any]):  # noqa: N801  # as above
    """What the number at a path sorts by: before every text (``text_key``), as SQLite has it."""

    type = Text()
    inherit_cache = True


@compiles(number_key)
def _number_key(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **options)})"


@compiles(number_key, "postgresql")
def _number_key_there(element: Any, compiler: Any, **options: Any) -> str:
    # A column has one type here: the number as text, with so many digits that its order is that of the numbers.
    json, path = (compiler.process(clause, **options) for clause in element.clauses)
    number = (
        f"CAST(jsonb_path_query_first(CAST({json} AS jsonb), CAST({path} AS jsonpath)) #>> '{{}}' AS NUMERIC)"
    )
    return f"'0' || lpad(to_char({number} + 1e40, 'FM{'9' * 41}.{'0' * 20}'), 64, '0') COLLATE \"C\""


class text_key(FunctionElement[Any]):  # noqa: N801  # as above
    """What a text sorts by, beside ``number_key``."""

    type = Text()
    inherit_cache = True


@compiles(text_key)
def _text_key(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(text_key, "postgresql")
def _text_key_there(element: Any, compiler: Any, **options: Any) -> str:
    return f"'1' || {compiler.process(element.clauses, **options)} COLLATE \"C\""


class as_text(FunctionElement[str]):  # noqa: N801  # as above
    """A value among others in one column, which has one type on PostgreSQL; on SQLite the value itself."""

    type = Text()
    inherit_cache = True


@compiles(as_text)
def _as_text(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(as_text, "postgresql")
def _as_text_there(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS TEXT)"


class pairs(FunctionElement[Any]):  # noqa: N801  # as above
    """The pairs of numbers of a JSON array as rows: ``key``, their place from 0, and ``value``."""

    inherit_cache = True


@compiles(pairs)
def _pairs(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(pairs, "postgresql")
def _pairs_there(element: Any, compiler: Any, **options: Any) -> str:
    return (
        "(SELECT place - 1 AS key, one AS value FROM "
        f"jsonb_array_elements(CAST({compiler.process(element.clauses, **options)} AS jsonb)) WITH ORDINALITY AS each_one(one, place))"
    )


class of_pair(FunctionElement[int]):  # noqa: N801  # as above
    """The first (0) or second (1) number of a pair."""

    type = Integer()
    inherit_cache = True


@compiles(of_pair)
def _of_pair(element: Any, compiler: Any, **options: Any) -> str:
    value, place = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({value}, '$[{place}]')"


@compiles(of_pair, "postgresql")
def _of_pair_there(element: Any, compiler: Any, **options: Any) -> str:
    value, place = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST({value} ->> {place} AS BIGINT)"


class answer(FunctionElement[str]):  # noqa: N801  # as above
    """The value of the ticket's search key of a name of which it has only one."""

    type = Text()
    inherit_cache = True


@compiles(answer)
def _answer(element: Any, compiler: Any, **options: Any) -> str:
    ticket_id, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(SELECT facet.value FROM facet WHERE facet.ticket_id = {ticket_id} AND facet.name = {name})"


def columns(model: Any) -> Any:
    """Return the columns of a table, by name."""
    return model.__table__.c


def b(name: str, kind: Any = None) -> Any:
    """Return a named parameter of the statement; its ``kind`` where nothing beside it says that, as ``IS NULL`` does not."""
    return bindparam(name, type_=kind)


def adding(model: Any, *without: str) -> Any:
    """Return INSERT of a whole row, with a parameter for each column except those left to the database."""
    names = [column.name for column in columns(model) if column.name not in without]
    return insert(model).values({name: b(name) for name in names})


ticket = columns(TicketRow)
item = columns(ItemRow)
person = columns(PersonRow)
attachment = columns(AttachmentRow)
blob = columns(BlobRow)
setting = columns(SettingRow)
counter = columns(CounterRow)
deed = columns(DeedRow)
tally = columns(TallyRow)
facet = columns(FacetRow)
notice = columns(NoticeRow)
keyed_write = columns(KeyedWriteRow)
tombstone = columns(TombstoneRow)

TICKET = [ticket[name] for name in FIELDS]
ITEM = [
    item[name]
    for name in "kind at by via side internal body type field old new reason sets id ticket_id".split()
]
FILE = [attachment[name] for name in "item_id name size mime sha256 kind id".split()]
readable_item = or_(item.internal == 0, b("staff") == 1)
# On the ticket it now belongs to; items hidden by a merge are for staff only.
readable_here = and_(readable_item, or_(item.apart.is_(None), b("staff") == 1))
moved = item.origin_id != item.ticket_id
_source = TicketRow.__table__.alias("source")  # type: ignore[attr-defined]  # SQLModel's gap


def _reference(id: Any) -> Any:
    """Return the reference of a ticket."""
    return select(_source.c.prefix + cast(_source.c.number, Text)).where(_source.c.id == id).scalar_subquery()


# The ticket a merged-in entry came from; NULL for items that are still where they were written.
came_from = case((moved, _reference(item.origin_id)))
# The ticket whose merge hid it from the readers of the ticket it now belongs to.
hidden_by = case((item.apart.is_not(None), _reference(item.apart)))

# What time has done but nobody has recorded yet; :now is the time of reading.
lapsed = and_(ticket.lapses_at.is_not(None), ticket.lapses_at <= b("now"))
not_lapsed = or_(ticket.lapses_at.is_(None), ticket.lapses_at > b("now"))
# By due_key, which is never NULL and is in the index of the queue.
overdue = and_(ticket.phase == "open", ticket.paused_at.is_(None), ticket.due_key <= b("now"))
falling_due = and_(
    ticket.phase == "open",
    ticket.due_at.is_not(None),
    ticket.overdue_at.is_(None),
    ticket.paused_at.is_(None),
    ticket.due_at <= b("now"),
)
waking = and_(ticket.snoozed_until.is_not(None), ticket.snoozed_until <= b("now"))
activity = case((lapsed, ticket.lapses_at), else_=ticket.last_activity_at)
updated = latest(
    ticket.updated_at,
    case((lapsed, ticket.lapses_at), (falling_due, ticket.due_at), else_=0),
    case((waking, ticket.snoozed_until), else_=0),
)
phase_now = case((lapsed, "closed"), else_=ticket.phase)
status_now = case((lapsed, ticket.lapses_to), else_=ticket.status)
