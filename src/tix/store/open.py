"""Open a store's file, check that it is one, and create a new one."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable

from tix.domain.databases import is_database, shown
from tix.errors import DamagedStore, ForeignStore, Refused, StorageFailure, StoreUnusable, TixError
from tix.store import files
from tix.store.compiled import sqlite
from tix.store.connection import Store, connect, failure
from tix.store.database import WAIT_SECONDS
from tix.store.file_header import examine
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

# How long somebody waits for the explanation of a failure.
EXPLAIN_SECONDS = 20.0

# Without indexes and SQLite's own tables (its statistics, the numbers of AUTOINCREMENT).
_SCHEMA_QUERY = (
    "SELECT type, name FROM sqlite_master WHERE type != 'index' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)
_TABLES = frozenset(sqlite.TABLES)


def _databases() -> ModuleType:
    """Return the module that opens databases. Raises Refused where what it needs is not installed."""
    try:
        from tix.store.postgresql import open as opening
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "psycopg":
            raise
        raise Refused(
            "a desk in a PostgreSQL database needs psycopg, which is not installed",
            hint="pip install 'tix-desk[postgres]'",
        ) from error
    return opening


def for_reading(place: str, on_wait: Callable[[], None] | None = None, *, may_migrate: bool = True) -> Store:
    """Return the store at a path or an address; an empty one in memory where there is none yet. Raises as ``open_store``."""
    if is_database(place):
        found: Store | None = _databases().for_reading(place)
        return _nowhere(place) if found is None else found
    if os.path.lexists(place):
        return open_store(place, on_wait, may_migrate=may_migrate)
    return empty_store(place)


def _nowhere(address: str) -> Store:
    """Return what is read where a database has no desk yet."""
    store = empty_store(shown(address))
    store.is_file = False
    return store


def for_writing(place: str, on_wait: Callable[[], None] | None = None, *, may_migrate: bool = True) -> Store:
    """Return the store at a path or an address; a new one where there is none yet, which appears with its first commit.

    Raises as ``open_store`` and ``create_store``.
    """
    if is_database(place):
        found: Store = _databases().for_writing(place)
        return found
    if not os.path.lexists(place):
        try:
            return create_store(place)
        except FileExistsError:
            pass  # another command has made it meanwhile
    return open_store(place, on_wait, may_migrate=may_migrate)


def open_store(
    path: Path | str, on_wait: Callable[[], None] | None = None, *, may_migrate: bool = True
) -> Store:
    """Return the store at ``path``, which exists; one of an older format is migrated first.

    Raises StoreUnusable (also for an older format without ``may_migrate``), StorageFailure or StoreBusy.
    """
    if is_database(path):
        found: Store = _databases().open_store(str(path))
        return found
    examine(path)
    files.sweep(*os.path.split(os.path.realpath(path)))
    migrated = None
    store = _connected(path, on_wait)
    try:
        # Ask SQLite: the header alone may show a killed migration as done.
        (version,) = store.execute("PRAGMA user_version").fetchone()
        check_schema(store.connection, path, version)
        if version < sqlite.SCHEMA_VERSION:
            store.close()
            if not may_migrate:
                raise StoreUnusable(
                    Said("the store {path} has the older format {version}", path=path, version=version)
                )
            from tix.store.migrations.run import migrate

            migrated = migrate(store.path, on_wait)
            store = _connected(path, on_wait)
            check_schema(store.connection, path, sqlite.SCHEMA_VERSION)
        _leave_wal(store.connection)
    except sqlite3.Error as error:
        store.close()
        raise failure(error, path) from error
    except TixError:
        store.close()
        raise
    store.migrated = migrated
    return store


def _connected(path: Path | str, on_wait: Callable[[], None] | None) -> Store:
    try:
        return Store(connect(path, on_wait=on_wait), path)
    except sqlite3.Error as error:
        raise failure(error, path) from error


def check_schema(connection: sqlite3.Connection, path: Path | str, version: int) -> None:
    """Raise ForeignStore if the store has tables, views or triggers that tix did not create.

    A view or a trigger can do anything in a statement that looks harmless, and run for ever. Indexes are accepted:
    somebody may have made one for a report.
    """
    found = connection.execute(_SCHEMA_QUERY).fetchall()
    foreign = [(kind, name) for kind, name in found if kind != "table"]
    if version == sqlite.SCHEMA_VERSION:
        foreign += [(kind, name) for kind, name in found if kind == "table" and name not in _TABLES]
    if foreign:
        kind, name = foreign[0]
        raise ForeignStore(
            f"the store {path} has a {kind} that tix did not create: {name}",
            hint="restore a backup: tix db restore FILE; "
            f"or inspect it and remove it with another program (DROP {kind.upper()})",
        )


def _leave_wal(connection: sqlite3.Connection) -> None:
    """Switch a store that another program put into WAL mode back to a rollback journal, if nobody else has it open.

    The mode is a property of the file (docs/decisions/0003-store.md says why it is not WAL).
    """
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        return
    connection.execute("PRAGMA busy_timeout=0")
    try:
        connection.execute("PRAGMA journal_mode=DELETE").close()
    except sqlite3.OperationalError:
        pass  # somebody has it open, or it is read-only; it is usable as it is
    finally:
        connection.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")


def empty_store(path: Path | str) -> Store:
    """Return a desk in memory, for reading where no store exists yet; ``path`` is where it would be."""
    connection = connect(":memory:")
    _fill(connection)
    store = Store(connection, path)
    store.exists = False
    return store


def create_store(path: Path | str, mode: int = 0o600, group: int | None = None) -> Store:
    """Return a new store, which appears at ``path`` with its first commit.

    Meanwhile the creator holds a lock on the folder, so two first commands make one desk: the second finds it there.
    Raises FileExistsError if it has appeared by the time the lock is ours.
    """
    if is_database(path):
        made: Store = _databases().create_store(str(path))
        return made
    import fcntl
    from pathlib import Path

    path = Path(path)
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        if path.exists() or path.is_symlink():
            os.close(folder)
            raise FileExistsError(path)  # noqa: TRY301  # for the caller to handle
        files.refuse_journals(path)
        files.sweep(path.parent, path.name, pending=True)
        pending = path.parent / f".{path.name}.{os.getpid()}.new"
        os.close(os.open(pending, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
        os.chmod(pending, mode)  # the umask has removed the group's permissions
        if group is not None:
            os.chown(pending, -1, group)
    except (FileExistsError, StoreUnusable):
        raise
    except OSError as error:
        raise StorageFailure(
            Said("cannot create a store at {path}: {strerror}", path=path, strerror=error.strerror)
        ) from error
    try:
        connection = connect(pending)
        # Nobody else sees the file before it is synced and renamed, so the schema needs no journal.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA journal_mode=MEMORY").close()
        _fill(connection)
        return Store(connection, path, pending=pending, folder=folder)
    except sqlite3.Error as error:
        pending.unlink(missing_ok=True)
        raise failure(error, path) from error


def explain(path: str | None) -> DamagedStore | None:
    """Return the first damaged row of the store at ``path`` as an error; None if all rows checked are valid."""
    if path is None or not os.path.exists(path):  # noqa: PTH110
        return None
    from contextlib import closing

    from tix.store import damage

    try:
        with closing(open_store(path, may_migrate=False)) as store:
            for found in damage.damages(store.connection, time.monotonic() + EXPLAIN_SECONDS):
                return damage.failure(path, found)
    except DamagedStore as error:
        return error
    except (TixError, sqlite3.Error):
        pass
    return None


def _fill(connection: sqlite3.Connection) -> None:
    """Create the schema and what a new desk starts with."""
    from tix.store import first_rows

    connection.execute("BEGIN")
    connection.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={sqlite.SCHEMA_VERSION}")
    for statement in sqlite.SCHEMA:
        connection.execute(statement)
    first_rows.add(lambda name, values: connection.execute(sqlite.SQL[name], values))
    connection.execute("COMMIT")
