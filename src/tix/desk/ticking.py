"""What has fallen due, recorded once: for cron, and before anything moves clocks for many tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from tix.desk import noticing
from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.domain.tickets.lifecycle import settle
from tix.domain.tickets.ticket import Ticket, play
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
        from tix.desk import recurring

        recorded["scheduled"] = recurring.fire(desk, names, failed)
    if desk.store.value("calendars_ending", day=desk.now // 86_400 + _DAYS_AHEAD):
        from tix.desk import clocks

        clocks.look_ahead(desk)
    return recorded


def settle_desk(desk: Desk) -> None:
    """The same inside the transaction of a command that moves clocks."""
    _settle(desk, tickets.due(desk.store, desk.now))


def _settle(desk: Desk, found: Iterable[Ticket | None]) -> Counter[str]:
    recorded: Counter[str] = Counter()
    for ticket in found:
        items = [] if ticket is None else settle(ticket, desk.now)
        if ticket is not None and items:
            settled = play(ticket, items)
            kept = tickets.save(desk.store, ticket, settled, items)
            noticing.of_change(desk, ticket, settled, kept)
            recorded.update(item.type for item in items if item.type is not None)
    return recorded
