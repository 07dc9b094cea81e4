"""The followers of a ticket: logins, or addresses of people without an account."""

from __future__ import annotations

from collections.abc import Iterable

from tix.domain.json_columns import dumps
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Author, Item, event


def follow(ticket: Ticket, whom: Iterable[str], author: Author) -> list[Item]:
    """Return one event for each of ``whom`` who does not follow it yet."""
    watchers = ticket.watcher_list()
    items = []
    for who in whom:
        if who not in watchers:
            watchers.append(who)
            items.append(
                event("followed", author, field="watchers", new=who, sets={"watchers": dumps(watchers)})
            )
    return items


def leave(ticket: Ticket, who: str, author: Author) -> list[Item]:
    """Return the event by which somebody stops following it; empty if they do not follow it."""
    watchers = ticket.watcher_list()
    if who not in watchers:
        return []
    watchers.remove(who)
    return [event("followed", author, field="watchers", old=who, sets={"watchers": dumps(watchers)})]
