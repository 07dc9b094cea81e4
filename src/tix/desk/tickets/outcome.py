"""The result of a write to a ticket."""

from collections.abc import Callable

from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Item
from tix.store.tickets import tickets
from tix.typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.tickets.references import Reference


class Outcome(NamedTuple):
    """The result of a write: the ticket as it is now and the items added; ``already`` where nothing changed.

    ``merged`` is the reference that was named where that ticket is merged; the items were added to ``place``, the
    ticket that has its thread now. ``repeated``: the write happened before, under its key. ``effect`` says what a write that was not ``already`` did. ``before`` is the ticket
    before the write, where the use case knows it.
    """

    ticket: Ticket
    items: tuple[Item, ...] = ()
    already: bool = False
    merged: str | None = None
    place: str | None = None
    effect: Literal["created", "updated", "deleted"] = "updated"
    before: Ticket | None = None
    repeated: bool = False

    @property
    def ended(self) -> bool:
        """Whether the write has resolved or closed an open ticket."""
        return any(
            item.type == "status-changed" and (item.sets or {}).get("resolved_at") is not None
            for item in self.items
        )


Decide = Callable[[Ticket], list[Item]]
# A write with all its values parsed, for any ticket.
Action = Callable[["Desk", "Reference"], Outcome]


def saved(
    desk: "Desk", stored: Ticket, items: list[Item], deed: int | None = None
) -> tuple[Ticket, list[Item]]:
    """Store the items; return the ticket after them, and the items with their ids."""
    ticket = play(stored, items)
    return ticket, tickets.save(desk.store, stored, ticket, items, deed)
