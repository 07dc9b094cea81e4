"""The first screen: counts of open tickets, and the actor's most urgent ones."""

from __future__ import annotations

from tix.desk import notifications
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.domain.permissions import require
from tix.store.search.queue import Selection
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk

MOST_URGENT = 5


class Overview(NamedTuple):
    """Counts of tickets visible to the actor and of ``unread`` notifications; their own most urgent tickets.

    To staff who have none, ``urgent`` are the unassigned ones, and ``is_mine`` is False.
    """

    counts: dict[str, int]
    urgent: Selection
    is_mine: bool = True


def inbox(desk: Desk) -> Selection:
    """Return what ``list --mine`` shows, for the inbox. Raises NotAllowed."""
    require(desk.actor, "inbox")
    return select.queue(desk, Filters(mine=True), [])


def overview(desk: Desk) -> Overview:
    """Count tickets that are ``open``, ``overdue``, for staff also ``unassigned`` and ``mine``; and ``unread``."""

    def count(**filters: Any) -> int:
        return select.count(desk, Selection({desk.queue: None, **filters}))

    counts = {"open": count(), "overdue": count(overdue=None)}
    mine: dict[str, Any] = {desk.queue: None}
    if desk.actor.is_staff:
        counts |= {"unassigned": count(unassigned=None), "mine": count(mine=None)}
        mine["mine" if counts["mine"] else "unassigned"] = None
    counts["unread"] = notifications.unread(desk)
    if "unassigned" in mine:
        return Overview(counts, Selection(mine, None, MOST_URGENT), is_mine=False)
    return Overview(counts, Selection(mine, None, MOST_URGENT))
