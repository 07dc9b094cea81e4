"""What is written to a ticket that is merged goes where its thread is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tix.desk.context import Desk
from tix.domain.tickets.merge import alike, for_staff, refuse_merged
from tix.domain.tickets.ticket import Ticket
from tix.errors import Merged
from tix.store.tickets import merge, tickets

if TYPE_CHECKING:
    from tix.desk.tickets.outcome import Decide, Outcome

# What is done to the merged ticket itself, and what is written where its thread is.
_ITSELF = frozenset({"rate"})
_ELSEWHERE = frozenset({"reply", "note", "attach add"})


def redirected(desk: Desk, merged: Ticket, verb: str, decide: Decide) -> tuple[Ticket, Decide]:
    """The ticket to write on, and what to decide there. Raises Merged for what is not written but changed.

    What a requester writes among readers that are not theirs is for the staff: nobody is to read more of the other
    than before the merge. A ticket that was over comes back by it all the same, or nobody would look.
    """
    if verb in _ITSELF:
        return merged, decide
    place = merge.holder(desk.store, merged)
    if verb not in _ELSEWHERE or place.number == merged.number:
        refuse_merged(merged)
    if desk.actor.is_staff or _sees(desk, place) or alike(merged, place):
        return place, decide
    return place, lambda ticket: for_staff(ticket, decide(ticket))


def told(desk: Desk, merged: Ticket, outcome: Outcome) -> Outcome:
    """What is said of it: who may not see where it went gets the ticket they named."""
    place = outcome.ticket
    shown = place if _sees(desk, place) else merged
    return outcome._replace(ticket=shown, merged=merged.ref, place=place.ref)


def refuse_shared(desk: Desk, ticket: Ticket) -> None:
    """Raises Merged for a ticket that is merged, and for one that others are merged into."""
    refuse_merged(ticket)
    for other in merge.sources(desk.store, ticket):
        raise Merged(
            f"{other.ref} is merged into {ticket.ref}: what was written there would go with it",
            hint=f"tix unmerge {other.number}, then delete",
        )


def _sees(desk: Desk, ticket: Ticket) -> bool:
    return tickets.get(desk.store, ticket.number, desk.scope) is not None
