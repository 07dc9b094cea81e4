"""Apply everything that is due, for cron."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tix.desk import idempotency
from tix.desk.accounts import sessions
from tix.desk.context import Desk
from tix.desk.settle import settle_tickets
from tix.domain.permissions import require
from tix.errors import TixError
from tix.store.tickets import tickets

# Tickets per transaction: enough to make syncing cheap, few enough that nobody waits long.
_BATCH = 500
# Public holidays are stored as date ordinals (1 January 1970 is 719,163), at least five years ahead.
_DAYS_AHEAD = 719_163 + 5 * 366


def tick(desk: Desk, failed: Callable[[TixError], None] = lambda error: None) -> Counter[str]:
    """Record what is due on all tickets and create the tickets of schedules; return how many of each kind.

    Safe to run twice or concurrently: each ticket is checked again under the lock. ``failed`` is called with the
    error of each schedule that fails.
    """
    require(desk.actor, "tick")
    recorded: Counter[str] = Counter()
    waiting = [ticket.id for ticket in tickets.due(desk.store, desk.now)]
    for start in range(0, len(waiting), _BATCH):
        with desk.store.writing():
            recorded += settle_tickets(
                desk, (tickets.by_id(desk.store, id) for id in waiting[start : start + _BATCH] if id)
            )
    names = [name for (name,) in desk.store.run("schedules_due", now=desk.now)]
    if names:
        from tix.desk.schedules import run

        recorded["scheduled"] = run.fire(desk, names, failed)
    idempotency.sweep(desk.store, desk.now)
    if desk.store.value("calendars_ending", day=desk.now // 86_400 + _DAYS_AHEAD):
        from tix.desk.resources import sla

        sla.look_ahead(desk)
    sessions.sweep(desk)
    return recorded
