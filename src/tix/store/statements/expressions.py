"""What statements are built from: the columns, named parameters, and a few expressions that SQL lacks.

Never imported by a hot verb.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, and_, bindparam, case, cast, func, insert, or_, select
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


class bears(FunctionElement[bool]):  # noqa: N801  # as above
    """True if a text of words between spaces contains one of the values of a JSON array bound to ``names``."""

    type = Boolean()
    inherit_cache = True


@compiles(bears)
def _bears(element: Any, compiler: Any, **options: Any) -> str:
    words, names = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({names}) AS wanted WHERE instr({words}, ' ' || wanted.value || ' ') > 0)"


class holds(FunctionElement[bool]):  # noqa: N801  # as above
    """True if a JSON array contains a value."""

    type = Boolean()
    inherit_cache = True


@compiles(holds)
def _holds(element: Any, compiler: Any, **options: Any) -> str:
    array, value = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({array}) AS held WHERE held.value = {value})"


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


def b(name: str) -> Any:
    """Return a named parameter of the statement."""
    return bindparam(name)


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
updated = func.max(
    ticket.updated_at,
    case((lapsed, ticket.lapses_at), (falling_due, ticket.due_at), else_=0),
    case((waking, ticket.snoozed_until), else_=0),
)
phase_now = case((lapsed, "closed"), else_=ticket.phase)
status_now = case((lapsed, ticket.lapses_to), else_=ticket.status)
