"""Who takes part in a ticket: its requester, their client, and who is writing."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.domain.people import Contact, Person, Side, free_login, newcomer
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Author
from tix.domain.workflows.workflow import Who
from tix.store import people
from tix.store.setup import repository


def ensure_requester(desk: Desk, contact: Contact | None, client: str | None = None) -> Person:
    """Who a ticket is for: the actor, somebody known, or a requester made on the fly by staff.

    A new one is of ``client``, else of the client whose domain the address has. Raises UnknownName for a login
    nobody has and for somebody inactive; NotAllowed where a requester raises it for who is not one of their
    people.
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
    """The client whose domain an address is of, or None."""
    domain = address.rpartition("@")[2]
    for one in repository.CLIENTS.all(desk.store):
        if one.active and domain in one.domains:
            return one.name
    return None


def speaker(desk: Desk, ticket: Ticket) -> Author:
    """Staff speak for the staff, but on a ticket of their own they are its requester."""
    own = ticket.requester == desk.actor.login
    side: Side = "staff" if desk.actor.is_staff and not own else "requester"
    return desk.author(side)


def _who(desk: Desk) -> Who:
    return "staff" if desk.actor.is_staff else "requester"
