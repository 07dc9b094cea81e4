"""Reading whole tickets: the row, the people, the thread, and what time has done that nobody recorded."""

from __future__ import annotations

from typing import NamedTuple

from tix.desk.context import Desk
from tix.desk.tickets import find
from tix.domain.lifecycle import settle
from tix.domain.people import Person
from tix.domain.policy import Scope, require
from tix.domain.references import Reference
from tix.domain.ticket import Ticket
from tix.store import people, threads
from tix.store.threads import Line


class Whole(NamedTuple):
    """A ticket with its requester and its timeline, as ``scope`` sees it."""

    ticket: Ticket
    requester: Person | None
    lines: list[Line]
    scope: Scope


def whole(desk: Desk, reference: Reference, scope: Scope | None = None) -> Whole:
    """The ticket of that name. Raises NotFound; ``scope`` is whose eyes, by default the actor's."""
    with desk.store.reading():
        ticket = find(desk, reference)
        require(desk.actor, "show")
        return of(desk, ticket, scope or desk.scope)


def of(desk: Desk, ticket: Ticket, scope: Scope) -> Whole:
    """A ticket already found, with everything ``scope`` sees of it."""
    assert ticket.id is not None
    lines = threads.timeline(desk.store, ticket.id, scope)
    passed = [item for item in settle(ticket, desk.now) if scope.staff or not item.internal]
    if passed:
        lines += [Line(item, None) for item in passed]
        lines.sort(key=lambda line: (line.item.at, line.item.id or 2**63))
    return Whole(ticket, people.by_login(desk.store, ticket.requester), lines, scope)
