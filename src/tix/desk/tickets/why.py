"""Explain a due date: the SLA plan, the business hours, and the time since the SLA start, in segments."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.tickets.read import find
from tix.domain.permissions import require
from tix.domain.sla.plans import Segment, segments
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.typing import NamedTuple
from tix.words.sentence import Said

# A date set by hand may be centuries ahead: segments end here.
_FARTHEST = 2 * 366 * 86_400


class Reasons(NamedTuple):
    """The explanation of a due date.

    ``source`` is ``plan``, ``hand``, or None where there is no due date. ``grace_seconds`` is the plan's time to
    resolve, counted in the business hours of ``calendar`` (None: round the clock) from ``clock_at``. ``segments``
    divide the time from there to the due date, for at most two years; those that count add up to the grace.
    """

    ticket: Ticket
    source: str | None
    plan: str | None
    calendar: str | None
    clock_at: int
    grace_seconds: int | None
    segments: list[Segment]


def why(desk: Desk, reference: Reference) -> Reasons:
    """Explain the due date of a ticket. For staff. Raises NotFound, NotAllowed."""
    with desk.store.reading():
        stored = find(desk, reference)
        require(desk.actor, "why")
        return reasons(desk, settled(stored, desk.now))


def reasons(desk: Desk, ticket: Ticket) -> Reasons:
    """Explain the due date of a ticket already read, with what is due applied."""
    rules = desk.rules_of(ticket)
    by_plan = rules.plan is not None and not ticket.due_by_hand
    source = None if ticket.due_at is None else "plan" if by_plan else "hand"
    grace = None
    if rules.plan is not None and by_plan:
        grace = rules.plan.targets(ticket.priority).grace_seconds
    found: list[Segment] = []
    if ticket.due_at is not None:
        end = min(ticket.due_at, ticket.counts_from + _FARTHEST)
        if ticket.paused_at is not None:
            # The SLA is paused: what comes after the pause is unknown until it ends.
            end = max(desk.now, ticket.paused_at)
        found = segments(rules.calendar, ticket.counts_from, end, ticket.pause_list(), ticket.paused_at)
    calendar = None if rules.calendar is None else rules.calendar.name
    return Reasons(ticket, source, ticket.sla, calendar, ticket.counts_from, grace, found)


def in_short(desk: Desk, ticket: Ticket) -> str:
    """Return a short explanation for ``show``: ``sev-a: 4h in the hours of office``."""
    if ticket.due_at is None:
        return ""
    from tix.domain.times import format_duration

    if ticket.due_by_hand:
        return Said("set by hand")
    rules = desk.rules_of(ticket)
    if rules.plan is None:
        return ""
    grace = format_duration(rules.plan.targets(ticket.priority).grace_seconds)
    if rules.calendar is None:
        words = Said("{plan}: {time} round the clock", plan=rules.plan.name, time=grace)
    else:
        words = Said(
            "{plan}: {time} in the hours of {calendar}",
            plan=rules.plan.name,
            time=grace,
            calendar=rules.calendar.name,
        )
    if ticket.clock_at is not None:
        words = Said("{why}, since it was reopened", why=words)
    return words if ticket.paused_at is None else Said("{why}, paused now", why=words)
