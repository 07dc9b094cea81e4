"""Rows fetched without holding the store's lock while they are printed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

_CHUNK = 1000


def spooled(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    """The rows of ``cursor``: up to a thousand are fetched first, more go through an unlinked file.

    In DELETE mode an open cursor keeps writers from committing, and a printer may be slow (``| less``).
    """
    first = cursor.fetchmany(_CHUNK)
    if len(first) < _CHUNK:
        cursor.close()
        yield from first
        return
    import marshal
    import tempfile

    with tempfile.TemporaryFile(prefix="tix-") as file:
        while rows := cursor.fetchmany(_CHUNK):
            marshal.dump(rows, file)
        cursor.close()
        end = file.tell()
        file.seek(0)
        yield from first
        while file.tell() < end:
            yield from marshal.load(file)  # noqa: S302  # our own file, written a moment ago
