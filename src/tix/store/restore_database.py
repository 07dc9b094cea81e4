"""Restore a backup into a database: it is made beside the desk, and takes its place in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tix.errors import Refused, StoreBusy
from tix.store.backup import copy_pages
from tix.store.compiled import postgresql, reader_views, sqlite
from tix.store.connection import Store, connect
from tix.store.copies import source_of
from tix.store.copy.tables import MARKS
from tix.store.copy.work import Told, fill
from tix.store.file_header import examine
from tix.store.postgresql import schema
from tix.store.postgresql.commits import LOCK
from tix.store.postgresql.connection import PostgresStore
from tix.store.postgresql.copy import DatabaseTarget
from tix.store.postgresql.open import alone, opened
from tix.store.restore import bring_up, verify

# The schema that a backup is put into before it takes the desk's place.
BESIDE = "tix_restoring"
# Readers are waited for in short turns: a longer wait would end one of those who wait for us.
_TURN = "500ms"
_TRIES, _PAUSE_SECONDS = 60, 0.3


def restore(source: Path, address: str, now: int, permit: Callable[[Path], None], tell: Told) -> str | None:
    """Put the backup ``source`` in the place of the desk of a database; return the schema that keeps the old one, or None.

    ``now`` (UTC seconds) is part of its name. ``permit`` gets the file that is about to become the desk, in the present format,
    and raises if that is not permitted. Raises StoreBusy where the tables are in use for too long; then nothing has changed.
    """
    verify(source)
    with _present(source) as file:
        permit(file)
        with alone(address, "restore") as is_alone, closing(opened(address)) as store:
            if not is_alone:
                raise StoreBusy(f"another process is restoring to {store.place}", hint="wait for it")
            _drop_beside(store)
            store.execute(f"CREATE SCHEMA {BESIDE}")
            try:
                target = DatabaseTarget(store, BESIDE)
                with target.transaction():
                    target.make()
                with closing(Store(connect(file, "ro"), file)) as backup:
                    fill(source_of(backup), target, tell)
                return _exchange(store, target, now)
            finally:
                if not store.wire.closed:
                    _drop_beside(store)


@contextmanager
def _present(source: Path) -> Iterator[Path]:
    """A file with the backup in the present format; the backup itself stays as it is."""
    if examine(source) == sqlite.SCHEMA_VERSION:
        yield source
        return
    with TemporaryDirectory(prefix="tix-restore-") as folder:
        copy = Path(folder) / "desk.db"
        with closing(connect(source, "ro")) as connection:
            copy.touch(0o600)
            copy_pages(connection, copy)
        bring_up(copy)
        yield copy


def _drop_beside(store: PostgresStore) -> None:
    """Remove what a restore that was killed has left. Raises Refused for a schema of that name that is not tix's."""
    (name,) = store.execute("SELECT to_regnamespace(:name)::text", {"name": BESIDE}).fetchone()
    if name is None:
        return
    there = {
        one
        for (one,) in store.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:name) AND relkind = 'r'",
            {"name": BESIDE},
        ).fetchall()
    }
    if there and MARKS not in there:
        raise Refused(f"the schema {BESIDE} of {store.place} was not made by tix", hint="rename it")
    store.execute(f"DROP SCHEMA {BESIDE} CASCADE")


def _exchange(store: PostgresStore, target: DatabaseTarget, now: int) -> str | None:
    """Move the tables of the desk to a schema that keeps them, and the new ones to their place."""
    for _ in range(_TRIES):
        try:
            return _exchanged(store, target, now)
        except StoreBusy:
            store.finish("ROLLBACK")
            if store.wire.closed:
                raise
            time.sleep(_PAUSE_SECONDS)
        except BaseException:
            store.finish("ROLLBACK")
            raise
    raise StoreBusy(f"the desk in {store.place} is read all the time; nothing was changed", hint="try again")


def _exchanged(store: PostgresStore, target: DatabaseTarget, now: int) -> str | None:
    store.execute("BEGIN; SET LOCAL lock_timeout = '30s'; SET LOCAL statement_timeout = 0")
    store.execute(f"SELECT pg_advisory_xact_lock({LOCK[0]}, {LOCK[1]})")  # no writer begins
    (home,) = store.execute("SELECT quote_ident(current_schema())").fetchone()
    there = schema.tables(store)
    old = [name for name in postgresql.TABLES if name in there] if "tix_format" in there else []
    kept = _kept_name(store, now) if old else None
    if kept is not None:
        tables = ", ".join(f'{home}."{name}"' for name in old)
        store.execute(f"SET LOCAL lock_timeout = '{_TURN}'")
        store.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        # People's own accounts would go on reading the old tables (``store.postgresql.grants``).
        store.execute(f"DROP SCHEMA IF EXISTS {reader_views.SCHEMA} CASCADE")
        store.execute(f"CREATE SCHEMA {kept}")
        for name in old:
            store.execute(f'ALTER TABLE {home}."{name}" SET SCHEMA {kept}')
    store.execute(f"SET LOCAL search_path TO {BESIDE}")
    target.unmark()
    for name in postgresql.TABLES:
        store.execute(f'ALTER TABLE {BESIDE}."{name}" SET SCHEMA {home}')
    store.execute(f"DROP SCHEMA {BESIDE}")
    store.execute("COMMIT")
    return kept


def _kept_name(store: PostgresStore, now: int) -> str:
    """Return a free name for the schema of the old tables."""
    name = f"tix_before_{time.strftime('%Y%m%d_%H%M%S', time.gmtime(now))}"
    kept, number = name, 1
    while store.execute("SELECT to_regnamespace(:name)::text", {"name": kept}).fetchone()[0] is not None:
        number += 1
        kept = f"{name}_{number}"
    return kept
