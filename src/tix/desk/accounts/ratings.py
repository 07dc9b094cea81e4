"""Rate a ticket by the link in the mail about its end, once and without signing in."""

from __future__ import annotations

from tix.desk.accounts import links
from tix.desk.context import Desk
from tix.desk.tickets import status
from tix.domain.accounts import links as rules
from tix.domain.accounts.links import RATING, Link
from tix.domain.people import Actor, Person
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.domain.values import parse_body
from tix.errors import InvalidValue
from tix.store import accounts as rows
from tix.store.connection import Store
from tix.store.tickets import tickets


def ticket_of(store: Store, token: str, now: int) -> Ticket:
    """Return the ticket that the link rates; nothing is used up. Raises LinkExpired, also for a rated ticket."""
    return _found(store, token, now)[2]


def rate(store: Store, token: str, stars: int, comment: str | None, *, now: int) -> Ticket:
    """Rate the ticket, 1 to 5 stars, as the person the link was mailed to; the links of this ticket are used up.

    Raises LinkExpired, InvalidValue, Refused while the ticket is open again (the link works once it is over).
    """
    if stars not in range(1, 6):
        raise InvalidValue(f"'{stars}' is not a rating", hint="use 1, 2, 3, 4 or 5; 5 is best")
    comment = None if comment is None or not comment.strip() else parse_body(comment, "comment")
    with store.writing():
        link, person, ticket = _found(store, token, now)
        links.use_up(store, link)
        desk = Desk(store, Actor(person), now)
        rated = status.rate(desk, Reference(None, ticket.number), stars, comment)
        rows.drop_ratings(store, person.login, link.ticket_id or 0)
    return rated.ticket


def _found(store: Store, token: str, now: int) -> tuple[Link, Person, Ticket]:
    link, person = links.find(store, RATING, token, now)
    ticket = None if link.ticket_id is None else tickets.by_id(store, link.ticket_id)
    if ticket is None or ticket.requester != person.login or ticket.rating is not None:
        raise rules.expired()
    return link, person, ticket
