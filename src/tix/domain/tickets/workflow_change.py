"""What a change of the desk's rules does to its tickets: another workflow, another auto-close time.

Each ticket gets an event for what changes, so its row still matches its timeline.
"""

from __future__ import annotations

from tix.domain.tickets.lifecycle import move
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Author, Item, event
from tix.domain.times import instant
from tix.domain.workflows.workflow import Status, Workflow
from tix.typing import Any


def target(workflow: Workflow, status: str, mapping: dict[str, str]) -> Status | None:
    """Return where ``status`` of another workflow goes: as mapped, else the same name or alias, else None."""
    wanted = mapping.get(status, status)
    for candidate in workflow.statuses:
        if wanted == candidate.name or wanted in candidate.aliases:
            return candidate
    return None


def adopt(ticket: Ticket, rules: TicketPolicy, status: Status, author: Author) -> list[Item]:
    """Return the items that move ``ticket`` to ``status`` of another workflow, whose ``rules`` are given.

    A change of phase by this sets no ``closed_by``: nobody closed it.
    """
    if status.name != ticket.status:
        moved = move(ticket, rules, status, author, "workflow")
        sets = {**(moved.sets or {})}
        if status.phase == ticket.phase == "closed":
            for name in ("closed_at", "closed_by", "resolved_at"):
                sets.pop(name, None)
        elif "closed_by" in sets:
            sets["closed_by"] = None
        return [moved._replace(sets=sets)]
    sets = {}
    if status.phase != ticket.phase:
        moved = move(ticket, rules, status, author, "workflow")
        return [moved._replace(sets={**(moved.sets or {}), "closed_by": None})]
    if status.pauses != (ticket.paused_at is not None):
        moved = move(ticket, rules, status, author)
        sets.update(
            {k: v for k, v in (moved.sets or {}).items() if k in ("paused_at", "due_at", "overdue_at")}
        )
    sets.update(_wait(ticket, rules, author.at))
    if not sets:
        return []
    return [event("field-changed", author, field="workflow", new=rules.workflow.name, sets=sets)]


def rewait(ticket: Ticket, rules: TicketPolicy, author: Author) -> list[Item]:
    """Return the event that a new auto-close time causes on a resolved ticket; none if nothing changes.

    The wait counts from the ticket's last public activity, but ends no earlier than now (lifecycle page: "closes
    nothing earlier than the moment it was set").
    """
    sets = _wait(ticket, rules, author.at)
    if not sets:
        return []
    old, new = ticket.lapses_at, sets.get("lapses_at", ticket.lapses_at)
    return [
        event(
            "field-changed",
            author,
            field="lapses_at",
            old=None if old is None else instant(old),
            new=None if new is None else instant(new),
            reason="auto_close_after",
            sets=sets,
        )
    ]


def _wait(ticket: Ticket, rules: TicketPolicy, now: int) -> dict[str, Any]:
    lapses_to = rules.workflow.lapse(ticket.status)
    wanted: dict[str, Any] = {"lapses_at": None, "lapses_to": None}
    if lapses_to is not None and rules.window_seconds > 0:
        wanted = {
            "lapses_at": max(ticket.last_activity_at + rules.window_seconds, now),
            "lapses_to": lapses_to,
        }
    return {name: value for name, value in wanted.items() if getattr(ticket, name) != value}
