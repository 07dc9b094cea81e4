"""Records of the tickets a list shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.store.search import queue as search_queue


def records(desk: Desk, chosen: search_queue.Selection, *, answers: bool = False) -> Iterator[dict[str, Any]]:
    """The selected tickets as records; with ``answers`` also what their topics asked, as in ``show``."""
    from tix.render.records.tickets import ticket_record
    from tix.store.search import queue

    staff, now = desk.scope.staff, desk.now
    for row in queue.page(desk.store, desk.scope, chosen, now):
        record = ticket_record(row.ticket, row.requester_name, row.requester_email, staff, now)
        if answers:
            record["fields"] = row.ticket.field_values(staff=staff)
        yield record


def lines(desk: Desk, chosen: search_queue.Selection) -> Iterator[str]:
    """The selected tickets as JSON, one a line: for a whole desk a third of the time of ``records``."""
    from tix.render.records.ticket_json import Listed
    from tix.store.search import queue

    listed = Listed(staff=desk.scope.staff, now=desk.now)
    for row in queue.page(desk.store, desk.scope, chosen, desk.now):
        yield listed.line(row.ticket, row.requester_name, row.requester_email) + "\n"
