"""What two commands on a ticket have both changed: where that is nothing, the earlier one can be undone alone.

Pure. Columns that decide the same date count as one: a due date that a plan has set, and a pause that will move it, do
not stay apart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tix.domain.tickets.ticket import Ticket, opened, play
from tix.domain.tickets.timeline import Item
from tix.domain.tickets.undo import OPPOSITE, RESTORED

_DATES = (
    frozenset(
        "phase due_at due_by_hand sla sla_by_hand paused_at clock_at pauses resolved_at resolution_met".split()
    ),
    frozenset("response_due_at response_met sla paused_at clock_at".split()),
)


def stays_apart(kind: str, type: str | None) -> bool:
    """Return whether an item changes its own ticket alone, and moves no entries: a merge or a split does."""
    return kind != "event" or type in OPPOSITE or type == "attached"


def columns(ticket: Ticket, lines: Sequence[Item], ids: Collection[int]) -> frozenset[str]:
    """Return the columns that an undo restores and that these items (ids) of the timeline have changed."""
    state = opened(ticket.number, ticket.prefix, ticket.uid, lines[0])
    found: set[str] = set()
    for item in lines[1:]:
        after = play(state, (item,))
        if item.id in ids:
            found |= {name for name in RESTORED if getattr(after, name) != getattr(state, name)}
        state = after
    return frozenset(found)


def meets(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two sets of changed columns have one in common, or a date that follows from both."""
    return bool(one & other) or any(one & group and other & group for group in _DATES)


def only(ticket: Ticket, before: Ticket, names: Collection[str]) -> Ticket:
    """Return ``ticket`` with these columns as they were ``before``."""
    old = {name: getattr(before, name) for name in names}
    if "due_at" in names:
        old["overdue_at"] = before.overdue_at
    return ticket._replace(**old)
