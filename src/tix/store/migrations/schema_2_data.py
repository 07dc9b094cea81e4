"""From format 1 to 2: the first contents of the new columns and tables.

Frozen, like ``schema_2.py``.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from alembic.operations import Operations
from sqlalchemy import Connection, text

# Name, seconds to a resolution, seconds to a response.
_PLANS = (
    ("sev-a", 4 * 3600, 1800),
    ("sev-b", 8 * 3600, 7200),
    ("sev-c", 3 * 86400, 8 * 3600),
    ("default", 2 * 86400, None),
)


def add_plans(connection: Connection) -> None:
    """Add the plans every desk of format 2 starts with; none applies until somebody sets it."""
    rows = [{"name": name, "grace": grace, "response": response} for name, grace, response in _PLANS]
    connection.execute(
        text(
            "INSERT INTO sla_plan (name, grace_seconds, response_seconds) VALUES (:name, :grace, :response)"
        ),
        rows,
    )


def name_nouns_in_use(op: Operations) -> None:
    """Add the resources in use: format 1 had none, but an import could bring their names."""
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


def work_out_clocks(connection: Connection) -> None:
    """Compute when each ticket was last reopened, and its SLA pauses since then."""
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
    """Yield the tickets that were reopened or paused; ``changed`` is ordered like their timelines."""
    for ticket_id, items in groupby(changed, key=itemgetter(0)):
        clock_at, pauses = _clock((at, _object(sets)) for _, at, sets in items)
        if clock_at is not None or pauses:
            told = json.dumps(pauses, separators=(",", ":")) if pauses else None
            yield {"id": ticket_id, "clock_at": clock_at, "pauses": told}


def _object(sets: str) -> dict[str, Any]:
    value = json.loads(sets)
    if not isinstance(value, dict):
        raise ValueError(f"'sets' of an item is not an object: {sets[:40]}")  # noqa: TRY004  # of the data, not of a call
    return value


def _clock(changes: Iterable[tuple[int, dict[str, Any]]]) -> tuple[int | None, list[Any]]:
    """Compute for one ticket what format 2 derives from the ``sets`` of its items, in order; the first opens it."""
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


def count_tickets(connection: Connection) -> None:
    """Count each ticket, under the day it was created."""
    rows = connection.execute(
        text(
            "SELECT created_at, phase, status, assignee, department, priority, first_response_at, resolved_at, "
            "response_met, resolution_met, rating FROM ticket"
        )
    )
    found: Counter[tuple[str, int, str]] = Counter()
    for row in rows:
        found.update(_counted(*row))
    for some in _batches({"n": n, "d": d, "v": v, "c": c} for (n, d, v), c in found.items()):
        connection.execute(text("INSERT INTO tally (name, day, value, count) VALUES (:n, :d, :v, :c)"), some)


def _counted(created_at: int, phase: str, status: str, *rest: Any) -> Iterator[tuple[str, int, str]]:
    assignee, department, priority, first_response_at, resolved_at, *judged = rest
    day = created_at // 86_400
    yield "status", day, f"{phase}:{status}"
    if phase == "open":
        yield "assignee", day, assignee or ""
        yield "department", day, department or ""
        yield "priority", day, priority
    for name, at in (("response", first_response_at), ("resolution", resolved_at)):
        if at is not None:
            seconds = at - created_at
            yield name, day, "0" if seconds <= 1 else str(1 + int(math.log2(seconds) * 4))
    for name, value in zip(("response_met", "resolution_met", "rating"), judged, strict=True):
        if value is not None:
            yield name, day, str(value)
