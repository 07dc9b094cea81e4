"""A desk in a file, read as lines and made from them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from tix.errors import AlreadyExists, DamagedStore, StorageFailure, StoreBusy
from tix.store.compiled import sqlite
from tix.store.connection import Store, connect, failure, uri
from tix.store.copy.documents import Document
from tix.store.copy.lines import Piece, lines, rows
from tix.store.copy.tables import HIGHEST, MARKS, Table
from tix.store.copy.target import Target
from tix.store.file_header import UNFINISHED
from tix.store.files import PartFile, check_journals

_ROWS = 1_000
# A piece of lines that is larger is followed by fewer rows.
_BYTES = 2_000_000
_SEQUENCE = "(SELECT name, seq AS id FROM sqlite_sequence WHERE name = 'ticket')"


def pieces(store: Store, table: Table) -> Generator[Piece, None, None]:
    """Yield the rows of a table in the order of its key. Raises DamagedStore."""
    source = _SEQUENCE if table.name == HIGHEST else f'"{table.name}"'
    sql = f"SELECT {table.listed(table.columns)} FROM {source} ORDER BY {table.listed(table.key)}"
    found = store.execute(sql)
    size = 1 if table.is_large else _ROWS
    try:
        while some := found.fetchmany(size):
            text = lines(some)
            yield Piece(text, len(some), some)
            size = max(1, size // 8) if len(text) > _BYTES else min(_ROWS, size * 2)
    except sqlite3.OperationalError as error:
        if "decode" in str(error):  # a text that is not UTF-8
            raise DamagedStore(
                f"the table {table.name} of {store.place} holds a text that is not valid UTF-8",
                hint="find it: tix doctor",
            ) from error
        raise failure(error, store.place) from error
    finally:
        found.close()


class FileTarget(Target):
    """An unfinished file. ``is_safe``: a power cut leaves what was committed; without, it is made anew after one."""

    begins = "BEGIN IMMEDIATE"

    def __init__(self, path: Path, *, is_safe: bool) -> None:
        super().__init__(Store(connect(path), path))
        try:
            for pragma in ("foreign_keys=OFF", "locking_mode=EXCLUSIVE", "secure_delete=OFF"):
                self.store.execute(f"PRAGMA {pragma}")
            if not is_safe:
                self.store.execute("PRAGMA synchronous=OFF")
            self.store.prepare_bulk()
        except BaseException:
            self.store.close()
            raise

    def make(self) -> None:
        """Make the tables and the mark in an empty file."""
        with self.transaction():
            self.store.execute(f"PRAGMA application_id={UNFINISHED}")
            self.store.execute(f"PRAGMA user_version={sqlite.SCHEMA_VERSION}")
            self.store.execute(
                f"CREATE TABLE {MARKS} (name TEXT PRIMARY KEY, count INTEGER NOT NULL, digest TEXT NOT NULL)"
            )
            for statement in sqlite.SCHEMA:
                if not statement.startswith("CREATE INDEX"):
                    self.store.execute(statement)

    def empty(self, table: Table) -> None:
        if table.name == HIGHEST:
            self.store.execute("DELETE FROM sqlite_sequence WHERE name = 'ticket'")
        else:
            super().empty(table)

    def add(self, table: Table, pieces: Iterator[Piece]) -> int:
        name, columns = table.name, table.columns
        if table.name == HIGHEST:
            name, columns = "sqlite_sequence", ("name", "seq")
        marks = ", ".join("?" for _ in columns)
        sql = f'INSERT INTO "{name}" ({table.listed(columns)}) VALUES ({marks})'
        count = 0
        try:
            for piece in pieces:
                found = rows(piece.text, table.kinds) if piece.values is None else piece.values
                self.store.connection.executemany(sql, found)
                count += piece.rows
        except sqlite3.Error as error:
            raise failure(error, self.place) from error
        return count

    def empty_index(self, name: str) -> None:
        self.store.run(f"{name}_clear")

    def add_documents(self, name: str, documents: list[Document]) -> None:
        self.store.add_rows(f"{name}_add", documents)

    def documents(self, name: str) -> int:
        return int(self.store.execute(f"SELECT count(*) FROM {name}_docsize").fetchone()[0])

    def make_indexes(self) -> None:
        for statement in sqlite.SCHEMA:
            if statement.startswith("CREATE INDEX"):
                self.store.execute(statement)
        broken = self.store.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise DamagedStore(
                f"a row of {broken[0]} refers to a missing {broken[2]}", hint="find it: tix doctor"
            )

    def pieces(self, table: Table) -> Generator[Piece, None, None]:
        return pieces(self.store, table)

    def finish(self) -> None:
        with self.transaction():
            self.store.execute(f"DROP TABLE {MARKS}")
            self.store.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")


def is_unfinished(path: Path) -> bool:
    """Return whether a file is the target of a copy that has not finished."""
    try:
        with path.open("rb") as file:
            return file.read(100)[68:72] == UNFINISHED.to_bytes(4, "big")
    except OSError:
        return False


def check(path: Path) -> bool:
    """Return whether there is an unfinished copy. Raises AlreadyExists for any other file."""
    if not os.path.lexists(path):
        return False
    if is_unfinished(path):
        return True
    raise AlreadyExists(f"{path} already exists", hint="name a file that does not exist yet")


def begin(path: Path, *, anew: bool) -> FileTarget:
    """Return the unfinished file at ``path``; a new one where there is none, or with ``anew``.

    Raises AlreadyExists for any other file, StoreBusy where another process copies to it, StorageFailure.
    """
    held = _locked(path) if check(path) else None
    if held is not None and not anew:
        return held
    try:
        part = PartFile(path)
        try:
            made = FileTarget(part.path, is_safe=True)
            made.make()
            made.close()
            part.sync()
            if held is None:
                os.link(part.path, path)  # fails where another command has made it meanwhile
            else:
                part.rename(path)
                held.close()
        finally:
            part.close()
    except FileExistsError as error:
        raise AlreadyExists(f"{path} already exists", hint="name a file that does not exist yet") from error
    except OSError as error:
        raise StorageFailure(f"cannot create a store at {path}: {error.strerror}") from error
    return _locked(path)


def _locked(path: Path) -> FileTarget:
    """Return the unfinished file, which no other process writes to. Raises StoreBusy where one does."""
    check_journals(path)
    try:
        with closing(sqlite3.connect(uri(path, "rw"), uri=True, timeout=1)) as probe:
            probe.execute("BEGIN IMMEDIATE")
        target = FileTarget(path, is_safe=True)
    except sqlite3.Error as error:
        found = failure(error, path)
        if isinstance(found, StoreBusy):
            found = StoreBusy(f"another process is copying a desk to {path}", hint="wait for it")
        raise found from error
    with target.transaction():  # takes the lock, which stays until the file is closed
        target.store.execute(f"SELECT 1 FROM {MARKS} LIMIT 1").fetchall()
    return target
