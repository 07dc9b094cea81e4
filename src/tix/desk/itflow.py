"""What scripts written against ITFlow ask for, in its terms (its api/v1/tickets/*.php as of August 2026).

ITFlow calls people, clients and assets by numbers; here they are the names that this desk has. A ticket's id is the one
of the database, as there: it may differ from its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tix.desk.context import Desk
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.desk.tickets import read
from tix.desk.tickets.read import FullTicket
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.errors import NotFound
from tix.store.tickets import tickets
from tix.typing import NamedTuple


class State(NamedTuple):
    """A status in ITFlow's two forms."""

    number: int
    name: str


NEW, OPEN, HOLD = State(1, "New"), State(2, "Open"), State(3, "On Hold")
RESOLVED, CLOSED = State(4, "Resolved"), State(5, "Closed")


def state(desk: Desk, ticket: Ticket) -> State:
    """Return the status of a ticket as ITFlow has it: by its phase, whether it waits, and whether work has begun."""
    if ticket.phase != "open":
        return RESOLVED if ticket.phase == "resolved" else CLOSED
    workflow = desk.rules_of(ticket).workflow
    if ticket.status in workflow.targets("hold") or workflow.status(ticket.status).pauses:
        return HOLD
    return NEW if ticket.status == workflow.first.name else OPEN


def reference(desk: Desk, ticket_id: int) -> Reference:
    """Return the reference of the ticket with an id of the database. Raises NotFound, also for one that is hidden."""
    found = tickets.by_id(desk.store, ticket_id)
    if found is None or tickets.get(desk.store, found.number, desk.scope) is None:
        raise NotFound(f"no ticket with the id {ticket_id}")
    return Reference(found.prefix, found.number)


def listed(desk: Desk, limit: int, offset: int) -> Iterator[FullTicket]:
    """Yield the tickets that the actor may see, in the order they were created, without the first ``offset``."""
    chosen = select.queue(desk, Filters(all=True, sort="number"), [])._replace(limit=offset + limit)
    for row in islice(select.page(desk, chosen), offset, None):
        yield read.of(desk, row.ticket, desk.scope)
