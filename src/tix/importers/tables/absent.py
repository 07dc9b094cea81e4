"""What the columns of a table do not say, and what is taken instead."""

from __future__ import annotations

from collections.abc import Iterator

from tix.importers.record import GHOST, Notice
from tix.importers.tables.header import Columns

_LATER = frozenset({"closed_at", "resolved_at", "updated_at", "last_activity_at"})
_ASKERS = frozenset({"requester", "requester_name", "requester_email", "creator"})


def notices(columns: Columns) -> Iterator[Notice]:
    """Yield what no column says of any ticket, and what is taken instead."""
    fields = {field for field in columns.fields if field}
    if "created_at" not in fields:
        instead = (
            "the earliest date in each row is taken" if fields & _LATER else "the time of the import is taken"
        )
        yield Notice(
            f"no column says when tickets were created; {instead}: name one with --map 'COLUMN=created_at'",
            "",
            1,
        )
    if not fields & _ASKERS:
        yield Notice(
            f"no column says who asked; the tickets are those of '{GHOST.login}': name one with --map 'COLUMN=requester'",
            "",
            1,
        )
