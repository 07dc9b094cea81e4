"""Link imported records, once all of them are stored."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tix.desk.context import Desk
from tix.domain.tickets import links as ticket_links
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Author
from tix.errors import Refused
from tix.importers.record import Notice
from tix.store.connection import Store
from tix.store.tickets import merge, tickets

Link = tuple[str, str, str]

UNLINKED = Notice(
    "left out 1 link: its other record is not on this desk, or it would be circular",
    "left out {count:,} links: their other records are not on this desk, or they would be circular",
)


def by_uid(store: Store, uids: Iterable[str]) -> dict[str, Ticket]:
    """Return the tickets with these uids, whoever may see them."""
    rows = store.run("tickets_of_uids", uids=json.dumps(list(uids))).fetchall()
    return {ticket.uid: ticket for ticket in (Ticket(*row) for row in rows)}


def relate(desk: Desk, links: Iterable[Link], new: set[str]) -> int:
    """Link the tickets that are in ``new`` to what they name; return how many links could not be made.

    A link is (uid, relation, uid of the other). Links to a record that is not on this desk and circular links are
    left out. The events get the time of each ticket's last item.
    """
    left_out = 0
    for uid, relation, other_uid in links:
        if uid not in new:
            continue
        found = by_uid(desk.store, (uid, other_uid))
        if uid not in found or other_uid not in found:
            left_out += 1
            continue
        try:
            ticket_links.refuse_circle(found[uid], relation, found[other_uid], lambda ref: _links(desk, ref))
        except Refused:
            left_out += 1
            continue
        _add(desk, found[uid], relation, found[other_uid].ref)
        _add(desk, found[other_uid], ticket_links.INVERSE[relation], found[uid].ref)
    return left_out


def _add(desk: Desk, ticket: Ticket, relation: str, other: str) -> None:
    author = Author(None, desk.actor.login, "system", ticket.updated_at)
    items = ticket_links.link(ticket, relation, other, author)
    if items:
        tickets.save(desk.store, ticket, play(ticket, items), items, desk.deed("import"))


def _links(desk: Desk, ref: str) -> Iterable[tuple[str, str]]:
    ticket = merge.numbered(desk.store, ref)
    return () if ticket is None else ticket.link_list()
