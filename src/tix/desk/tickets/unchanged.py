"""Apply an action to a ticket, unless it changed since the actor looked at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tix.desk.tickets.read import Named, find
from tix.domain.permissions import you_are
from tix.domain.tickets.timeline import ThreadLine
from tix.errors import NotAllowed, StaleVersion
from tix.store.tickets import timeline
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

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
                Said(
                    "only agents and admins can name the version of a ticket ({you})", you=you_are(desk.actor)
                )
            )
        check_version(ticket, version)
        return action(desk, reference)


def do(
    desk: Desk, reference: Reference, seen: int, action: Callable[[Desk, Reference], Outcome]
) -> tuple[Outcome, int]:
    """Apply the action if the ticket has no item after the id ``seen``; return its outcome and the new last id.

    What time alone did is no change that somebody has to look at. Raises ChangedMeanwhile, NotFound, and what the action raises.
    """
    with desk.store.together():
        ticket = find(desk, reference)
        last = timeline.last_id(desk.store)
        newer = timeline.log_after(desk.store, desk.scope, seen, last, ticket=ticket.id)
        newer = map(Named(desk.store, desk.scope).line, newer)
        found = [line for line in newer if line.item.side != "system"]
        if found:
            raise ChangedMeanwhile(found, last)
        outcome = action(desk, reference)
        return outcome, timeline.last_id(desk.store)


def since(desk: Desk, reference: Reference, seen: int, action: Action) -> Outcome:
    """Apply the action as ``do`` does. Raises StaleVersion where the ticket has changed."""
    try:
        return do(desk, reference, seen, action)[0]
    except ChangedMeanwhile as changed:
        ref = changed.lines[0].ref or reference.text
        raise StaleVersion(
            Said("{ref} has changed since its entry {seen}", ref=ref, seen=seen),
            hint=Said("look at it first: tix show {ref}", ref=ref),
        ) from None
