"""The store of a desk: details, backup, restore, and copies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tix.desk.context import Desk
from tix.domain.databases import is_database
from tix.domain.permissions import require, require_everything
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.store.copy.work import Copied, Told


def _quiet(stage: str, done: int, total: int | None) -> None:
    """Say nothing."""


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


def backup(desk: Desk, target: Path, *, force: bool = False, tell: Told = _quiet) -> int:
    """Copy the store to a file, with ``force`` over an existing one; return its size in bytes.

    For people who see every ticket. ``tell`` hears how far it is. Raises NotAllowed, InvalidValue, AlreadyExists, StorageFailure.
    """
    from tix.store.backup import backup as copy_to_file

    _require_whole(desk)
    if desk.store.is_file and target.exists() and target.samefile(desk.store.path):
        raise InvalidValue("the backup cannot be the store itself")
    if desk.store.is_file:
        return copy_to_file(desk.store, target, force)
    from tix.store import copies

    return copy_to_file(desk.store, target, force, lambda path: copies.to_file(desk.store, path, tell))


def copy(desk: Desk, place: str, *, anew: bool = False, tell: Told = _quiet) -> list[Copied]:
    """Copy the desk to the path or address ``place``; return its tables, each compared with what it was copied from.

    For people who see every ticket. Goes on with a copy that was broken off, or with ``anew`` begins it again. Raises NotAllowed,
    AlreadyExists where there is a desk, ForeignStore, StorageFailure.
    """
    from tix.store import copies

    _require_whole(desk)
    return copies.copy(desk.store, place, anew=anew, tell=tell)


def copy_counts(desk: Desk, place: str) -> list[Copied]:
    """Return what ``copy`` would copy. Raises as it does."""
    from tix.store import copies

    _require_whole(desk)
    copies.check(place)
    return copies.counts(desk.store)


def _require_whole(desk: Desk) -> None:
    """Raises NotAllowed unless the actor sees every ticket; InvalidValue where there is no desk."""
    require(desk.actor, "db backup")
    require_everything(desk.actor, "db backup")
    if not desk.store.exists:
        raise InvalidValue(f"no desk at {desk.store.place} yet", hint="tix init")


def restore(
    source: Path, place: str, now: int, permit: Callable[[Path], None], tell: Told = _quiet
) -> str | None:
    """Replace the store at a path or an address with a backup.

    Return the path of the file, or the name of the schema, that keeps what was there; None where there was nothing. ``permit`` is
    called with the copy that is about to replace the store, and raises to prevent it. Raises InvalidValue, ForeignStore or
    DamagedStore for a file that is not a backup, StorageFailure.
    """
    check(source, place)
    if is_database(place):
        from tix.store.restore_database import restore as exchange

        kept_in: str | None = exchange(source, place, now, permit, tell)
        return kept_in
    from tix.store.restore import restore as put_back

    kept = put_back(source, Path(place), now, permit)
    return None if kept is None else str(kept)


def check(source: Path, place: str) -> None:
    """Check that a file can replace the store. Raises InvalidValue, ForeignStore or DamagedStore where it is no backup."""
    from tix.store.restore import verify

    verify(source)
    if not is_database(place) and Path(place).exists() and source.samefile(place):
        raise InvalidValue("the backup cannot be the store itself")
