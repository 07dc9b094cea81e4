"""Apply an action to a ticket, unless it changed since the actor looked at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tix.desk.tickets.read import find
from tix.domain.tickets.timeline import ThreadLine
from tix.errors import NotAllowed
from tix.store.tickets import timeline
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Action, Outcome
    from tix.domain.tickets.references import Reference


class ChangedMeanwhile(Exception):  # not an error: the caller asks what to do
    """The ticket changed since it was shown; ``lines`` are the new lines, ``last`` is the id of the last item."""

    def __init__(self, lines: Sequence[ThreadLine], last: int) -> None:
        super().__init__()
        self.lines = lines
        self.last = last


def at_version(desk: Desk, reference: Reference, version: int, action: Action) -> Outcome:
    """Apply the action if the ticket is still at ``version``, in one transaction.

    A requester does not see versions, so they cannot ask for one: the answer would tell of internal changes. Raises
    NotFound, NotAllowed, StaleVersion, and what the action raises.
    """
    from tix.domain.tickets.edit import check_version

    with desk.store.writing():
        ticket = find(desk, reference)
        if not desk.scope.staff:
            raise NotAllowed(
                f"only agents and admins can name the version of a ticket (you are {desk.actor.login}, a requester)"
            )
        check_version(ticket, version)
        return action(desk, reference)


def do(
    desk: Desk, reference: Reference, seen: int, action: Callable[[Desk, Reference], Outcome]
) -> tuple[Outcome, int]:
    """Apply the action if the ticket has no item after the id ``seen``; return its outcome and the new last id.

    Raises ChangedMeanwhile, NotFound, and what the action raises.
    """
    with desk.store.together():
        ticket = find(desk, reference)
        last = timeline.last_id(desk.store)
        found = list(timeline.log_after(desk.store, desk.scope, seen, last, ticket=ticket.id))
        if found:
            raise ChangedMeanwhile(found, last)
        outcome = action(desk, reference)
        return outcome, timeline.last_id(desk.store)
