"""Record what is due on tickets: overdue marks, auto-close, the end of a snooze."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tix.desk import notifications
from tix.desk.context import Desk
from tix.domain.tickets.lifecycle import settle
from tix.domain.tickets.ticket import Ticket, play
from tix.store.tickets import tickets


def settle_desk(desk: Desk) -> None:
    """Record what is due on all tickets, inside the transaction of a command that changes due dates."""
    settle_tickets(desk, tickets.due(desk.store, desk.now))


def settle_tickets(desk: Desk, found: Iterable[Ticket | None]) -> Counter[str]:
    """Record what is due on these tickets, inside a transaction; return how many events of each type."""
    recorded: Counter[str] = Counter()
    for ticket in found:
        items = [] if ticket is None else settle(ticket, desk.now)
        if ticket is not None and items:
            settled = play(ticket, items)
            kept = tickets.save(desk.store, ticket, settled, items)
            notifications.of_change(desk, ticket, settled, kept)
            recorded.update(item.type for item in items if item.type is not None)
    return recorded
