"""A log that is followed: what is recorded now, then what was written since.

Ids are given in the order of the commits, since one process writes at a time: what has a larger id than all that
was seen is new, and nothing can come in below it. So nothing is missed and nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tix.desk.context import Desk
from tix.desk.tickets import read
from tix.domain.permissions import require
from tix.domain.tickets.references import Reference
from tix.domain.tickets.timeline import Line
from tix.store.tickets import timeline


class Ends(NamedTuple):
    """What to follow: one ticket or all, from when, by whom; ``first`` are shown of what was there (0: all)."""

    reference: Reference | None
    since: int | None
    by: str | None
    first: int


def last_id(desk: Desk) -> int:
    """The id of what was written last, 0 where there is nothing."""
    return timeline.last_id(desk.store)


def there(desk: Desk, ends: Ends) -> tuple[int, list[Line]]:
    """The last id and what there is up to it, oldest first, in one snapshot. Raises NotFound, NotAllowed."""
    with desk.store.reading():
        last = last_id(desk)
        if ends.reference is None:
            newest = read.log(desk, ends.since, ends.by, ends.first or -1)
            return last, _recorded(reversed(list(newest)))
        require(desk.actor, "log")
        whole = read.of(desk, read.find(desk, ends.reference), desk.scope)
        return last, _recorded(read.log_of(whole, ends.since, ends.by)[-ends.first :])


def after(desk: Desk, ends: Ends, seen: int) -> tuple[int, list[Line]]:
    """The last id and what was written past ``seen`` up to it, in one snapshot. Raises NotFound, NotAllowed."""
    require(desk.actor, "log")
    with desk.store.reading():
        last = last_id(desk)
        if last <= seen:
            return last, []
        ticket = None if ends.reference is None else read.find(desk, ends.reference).id
        found = timeline.log_after(desk.store, desk.scope, seen, last, ticket=ticket, by=ends.by)
        return last, _recorded(map(read.Named(desk.store, desk.scope).line, found))


def _recorded(lines: Iterable[Line]) -> list[Line]:
    """What is recorded; what time has done and nobody has recorded yet comes when it is."""
    return [line for line in lines if line.item.id is not None]
