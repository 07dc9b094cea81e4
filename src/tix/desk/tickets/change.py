"""How every write to a ticket goes: find, may they, settle, decide, save."""

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
    """One write to one ticket: find it, may they, settle, decide, save, tell; all in one transaction.

    ``decide`` gets the settled ticket and gives the items; none means it is so already, and then nothing is
    recorded. What time has done is told as if it had been recorded before. What is written to a merged ticket
    goes where its thread is (``desk.tickets.redirect``). Raises NotFound, NotAllowed, Merged and what ``decide``
    raises.
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
    outcome = Outcome(new, tuple(items))
    return outcome if stored is named else redirect.told(desk, named, outcome)


def refuse(desk: Desk, reference: Reference, verb: str) -> Outcome:
    """What ``change`` says to who may not: nothing there, or not allowed, before any name is looked up."""
    return change(desk, reference, verb, lambda ticket: [])
