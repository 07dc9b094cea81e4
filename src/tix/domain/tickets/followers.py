"""The followers of a ticket: logins, or addresses of people without an account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tix.domain.json_columns import dumps
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Author, Item, event
from tix.errors import Refused
from tix.words.sentence import Said

# With these, a requester adds no more to a ticket: each is sent mail at a word of theirs. Staff may add any number.
MOST_FOLLOWERS = 20


def check_number(number: int) -> None:
    """Refuse that a requester makes this number of people follow a ticket. Raises Refused."""
    if number > MOST_FOLLOWERS:
        raise Refused(
            Said(
                "with people that a requester adds, at most {most_followers} follow a ticket",
                most_followers=MOST_FOLLOWERS,
            ),
            hint=Said("ask an agent to add more"),
        )


def fitting(present: Sequence[str], whom: Iterable[str]) -> list[str]:
    """Return those of ``whom`` whom a requester can still add where ``present`` follow, the first ones first."""
    coming = [who for who in whom if who not in present]
    return coming[: max(0, MOST_FOLLOWERS - len(present))]


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
