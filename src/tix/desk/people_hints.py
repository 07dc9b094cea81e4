"""What is said about a person when they are added or changed: what they see, and which client they may belong to."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.domain.people import Person
from tix.store import people
from tix.store.setup import repository


def client_to_offer(desk: Desk, person: Person) -> tuple[str, str] | None:
    """Return the client that a requester without one seems to belong to, and why; None where there is none.

    By the domain of their address, else by their manager's client: work for them would not be billed without.
    """
    from tix.desk.tickets.parties import client_of

    if person.is_staff or person.client is not None:
        return None
    found = None if person.email is None else client_of(desk, person.email)
    if found is not None:
        return found, f"the address {person.email} has a domain of client {found}"
    above = None if person.manager is None else people.by_login(desk.store, person.manager)
    if above is not None and above.client is not None:
        return above.client, f"the manager {above.login} belongs to client {above.client}"
    return None


def sight(desk: Desk, person: Person) -> str | None:
    """Return what an agent with departments sees and what not, as a sentence; None for all others."""
    if person.role != "agent" or person.departments is None:
        return None
    names = [one.name for one in repository.DEPARTMENTS.all(desk.store) if one.active]
    hidden = [name for name in names if name not in person.departments]
    own = "those they raised, hold or follow"
    seen = f"tickets of {', '.join(person.departments)}, tickets without a department, and {own}"
    words = f"{person.login} sees {seen if person.departments else f'only {own}'}"
    return f"{words}; not those of {', '.join(hidden)}." if hidden else f"{words}."
