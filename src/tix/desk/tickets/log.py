"""Follow the log: what is recorded now, then what was written since.

One process writes at a time, so ids increase in the order of commits: an item with a larger id than any seen is
new, and none can appear below it. Nothing is missed and nothing is shown twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tix.desk.context import Desk
from tix.desk.tickets import read
from tix.domain.permissions import require
from tix.domain.tickets.references import Reference
from tix.domain.tickets.timeline import ThreadLine
from tix.store.connection import Store
from tix.store.tickets import timeline
from tix.typing import NamedTuple


class LogFilter(NamedTuple):
    """What to follow: one ticket or all, since when, by whom; ``first`` existing lines are shown first (0: all)."""

    reference: Reference | None
    since: int | None
    by: str | None
    first: int


def last_id(store: Store) -> int:
    """Return the id of the last item, 0 where there is none."""
    return timeline.last_id(store)


def there(desk: Desk, ends: LogFilter) -> tuple[int, list[ThreadLine]]:
    """Return the last id and the lines up to it, oldest first, in one snapshot. Raises NotFound, NotAllowed."""
    with desk.store.reading():
        last = last_id(desk.store)
        if ends.reference is None:
            newest = read.log(desk, ends.since, ends.by, ends.first or -1)
            return last, _recorded(reversed(list(newest)))
        require(desk.actor, "log")
        whole = read.of(desk, read.find(desk, ends.reference), desk.scope)
        return last, _recorded(read.log_of(whole, ends.since, ends.by)[-ends.first :])


def after(desk: Desk, ends: LogFilter, seen: int) -> tuple[int, list[ThreadLine]]:
    """Return the last id and the lines after ``seen`` up to it, in one snapshot. Raises NotFound, NotAllowed."""
    require(desk.actor, "log")
    with desk.store.reading():
        last = last_id(desk.store)
        if last <= seen:
            return last, []
        ticket = None if ends.reference is None else read.find(desk, ends.reference).id
        found = timeline.log_after(desk.store, desk.scope, seen, last, ticket=ticket, by=ends.by)
        return last, _recorded(
            map(read.Named(desk.store, desk.scope, is_admin=desk.actor.is_admin).line, found)
        )


def between(desk: Desk, seen: int, last: int) -> Iterator[ThreadLine]:
    """Return the lines after ``seen`` and up to ``last`` that the actor may see, read as they are asked for.

    Raises NotAllowed.
    """
    require(desk.actor, "log")
    found = timeline.log_after(desk.store, desk.scope, seen, last)
    return filter(
        _is_recorded, map(read.Named(desk.store, desk.scope, is_admin=desk.actor.is_admin).line, found)
    )


def written(store: Store) -> int:
    """Return a number that changes with each commit of another connection, for as long as ``store`` is open."""
    return store.written()


def _recorded(lines: Iterable[ThreadLine]) -> list[ThreadLine]:
    """Return the recorded lines; what is due but not recorded yet follows once it is recorded."""
    return list(filter(_is_recorded, lines))


def _is_recorded(line: ThreadLine) -> bool:
    return line.item.id is not None
