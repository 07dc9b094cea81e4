"""Restore a backup, and verify a store."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tix.errors import DamagedStore, InvalidValue, StorageFailure
from tix.store import compiled
from tix.store.backup import _copy, _is_healthy, _sync, _sync_folder, check
from tix.store.connection import failure
from tix.store.connection import uri as address
from tix.store.file_header import examine


def restore(
    source: Path, target: Path, now: int, permit: Callable[[Path], None] = lambda copy: None
) -> Path | None:
    """Puts the backup ``source`` in the place of the store ``target``; where the old file is kept, or None.

    ``now`` (UTC seconds) is in the name of the file that is kept. ``permit`` gets the copy that is about to
    be the store, in our format, and raises where that may not be.

    The backup is proven first. A healthy store is replaced under its own lock: whoever waits to write to the
    old file is told to try again (``connection.failure``). One that cannot be opened is moved aside.
    """
    verify(source)
    kept = target.with_name(
        f"{target.name}.before-{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{os.getpid()}"
    )
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    there = target.exists()
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(address(source, "ro"), uri=True)) as connection:
            _copy(connection, temporary)
        _bring_up(temporary)
        _sync(temporary)
        permit(temporary)
        if there:
            os.chmod(temporary, target.stat().st_mode & 0o777)
        if there and _is_healthy(target):
            with closing(sqlite3.connect(address(target, "rw"), uri=True, timeout=30)) as current:
                current.execute("BEGIN EXCLUSIVE")
                os.link(target, kept)
                os.replace(temporary, target)
            _sync_folder(target.parent)
            return kept
        if there:
            os.rename(target, kept)
            for ending in ("-journal", "-wal", "-shm"):
                journal = target.with_name(target.name + ending)
                if journal.exists():
                    os.rename(journal, kept.with_name(kept.name + ending))
        os.replace(temporary, target)
        _sync_folder(target.parent)
        return kept if there else None
    except sqlite3.Error as error:
        raise failure(error, target) from error
    except OSError as error:
        raise StorageFailure(f"the store {target} cannot be restored: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def verify(path: Path) -> None:
    """Raises unless the file is a whole tix store of a version we know."""
    if not path.exists():
        raise InvalidValue(f"there is no file {path}")
    examine(path)
    problems = check(path)
    if problems:
        raise DamagedStore(f"{path} is damaged: {problems[0]}")


def _bring_up(copy: Path) -> None:
    """A copy of an older format gets ours; what it is copied from is the old one that is kept."""
    if examine(copy) < compiled.SCHEMA_VERSION:
        from tix.store.migrations.run import migrate

        migrate(copy, keep=False)
