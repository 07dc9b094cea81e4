"""Export whole tickets as JSON Lines, as ``tix export`` does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tix.api import requests
from tix.api.tickets import Answer, Call
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.desk.transfer import export as transfer_export
from tix.render.records.archive import Lines
from tix.render.records.ticket_encoder import encode

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.queue.select import Selection


def export(call: Call) -> Answer:
    """All tickets that the filters select, in the order of their numbers; with ``files`` also their contents."""
    filters = Filters(**{name: getattr(call.query, name) for name, *_ in requests.FILTERS})
    chosen = select.found(call.desk, filters)
    chosen = chosen._replace(sort=chosen.sort or "number", limit=call.query.limit or -1)
    return Answer(_lines(call.desk, chosen, files=call.query.files))


def _lines(desk: Desk, chosen: Selection, *, files: bool) -> Iterator[str]:
    """Yield the export in pieces of text. The first one is yielded when everything has been read from the store."""
    with transfer_export.taken(desk, chosen, files=files) as taken:
        lines = Lines(taken.names, taken.data, staff=desk.scope.staff, now=desk.now)
        facts = taken.facts
        is_first = True
        for part in taken.parts():
            for row in part.rows:
                items = part.items.get(row[0], ())
                yield from lines.line(row, items, part.files, facts if is_first else None)
                yield "\n"
                is_first = False
        if is_first:
            yield encode({"desk": facts}) + "\n"
