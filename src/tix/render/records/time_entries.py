"""Time worked, and the timers that run, as records."""

from __future__ import annotations

from tix.domain.times import instant
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.billing.time_entries import Entry, Timer


def record(entry: Entry) -> dict[str, Any]:
    """Return a time entry as a record."""
    return {
        "id": entry.id,
        "ref": entry.ref,
        "at": instant(entry.work.at),
        "by": entry.by,
        "worked_seconds": entry.work.seconds,
        "billable": entry.work.billable,
        "invoice": entry.work.invoice,
        "text": entry.text,
    }


def timer(running: Timer, now: int) -> dict[str, Any]:
    """A timer, and for how many seconds it has run at ``now``."""
    return {
        "ref": running.ref,
        "by": running.by,
        "started_at": instant(running.started_at),
        "running_seconds": max(0, now - running.started_at),
    }
