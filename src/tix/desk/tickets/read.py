"""Finding a ticket and reading it whole: the row, the people, the thread, and what time has done that nobody recorded."""

import heapq
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from tix.desk.context import Desk
from tix.domain.people import Person
from tix.domain.permissions import Scope, require
from tix.domain.tickets.lifecycle import settle
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.errors import NotFound
from tix.store import people
from tix.store.tickets import tickets, timeline
from tix.store.tickets.timeline import Line


class Whole(NamedTuple):
    """A ticket with its requester and its timeline, as ``scope`` sees it."""

    ticket: Ticket
    requester: Person | None
    lines: list[Line]
    scope: Scope


def not_found(desk: Desk, reference: Reference) -> NotFound:
    """The one answer for a ticket that is absent and for one that is not visible."""
    name = f"{reference.prefix or desk.settings.text('prefix')}{reference.number}"
    return NotFound(f"no ticket {name}", hint="tix list --all shows what there is; tix search TEXT finds it")


def find(desk: Desk, reference: Reference) -> Ticket:
    """The ticket as it is stored. Raises NotFound when it is absent, bears another prefix or is not visible."""
    ticket = tickets.get(desk.store, reference.number, desk.scope)
    if ticket is None or (reference.prefix is not None and reference.prefix != ticket.prefix):
        raise not_found(desk, reference)
    return ticket


def whole(desk: Desk, reference: Reference, scope: Scope | None = None) -> Whole:
    """The ticket of that name. Raises NotFound; ``scope`` is whose eyes, by default the actor's."""
    with desk.store.reading():
        ticket = find(desk, reference)
        require(desk.actor, "show")
        return of(desk, ticket, scope or desk.scope)


def of(desk: Desk, ticket: Ticket, scope: Scope) -> Whole:
    """A ticket already found, with everything ``scope`` sees of it."""
    assert ticket.id is not None
    lines = timeline.timeline(desk.store, ticket.id, scope)
    passed = [item for item in settle(ticket, desk.now) if scope.staff or not item.internal]
    if passed:
        lines += [Line(item, None) for item in passed]
        lines.sort(key=lambda line: (line.item.at, line.item.id or 2**63))
    return Whole(ticket, people.by_login(desk.store, ticket.requester), lines, scope)


def log(desk: Desk, since: int | None, by: str | None, limit: int) -> Iterator[Line]:
    """What happened on the desk, newest first, as far as the actor sees it; also what nobody recorded."""
    require(desk.actor, "log")
    start = -(2**62) if since is None else since
    passed = [] if by is not None else _unrecorded(desk, start)
    recorded = timeline.log(desk.store, desk.scope, since=start, by=by, limit=limit)
    merged = heapq.merge(passed, recorded, key=lambda line: (-line.item.at, -(line.item.id or 2**63)))
    return merged if limit < 0 else itertools.islice(merged, limit)


def _unrecorded(desk: Desk, since: int) -> list[Line]:
    rows = desk.store.scoped("unrecorded", desk.scope, now=desk.now, since=since).fetchall()
    found = []
    for row in rows:
        ticket = Ticket(*row)
        found += [
            Line(item, None, ticket.ref)
            for item in settle(ticket, desk.now)
            if item.at >= since and (desk.scope.staff or not item.internal)
        ]
    found.sort(key=lambda line: -line.item.at)
    return found


def on_their_side(desk: Desk, ticket: Ticket) -> bool:
    """Whether a requester answers for the ticket: who only follows it sees it, and may write."""
    me = desk.actor.person
    if ticket.requester == me.login or (ticket.client is not None and ticket.client == me.client_seen):
        return True
    requester = people.by_login(desk.store, ticket.requester)
    return requester is not None and requester.manager == me.login
