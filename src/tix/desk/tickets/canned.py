"""Canned replies, filled in for a ticket."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.tickets.read import find
from tix.domain import canned
from tix.domain.canned import Facts
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.references import Reference
from tix.store import people


def named(desk: Desk, name: str) -> str:
    """Return the text of a canned reply. Raises UnknownName, NotAllowed."""
    from tix.desk.resources import registry

    return str(registry.named(desk, "canned", name).body)


def whole(desk: Desk, reference: Reference, ready: str | None, body: str) -> str:
    """Return the canned reply for one ticket, and below it what was written; only that where ``ready`` is None."""
    return body if ready is None else below(rendered(desk, ready, reference), body)


def below(ready: str, body: str) -> str:
    """Return a canned reply with a text below it."""
    return f"{ready.rstrip()}\n\n{body}" if body else ready


def rendered(desk: Desk, body: str, reference: Reference) -> str:
    """Return ``body`` filled in for a ticket visible to the actor. Raises NotFound."""
    ticket = settled(find(desk, reference), desk.now)
    requester = people.by_login(desk.store, ticket.requester)
    return canned.rendered(body, Facts(ticket, requester, desk.actor.person, desk.now))
