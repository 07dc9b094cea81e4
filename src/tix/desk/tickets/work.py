"""Time worked, logged with a reply or on its own."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.domain.billing import time_entries
from tix.domain.permissions import require
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item, Work


def put_down(desk: Desk, ticket: Ticket, work: Work, text: str | None = None) -> Item:
    """Return the item that logs time, as part of another write. Raises NotAllowed, FinalStatus, Refused."""
    require(desk.actor, "time")
    return time_entries.added(ticket, desk.rules_of(ticket), desk.author("staff"), work, text)
