"""Time worked on a ticket: put down, taken back, taken out.

Pure. The row's ``time_seconds`` is the sum of its time, ``unbilled_seconds`` that of what the client pays for and
is on no invoice yet; neither is ever less than nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tix.domain.tickets.timeline import Author, Item, Work, event
from tix.domain.times import format_work, parse_duration
from tix.errors import InvalidValue, Refused

if TYPE_CHECKING:
    from tix.domain.tickets.policy import Rules
    from tix.domain.tickets.ticket import Ticket

# More than a person works at a stretch, or in a month: a slip of the keyboard.
LONGEST_SECONDS = 31 * 86_400


class Entry(NamedTuple):
    """Some time as it is kept: whose it is, on which ticket, what it went into. ``id`` is its number."""

    id: int
    by: str
    work: Work
    text: str | None
    ref: str
    number: int


class Timer(NamedTuple):
    """A clock of somebody's that runs on a ticket since ``started_at``."""

    by: str
    ticket_id: int
    started_at: int
    ref: str


def parse_worked(text: str) -> int:
    """A duration that somebody worked, in seconds. Raises InvalidValue, also for none and for more than a month."""
    seconds = parse_duration(text)
    if seconds == 0:
        raise InvalidValue(
            f"'{text}' is not a working time; it has to be more than 0",
            hint="write it as 25m, 1h30m or 0:02:35",
        )
    if seconds > LONGEST_SECONDS:
        raise InvalidValue(f"'{text}' is more than 31 days", hint="log it as several time entries")
    return seconds


def added(ticket: Ticket, rules: Rules, author: Author, work: Work, text: str | None = None) -> Item:
    """Puts time down. Raises FinalStatus, and Refused where it takes back more than there is."""
    from tix.domain.tickets.lifecycle import refuse_final

    refuse_final(ticket, rules)
    sets = _sums(ticket, work.seconds, billable=work.billable)
    return event(
        "time-added",
        author,
        field="time_seconds",
        new=str(work.seconds),
        reason=text,
        sets=sets,
        work=work,
    )


def removed(ticket: Ticket, rules: Rules, author: Author, work: Work) -> Item:
    """Takes out time that was put down. Raises FinalStatus; Refused where it is on an invoice."""
    from tix.domain.tickets.lifecycle import refuse_final

    refuse_final(ticket, rules)
    if work.invoice is not None:
        raise Refused(
            f"the time entry is on invoice {work.invoice}",
            hint=f"void the invoice first: tix invoice void {work.invoice}",
        )
    sets = _sums(ticket, -work.seconds, billable=work.billable)
    return event("time-removed", author, field="time_seconds", old=str(work.seconds), sets=sets, work=work)


def rebilled(ticket: Ticket, author: Author, unbilled: int, reason: str) -> Item:
    """The event that leaves ``unbilled`` seconds for the next invoice: one was drawn up, or taken back."""
    return event(
        "field-changed",
        author,
        field="unbilled_seconds",
        old=str(ticket.unbilled_seconds),
        new=str(unbilled),
        reason=reason,
        sets={"unbilled_seconds": unbilled},
    )


def _sums(ticket: Ticket, seconds: int, *, billable: bool) -> dict[str, Any]:
    """The columns after so many seconds more. Raises Refused where less than nothing would be left."""
    time = ticket.time_seconds + seconds
    unbilled = ticket.unbilled_seconds + (seconds if billable else 0)
    there = ticket.unbilled_seconds if billable else ticket.time_seconds - ticket.unbilled_seconds
    if there + seconds < 0:
        kind = "unbilled" if billable else "billed or non-billable"
        raise Refused(
            f"{ticket.ref} has only {format_work(there)} of {kind} time",
            hint=f"see its time entries: tix time list {ticket.number}",
        )
    sets = {"time_seconds": time}
    return sets | {"unbilled_seconds": unbilled} if billable else sets
