"""Canned replies: texts that staff keep, filled in for one ticket."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.nouns import Noun, Part
from tix.desk.reading import find
from tix.domain import canned
from tix.domain.canned import Canned, Facts
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.references import Reference
from tix.store import people
from tix.store.setup import repository


def _body(desk: Desk, text: str) -> str:
    return canned.checked(text)


CANNED: Noun[Canned] = Noun(
    "canned",
    "a canned reply",
    repository.CANNED,
    (Part("body", "TEXT", "The text, with placeholders.", _body, needed=True),),
    lambda name: Canned(name, ""),
    ("name", "body", "active"),
)


def rendered(desk: Desk, body: str, reference: Reference) -> str:
    """A text for one ticket that the actor sees. Raises NotFound."""
    ticket = settled(find(desk, reference), desk.now)
    requester = people.by_login(desk.store, ticket.requester)
    return canned.rendered(body, Facts(ticket, requester, desk.actor.person, desk.now))
