"""From format 1 to 2: resources, search keys, notifications, due dates, time and invoices.

Frozen: this is format 2 as it was introduced, whatever the tables are now.
"""

from __future__ import annotations

from typing import Any

from alembic.operations import Operations
from sqlalchemy import Column, Connection, ForeignKey, Integer, Text, text

from tix.store.migrations import schema_2_data


def upgrade(op: Operations, connection: Connection) -> None:
    """Migrate the schema first, then the data, all on ``connection`` and in its transaction."""
    _widen_person(op)
    _widen_ticket(op)
    _add_nouns(op)
    _add_facets_and_notices(op)
    _add_deeds_and_tallies(op)
    _widen_item(op)
    _add_time_and_money(op)
    schema_2_data.add_plans(connection)
    schema_2_data.name_nouns_in_use(op)
    schema_2_data.work_out_clocks(connection)
    schema_2_data.count_tickets(connection)


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
    # The queue's index has two more columns.
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
    # And two more indexes include ``lapses_at``.
    for name in ("requester", "assignee"):
        op.drop_index(f"by_{name}", "ticket")
        op.create_index(f"by_{name}", "ticket", [name, "last_activity_at", "number", "lapses_at"])


def _widen_item(op: Operations) -> None:
    op.add_column("item", *_perhaps_number("apart"))
    _index(op, "item_apart", "item", ["apart"], "apart IS NOT NULL")
    _index(op, "item_moved", "item", ["origin_id", "at"], "origin_id != ticket_id")
    _index(op, "merged", "ticket", ["merged_into"], "merged_into IS NOT NULL")


def _index(op: Operations, name: str, table: str, columns: list[Any], where: str) -> None:
    """Return an index of the rows that ``where`` selects."""
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
    op.create_table(
        "schedule",
        _key("name"),
        *[_text(name) for name in ("owner", "subject", "body", "every")],
        _integer("start_at"),
        *[_text(name) for name in ("zone", "requester")],
        *_perhaps_number("next_at", "last_at"),
        _integer("paused"),
        *_perhaps(
            *"topic type category priority client department team assignee sla due email phone".split()
        ),
        *_perhaps(*"notify_email about assets tags fields".split()),
    )
    _index(op, "schedule_due", "schedule", ["next_at", "name"], "next_at IS NOT NULL")
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


def _add_deeds_and_tallies(op: Operations) -> None:
    op.create_table(
        "deed",
        _integer("id", primary_key=True),
        _person("login", nullable=False),
        _person("via"),
        _text("verb"),
        _integer("at"),
        *_perhaps_number("undone_by"),
    )
    op.create_index("deed_of", "deed", ["login", "id"])
    op.create_table(
        "tally", _key("name"), _number_key("day"), _key("value"), _integer("count"), sqlite_with_rowid=False
    )
    op.add_column("item", *_perhaps_number("deed_id"))
    _index(op, "item_deed", "item", ["deed_id"], "deed_id IS NOT NULL")


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
    """Return a column that holds a login."""
    key = ForeignKey("person.login", onupdate="CASCADE")
    return Column(name, Text, key, **{"nullable": True, **options})
