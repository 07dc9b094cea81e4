"""Delete a ticket permanently, with the links to and from it."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.tickets import links
from tix.desk.tickets.outcome import Outcome, saved
from tix.desk.tickets.read import find
from tix.desk.tickets.redirect import refuse_shared
from tix.domain.permissions import require
from tix.domain.tickets import lifecycle
from tix.domain.tickets.references import Reference
from tix.store.tickets import tickets


def delete(desk: Desk, reference: Reference) -> Outcome:
    """Delete the ticket permanently; its number is not used again. Raises Merged where it shares its thread."""
    with desk.store.writing():
        ticket = find(desk, reference)
        require(desk.actor, "delete")
        if ticket.merged_into is not None or desk.store.row("merged_into", ref=ticket.ref) is not None:
            refuse_shared(desk, ticket)
        if ticket.links is not None:
            links.cut(desk, ticket)
        desk.after(ticket)
        passed = lifecycle.settle(ticket, desk.now)
        if passed:
            ticket, _ = saved(desk, ticket, passed)
        tickets.delete(desk.store, ticket, desk.author(), desk.deed("delete"))
    return Outcome(ticket, effect="deleted")
