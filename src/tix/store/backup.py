"""Back up a store, and the steps that restoring shares with it."""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tix.errors import AlreadyExists, DamagedStore, InvalidValue, StorageFailure
from tix.store.connection import BUSY_SECONDS, Store, connect, failure
from tix.store.files import PartFile, sweep


def backup(
    store: Store, target: Path, force: bool = False, fill: Callable[[Path], None] | None = None
) -> int:
    """Copy the store to ``target``, checked and synced before it gets its name; return its size in bytes.

    A consistent copy while others write, by SQLite's backup API; of a store in a database it is what ``fill`` writes into the
    file that it gets. Raises AlreadyExists unless ``force``.
    """
    if not target.parent.is_dir():
        raise InvalidValue(f"the folder {target.parent} does not exist")
    if target.is_dir() or (target.exists() and not target.is_file()):
        raise InvalidValue(f"{target} is not a file")
    if target.exists() and not force:
        raise AlreadyExists(f"{target} already exists", hint="overwrite it with --force")
    sweep(target.parent, target.name)
    try:
        with closing(PartFile(target)) as part:
            if fill is None:
                copy_pages(store.connection, part.path)
            else:
                fill(part.path)
                _refuse_damaged_copy(part.path)
            part.sync()
            part.rename(target)
            sync_folder(target.parent)
            return target.stat().st_size
    except sqlite3.Error as error:
        raise failure(error, target) from error
    except OSError as error:
        raise StorageFailure(f"the backup {target} cannot be written: {error.strerror}") from error


def refuse_damage(path: Path) -> None:
    """Raise DamagedStore where SQLite finds the file at ``path`` damaged."""
    problems = check(path)
    if problems:
        raise DamagedStore(f"{path} is damaged: {problems[0]}")


def check(path: Path) -> list[str]:
    """Return what is wrong with the file; empty for a healthy one."""
    missing = _missing_bytes(path)
    if missing:
        return [f"{missing} bytes are missing at the end of the file"]
    try:
        with closing(connect(path, "ro")) as connection:
            connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
            found = [] if found == ["ok"] else found
            keys = connection.execute("PRAGMA foreign_key_check").fetchall()
            return found + [f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in keys]
    except sqlite3.Error as error:
        return [str(error)]


def _missing_bytes(path: Path) -> int:
    """Return how many bytes the file is shorter than its header says.

    SQLite reads a truncated last page as if it ended in zeros. Offsets 16, 18 and 28 are the page size (1 is 65,536),
    2 for a write-ahead log (which may hold the last pages), and the number of pages
    (https://sqlite.org/fileformat2.html#the_database_header).
    """
    try:
        with open(path, "rb") as file:
            size, mode, pages = struct.unpack_from(">16xHB9xI", file.read(32))
            length = file.seek(0, os.SEEK_END)
    except (OSError, struct.error):
        return 0  # SQLite gives a better message
    if mode == 2:
        return 0
    return max(0, int((65_536 if size == 1 else size) * pages) - length)


def copy_pages(connection: sqlite3.Connection, target: Path) -> None:
    """Copy the database of ``connection`` to the file ``target``, page by page."""
    with closing(connect(target)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").close()  # a copy of a store in WAL mode is in WAL mode
    _refuse_damaged_copy(target)


def _refuse_damaged_copy(path: Path) -> None:
    problems = check(path)
    if problems:
        raise DamagedStore(f"the copy is damaged: {problems[0]}", hint="check the store: tix db check")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Sync a folder, so that a new or renamed file in it is on the disk."""
    _sync(path)
