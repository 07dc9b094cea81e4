"""The steps of every write to a ticket: find it, check permission, apply what is due, decide, save."""

from __future__ import annotations

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.tickets.outcome import Decide, Outcome, saved
from tix.desk.tickets.read import find
from tix.domain.permissions import require
from tix.domain.tickets import lifecycle
from tix.domain.tickets import snooze as ticket_snooze
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import play


def change(desk: Desk, reference: Reference, verb: str, decide: Decide, *, notify: bool = True) -> Outcome:
    """Write to one ticket: find it, check permission, decide, save and notify, all in one transaction.

    ``decide`` gets the ticket with everything due applied, and returns the items to add; none means there is
    nothing to change, and nothing is recorded. People are notified of what was due as if it had been recorded on
    time. What is written to a merged ticket goes to the ticket that has its thread (``desk.tickets.redirect``).
    Raises NotFound, NotAllowed, Merged and what ``decide`` raises.
    """
    with desk.store.writing():
        named = stored = find(desk, reference)
        require(desk.actor, verb)
        if named.merged_into is not None:
            from tix.desk.tickets import redirect

            stored = redirect.place_of(desk, named, verb)
            if redirect.stays_apart(desk, named, stored):
                return redirect.write_apart(desk, named, stored, verb, decide, notify=notify)
        desk.after(stored)
        passed = lifecycle.settle(stored, desk.now)
        ticket = play(stored, passed)
        items = decide(ticket)
        if ticket.snoozed_until is not None:
            items = ticket_snooze.awakened(ticket, items)
        if not items:
            return Outcome(ticket, already=True)
        new, kept = saved(desk, stored, [*passed, *items], desk.deed(verb))
        if passed:
            notifications.of_change(desk, stored, new, kept[: len(passed)])
        if notify:
            notifications.of_change(desk, ticket, new, kept[len(passed) :])
    outcome = Outcome(new, tuple(kept[len(passed) :]), before=ticket)
    return outcome if stored is named else redirect.told(desk, named, outcome)


def refuse(desk: Desk, reference: Reference, verb: str) -> Outcome:
    """Raise NotFound or NotAllowed as ``change`` does, before any name is looked up."""
    return change(desk, reference, verb, lambda ticket: [])
