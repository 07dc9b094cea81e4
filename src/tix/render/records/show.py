"""The record of a whole ticket, thread included."""

from __future__ import annotations

from tix.render.records.tickets import full_record, item_record
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.desk.tickets.read import FullTicket


def written(desk: Desk, outcome: Outcome, *, rehearsed: bool = False) -> dict[str, Any]:
    """The object of a write: that of ``show``, and what the write did."""
    from tix.desk.tickets import read
    from tix.render.records.effects import effects

    whole = read.of(desk, outcome.ticket, desk.scope)
    seen = {line.item.id for line in whole.lines}  # by a requester less than was written
    outcome = outcome._replace(items=tuple(item for item in outcome.items if item.id in seen))
    return record(desk, whole) | effects(outcome, may_undo=desk.scope.staff, rehearsed=rehearsed)


def record(desk: Desk, whole: FullTicket, events: bool = True) -> dict[str, Any]:
    """The object of ``show``."""
    thread = [
        item_record(line.item, line.by_name, origin=line.origin)
        for line in whole.lines
        if events or line.item.kind != "event"
    ]
    requester = whole.requester
    name, email = (None, None) if requester is None else (requester.name, requester.email)
    return full_record(whole.ticket, name, email, whole.scope.staff, desk.now, thread)
