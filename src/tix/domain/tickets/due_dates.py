"""A ticket's due dates: when it is due by its SLA plan, and how the dates move.

Rules: lifecycle page, "Flags and dates". The plan counts from creation or from the last reopening, in the working
time of a calendar. While a status pauses the SLA the dates do not move; at the end of the pause they move by the
working time of the pause. A date set by hand stays: neither a pause nor a plan changes it.
"""

from __future__ import annotations

from tix.domain.tickets.ticket import Ticket
from tix.domain.times import Day
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.moments import When
    from tix.domain.sla.calendars import Calendar
    from tix.domain.sla.plans import Plan
    from tix.domain.tickets.policy import TicketPolicy


def first_dates(
    plan: Plan | None, calendar: Calendar | None, priority: str, at: int
) -> dict[str, int | None]:
    """Return ``due_at`` and ``response_due_at`` of a ticket created at ``at`` (UTC seconds); empty without a plan."""
    if plan is None:
        return {}
    from tix.domain.sla.plans import due_at

    grace, response = plan.targets(priority)
    return {
        "due_at": due_at(calendar, at, grace),
        "response_due_at": None if response is None else due_at(calendar, at, response),
    }


def by_hand(wanted: When | None, rules: TicketPolicy, now: int) -> int | None:
    """Return a due date set by hand, in UTC seconds; a day is due when it is over (``day_end``).

    Business days are those of the ticket's calendar.
    """
    return None if wanted is None else end_of(wanted, rules.calendar, now)


def is_past(due_at: int | None, now: int) -> bool:
    """Return whether a due date that somebody sets has passed already: it is accepted, with a warning."""
    return due_at is not None and due_at < now


def end_of(wanted: When, calendar: Calendar | None, now: int) -> int:
    """Return a moment, or when a day or the last of several business days is over, by a calendar, in UTC seconds."""
    if isinstance(wanted, int):
        return wanted
    if not isinstance(wanted, Day):
        wanted = wanted.day(calendar)
    from tix.domain.sla.calendars import day_end

    return day_end(calendar, wanted, now)


def planned(ticket: Ticket, rules: TicketPolicy) -> dict[str, Any]:
    """Return the columns in which ``ticket`` differs from what the plan in ``rules`` says now.

    Empty if the ticket is not open. Without the due date if it was set by hand, and without the response target once
    there has been a response.
    """
    if ticket.phase != "open":
        return {}
    dates: dict[str, Any] = {"due_at": None, "response_due_at": None}
    if rules.plan is not None:
        from tix.domain.sla.plans import due_at

        pauses = ticket.pause_list()
        grace, response = rules.plan.targets(ticket.priority)
        dates["due_at"] = due_at(rules.calendar, ticket.counts_from, grace, pauses)
        if response is not None:
            dates["response_due_at"] = due_at(rules.calendar, ticket.counts_from, response, pauses)
    if ticket.due_by_hand:
        del dates["due_at"]
    if ticket.first_response_at is not None:
        del dates["response_due_at"]
    changed = {name: value for name, value in dates.items() if getattr(ticket, name) != value}
    if "due_at" in changed and ticket.overdue_at is not None:
        changed["overdue_at"] = None
    return changed


def unpaused(ticket: Ticket, rules: TicketPolicy, now: int) -> dict[str, Any]:
    """Return the dates at the end of a pause: those from a plan have moved by its working time."""
    from tix.domain.sla.plans import moved

    assert ticket.paused_at is not None
    sets: dict[str, Any] = {}
    if ticket.due_at is not None and not ticket.due_by_hand:
        due_at = moved(rules.calendar, ticket.due_at, ticket.paused_at, now)
        sets = {"due_at": due_at, "overdue_at": ticket.overdue_at if due_at <= now else None}
    if ticket.response_due_at is not None and ticket.first_response_at is None:
        sets["response_due_at"] = moved(rules.calendar, ticket.response_due_at, ticket.paused_at, now)
    return sets


def restarted(ticket: Ticket, rules: TicketPolicy, now: int) -> dict[str, Any]:
    """Return the dates of a ticket reopened at ``now``: one set by hand is dropped, the plan counts anew."""
    dates = first_dates(rules.plan, rules.calendar, ticket.priority, now)
    sets: dict[str, Any] = {
        "due_at": dates.get("due_at"),
        "due_by_hand": 0,
        "overdue_at": None,
        "resolution_met": None,
    }
    if ticket.first_response_at is None:
        sets["response_due_at"] = dates.get("response_due_at")
    return sets


def resolution_met(due_at: int | None, now: int) -> int | None:
    """Return whether a ticket that ends at ``now`` was in time: 1 or 0, None if it had no due date.

    ``due_at`` is the date after the pause that ends with it; at exactly that instant it is late.
    """
    return None if due_at is None else int(now < due_at)


def response_met(ticket: Ticket, now: int) -> dict[str, int]:
    """Return what the first public staff reply settles; empty if it is not the first, or there is no target."""
    if ticket.response_due_at is None or ticket.first_response_at is not None:
        return {}
    stands = now if ticket.paused_at is None else ticket.paused_at
    return {"response_met": int(stands < ticket.response_due_at)}
