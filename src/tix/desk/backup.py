"""The database file of a desk: details, backup and restore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tix.desk.context import Desk
from tix.domain.permissions import require, require_everything
from tix.errors import InvalidValue, NotOffered
from tix.store.connection import Store
from tix.typing import NamedTuple


class Info(NamedTuple):
    """Details of the store, and how much it holds. ``bytes`` is 0 where it does not exist yet.

    ``sqlite`` and ``journal_mode`` are of a store in a file, ``postgresql`` of one in a database.
    """

    path: str
    bytes: int
    format: int
    sqlite: str | None
    postgresql: str | None
    journal_mode: str | None
    tickets: int
    people: int


def info(desk: Desk) -> Info:
    """Return details of the store. Raises NotAllowed."""
    from tix.store import people

    require(desk.actor, "db info")
    store = desk.store
    engine = store.details()
    return Info(
        store.place,
        engine.bytes,
        engine.format,
        engine.version if engine.name == "sqlite" else None,
        engine.version if engine.name == "postgresql" else None,
        engine.settings.get("journal_mode"),
        store.value("ticket_count"),
        people.count(store),
    )


def require_file(store: Store, command: str, hint: str) -> None:
    """Refuse what is done to the file of a store. Raises NotOffered for a store in a database."""
    if not store.is_file:
        raise NotOffered(f"{command} works on a file, and this desk is in a PostgreSQL database", hint=hint)


def backup(desk: Desk, target: Path, *, force: bool = False) -> int:
    """Copy the store to a file, with ``force`` over an existing one; return its size in bytes.

    For people who see every ticket. Raises NotAllowed, InvalidValue, AlreadyExists, StorageFailure.
    """
    from tix.store.backup import backup as copy

    require(desk.actor, "db backup")
    require_everything(desk.actor, "db backup")
    if not desk.store.exists:
        raise InvalidValue(f"no desk at {desk.store.place} yet", hint="tix init")
    require_file(desk.store, "tix db backup", "pg_dump --format=custom ADDRESS > FILE; or tix export FILE")
    if target.exists() and target.samefile(desk.store.path):
        raise InvalidValue("the backup cannot be the store itself")
    return copy(desk.store, target, force)


def restore(source: Path, target: Path, now: int, permit: Callable[[Path], None]) -> Path | None:
    """Replace the store with a backup; return the path where the old file is kept, or None.

    ``permit`` is called with the copy that is about to replace the store, and raises to prevent it. Raises
    InvalidValue, ForeignStore or DamagedStore for a file that is not a backup, StorageFailure.
    """
    from tix.store.restore import restore as put_back

    check(source, target)
    return put_back(source, target, now, permit)


def check(source: Path, target: Path) -> None:
    """Check that a file can replace the store. Raises InvalidValue, ForeignStore or DamagedStore where it is no backup."""
    from tix.store.restore import verify

    verify(source)
    if target.exists() and source.samefile(target):
        raise InvalidValue("the backup cannot be the store itself")
