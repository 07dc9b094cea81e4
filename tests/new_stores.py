"""A new store is a copy of the first one: nearly every test makes one, and the schema is two hundred statements.

Only within the process of the tests. A command that is a process of its own makes its store as anybody's does.
"""

from __future__ import annotations

import sqlite3

from tix.store import open as store_open

_fill = store_open._fill
_first: list[sqlite3.Connection] = []


def copied() -> None:
    """From now on fill new stores by copying the first."""
    store_open._fill = _copy


def _copy(connection: sqlite3.Connection) -> None:
    if not _first:
        made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        _fill(made)
        _first.append(made)
    _first[0].backup(connection)
