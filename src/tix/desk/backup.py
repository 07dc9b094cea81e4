"""The file a desk is kept in: what it is, a copy of it, and a copy put in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tix.desk.context import Desk
from tix.domain.permissions import require, require_everything
from tix.errors import InvalidValue
from tix.store import people
from tix.store.backup import backup as copy
from tix.store.restore import restore as put_back
from tix.store.restore import verify


class Info(NamedTuple):
    """What the store is, and how much is in it. ``bytes`` is 0 where there is none yet."""

    path: str
    bytes: int
    format: int
    sqlite: str
    journal_mode: str
    tickets: int
    people: int


def info(desk: Desk) -> Info:
    """What the store is. Raises NotAllowed."""
    import sqlite3

    require(desk.actor, "db info")
    store = desk.store
    return Info(
        str(store.path),
        store.path.stat().st_size if store.exists else 0,
        store.execute("PRAGMA user_version").fetchone()[0],
        sqlite3.sqlite_version,
        store.execute("PRAGMA journal_mode").fetchone()[0],
        store.value("ticket_count"),
        people.count(store),
    )


def backup(desk: Desk, target: Path, *, force: bool = False) -> int:
    """Copies the store to a file, with ``force`` over one that is there; how many bytes that are.

    For who sees all of the desk. Raises NotAllowed, InvalidValue, AlreadyExists, StorageFailure.
    """
    require(desk.actor, "db backup")
    require_everything(desk.actor, "db backup")
    if not desk.store.exists:
        raise InvalidValue(f"there is no desk at {desk.store.path} yet")
    if target.exists() and target.samefile(desk.store.path):
        raise InvalidValue("the backup cannot be the store itself")
    return copy(desk.store, target, force)


def restore(source: Path, target: Path, now: int, permit: Callable[[Path], None]) -> Path | None:
    """Puts a backup in the place of the store; where the old file is kept, or None.

    ``permit`` gets the copy that is about to be the store, and raises where that may not be. Raises InvalidValue,
    ForeignStore or DamagedStore for a file that is no backup, StorageFailure.
    """
    verify(source)
    if target.exists() and source.samefile(target):
        raise InvalidValue("the backup cannot be the store itself")
    return put_back(source, target, now, permit)
