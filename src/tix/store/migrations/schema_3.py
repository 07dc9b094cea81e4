"""From format 2 to 3: more is counted by day, and indexes hold what reports add up.

Frozen: what stands here is what format 3 was on the day it came, whatever the tables say by now.
"""

from __future__ import annotations

from typing import Any

from alembic.operations import Operations
from sqlalchemy import Column, Connection, Integer, Text, text

from tix.store.migrations import schema_3_data


def upgrade(op: Operations, connection: Connection) -> None:
    """Wider indexes; then the counts from the beginning, in a table with another key."""
    _index_anew(
        op,
        "open_queue",
        "ticket",
        [
            text("rank DESC"),
            *"due_key number department assignee team status requester client snoozed_until type paused_at "
            "answered last_activity_at creator topic created_at sla".split(),
        ],
        "phase = 'open'",
    )
    lapsing = ["lapses_at", "created_at", "status", "lapses_to"]
    _index_anew(op, "lapsing", "ticket", lapsing, "lapses_at IS NOT NULL")
    op.drop_index("work_by", "work")
    op.create_index("work_by", "work", ["by", "at", "seconds", "billable", "invoice"])
    op.drop_table("tally")
    op.create_table(
        "tally",
        Column("name", Text, primary_key=True, nullable=False),
        Column("value", Text, primary_key=True, nullable=False),
        Column("day", Integer, primary_key=True, autoincrement=False, nullable=False),
        Column("count", Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    schema_3_data.count_tickets(connection)


def _index_anew(op: Operations, name: str, table: str, columns: list[Any], where: str) -> None:
    op.drop_index(name, table)
    op.create_index(name, table, columns, sqlite_where=text(where))
