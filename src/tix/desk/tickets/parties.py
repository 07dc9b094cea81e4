"""The people of a ticket: its requester, their client, and the author of an entry."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.domain.people import Contact, Person, Side, free_login, newcomer
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Author
from tix.store import people
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.workflows.workflow import Who


def ensure_requester(desk: Desk, contact: Contact | None, client: str | None = None) -> Person:
    """Return the requester: the actor, a known person, or a new person where staff give a new e-mail address.

    A new person belongs to ``client``, else to the client with the domain of the address. Raises UnknownName for an
    unknown login and for an inactive person; NotAllowed where a requester may not act for that person.
    """
    if contact is None:
        return desk.actor.person
    if contact.email is None or not desk.actor.is_staff:
        return desk.person(contact.email or contact.login or "", active=True)
    known = people.by_email(desk.store, contact.email) or people.by_login(desk.store, contact.email)
    if known is not None:
        return desk.living(desk.present(known))
    login = free_login(contact.email, lambda word: people.by_login(desk.store, word) is not None)
    fresh = newcomer(login, contact.name or contact.email, contact.email)._replace(
        client=client or client_of(desk, contact.email)
    )
    return people.add(desk.store, fresh, desk.now)


def client_of(desk: Desk, address: str) -> str | None:
    """Return the client with the domain of an e-mail address, or None."""
    from tix.store.setup import repository

    domain = address.rpartition("@")[2]
    for one in repository.CLIENTS.all(desk.store):
        if one.active and domain in one.domains:
            return one.name
    return None


def speaker(desk: Desk, ticket: Ticket) -> Author:
    """Return the author of an entry: staff write as staff, except on a ticket where they are the requester."""
    own = ticket.requester == desk.actor.login
    side: Side = "staff" if desk.actor.is_staff and not own else "requester"
    return desk.author(side)


def acting_side(desk: Desk) -> Who:
    """Return who pulls a trigger, as the transitions of a workflow name them."""
    return "staff" if desk.actor.is_staff else "requester"
