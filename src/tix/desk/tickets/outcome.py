"""What a write to a ticket left behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Item
from tix.store.tickets import tickets

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.tickets.references import Reference


class Outcome(NamedTuple):
    """What a write left: the ticket as it now is, the items it added; ``already`` when it was so before.

    ``merged`` is the reference that was named where that ticket is merged: it was written on ``place``, where its
    thread is now.
    """

    ticket: Ticket
    items: tuple[Item, ...] = ()
    already: bool = False
    merged: str | None = None
    place: str | None = None


Decide = Callable[[Ticket], list[Item]]
# A write, all its values settled, to whichever ticket.
Action = Callable[["Desk", "Reference"], Outcome]


def saved(
    desk: Desk, stored: Ticket, items: list[Item], deed: int | None = None
) -> tuple[Ticket, list[Item]]:
    """Stores the items; the ticket they make of ``stored``, and the items with their ids."""
    ticket = play(stored, items)
    return ticket, tickets.save(desk.store, stored, ticket, items, deed)
