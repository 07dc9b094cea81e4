"""What has fallen due, recorded once: for cron, and before anything moves clocks for many tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tix.desk.context import Desk
from tix.desk.settle import _settle
from tix.domain.permissions import require
from tix.errors import TixError
from tix.store.tickets import tickets

# Tickets in one transaction: enough that syncing does not matter, few enough that nobody waits long.
_BATCH = 500
# A country's holidays are kept as dates (ordinals; 1 January 1970 is 719,163): five years ahead at least.
_DAYS_AHEAD = 719_163 + 5 * 366


def tick(desk: Desk, failed: Callable[[TixError], None] = lambda error: None) -> Counter[str]:
    """Records what time has done to all tickets, and raises those of schedules; how many of each.

    Safe to run twice, at once or never: each is looked at again under the lock. ``failed`` hears of schedules
    that cannot be.
    """
    require(desk.actor, "tick")
    recorded: Counter[str] = Counter()
    waiting = [ticket.id for ticket in tickets.due(desk.store, desk.now)]
    for start in range(0, len(waiting), _BATCH):
        with desk.store.writing():
            recorded += _settle(
                desk, (tickets.by_id(desk.store, id) for id in waiting[start : start + _BATCH] if id)
            )
    names = [name for (name,) in desk.store.run("schedules_due", now=desk.now)]
    if names:
        from tix.desk.schedules import run

        recorded["scheduled"] = run.fire(desk, names, failed)
    if desk.store.value("calendars_ending", day=desk.now // 86_400 + _DAYS_AHEAD):
        from tix.desk.resources import sla

        sla.look_ahead(desk)
    return recorded
