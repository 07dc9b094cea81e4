"""Find a ticket and read it whole: its row, people and thread, and what is due but not recorded yet."""

import heapq
import itertools
from collections.abc import Iterator

from tix.desk.context import Desk
from tix.domain.json_columns import dumps
from tix.domain.people import Person
from tix.domain.permissions import Scope, requester_scope, require
from tix.domain.tickets.lifecycle import settle
from tix.domain.tickets.own_words import OLD_TEXTS
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item, ThreadLine
from tix.errors import NotFound
from tix.store import people
from tix.store.connection import Store
from tix.store.tickets import tickets, timeline
from tix.typing import NamedTuple
from tix.words.sentence import Said


class FullTicket(NamedTuple):
    """A ticket with its requester and its timeline, as far as ``scope`` may see it.

    Hidden tickets are not named, neither as links nor in events; ``merged`` says whether the ticket is merged, even
    where its target is hidden.
    """

    ticket: Ticket
    requester: Person | None
    lines: list[ThreadLine]
    scope: Scope
    merged: bool = False


# Events that name another ticket.
NAMING = frozenset({"merged", "unmerged", "split", "linked", "unlinked"})


class Named:
    """Leaves out references to tickets that ``scope`` may not see, and texts that were taken back unless ``is_admin``.

    Looks up each ticket once.
    """

    def __init__(self, store: Store, scope: Scope, *, is_admin: bool = False) -> None:
        self._store = store
        self._scope = scope
        self._is_admin = is_admin
        self._seen: dict[str, bool] = {}

    def sees(self, ref: str) -> bool:
        """Return whether the ticket with this reference is visible."""
        if self._scope.kind == "all":
            return True
        if ref not in self._seen:
            found = tickets.get(self._store, int(ref.rpartition("-")[2]), self._scope)
            self._seen[ref] = found is not None and found.ref == ref
        return self._seen[ref]

    def _shown(self, ref: str | None) -> str | None:
        return ref if ref is not None and self.sees(ref) else None

    def ticket(self, ticket: Ticket) -> Ticket:
        """Return a ticket without links to hidden tickets and without a hidden merge target."""
        if ticket.merged_into is None and ticket.links is None:
            return ticket
        links = dumps([list(one) for one in ticket.link_list() if self.sees(one[1])])
        return ticket._replace(merged_into=self._shown(ticket.merged_into), links=links)

    def item(self, item: Item) -> Item:
        """Return an event without the reference to a hidden ticket, or the text that somebody took back."""
        if item.type in OLD_TEXTS and not self._is_admin:
            return item._replace(old=None)
        if item.type not in NAMING and item.field != "entries":
            return item
        return item._replace(old=self._shown(item.old), new=self._shown(item.new))

    def line(self, line: ThreadLine) -> ThreadLine:
        """Return a line of a thread or a log without references to hidden tickets."""
        origin = line.origin
        return line._replace(item=self.item(line.item), origin=self._shown(origin))


def not_found(desk: Desk, reference: Reference) -> NotFound:
    """Return the same error for a ticket that does not exist and for one that is hidden."""
    name = f"{reference.prefix or desk.settings.text('prefix')}{reference.number}"
    return NotFound(Said("no ticket {name}", name=name), hint=Said("tix list --all, or tix search TEXT"))


def find(desk: Desk, reference: Reference) -> Ticket:
    """Return the ticket as stored. Raises NotFound where it does not exist, has another prefix or is hidden."""
    ticket = tickets.get(desk.store, reference.number, desk.scope)
    if ticket is None or (reference.prefix is not None and reference.prefix != ticket.prefix):
        raise not_found(desk, reference)
    return ticket


def whole(desk: Desk, reference: Reference, scope: Scope | None = None) -> FullTicket:
    """Return the whole ticket as ``scope`` sees it, by default as the actor does. Raises NotFound."""
    with desk.store.reading():
        ticket = find(desk, reference)
        require(desk.actor, "show")
        return of(desk, ticket, scope or desk.scope)


def as_requester(desk: Desk, whole: FullTicket) -> FullTicket:
    """Return a whole ticket exactly as its requester sees it."""
    return of(desk, whole.ticket, requester_scope(whole.ticket.requester))


def of(desk: Desk, ticket: Ticket, scope: Scope) -> FullTicket:
    """Return the whole of a ticket already found, as ``scope`` sees it."""
    assert ticket.id is not None
    lines = timeline.timeline(desk.store, ticket.id, scope)
    passed = [item for item in settle(ticket, desk.now) if scope.staff or not item.internal]
    if passed:
        lines += [ThreadLine(item, None) for item in passed]
        lines.sort(key=lambda line: (line.item.at, line.item.id or 2**63))
    named = Named(desk.store, scope, is_admin=desk.actor.is_admin)
    return FullTicket(
        named.ticket(ticket),
        people.by_login(desk.store, ticket.requester),
        [named.line(line) for line in lines],
        scope,
        merged=ticket.merged_into is not None,
    )


def log(desk: Desk, since: int | None, by: str | None, limit: int) -> Iterator[ThreadLine]:
    """Yield the desk's log visible to the actor, newest first, with what is due but not recorded yet."""
    require(desk.actor, "log")
    start = -(2**62) if since is None else since
    passed = [] if by is not None else _unrecorded(desk, start)
    recorded = timeline.log(desk.store, desk.scope, since=start, by=by, limit=limit)
    named = Named(desk.store, desk.scope, is_admin=desk.actor.is_admin)
    recorded = map(named.line, recorded)
    merged = heapq.merge(passed, recorded, key=lambda line: (-line.item.at, -(line.item.id or 2**63)))
    return merged if limit < 0 else itertools.islice(merged, limit)


def log_of(ticket: FullTicket, since: int | None, by: str | None) -> list[ThreadLine]:
    """Return the log lines of a ticket already read, oldest first: since a moment (UTC seconds), by one person."""
    return [
        line._replace(ref=ticket.ticket.ref)
        for line in ticket.lines
        if (since is None or line.item.at >= since) and by in (None, line.item.by)
    ]


def _unrecorded(desk: Desk, since: int) -> list[ThreadLine]:
    rows = desk.store.scoped("unrecorded", desk.scope, now=desk.now, since=since).fetchall()
    found = []
    for row in rows:
        ticket = Ticket(*row)
        found += [
            ThreadLine(item, None, ticket.ref)
            for item in settle(ticket, desk.now)
            if item.at >= since and (desk.scope.staff or not item.internal)
        ]
    found.sort(key=lambda line: -line.item.at)
    return found


def on_their_side(desk: Desk, ticket: Ticket) -> bool:
    """Return whether the ticket is the actor's own, a report's or their client's; a follower only sees it and may write."""
    me = desk.actor.person
    if ticket.requester == me.login or (ticket.client is not None and ticket.client == me.client_seen):
        return True
    requester = people.by_login(desk.store, ticket.requester)
    return requester is not None and requester.manager == me.login
