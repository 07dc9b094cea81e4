"""Why a ticket is due then, as a record."""

from __future__ import annotations

from tix.domain.times import instant
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.tickets.why import Reasons


def record(reasons: Reasons, now: int) -> dict[str, Any]:
    """A due date with the time that leads to it, in segments; ``overdue`` is as of ``now``."""
    ticket = reasons.ticket
    sums = {"running": 0, "paused": 0, "outside hours": 0, "holiday": 0}
    for segment in reasons.segments:
        sums[segment.kind] += segment.seconds
    return {
        "ref": ticket.ref,
        "due_at": None if ticket.due_at is None else instant(ticket.due_at),
        "overdue": ticket.is_overdue(now),
        "source": reasons.source,
        "plan": reasons.plan,
        "calendar": reasons.calendar,
        "clock_at": instant(reasons.clock_at),
        "grace_seconds": reasons.grace_seconds,
        **{f"{kind.replace(' ', '_')}_seconds": seconds for kind, seconds in sums.items()},
        "segments": [
            {
                "kind": segment.kind,
                "from": instant(segment.start),
                "to": instant(segment.end),
                "seconds": segment.seconds,
                "why": segment.why,
            }
            for segment in reasons.segments
        ],
    }
