"""Link imported records, once all of them are stored."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from tix.desk.context import Desk
from tix.desk.transfer.report import Tally
from tix.domain.permissions import Scope
from tix.domain.tickets import links as ticket_links
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Author
from tix.errors import Refused
from tix.importers.record import Notice
from tix.store.connection import Store
from tix.store.tickets import merge, tickets, timeline

Link = tuple[str, str, str]
_EVERYTHING = Scope("all", "", True)

UNLINKED = Notice(
    "left out 1 link: its other record is not on this desk, or it would be circular",
    "left out {count:,} links: their other records are not on this desk, or they would be circular",
)


def by_uid(store: Store, uids: Iterable[str]) -> dict[str, Ticket]:
    """Return the tickets with these uids, whoever may see them."""
    rows = store.run("tickets_of_uids", uids=json.dumps(list(uids))).fetchall()
    return {ticket.uid: ticket for ticket in (Ticket(*row) for row in rows)}


def relate(
    desk: Desk, links: Iterable[Link], new: set[str], followed: AbstractSet[str] = frozenset()
) -> tuple[int, Tally]:
    """Link the tickets that are in ``new`` to what they name; return how many links were made, and which could not be.

    A link is (uid, relation, uid of the other). Links to a record that is not on this desk and circular links are
    left out. The events get the time of each ticket's last item. Tickets that are ``followed`` were there before: what
    people have unlinked stays so.
    """
    made, left_out = 0, Tally()
    for uid, relation, other_uid in links:
        if uid not in new and uid not in followed:
            continue
        found = by_uid(desk.store, (uid, other_uid))
        if uid not in found or other_uid not in found:
            left_out.add(f"{found[uid].ref} {ticket_links.WORDS[relation]} …" if uid in found else None)
            continue
        one, other = found[uid], found[other_uid]
        if uid in followed and (
            (relation, other.ref) in one.link_list() or _was_unlinked(desk, one, other.ref)
        ):
            continue
        try:
            ticket_links.refuse_circle(one, relation, other, lambda ref: _links(desk, ref))
        except Refused:
            left_out.add(f"{one.ref} {ticket_links.WORDS[relation]} {other.ref}")
            continue
        made += (relation, other.ref) not in one.link_list()
        _add(desk, one, relation, other.ref)
        _add(desk, found[other_uid], ticket_links.INVERSE[relation], one.ref)
    return made, left_out


def _was_unlinked(desk: Desk, ticket: Ticket, other: str) -> bool:
    lines = timeline.timelines(desk.store, [ticket.id or 0], _EVERYTHING).get(ticket.id or 0, [])
    return any(item.type == "unlinked" and item.old == other for item in lines)


def _add(desk: Desk, ticket: Ticket, relation: str, other: str) -> None:
    author = Author(None, desk.actor.login, "system", ticket.updated_at)
    items = ticket_links.link(ticket, relation, other, author)
    if items:
        tickets.save(desk.store, ticket, play(ticket, items), items, desk.deed("import"))


def _links(desk: Desk, ref: str) -> Iterable[tuple[str, str]]:
    ticket = merge.numbered(desk.store, ref)
    return () if ticket is None else ticket.link_list()
