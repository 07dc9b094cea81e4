"""From format 1 to 2: nouns, facets, notices, clocks, time and money.

Frozen: what stands here is what format 2 was on the day it came, whatever the tables say by now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from alembic.operations import Operations
from sqlalchemy import Column, Connection, ForeignKey, Integer, Text, text

# Name, seconds to a resolution, seconds to a response.
_PLANS = (
    ("sev-a", 4 * 3600, 1800),
    ("sev-b", 8 * 3600, 7200),
    ("sev-c", 3 * 86400, 8 * 3600),
    ("default", 2 * 86400, None),
)


def upgrade(op: Operations, connection: Connection) -> None:
    """The schema first, then the data, all on ``connection`` and in the transaction it is in."""
    _widen_person(op)
    _widen_ticket(op)
    _add_nouns(op)
    _add_facets_and_notices(op)
    _add_time_and_money(op)
    _add_plans(connection)
    _name_nouns_in_use(op)
    _work_out_clocks(connection)


# ------------------------------------------------------------------------------------------------ columns


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, Text, **{"nullable": False, **options})


def _integer(name: str, **options: Any) -> Column[int]:
    return Column(name, Integer, **{"nullable": False, **options})


def _key(name: str) -> Column[str]:
    return _text(name, primary_key=True)


def _number_key(name: str) -> Column[int]:
    return _integer(name, primary_key=True, autoincrement=False)


def _perhaps(*names: str) -> list[Column[str]]:
    return [_text(name, nullable=True) for name in names]


def _perhaps_number(*names: str) -> list[Column[int]]:
    return [_integer(name, nullable=True) for name in names]


def _active() -> Column[int]:
    return _integer("active", server_default=text("1"))


# ------------------------------------------------------------------------------------------------- schema


def _widen_person(op: Operations) -> None:
    for text_column in _perhaps("contact", "departments", "teams"):
        op.add_column("person", text_column)
    op.add_column("person", *_perhaps_number("away_until"))
    op.add_column("person", *_perhaps("merged_into"))
    _index(op, "by_employer", "person", ["client"], "client IS NOT NULL")
    _index(op, "by_manager", "person", ["manager"], "manager IS NOT NULL")
    _index(op, "staff_by_login", "person", ["login"], "role != 'requester'")


def _widen_ticket(op: Operations) -> None:
    op.add_column("ticket", _integer("sla_by_hand", server_default=text("0")))
    for number in _perhaps_number("response_due_at", "response_met", "resolution_met", "clock_at"):
        op.add_column("ticket", number)
    for words in _perhaps("pauses", "fields", "internal_fields", "assets", "watchers", "links"):
        op.add_column("ticket", words)
    for name in ("time_seconds", "unbilled_seconds"):
        op.add_column("ticket", _integer(name, server_default=text("0")))
    # The queue's index carries two columns more.
    op.drop_index("open_queue", "ticket")
    words_of_queue = (
        "due_key number department assignee team status requester client snoozed_until type paused_at "
        "answered last_activity_at creator topic"
    )
    _index(op, "open_queue", "ticket", [text("rank DESC"), *words_of_queue.split()], "phase = 'open'")
    for name in ("client", "topic", "team"):
        _index(op, f"by_{name}", "ticket", [name, "last_activity_at", "number"], f"{name} IS NOT NULL")
    op.create_index("by_department", "ticket", ["department", "last_activity_at", "number"])
    for name, other in (("requester", "client"), ("client", "requester")):
        order = [text("rank DESC"), "due_key", "number", "snoozed_until", other]
        _index(op, f"open_{name}", "ticket", [name, *order], "phase = 'open'")
    # And two more carry the lapse.
    for name in ("requester", "assignee"):
        op.drop_index(f"by_{name}", "ticket")
        op.create_index(f"by_{name}", "ticket", [name, "last_activity_at", "number", "lapses_at"])


def _index(op: Operations, name: str, table: str, columns: list[Any], where: str) -> None:
    """An index of the rows that ``where`` picks."""
    op.create_index(name, table, columns, sqlite_where=text(where))


def _add_nouns(op: Operations) -> None:
    op.create_table("client", _key("name"), *_perhaps("domains", "rate", "currency", "notes"), _active())
    op.create_table(
        "department",
        _key("name"),
        *_perhaps("sla", "calendar", "workflow", "mapping", "email"),
        _active(),
    )
    op.create_table("team", _key("name"), _active())
    op.create_table(
        "topic",
        _key("name"),
        *_perhaps("department", "assignee", "team", "priority", "sla", "status"),
        _integer("position"),
        _active(),
    )
    asked: list[Column[Any]] = [
        _key("topic"),
        _key("key"),
        _text("label"),
        _text("kind"),
        *_perhaps("choices"),
    ]
    asked += [_integer("required"), _integer("required_to_close"), _integer("staff_only")]
    op.create_table("topic_field", *asked, *_perhaps("default"), _integer("position"))
    promised = [_integer("grace_seconds"), *_perhaps_number("response_seconds")]
    op.create_table("sla_plan", _key("name"), *promised, *_perhaps("calendar", "overrides"), _active())
    op.create_table("calendar", _key("name"), _text("zone"), _text("hours"), *_perhaps("country"), _active())
    op.create_table("holiday", _key("calendar"), _number_key("day"), _text("name"), _integer("by_hand"))
    op.create_table("asset", _key("name"), *_perhaps("client", "kind", "serial", "notes"), _active())
    op.create_table("workflow", _key("name"), _text("definition"))
    op.create_table("canned", _key("name"), _text("body"), _active())
    op.create_table("view", _key("name"), _text("words"))


def _add_facets_and_notices(op: Operations) -> None:
    op.create_table("facet", _key("name"), _key("value"), _number_key("ticket_id"), sqlite_with_rowid=False)
    op.create_index("facet_ticket", "facet", ["ticket_id"])
    op.create_table(
        "notice",
        _integer("id", primary_key=True),
        Column("login", Text, ForeignKey("person.login", onupdate="CASCADE"), nullable=False),
        _integer("ticket_id"),
        _integer("item_id"),
        _text("reason"),
        _integer("at"),
        *_perhaps_number("read_at"),
    )
    op.create_index("notice_of", "notice", ["login", "id"])
    _index(op, "notice_unread", "notice", ["login", "id"], "read_at IS NULL")
    op.create_index("notice_ticket", "notice", ["ticket_id"])


def _add_time_and_money(op: Operations) -> None:
    _index(op, "unbilled", "ticket", ["client", "number"], "unbilled_seconds > 0")
    op.create_table(
        "work",
        Column("id", Integer, ForeignKey("item.id"), primary_key=True, autoincrement=False, nullable=False),
        _person("by", nullable=False),
        *[_integer(name) for name in ("at", "seconds", "billable")],
        *_perhaps_number("invoice"),
    )
    op.create_index("work_at", "work", ["at"])
    op.create_index("work_by", "work", ["by", "at"])
    _index(op, "work_billed", "work", ["invoice"], "invoice IS NOT NULL")
    op.create_table(
        "timer",
        _person("by", primary_key=True, nullable=False),
        _number_key("ticket_id"),
        _integer("started_at"),
    )
    op.create_index("timer_ticket", "timer", ["ticket_id"])
    op.create_table(
        "invoice",
        _integer("number", primary_key=True),
        *[_text(name) for name in ("client", "currency")],
        _integer("created_at"),
        _person("created_by"),
        *[_text(name) for name in ("subtotal", "tax_percent", "tax_name", "tax", "total")],
        *_perhaps_number("voided_at"),
        _person("voided_by"),
    )
    op.create_index("invoice_client", "invoice", ["client", "number"])
    op.create_table(
        "invoice_line",
        *[_number_key(name) for name in ("invoice", "position")],
        _integer("ticket_id"),
        _text("ref"),
        *_perhaps("subject"),
        *[_integer(name) for name in ("seconds", "billed_seconds")],
        *[_text(name) for name in ("rate", "amount")],
    )
    op.create_index("invoice_line_ticket", "invoice_line", ["ticket_id"])


def _person(name: str, **options: Any) -> Column[str]:
    """Somebody's login."""
    key = ForeignKey("person.login", onupdate="CASCADE")
    return Column(name, Text, key, **{"nullable": True, **options})


