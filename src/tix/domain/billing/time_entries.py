"""Time worked on a ticket: logged, corrected, deleted.

Pure. ``time_seconds`` of the ticket's row is the sum of its time entries; ``unbilled_seconds`` is the sum of the
billable ones that are on no invoice yet. Neither is ever negative.
"""

from __future__ import annotations

from tix.domain.durations import parse_duration
from tix.domain.tickets.timeline import Author, Item, Work, event
from tix.domain.times import format_work
from tix.errors import InvalidValue, Refused
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.domain.tickets.policy import TicketPolicy
    from tix.domain.tickets.ticket import Ticket

# More than a person works in one go, or in a month: a typing error.
LONGEST_SECONDS = 31 * 86_400


class Entry(NamedTuple):
    """A time entry as it is stored: who worked, on which ticket, on what. ``id`` is its number."""

    id: int
    by: str
    work: Work
    text: str | None
    ref: str
    number: int


class Timer(NamedTuple):
    """A timer that somebody runs on a ticket since ``started_at`` (UTC seconds)."""

    by: str
    ticket_id: int
    started_at: int
    ref: str


def parse_worked(text: str) -> int:
    """Return a working time in seconds; a bare number is minutes. Raises InvalidValue, also for 0 and for more than 31 days."""
    seconds = parse_duration(text, minutes=True)
    if seconds == 0:
        raise InvalidValue(
            f"'{text}' is not a working time; it has to be more than 0",
            hint="write it as 25m, 1h30m or 0:02:35",
        )
    if seconds > LONGEST_SECONDS:
        raise InvalidValue(f"'{text}' is more than 31 days", hint="log it as several time entries")
    return seconds


def check_at(at: int, now: int, said: str | None) -> None:
    """Check when the work was done (UTC seconds), in the words it was ``said`` in. Raises InvalidValue for the future."""
    if at > now:
        raise InvalidValue(f"'{said}' is in the future", hint="log time once the work is done")


def added(ticket: Ticket, rules: TicketPolicy, author: Author, work: Work, text: str | None = None) -> Item:
    """Return the event that logs time.

    Raises FinalStatus, and Refused if it would subtract more time than there is.
    """
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


def removed(ticket: Ticket, rules: TicketPolicy, author: Author, work: Work) -> Item:
    """Return the event that deletes a time entry. Raises FinalStatus; Refused if it is on an invoice."""
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
    """Return the event that leaves ``unbilled`` seconds for the next invoice, after one was created or voided."""
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
    """Return the columns after adding ``seconds``. Raises Refused if a sum would become negative."""
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
