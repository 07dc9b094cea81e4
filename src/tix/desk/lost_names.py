"""What an undo would bring back, and the desk no longer has."""

from __future__ import annotations

from collections.abc import Mapping

from tix.desk.context import Desk
from tix.domain.tickets.ticket import Ticket
from tix.errors import Refused
from tix.store import people
from tix.store.setup import repository
from tix.store.setup import topics as topic_rows
from tix.typing import Any


def refuse_missing(desk: Desk, ticket: Ticket, wanted: Ticket) -> None:
    """Raise Refused where the ticket would refer to something the desk no longer has."""
    from tix.store.setup import sla as plans

    nouns: Mapping[str, repository.Repository[Any]] = {
        "department": repository.DEPARTMENTS,
        "team": repository.TEAMS,
        "client": repository.CLIENTS,
        "type": repository.TYPES,
        "priority": repository.PRIORITIES,
        "topic": topic_rows.TOPICS,
        "sla": plans.PLANS,
    }
    for field, noun in nouns.items():
        name = getattr(wanted, field)
        if name != getattr(ticket, field) and name is not None and noun.get(desk.store, name) is None:
            raise _missing(ticket, field, name)
    for name in set(wanted.asset_list()) - set(ticket.asset_list()):
        if repository.ASSETS.get(desk.store, name) is None:
            raise _missing(ticket, "asset", name)
    for field in ("assignee", "requester"):
        login = getattr(wanted, field)
        if login is None or login == getattr(ticket, field):
            continue
        person = people.by_login(desk.store, login)
        if person is None or not person.active or (field == "assignee" and not person.is_staff):
            raise _missing(ticket, field, login)


def _missing(ticket: Ticket, field: str, name: str) -> Refused:
    return Refused(
        f"cannot undo the change to {ticket.ref}: its {field} was {name}, which no longer exists or is inactive",
        ref=ticket.ref,
    )
