"""The repository of schedules; and the rule that each occurrence counts once."""

from __future__ import annotations

from collections.abc import Sequence

from tix.domain.json_columns import dumps, loads
from tix.domain.schedules.schedule import Schedule
from tix.store.connection import Store
from tix.store.setup.repository import Repository, words
from tix.typing import Any


def _schedule(row: Sequence[Any]) -> Schedule:
    *plain, assets, tags, fields = row
    pairs = () if fields is None else tuple((str(key), str(text)) for key, text in loads(fields))
    one = Schedule(*plain)
    return one._replace(paused=bool(one.paused), assets=words(assets), tags=words(tags), fields=pairs)


def _row(one: Schedule) -> dict[str, Any]:
    several = {name: dumps(getattr(one, name)) for name in ("assets", "tags", "fields")}
    return {**one._asdict(), "paused": int(one.paused), **several}


SCHEDULES = Repository("schedule", _schedule, _row)


def due(store: Store, now: int) -> list[str]:
    """Return the names of the schedules that are due, the earliest first."""
    return [name for (name,) in store.run("schedules_due", now=now)]


def advance(store: Store, one: Schedule, next_at: int | None, last_at: int) -> bool:
    """Move a schedule on to its next occurrence; return False if another process has already done so."""
    moved = store.run("schedule_advance", key=one.name, seen=one.next_at, next_at=next_at, last_at=last_at)
    return moved.rowcount == 1
