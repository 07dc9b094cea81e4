"""Restore a backup, and verify a store."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tix.errors import DamagedStore, ForeignStore, InvalidValue, StorageFailure, TixError
from tix.store.backup import check, copy_pages, refuse_damage, sync_folder
from tix.store.compiled import sqlite
from tix.store.connection import BUSY_SECONDS, connect, failure
from tix.store.file_header import examine
from tix.store.files import JOURNALS, PartFile, sweep
from tix.store.open import check_schema


def restore(
    source: Path, target: Path, now: int, permit: Callable[[Path], None] = lambda copy: None
) -> Path | None:
    """Put the backup ``source`` in the place of the store ``target``; return where the old file is kept, or None.

    ``now`` (UTC seconds) is part of the name of the kept file. ``permit`` gets the copy that is about to become
    the store, in the present format, and raises if that is not permitted.

    The backup is verified first. A healthy store is replaced under its own lock: a process that waits to write to
    the old file is asked to try again (``connection.failure``). A store that cannot be opened is moved aside. If
    ``target`` is a link, the file it leads to is replaced and kept.
    """
    verify(source)
    target = Path(os.path.realpath(target))
    kept = _kept_name(target, now)
    sweep(target.parent, target.name)
    try:
        with closing(PartFile(target)) as part:
            with closing(connect(source, "ro")) as connection:
                copy_pages(connection, part.path)
            bring_up(part.path)
            permit(part.path)
            part.check()
            there = target.exists()
            if there:
                part.set_mode(stat.S_IMODE(target.stat().st_mode))
            part.sync()
            if there and _is_healthy(target):
                _exchange(part, target, kept)
            else:
                _move_aside(target, kept)
                part.rename(target)
            sync_folder(target.parent)
            return kept if there else None
    except sqlite3.Error as error:
        raise failure(error, target) from error
    except OSError as error:
        raise StorageFailure(f"the store {target} cannot be restored: {error.strerror}") from error


def verify(path: Path) -> None:
    """Raise unless the file is a complete tix store of a known format."""
    if not path.exists():
        raise InvalidValue(f"no file {path}")
    try:
        version = examine(path)
        refuse_damage(path)
        with closing(connect(path, "ro")) as connection:
            check_schema(connection, path, version)
    except (ForeignStore, DamagedStore) as error:
        error.hint = "name a file made with: tix db backup"
        raise
    except sqlite3.Error as error:
        raise failure(error, path) from error


def bring_up(copy: Path) -> None:
    """Migrate a copy of an older format; the original stays as it is."""
    if examine(copy) < sqlite.SCHEMA_VERSION:
        from tix.store.migrations.run import migrate

        migrate(copy, keep=False)


def _kept_name(target: Path, now: int) -> Path:
    """Return a free name for the old file; one process may restore twice within a second."""
    name = f"{target.name}.before-{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{os.getpid()}"
    kept, number = target.with_name(name), 1
    while os.path.lexists(kept):
        number += 1
        kept = target.with_name(f"{name}-{number}")
    return kept


def _exchange(part: PartFile, target: Path, kept: Path) -> None:
    """Replace a healthy store, which is kept as ``kept``, while nobody else can read or write it."""
    with closing(connect(target)) as current:
        current.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        # The content of a write-ahead log goes into the file, or SQLite would replay it into the new one.
        current.execute("PRAGMA journal_mode=DELETE").close()
        current.execute("BEGIN EXCLUSIVE")
        os.link(target, kept)
        part.rename(target)


def _move_aside(target: Path, kept: Path) -> None:
    """Move the file at ``target`` to ``kept``, with its journals, also those of a store that no longer exists."""
    for ending in ("", *JOURNALS):
        old = target.with_name(target.name + ending)
        if os.path.lexists(old):
            os.rename(old, kept.with_name(kept.name + ending))


def _is_healthy(path: Path) -> bool:
    try:
        examine(path)
    except TixError:
        return False
    return not check(path)
