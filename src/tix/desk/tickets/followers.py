"""Followers of a ticket, and people added with ``--cc``."""

from __future__ import annotations

from collections.abc import Iterable

from tix.desk.context import Desk
from tix.desk.tickets.change import change
from tix.desk.tickets.outcome import Outcome
from tix.domain.people import Contact, parse_contact
from tix.domain.permissions import YES, permission, rank_of
from tix.domain.tickets import followers
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.errors import InvalidValue
from tix.store import people
from tix.words.sentence import Said


def named(desk: Desk, word: str | None) -> str | None:
    """Return the named follower, by default the actor: a login, or an e-mail address the desk does not know.

    None where a requester names anybody else. Raises UnknownName, InvalidValue.
    """
    if word is None or word.strip() == "@me":
        return desk.actor.login
    contact = parse_contact(word)
    if permission("follow others", rank_of(desk.actor.person)) != YES:
        mine = (desk.actor.login, desk.actor.person.email)
        return desk.actor.login if (contact.login or contact.email) in mine else None
    return _of_address(desk, contact) or desk.person(word, active=True).login


def copied(desk: Desk, words: Iterable[str]) -> list[str]:
    """Return the followers added by ``--cc``: logins of known people, e-mail addresses of others.

    Raises InvalidValue for a malformed address, UnknownName for an unknown login, Refused where a requester names too
    many.
    """
    words = list(dict.fromkeys(words))
    if not desk.actor.is_staff:
        followers.check_number(len(words))
    found = []
    for word in words:
        contact = parse_contact(word)
        if contact.email is None and not desk.actor.is_staff:
            raise InvalidValue(
                Said("'{word}' is not an e-mail address", word=word),
                hint=Said("write it as name@example.org"),
            )
        found.append(_of_address(desk, contact) or desk.person(word, active=True).login)
    return list(dict.fromkeys(found))


def _of_address(desk: Desk, contact: Contact) -> str | None:
    """Return the login of the person with this e-mail address, else the address; None for a login."""
    if contact.email is None:
        return None
    known = people.by_email(desk.store, contact.email) or people.by_login(desk.store, contact.email)
    if known is None:
        return contact.email
    found = desk.present(known)
    if not found.active and not desk.actor.is_staff:
        return contact.email  # as for an unknown address: a requester does not learn that the person exists
    return desk.living(found).login


def added(desk: Desk, ticket: Ticket, whom: Iterable[str]) -> list[Item]:
    """Return the items by which ``whom`` begin to follow a ticket. Raises Refused where a requester adds too many."""
    items = followers.follow(ticket, whom, desk.author())
    if items and not desk.actor.is_staff:
        followers.check_number(len(ticket.watcher_list()) + len(items))
    return items


def follow(desk: Desk, reference: Reference, who: str) -> Outcome:
    """Add a follower: they are notified of the ticket's public updates."""
    return change(desk, reference, "follow", lambda ticket: followers.follow(ticket, [who], desk.author()))


def leave(desk: Desk, reference: Reference, who: str) -> Outcome:
    """Remove a follower."""

    def decide(ticket: Ticket) -> list[Item]:
        return followers.leave(ticket, who, desk.author())

    return change(desk, reference, "follow", decide)
