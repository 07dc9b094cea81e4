"""Relations between tickets: written on both in one transaction."""

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
    """Links two tickets. Raises NotFound, NotAllowed, and Refused for a circle."""

    def refuse(ticket: Ticket, target: Ticket) -> None:
        links.refuse_circle(ticket, relation, target, lambda ref: _links(desk, ref))

    return _both(desk, (reference, other), relation, "link", links.link, refuse)


def unlink(desk: Desk, reference: Reference, relation: str, other: Reference) -> Outcome:
    """Takes a link away. Raises NotFound, NotAllowed."""
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
        # Where an import brought one side alone, the other is made whole.
        _, more = _written(desk, other, write(other, links.INVERSE[relation], one.ref, author), verb)
    return Outcome(new, tuple(items), already=not items and not more)


def cut(desk: Desk, gone: Ticket) -> None:
    """Takes the links to a ticket that is about to go off the tickets at their other ends."""
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
    """One of the two with what is new about it; what time has done to it goes before."""
    if not items:
        return stored, items
    passed = lifecycle.settle(stored, desk.now)
    new, kept = saved(desk, stored, [*passed, *items], desk.deed(verb))
    if passed:
        notifications.of_change(desk, stored, play(stored, passed), kept[: len(passed)])
    notifications.of_change(desk, stored, new, kept[len(passed) :])
    return new, items


def _links(desk: Desk, ref: str) -> Iterable[tuple[str, str]]:
    """What the acting person may see of them: a refusal says nothing of tickets they do not see."""
    ticket = tickets.get(desk.store, int(ref.rpartition("-")[2]), desk.scope)
    return () if ticket is None else ticket.link_list()


def open_blockers(desk: Desk, ticket: Ticket) -> list[Ticket]:
    """What still blocks a ticket, as far as the acting person may see it."""
    found = []
    for ref in links.blockers(ticket):
        other = tickets.get(desk.store, int(ref.rpartition("-")[2]), desk.scope)
        if other is not None and lifecycle.settled(other, desk.now).phase == "open":
            found.append(other)
    return found
