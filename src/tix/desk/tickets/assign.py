"""Assign tickets, and claim them."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.tickets.change import change
from tix.desk.tickets.outcome import Outcome
from tix.domain.people import Person
from tix.domain.tickets import edit, lifecycle
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.store import people


def assign(desk: Desk, reference: Reference, who: Person | None, internal: str | None = None) -> Outcome:
    """Assign a ticket to a person, or with None to nobody."""

    def decide(ticket: Ticket) -> list[Item]:
        items = edit.assign(ticket, desk.rules_of(ticket), desk.author(), who)
        return with_note(desk, ticket, items, internal)

    return change(desk, reference, "assign", decide)


def assign_team(desk: Desk, reference: Reference, team: str, internal: str | None = None) -> Outcome:
    """Assign a ticket to a team."""

    def decide(ticket: Ticket) -> list[Item]:
        members = {person.login for person in people.members(desk.store, team=team)}
        items = edit.assign_team(ticket, desk.rules_of(ticket), desk.author(), team, members)
        return with_note(desk, ticket, items, internal)

    return change(desk, reference, "assign", decide)


def claim(desk: Desk, reference: Reference) -> Outcome:
    """Assign an unassigned ticket to the actor."""
    return change(
        desk, reference, "claim", lambda ticket: edit.claim(ticket, desk.rules_of(ticket), desk.author())
    )


def with_note(desk: Desk, ticket: Ticket, items: list[Item], internal: str | None) -> list[Item]:
    """Return ``items`` followed by the internal note, where there is one."""
    if internal is None:
        return items
    return [*items, lifecycle.note(ticket, desk.rules_of(ticket), desk.author(), internal)]
