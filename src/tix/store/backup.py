"""Backing a store up, and bringing one back."""

from __future__ import annotations

import os
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from tix.errors import AlreadyExists, DamagedStore, InvalidValue, StorageFailure, TixError
from tix.store.connection import Store, failure
from tix.store.connection import uri as address
from tix.store.file_header import examine


def backup(store: Store, target: Path, force: bool = False) -> int:
    """Copies the store to ``target``, checked and synced before it gets its name; its size in bytes.

    By SQLite's backup API: a consistent copy while others write. Raises AlreadyExists unless ``force``.
    """
    if not target.parent.is_dir():
        raise InvalidValue(f"the folder {target.parent} does not exist")
    if target.is_dir() or (target.exists() and not target.is_file()):
        raise InvalidValue(f"{target} is not a file")
    if target.exists() and not force:
        raise AlreadyExists(f"there is a file {target} already", hint="--force overwrites it")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(store.connection, temporary)
        _sync(temporary)
        os.replace(temporary, target)
        _sync_folder(target.parent)
        return target.stat().st_size
    except sqlite3.Error as error:
        raise failure(error, target) from error
    except OSError as error:
        raise StorageFailure(f"the backup {target} cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def check(path: Path) -> list[str]:
    """What is wrong with the file; nothing for a healthy one."""
    missing = _missing_bytes(path)
    if missing:
        return [f"{missing} bytes are missing at the end of the file"]
    try:
        with closing(sqlite3.connect(address(path, "ro"), uri=True, timeout=30)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
            found = [] if found == ["ok"] else found
            keys = connection.execute("PRAGMA foreign_key_check").fetchall()
            return found + [f"{row[0]} row {row[1]} names a {row[2]} that is not there" for row in keys]
    except sqlite3.Error as error:
        return [str(error)]


def _missing_bytes(path: Path) -> int:
    """How much shorter the file is than its header says; SQLite reads a cut last page as if it were zeros.

    Offsets 16 and 28 are the page size (1 is 65,536) and the number of pages
    (https://sqlite.org/fileformat2.html#the_database_header).
    """
    try:
        with open(path, "rb") as file:
            size, pages = struct.unpack_from(">16xH10xI", file.read(32))
            length = file.seek(0, os.SEEK_END)
    except (OSError, struct.error):
        return 0  # SQLite has better words for it
    return max(0, int((65_536 if size == 1 else size) * pages) - length)


def _is_healthy(path: Path) -> bool:
    try:
        examine(path)
    except TixError:
        return False
    return not check(path)


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)
    problems = check(target)
    if problems:
        raise DamagedStore(f"the copy is damaged: {problems[0]}", hint="tix db check looks at the store")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(path: Path) -> None:
    _sync(path)
