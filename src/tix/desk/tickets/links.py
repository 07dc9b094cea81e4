"""Links between tickets, written to both in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.tickets.outcome import Outcome, saved
from tix.desk.tickets.read import find
from tix.domain.permissions import require
from tix.domain.tickets import lifecycle, links
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Author, Item
from tix.store.tickets import merge, tickets

_Write = Callable[[Ticket, str, str, Author], list[Item]]


def link(desk: Desk, reference: Reference, relation: str, other: Reference) -> Outcome:
    """Link two tickets. Raises NotFound, NotAllowed, and Refused for a circular link."""

    def refuse(ticket: Ticket, target: Ticket) -> None:
        links.refuse_circle(ticket, relation, target, lambda ref: _links(desk, ref))

    return _both(desk, (reference, other), relation, "link", links.link, refuse)


def unlink(desk: Desk, reference: Reference, relation: str, other: Reference) -> Outcome:
    """Remove a link. Raises NotFound, NotAllowed."""
    return _both(desk, (reference, other), relation, "unlink", links.unlink, lambda ticket, target: None)


def _both(
    desk: Desk,
    references: tuple[Reference, Reference],
    relation: str,
    verb: str,
    write: _Write,
    refuse: Callable[[Ticket, Ticket], None],
) -> Outcome:
    with desk.store.writing():
        one, other = (find(desk, reference) for reference in references)
        require(desk.actor, verb)
        refuse(one, other)
        desk.after(one, other)
        author = desk.author()
        new, items = _written(desk, one, write(one, relation, other.ref, author), verb)
        # An import may have written one side only; this adds the other.
        _, more = _written(desk, other, write(other, links.INVERSE[relation], one.ref, author), verb)
    return Outcome(new, tuple(items), already=not items and not more)


def cut(desk: Desk, gone: Ticket) -> None:
    """Remove the links to a ticket that is about to be deleted from the tickets at their other ends."""
    for relation, ref in gone.link_list():
        other = merge.numbered(desk.store, ref)
        if other is not None:
            desk.after(other)
            _written(
                desk,
                other,
                links.unlink(other, links.INVERSE[relation], gone.ref, desk.author()),
                "delete",
            )


def _written(desk: Desk, stored: Ticket, items: list[Item], verb: str) -> tuple[Ticket, list[Item]]:
    """Save one of the two tickets with its new items, after what is due has been recorded."""
    if not items:
        return stored, items
    passed = lifecycle.settle(stored, desk.now)
    new, kept = saved(desk, stored, [*passed, *items], desk.deed(verb))
    if passed:
        notifications.of_change(desk, stored, play(stored, passed), kept[: len(passed)])
    notifications.of_change(desk, stored, new, kept[len(passed) :])
    return new, kept[len(passed) :]


def _links(desk: Desk, ref: str) -> Iterable[tuple[str, str]]:
    """Return the links of a ticket visible to the actor, so that an error names no hidden ticket."""
    ticket = tickets.get(desk.store, int(ref.rpartition("-")[2]), desk.scope)
    return () if ticket is None else ticket.link_list()


def open_blockers(desk: Desk, ticket: Ticket) -> list[Ticket]:
    """Return the open tickets that block a ticket, as far as the actor may see them."""
    found = []
    for ref in links.blockers(ticket):
        other = tickets.get(desk.store, int(ref.rpartition("-")[2]), desk.scope)
        if other is not None and lifecycle.settled(other, desk.now).phase == "open":
            found.append(other)
    return found
