"""From format 2 to 3: more daily counts, and indexes that hold what reports add up.

Frozen: this is format 3 as it was introduced, whatever the tables are now.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from alembic.operations import Operations
from sqlalchemy import Column, Connection, Integer, Text, text

_BATCH = 1000


def upgrade(op: Operations, connection: Connection) -> None:
    """Widen the indexes; then count everything anew, in a table with another key."""
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
    _count_tickets(connection)


def _index_anew(op: Operations, name: str, table: str, columns: list[Any], where: str) -> None:
    op.drop_index(name, table)
    op.create_index(name, table, columns, sqlite_where=text(where))


def _count_tickets(connection: Connection) -> None:
    """Count each ticket, under the day it was created."""
    rows = connection.execute(
        text(
            "SELECT created_at, phase, status, assignee, department, priority, sla, due_at, first_response_at, "
            "resolved_at, response_met, resolution_met, rating, reopened FROM ticket"
        )
    )
    found: Counter[tuple[str, str, int]] = Counter()
    for row in rows:
        day = row.created_at // 86_400
        found.update((name, value, day) for name, value in _counted(row))
    values = [{"n": n, "v": v, "d": d, "c": count} for (n, v, d), count in sorted(found.items())]
    for begin in range(0, len(values), _BATCH):
        connection.execute(
            text("INSERT INTO tally (name, value, day, count) VALUES (:n, :v, :d, :c)"),
            values[begin : begin + _BATCH],
        )


def _counted(row: Any) -> Iterator[tuple[str, str]]:
    holder = row.assignee or ""
    yield "status", f"{row.phase}:{row.status}"
    if row.phase == "open":
        yield "assignee", holder
        yield "department", row.department or ""
        yield "priority", row.priority
    else:
        yield "over", holder
    for name, at in (("response", row.first_response_at), ("resolution", row.resolved_at)):
        if at is not None:
            seconds = at - row.created_at
            number = 0 if seconds <= 1 else 1 + int(math.log2(seconds) * 4)
            yield name, str(number)
            yield f"{name}_of", f"{number}:{holder}"
    judged = "".join("-" if met is None else str(met) for met in (row.response_met, row.resolution_met))
    if row.sla is not None or row.due_at is not None or row.resolution_met is not None:
        yield "promise", f"{judged}:{row.sla or ''}"
    elif row.response_met is not None:
        yield "promise", judged
    if row.rating is not None:
        yield "rating", f"{row.rating}:{holder}"
    if row.reopened > 0:
        yield "reopened", "1"
