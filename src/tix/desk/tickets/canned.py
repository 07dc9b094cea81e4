"""Canned replies, filled in for a ticket."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.tickets.read import find
from tix.domain import canned
from tix.domain.canned import Facts
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.references import Reference
from tix.store import people


def rendered(desk: Desk, body: str, reference: Reference) -> str:
    """Return ``body`` filled in for a ticket visible to the actor. Raises NotFound."""
    ticket = settled(find(desk, reference), desk.now)
    requester = people.by_login(desk.store, ticket.requester)
    return canned.rendered(body, Facts(ticket, requester, desk.actor.person, desk.now))
