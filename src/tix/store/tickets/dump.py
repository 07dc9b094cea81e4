"""Read many whole tickets in one snapshot: rows, items and files as the driver returns them.

Statements run per batch of ticket ids, so the number of queries grows with the batches, never with the tickets.
The queries themselves leave internal items to staff.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from tix.domain.permissions import Scope
from tix.store.connection import Store
from tix.store.search import queue
from tix.typing import Any, NamedTuple

BATCH = 500

Row = tuple[Any, ...]


class TicketPage(NamedTuple):
    """Some tickets: their columns (then the requester's name and address), items and files.

    ``items`` are by ticket id, by time, then id; ``files`` by item id. Item columns: kind, at, by, via, side,
    internal, body, type, field, old, new, reason, sets (JSON), id, the ticket on whose line it is exported, the
    reference of the one a merge has brought it from, then at, seconds, billable, invoice of the time it logged.
    File columns: item_id, name, size, mime, sha256, kind, id.
    """

    rows: list[Row]
    items: dict[int, list[Row]]
    files: dict[int, list[Row]]


def parts(store: Store, scope: Scope, selection: queue.Selection, now: int) -> Iterator[TicketPage]:
    """Yield the selected tickets that ``scope`` sees, in order. Inside ``Store.reading``: one snapshot."""
    found = queue.rows(store, scope, selection, now)
    while rows := found.fetchmany(BATCH):
        yield TicketPage(rows, *_threads(store, [row[0] for row in rows], scope.staff))


def bare_items(store: Store, ticket_ids: list[int]) -> dict[int, list[Row]]:
    """Return what is left of the timelines of deleted tickets, by ticket id. For staff."""
    items, _ = _threads(store, ticket_ids, staff=True)
    return items


def _threads(store: Store, ids: list[int], staff: bool) -> tuple[dict[int, list[Row]], dict[int, list[Row]]]:
    values = {"ids": json.dumps(ids), "staff": int(staff)}
    items: dict[int, list[Row]] = {}
    for row in store.run("export_items", **values):
        items.setdefault(row[14], []).append(row)
    files: dict[int, list[Row]] = {}
    for row in store.run("files_of_many", **values):
        files.setdefault(row[0], []).append(row)
    return items, files
