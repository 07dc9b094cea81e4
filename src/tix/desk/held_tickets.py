"""The open tickets that are assigned to somebody, and giving them to another person."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.tickets import assign
from tix.domain.names import is_none
from tix.domain.tickets.references import Reference
from tix.store.search import queue


def held(desk: Desk, login: str) -> list[Reference]:
    """Return the open tickets assigned to a person."""
    wanted = queue.Selection({"open": None, "assignee": [login]}, "number")
    return [
        Reference(row.ticket.prefix, row.ticket.number)
        for row in queue.page(desk.store, desk.scope, wanted, desk.now)
    ]


def hand_over(desk: Desk, login: str, to: str) -> int:
    """Assign a person's open tickets to ``to``, or with ``none`` to nobody; return how many. Raises UnknownName."""
    who = None if is_none(to) else desk.person(to)
    found = held(desk, login)
    for reference in found:
        assign.assign(desk, reference, who)
    return len(found)
