"""What may be chosen for a ticket in triage: names, in the order in which they are offered."""

from __future__ import annotations

from tix.desk import people
from tix.desk.resources import registry
from tix.desk.tickets.read import find
from tix.domain.permissions import require
from tix.domain.tickets.lifecycle import settled
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.tickets.references import Reference


class Choices(NamedTuple):
    """Priorities, highest first; logins of those who take tickets; canned replies; statuses of the ticket's workflow."""

    priorities: list[str]
    assignees: list[str]
    canned: list[str]
    statuses: list[str]


def choices(desk: Desk, reference: Reference | None = None) -> Choices:
    """Return what may be chosen; without a ticket no statuses. Raises NotFound, NotAllowed."""
    ticket = None if reference is None else settled(find(desk, reference), desk.now)
    require(desk.actor, "triage")
    return Choices(
        [one.name for one in reversed(desk.priorities())],
        [one.login for one in people.holders(desk)],
        [one.name for one in registry.visible(desk, "canned") if one.active],
        [] if ticket is None else [one.name for one in desk.rules_of(ticket).workflow.statuses],
    )
