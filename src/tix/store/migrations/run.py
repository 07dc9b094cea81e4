"""Migrate a store to the present format: first a backup, then every step in one transaction, or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from filecmp import cmp
from glob import escape
from itertools import count, takewhile
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, StaticPool, create_engine
from sqlalchemy.exc import DBAPIError

from tix.errors import DamagedStore, StorageFailure, StoreUnusable, TixError
from tix.store.backup import backup
from tix.store.connection import Store, connect, failure
from tix.store.damage import damages
from tix.store.migrations import schema_2, schema_3, schema_4, schema_5, schema_6
from tix.typing import NamedTuple

Step = Callable[[Operations, Connection], None]

# The format a step leads to, and the step.
STEPS: Mapping[int, Step] = {
    2: schema_2.upgrade,
    3: schema_3.upgrade,
    4: schema_4.upgrade,
    5: schema_5.upgrade,
    6: schema_6.upgrade,
}


class Migrated(NamedTuple):
    """What was done: from which format to which, and where the original store is kept."""

    old: int
    new: int
    kept: Path | None


def migrate(
    path: Path,
    on_wait: Callable[[], None] | None = None,
    *,
    keep: bool = True,
    steps: Mapping[int, Step] = STEPS,
) -> Migrated | None:
    """Migrate the store at ``path`` to the newest format; return None if another process has just done it.

    Without ``keep`` no copy of the original is made. Raises StorageFailure, StoreBusy or StoreUnusable; then the
    store is unchanged.
    """
    try:
        with closing(Store(connect(path, on_wait=on_wait), path)) as store:
            store.format = None  # it is about to change
            # SQLAlchemy inspects a new connection and rolls back, so this comes before the lock.
            with _borrowed(store.connection) as connection:
                return _migrate(store, connection, keep, steps)
    except sqlite3.Error as error:
        raise failure(error, path) from error


def _migrate(store: Store, connection: Connection, keep: bool, steps: Mapping[int, Step]) -> Migrated | None:
    old, new, kept = 0, max(steps), None
    try:
        with store.writing():
            old = _format(store)
            if old >= new:
                return None
            _prove(store)
            kept = _keep(store, old) if keep else None
            for number in range(old + 1, new + 1):
                _take(store, steps, number, connection)
            store.execute(f"PRAGMA user_version={new}")
    except BaseException as error:
        # A commit that reported failure may have succeeded nevertheless.
        if not old or _is_still(store, old):
            if kept is not None:
                kept.unlink(missing_ok=True)  # it equals the store, and takes space
            if isinstance(error, StorageFailure):
                error.hint = _needs(store.path)
        raise
    return Migrated(old, new, kept)


def _is_still(store: Store, version: int) -> bool:
    try:
        return not store.connection.in_transaction and _format(store) == version
    except (TixError, sqlite3.Error):
        return False


def _needs(path: Path) -> str:
    megabytes = max(1, round(3 * path.stat().st_size / 1e6))
    return (
        "the desk has an older format and is unchanged; migrating it needs permission to write "
        f"in {path.resolve().parent} and about {megabytes} MB of free space there"
    )


@contextmanager
def _borrowed(connection: sqlite3.Connection) -> Iterator[Connection]:
    """Our connection as SQLAlchemy's, which neither begins, ends nor closes anything on it."""
    engine = create_engine(
        "sqlite://", creator=lambda: connection, poolclass=StaticPool, pool_reset_on_return=None
    )
    with engine.connect() as borrowed:
        yield borrowed


def _format(store: Store) -> int:
    (number,) = store.execute("PRAGMA user_version").fetchone()
    return int(number)


# ----------------------------------------------------------------------------------------------- the steps


def _take(store: Store, steps: Mapping[int, Step], number: int, connection: Connection) -> None:
    """Run one step.

    If the database refuses something, that is the fault of the store or of tix, never of the user.
    """
    operations = Operations(MigrationContext.configure(connection))
    try:
        steps[number](operations, connection)
        broken = store.execute("PRAGMA foreign_key_check").fetchone()
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            try:
                raise failure(error.orig, store.path) from error
            except sqlite3.Error:
                found = next(damages(store.connection), None)
                raise _refused(store.path, number, str(found or error.orig)) from error
        raise
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        found = next(damages(store.connection), None)
        why = f"{type(error).__name__}: {error}" if found is None else str(found)
        raise _refused(store.path, number, why) from error
    if broken is not None:
        raise _refused(store.path, number, f"a row of {broken[0]} refers to a missing {broken[2]}")


def _refused(path: Path, number: int, why: str) -> StoreUnusable:
    return StoreUnusable(
        f"the store {path} cannot be migrated to format {number}: {why}",
        hint="it is unchanged, and the version of tix that made it still opens it; please report this",
    )


def _prove(store: Store) -> None:
    """Raise DamagedStore for a damaged store, which has to be repaired first."""
    (found,) = store.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DamagedStore(
            f"the store {store.path} is damaged: {found}", hint="restore a backup: tix db restore FILE"
        )


# ---------------------------------------------------------------------------------------------- the backup


def _keep(store: Store, version: int) -> Path:
    """Make a copy of the store as it is, beside it, under an unused name; return its path.

    It is made under the store's lock, so it is what the steps find, and no other process makes one meanwhile. A
    connection that has begun to write cannot be copied from, so another one reads. (Opening the file with
    ``open`` and closing it would end our lock: https://sqlite.org/howtocorrupt.html, 2.2.)
    """
    place = store.path.resolve()
    name = f"{place.name}.schema-{version}.backup"
    for part in place.parent.glob(f".{escape(name)}*.part*"):
        part.unlink(missing_ok=True)
    names = (place.with_name(f"{name}.{number}" if number else name) for number in count())
    there = list(takewhile(_is_taken, names))
    target = place.with_name(f"{name}.{len(there)}" if there else name)
    with closing(Store(connect(place), place)) as reader:
        backup(reader, target)
    for other in there:
        # Left by a killed attempt; repeated attempts must not fill a small disk.
        if other.is_file() and cmp(other, target, shallow=False):
            target.unlink()
            return other
    return target


def _is_taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()
