"""The tables of tickets: the source of the schema. Never imported by a hot verb; ``make sql`` compiles them to text.

Instants are UTC seconds since 1970. People, statuses and a desk's resources are referred to by name, as in the
domain. A new column goes to the end of its table, where a migration adds it. The resources (departments, topics,
plans …) are in ``schema/setup.py``; files, settings and the rest in ``schema/desk.py``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, Text, text
from sqlmodel import Field, SQLModel

SCHEMA_VERSION = 6
# "tixd" in ASCII: what `file` and SQLite find in the header of a store.
APPLICATION_ID = 0x74697864


def integer(**options: Any) -> Any:
    """Return a column of whole numbers, NOT NULL by default."""
    return Field(sa_column=Column(Integer, **{"nullable": False, **options}))


def string(**options: Any) -> Any:
    """Return a column of text, NOT NULL by default."""
    return Field(sa_column=Column(Text, **{"nullable": False, **options}))


def person(*, nullable: bool = True) -> Any:
    """Return a column that holds a login."""
    key = ForeignKey("person.login", onupdate="CASCADE")
    return Field(sa_column=Column(Text, key, nullable=nullable))


class PersonRow(SQLModel, table=True):
    """A person known to the desk; ``login`` is the key that everything else uses.

    ``contact`` holds words between spaces, ``departments`` and ``teams`` are JSON arrays; no ``departments``
    means all of them.
    """

    __tablename__ = "person"

    id: int = integer(primary_key=True)
    login: str = string(unique=True)
    name: str = string()
    email: str | None = string(nullable=True, unique=True)
    phone: str | None = string(nullable=True)
    role: str = string()
    active: int = integer(server_default=text("1"))
    client: str | None = string(nullable=True)
    manager: str | None = string(nullable=True)
    created_at: int = integer()
    contact: str | None = string(nullable=True)
    departments: str | None = string(nullable=True)
    teams: str | None = string(nullable=True)
    away_until: int | None = integer(nullable=True)
    merged_into: str | None = string(nullable=True)


class TicketRow(SQLModel, table=True):
    """One ticket, in the order of ``domain.tickets.ticket.Ticket``."""

    __tablename__ = "ticket"
    # An id is never reused: of a deleted ticket the bare items stay.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int = integer(primary_key=True)
    uid: str = string(unique=True)
    prefix: str = string()
    number: int = integer(unique=True)
    subject: str = string()
    status: str = string()
    phase: str = string()
    priority: str = string()
    rank: int = integer()
    requester: str = person(nullable=False)
    creator: str = person(nullable=False)
    created_at: int = integer()
    updated_at: int = integer()
    last_activity_at: int = integer()
    assignee: str | None = person()
    type: str | None = string(nullable=True)
    category: str | None = string(nullable=True)
    source: str = string()
    about: str | None = string(nullable=True)
    email: str | None = string(nullable=True)
    phone: str | None = string(nullable=True)
    notify_email: str | None = string(nullable=True)
    tags: str | None = string(nullable=True)
    topic: str | None = string(nullable=True)
    department: str | None = string(nullable=True)
    team: str | None = string(nullable=True)
    client: str | None = string(nullable=True)
    sla: str | None = string(nullable=True)
    due_at: int | None = integer(nullable=True)
    due_key: int = integer()
    due_by_hand: int = integer()
    paused_at: int | None = integer(nullable=True)
    overdue_at: int | None = integer(nullable=True)
    snoozed_until: int | None = integer(nullable=True)
    answered: int = integer()
    first_response_at: int | None = integer(nullable=True)
    last_replier: str | None = person()
    entries: int = integer()
    notes: int = integer()
    attachments: int = integer()
    internal_attachments: int = integer()
    resolved_at: int | None = integer(nullable=True)
    closed_at: int | None = integer(nullable=True)
    closed_by: str | None = person()
    lapses_at: int | None = integer(nullable=True)
    lapses_to: str | None = string(nullable=True)
    reopened: int = integer()
    rating: int | None = integer(nullable=True)
    rating_comment: str | None = string(nullable=True)
    rated_at: int | None = integer(nullable=True)
    merged_into: str | None = string(nullable=True)
    idempotency_key: str | None = string(nullable=True)
    documents: int = integer()
    version: int = integer()
    sla_by_hand: int = integer(server_default=text("0"))
    response_due_at: int | None = integer(nullable=True)
    response_met: int | None = integer(nullable=True)
    resolution_met: int | None = integer(nullable=True)
    clock_at: int | None = integer(nullable=True)
    pauses: str | None = string(nullable=True)
    fields: str | None = string(nullable=True)
    internal_fields: str | None = string(nullable=True)
    assets: str | None = string(nullable=True)
    watchers: str | None = string(nullable=True)
    links: str | None = string(nullable=True)
    time_seconds: int = integer(server_default=text("0"))
    unbilled_seconds: int = integer(server_default=text("0"))


_p = PersonRow.__table__.c  # type: ignore[attr-defined]  # SQLModel does not type __table__
_t = TicketRow.__table__.c  # type: ignore[attr-defined]  # as above


def _partial(name: str, *columns: Any, where: str) -> None:
    """Return an index of the rows that ``where`` selects."""
    Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_partial("by_manager", _p.manager, where="manager IS NOT NULL")
_partial("by_employer", _p.client, where="client IS NOT NULL")
_partial("staff_by_login", _p.login, where="role != 'requester'")
# The queue: its order first, then every column that a scope or a common filter uses, so that a scan of the
# open tickets never reads the rows; and what reports count of them. Measured on a trial at 200,000 open tickets: 21 ms against 262.
_partial(
    "open_queue",
    _t.rank.desc(),
    _t.due_key,
    _t.number,
    _t.department,
    _t.assignee,
    _t.team,
    _t.status,
    _t.requester,
    _t.client,
    _t.snoozed_until,
    _t.type,
    _t.paused_at,
    _t.answered,
    _t.last_activity_at,
    _t.creator,
    _t.topic,
    _t.created_at,
    _t.sla,
    where="phase = 'open'",
)
# The same order for readers who see few: the open tickets of five hundred reports take one lookup each.
for _name, _other in (("requester", "client"), ("client", "requester")):
    _partial(
        f"open_{_name}",
        _t[_name],
        _t.rank.desc(),
        _t.due_key,
        _t.number,
        _t.snoozed_until,
        _t[_other],
        where="phase = 'open'",
    )
Index("by_activity", _t.last_activity_at, _t.number)
# With ``lapses_at`` in the index, automatic closing is known without the row: five times as fast for a manager.
for _name in ("requester", "assignee", "status"):
    Index(f"by_{_name}", _t[_name], _t.last_activity_at, _t.number, _t.lapses_at)
for _name in ("creator", "type", "rank", "department"):
    Index(f"by_{_name}", _t[_name], _t.last_activity_at, _t.number)
Index("by_created", _t.created_at, _t.number)
for _name in ("client", "topic", "team"):
    _partial(f"by_{_name}", _t[_name], _t.last_activity_at, _t.number, where=f"{_name} IS NOT NULL")
_partial("by_about", _t.about, where="about IS NOT NULL")
_partial("unbilled", _t.client, _t.number, where="unbilled_seconds > 0")
# What time will do next: `tick` and every read ask for the earliest. Reports count those already closed by time.
_partial("lapsing", _t.lapses_at, _t.created_at, _t.status, _t.lapses_to, where="lapses_at IS NOT NULL")
_partial(
    "falling_due",
    _t.due_at,
    where="phase = 'open' AND due_at IS NOT NULL AND overdue_at IS NULL AND paused_at IS NULL",
)
_partial("waking", _t.snoozed_until, where="snoozed_until IS NOT NULL")
_partial("merged", _t.merged_into, where="merged_into IS NOT NULL")


class ItemRow(SQLModel, table=True):
    """One row of a timeline. ``origin_id`` is the ticket it was written on; a merge changes ``ticket_id``.

    No foreign key to the ticket: of a deleted ticket the bare items stay. ``ordinal`` numbers the search documents of
    the ticket it was written on (``store.search.fulltext``); ``sets`` is JSON. ``deed_id`` is the audit entry of the
    command that wrote it. ``apart`` is the ticket whose merge brought it to a ticket with other readers: there it is
    hidden by the merge, and only staff read it.
    """

    __tablename__ = "item"

    id: int = integer(primary_key=True)
    ticket_id: int = integer()
    origin_id: int = integer()
    at: int = integer()
    kind: str = string()
    by: str | None = person()
    via: str | None = person()
    side: str = string()
    internal: int = integer()
    body: str | None = string(nullable=True)
    type: str | None = string(nullable=True)
    field: str | None = string(nullable=True)
    old: str | None = string(nullable=True)
    new: str | None = string(nullable=True)
    reason: str | None = string(nullable=True)
    sets: str | None = string(nullable=True)
    ordinal: int | None = integer(nullable=True)
    deed_id: int | None = integer(nullable=True)
    apart: int | None = integer(nullable=True)


_i = ItemRow.__table__.c  # type: ignore[attr-defined]  # as above
Index("item_thread", _i.ticket_id, _i.at)
Index("item_at", _i.at)
_partial("item_deed", _i.deed_id, where="deed_id IS NOT NULL")
# The items that merges have moved, by the ticket they were written on.
_partial("item_apart", _i.apart, where="apart IS NOT NULL")
_partial("item_moved", _i.origin_id, _i.at, where="origin_id != ticket_id")


class FacetRow(SQLModel, table=True):
    """A search key: a ticket has a value of ``asset``, ``watcher``, or ``field.KEY``, of which it can have several.

    Computed from the ticket's row, for searching: by asset, follower or custom field value.
    """

    __tablename__ = "facet"
    __table_args__ = {"sqlite_with_rowid": False}

    name: str = string(primary_key=True)
    value: str = string(primary_key=True)
    ticket_id: int = integer(primary_key=True)


_f = FacetRow.__table__.c  # type: ignore[attr-defined]  # as above
Index("facet_ticket", _f.ticket_id)


class NoticeRow(SQLModel, table=True):
    """A notification. ``item_id`` is the entry or event; ``read_at`` is NULL until it has been read."""

    __tablename__ = "notice"

    id: int = integer(primary_key=True)
    login: str = person(nullable=False)
    ticket_id: int = integer()
    item_id: int = integer()
    reason: str = string()
    at: int = integer()
    read_at: int | None = integer(nullable=True)


_n = NoticeRow.__table__.c  # type: ignore[attr-defined]  # as above
Index("notice_of", _n.login, _n.id)
_partial("notice_unread", _n.login, _n.id, where="read_at IS NULL")
Index("notice_ticket", _n.ticket_id)


# Contentless full-text tables (specific to SQLite; SQLModel cannot express them): the text is already in the
# rows. A document's rowid is ticket_id * 2^20 + ordinal; ordinal 0 is the ticket's head.
FULL_TEXT = tuple(
    f"CREATE VIRTUAL TABLE {name} USING fts5(subject, body, content='', "
    "tokenize='unicode61 remove_diacritics 0')"
    for name in ("public_text", "internal_text")
)
