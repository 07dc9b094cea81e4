"""The tickets of an export, as the formats of other programs read them."""

from __future__ import annotations

from collections.abc import Iterator

from tix.desk.transfer.export import Export
from tix.domain.json_columns import loads
from tix.render.exports.format import Format
from tix.render.exports.tickets import Record, Tickets
from tix.render.records.archive import Lines


def tickets(export: Export, format: Format, *, staff: bool, now: int, beside: bool = False) -> Tickets:
    """Return what ``format`` writes of an export for one reader; ``beside`` as in ``Tickets``."""

    def read() -> Iterator[Record]:
        return records(export, staff=staff, now=now)

    return Tickets(read, export.facts, notes=staff and format.keeps_notes, beside=beside)


def records(export: Export, *, staff: bool, now: int) -> Iterator[Record]:
    """Yield the objects of ``tix export``, without the bytes of files."""
    lines = Lines(export.names, lambda _: None, staff=staff, now=now)
    for part in export.parts():
        for row in part.rows:
            yield loads("".join(lines.line(row, part.items.get(row[0], ()), part.files)))
