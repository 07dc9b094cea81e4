"""Log, delete and list time entries, and start and stop timers. For staff."""

from __future__ import annotations

from collections.abc import Iterator

from tix.desk.context import Desk
from tix.desk.tickets.change import change
from tix.desk.tickets.outcome import Outcome
from tix.desk.tickets.read import find
from tix.desk.tickets.work import put_down
from tix.domain.billing import time_entries
from tix.domain.billing.time_entries import Entry, Timer
from tix.domain.permissions import require
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item, Work
from tix.domain.times import format_work
from tix.errors import FinalStatus, NotFound, Refused
from tix.store import billing


def add(desk: Desk, reference: Reference, work: Work, text: str | None = None) -> Outcome:
    """Log time worked by the actor."""
    return change(desk, reference, "time", lambda ticket: [put_down(desk, ticket, work, text)], notify=False)


def remove(desk: Desk, id: int) -> Outcome:
    """Delete a time entry. Raises NotFound; Refused where it is on an invoice."""
    with desk.store.reading():
        require(desk.actor, "time")
        entry = _entry(desk, id)

    def decide(ticket: Ticket) -> list[Item]:
        work = _entry(desk, id).work  # another process may have changed it meanwhile
        return [time_entries.removed(ticket, desk.rules_of(ticket), desk.author("staff"), work)]

    return change(desk, Reference(None, entry.number), "time", decide, notify=False)


def ticket_of(desk: Desk, id: int) -> int | None:
    """Return the number of the ticket that a time entry is on, or None where there is no such entry. Raises NotAllowed."""
    require(desk.actor, "time")
    found = billing.entry(desk.store, desk.scope, id)
    return None if found is None else found.number


def _entry(desk: Desk, id: int) -> Entry:
    found = billing.entry(desk.store, desk.scope, id)
    if found is None:
        raise NotFound(f"no time entry {id}", hint="tix time list")
    return found


def listed(
    desk: Desk,
    reference: Reference | None,
    *,
    by: str | None = None,
    since: int | None = None,
    until: int | None = None,
    unbilled: bool = False,
    limit: int = -1,
) -> Iterator[Entry]:
    """Yield the time entries of a ticket, or of all visible ones, latest work first."""
    ticket_id = None if reference is None else find(desk, reference).id
    require(desk.actor, "time")
    found = billing.entries(
        desk.store,
        desk.scope,
        ticket_id=ticket_id,
        by=by,
        since=since,
        until=until,
        unbilled=unbilled,
        limit=limit,
    )
    return (entry for entry in found if ticket_id is None or by is None or entry.by == by)


# ---------------------------------------------------------------------------------------------- timers


def running(desk: Desk) -> list[Timer]:
    """Return the running timers on tickets visible to the actor."""
    require(desk.actor, "time")
    return billing.timers(desk.store, desk.scope)


def start(desk: Desk, reference: Reference) -> tuple[Ticket, bool]:
    """Start the actor's timer on a ticket; False where it is running already.

    Raises Refused while it runs on another ticket, and FinalStatus.
    """
    from tix.desk.tickets import redirect
    from tix.domain.tickets.lifecycle import refuse_final, settled

    with desk.store.writing():
        stored = find(desk, reference)
        require(desk.actor, "time")
        ticket = settled(stored, desk.now)
        redirect.refuse(desk, ticket)
        refuse_final(ticket, desk.rules_of(ticket))
        for timer in _mine(desk):
            if timer.ticket_id == ticket.id:
                return ticket, False
            raise Refused(
                f"your timer has been running on {timer.ref} for {_span(desk, timer)}",
                hint=f"tix time stop {timer.ref}",
            )
        assert ticket.id is not None
        billing.start(desk.store, desk.actor.login, ticket.id, desk.now)
    return ticket, True


def stop(
    desk: Desk, reference: Reference, text: str | None = None, *, billable: bool = True, discard: bool = False
) -> tuple[Outcome, Timer]:
    """Stop the actor's timer and log its time; with ``discard`` log nothing. Raises Refused where none runs."""
    stopped: list[Timer] = []

    def decide(ticket: Ticket) -> list[Item]:
        timer = _on(desk, ticket)
        stopped.append(timer)
        billing.stop(desk.store, timer.by, timer.ticket_id)
        seconds = max(0, desk.now - timer.started_at)
        if discard or seconds == 0:
            return []
        if seconds > time_entries.LONGEST_SECONDS:
            raise Refused(
                f"the timer on {ticket.ref} has run for {format_work(seconds)}, too long for one time entry",
                hint=f"tix time stop {ticket.number} --discard, then tix time add {ticket.number} DURATION",
            )
        try:
            return [put_down(desk, ticket, Work(timer.started_at, seconds, billable), text)]
        except FinalStatus as error:
            error.hint = f"to stop the timer: tix time stop {ticket.number} --discard"
            raise

    outcome = change(desk, reference, "time", decide, notify=False)
    return outcome, stopped[0]


def _mine(desk: Desk) -> list[Timer]:
    """Return the actor's timers on tickets they can still see; others cannot be stopped, so they do not count."""
    return [timer for timer in billing.timers(desk.store, desk.scope) if timer.by == desk.actor.login]


def _on(desk: Desk, ticket: Ticket) -> Timer:
    timers = _mine(desk)
    for timer in timers:
        if timer.ticket_id == ticket.id:
            return timer
    where = f"your timer runs on {timers[0].ref}" if timers else f"tix time start {ticket.number}"
    raise Refused(f"you have no timer running on {ticket.ref}", hint=where)


def _span(desk: Desk, timer: Timer) -> str:
    return format_work(max(0, desk.now - timer.started_at))