# --------------------------------------------------------------------------------------------------- data


def _add_plans(connection: Connection) -> None:
    """The plans every desk of format 2 starts with; none is in force until somebody says so."""
    rows = [{"name": name, "grace": grace, "response": response} for name, grace, response in _PLANS]
    connection.execute(
        text(
            "INSERT INTO sla_plan (name, grace_seconds, response_seconds) VALUES (:name, :grace, :response)"
        ),
        rows,
    )


def _name_nouns_in_use(op: Operations) -> None:
    """Format 1 had no nouns, but an import could bring their names."""
    op.execute(
        "INSERT INTO client (name) SELECT client FROM person WHERE client IS NOT NULL "
        "UNION SELECT client FROM ticket WHERE client IS NOT NULL"
    )
    for noun in ("department", "team"):
        op.execute(f"INSERT INTO {noun} (name) SELECT DISTINCT {noun} FROM ticket WHERE {noun} IS NOT NULL")
    op.execute(
        "INSERT INTO topic (name, position) SELECT topic, row_number() OVER (ORDER BY topic) - 1 "
        "FROM (SELECT DISTINCT topic FROM ticket WHERE topic IS NOT NULL)"
    )


def _work_out_clocks(connection: Connection) -> None:
    """When each ticket was last reopened, and what stopped its clock since then."""
    changed = connection.execute(
        text(
            "SELECT ticket_id, at, sets FROM item WHERE instr(sets, '\"phase\"') > 0 "
            "OR instr(sets, '\"paused_at\"') > 0 ORDER BY ticket_id, at, id"
        )
    )
    for some in _batches(_clocks(changed)):
        connection.execute(
            text("UPDATE ticket SET clock_at = :clock_at, pauses = :pauses WHERE id = :id"), some
        )


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == 1000:
            yield batch
            batch = []
    if batch:
        yield batch


def _clocks(changed: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The tickets that were reopened or paused; ``changed`` is ordered as their timelines are."""
    for ticket_id, items in groupby(changed, key=itemgetter(0)):
        clock_at, pauses = _clock((at, _object(sets)) for _, at, sets in items)
        if clock_at is not None or pauses:
            told = json.dumps(pauses, separators=(",", ":")) if pauses else None
            yield {"id": ticket_id, "clock_at": clock_at, "pauses": told}


def _object(sets: str) -> dict[str, Any]:
    value = json.loads(sets)
    if not isinstance(value, dict):
        raise ValueError(f"what an item sets is no object: {sets[:40]}")  # noqa: TRY004  # of the data, not of a call
    return value


def _clock(changes: Iterable[tuple[int, dict[str, Any]]]) -> tuple[int | None, list[Any]]:
    """What format 2 works out from what a ticket's items set, in their order; the first opens it."""
    clock_at: int | None = None
    pauses: list[Any] = []
    phase, paused_at = None, None
    for at, sets in changes:
        if phase not in (None, "open") and sets.get("phase") == "open":
            clock_at, pauses = at, []
        elif paused_at is not None and sets.get("paused_at", paused_at) is None:
            pauses.append([paused_at, at])
        phase = sets.get("phase", phase)
        paused_at = sets.get("paused_at", paused_at)
    return clock_at, pauses
