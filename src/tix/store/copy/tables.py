"""The tables of a store that a copy takes: their columns, and the key that they are read by."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tix.store.compiled import sqlite
from tix.typing import NamedTuple

# The table in an unfinished target that says how far the copy is.
MARKS = "tix_copying"
# What is computed from the other tables in the target.
INDEXES = ("public_text", "internal_text")
# The highest id that a ticket ever had: on SQLite in a table of its own.
HIGHEST = "highest_id"

_CREATE = "CREATE TABLE "


class Table(NamedTuple):
    """A table. ``kinds`` are of its columns, ``INTEGER``, ``TEXT`` or ``BLOB``; ``key`` are the columns of its primary key."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def is_large(self) -> bool:
        """Whether a row may have many megabytes."""
        return "BLOB" in self.kinds

    def listed(self, columns: tuple[str, ...]) -> str:
        """Return columns as SQL names them on both engines."""
        return ", ".join(f'"{column}"' for column in columns)


def copied() -> list[Table]:
    """Return the tables of a store, each behind those that its rows refer to, and the highest id last."""
    made = []
    with closing(sqlite3.connect(":memory:")) as empty:
        for statement in sqlite.SCHEMA:
            if not statement.startswith(_CREATE):
                continue
            empty.execute(statement)
            name = statement.removeprefix(_CREATE).split()[0].strip('"')
            rows = empty.execute(f'PRAGMA table_info("{name}")').fetchall()
            columns, kinds = (tuple(row[place] for row in rows) for place in (1, 2))
            key = tuple(row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5])
            made.append(Table(name, columns, kinds, key))
    return [*made, Table(HIGHEST, ("name", "id"), ("TEXT", "INTEGER"), ("name",))]
