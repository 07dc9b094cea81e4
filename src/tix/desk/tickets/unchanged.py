"""One action on a ticket that somebody looked at, unless others have done something to it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tix.desk.tickets.read import find
from tix.domain.tickets.timeline import Line
from tix.store.tickets import timeline

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.references import Reference


class ChangedMeanwhile(Exception):  # no failure: it is asked about
    """Somebody has done something to the ticket since it was shown; ``last`` is the id of what was written last."""

    def __init__(self, lines: Sequence[Line], last: int) -> None:
        super().__init__()
        self.lines = lines
        self.last = last


def do(
    desk: Desk, reference: Reference, seen: int, action: Callable[[Desk, Reference], Outcome]
) -> tuple[Outcome, int]:
    """The action, if nothing was written on the ticket past the id ``seen``; what came of it, and the last id then.

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
