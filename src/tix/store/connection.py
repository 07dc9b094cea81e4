"""One connection to one SQLite file: opening, creating, transactions, and the meaning of its errors.

Decisions and their measurements: docs/decisions/0003-store.md. Writes begin with BEGIN IMMEDIATE; a commit is
synced before it is acknowledged; a file that is not a tix store is never touched.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence

from tix.errors import DamagedStore, NewerStore, StorageFailure, StoreBusy
from tix.store import files
from tix.store.compiled import sqlite
from tix.store.database import WAIT_SECONDS, Connection
from tix.store.transactions import Snapshot, Transaction
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from pathlib import Path

    from tix.store.engines import Engine, Texts

BUSY_SECONDS = 30
# SQLite's primary result codes (https://sqlite.org/rescode.html).
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26
# What FTS5 says of a damaged index, with a plain SQLITE_ERROR.
_DAMAGE = ("invalid fts5 file format", "vtable constructor", "no such fts5 table")
_MOVED = 1032  # SQLITE_READONLY_DBMOVED, an extended code

# Page cache of a bulk write, instead of SQLite's usual 2 MB: the indexes of a large desk do not fit into that. Part of
# the 200 MB of an import.
_BULK_CACHE_KIB = 32_768
_WORDS_BETWEEN = """
WITH RECURSIVE found(word) AS (
  SELECT (SELECT term FROM temp.{table}_words WHERE term >= :low LIMIT 1)
  UNION ALL
  SELECT (SELECT term FROM temp.{table}_words WHERE term >= found.word || char(1) LIMIT 1)
  FROM found WHERE found.word < :high
)
SELECT word FROM found WHERE word < :high LIMIT :limit
"""

_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA secure_delete=ON",
)


def failure(error: sqlite3.Error, path: Path | str) -> Exception:
    """Return the error that a SQLite error means to a person; raises the error itself where it is a bug."""
    if isinstance(error, sqlite3.IntegrityError):
        from tix.store.engines import ConstraintViolation

        return ConstraintViolation(str(error))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if getattr(error, "sqlite_errorcode", 0) == _MOVED:
        # Before it writes, SQLite checks that the file still has its name: here a restore has replaced it.
        return StoreBusy(Said("the store {path} has just been replaced", path=path), hint=Said("try again"))
    if code in (_BUSY, _LOCKED):
        return StoreBusy(
            Said("the store {path} is busy: another process holds it", path=path), hint=Said("try again")
        )
    if code == _FULL:
        return StorageFailure(Said("the disk of {path} is full; nothing was written", path=path))
    if code == _READONLY:
        return StorageFailure(Said("the store {path} cannot be written: it is read-only", path=path))
    if code in (_IOERR, _CANTOPEN):
        return StorageFailure(
            Said("the store {path} cannot be read or written: {error}", path=path, error=error)
        )
    if code in (_CORRUPT, _NOTADB) or any(words in str(error) for words in _DAMAGE):
        return DamagedStore(
            Said("the store {path} is damaged", path=path), hint=Said("restore a backup: tix db restore FILE")
        )
    raise error


class Store:
    """An open store. ``place`` is where it is, for people; ``address`` what it is opened by again. ``run`` executes a compiled statement by name; ``writing`` is one transaction.

    ``pending`` is the path of a store being created, until its first commit: a command that fails leaves no store
    behind.
    """

    texts: Texts = sqlite
    is_file = True  # with a path, an owner and a mode
    identity: int | None = None  # of a desk in a database: one that is restored there has another
    reader: str | None = None  # the login of whose own account reads it; "" for nobody any more
    # What begins one snapshot for several statements.
    begins_reading = "BEGIN"

    def __init__(
        self,
        connection: Connection,
        path: Path | str,
        *,
        pending: Path | None = None,
        folder: int | None = None,
    ) -> None:
        self.connection = connection
        self.place = self.address = os.fspath(path)
        self.exists = self.place != ":memory:"
        self.created = False
        # The format a write requires; None: any. And what opening it has migrated (``migrations.run.Migrated``).
        self.format: int | None = sqlite.SCHEMA_VERSION
        self.migrated: Any = None
        self._pending, self._folder = pending, folder
        self.is_writing = False
        self.commits = 0  # commits begun: one that a signal interrupted may have succeeded
        self._is_open = True

    @property
    def path(self) -> Path:
        """Where the file is, as a path; ``place`` is the same as text, for what every command does."""
        from pathlib import Path

        return Path(self.place)

    # ------------------------------------------------------------------------------------- statements

    def run(self, name: str, /, **values: Any) -> sqlite3.Cursor:
        """Execute the statement ``name``; raises what ``failure`` makes of an error."""
        return self.execute(self.texts.SQL[name], values)

    def scoped(self, name: str, scope: Any, /, **values: Any) -> sqlite3.Cursor:
        """Execute a statement that reads tickets for a person, with the clause of ``scope`` inserted."""
        return self.execute(self.seen_by(name, scope), {**scope_values(scope), **values})

    def seen_by(self, name: str, scope: Any, /) -> str:
        """Return the text of a statement that reads tickets for a person, with the clause of ``scope`` inserted."""
        return self.texts.SQL[name].replace("<<visible>>", self.texts.SCOPES[scope.kind])

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        """Execute SQL text that was compiled or assembled in this package; waits while the store is locked."""
        try:
            return self.connection.patiently(sql, values)
        except sqlite3.Error as error:
            raise failure(error, self.place) from error

    def run_many(self, name: str, rows: Any) -> None:
        """Execute the statement ``name`` for each of ``rows`` (dictionaries)."""
        try:
            self.connection.executemany(self.texts.SQL[name], rows)
        except sqlite3.Error as error:
            raise failure(error, self.place) from error

    def add_rows(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute the INSERT ``name`` for each of ``rows``, whose values are in the order of its columns.

        Raises ConstraintViolation.
        """
        import re

        sql = re.sub(r":\w+", "?", self.texts.SQL[name])  # binding by name takes half as long again
        try:
            self.connection.executemany(sql, rows)
        except sqlite3.Error as error:
            raise failure(error, self.place) from error

    def prepare_bulk(self) -> None:
        """Make room for the indexes of a large desk: each page that is put out is written, and read again."""
        self.connection.execute(f"PRAGMA cache_size=-{_BULK_CACHE_KIB}")

    def words_between(self, table: str, low: str, high: str, limit: int) -> list[str]:
        """Return the words of a table of the search index from ``low`` to before ``high``, in order."""
        # The kind "row" would read every occurrence of a word to count it; this jumps from word to word.
        self.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_words USING fts5vocab(main, {table}, instance)"
        )
        values = {"low": low, "high": high, "limit": limit}
        return [word for (word,) in self.execute(_WORDS_BETWEEN.format(table=table), values)]

    def copy_blob(
        self, sha256: str, write: Callable[[bytes], Any], start: int, size: int, piece: int
    ) -> bool:
        """Hand ``size`` bytes of a file to ``write``, in pieces; False where there is no such file."""
        row = self.value("blob_row", sha256=sha256)
        if row is None:
            return False
        try:
            with self.connection.blobopen("blob", "data", row, readonly=True) as opened:
                opened.seek(start)
                while size > 0 and (data := opened.read(min(size, piece))):
                    write(data)
                    size -= len(data)
        except sqlite3.Error as error:
            raise failure(error, self.place) from error
        return True

    def details(self) -> Engine:
        """Return what the store is kept in, and how."""
        from tix.store.engines import Engine

        names = (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "secure_delete",
            "busy_timeout",
            "user_version",
        )
        found = {name: self.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
        # SQLite waits one second at a time, the store this long in total.
        found["busy_timeout"] = BUSY_SECONDS * 1000
        size = os.path.getsize(self.place) if self.exists and self.is_file and self.place != ":memory:" else 0  # noqa: PTH202  # no pathlib here
        settings = {name: str(value) for name, value in found.items()}
        return Engine("sqlite", sqlite3.sqlite_version, size, found["user_version"], settings)

    def damages(self) -> Iterator[Any]:
        """Yield the rows that hold what no tix has written (``damage.Damage``)."""
        from tix.store import damage

        return damage.damages(self.connection)

    def is_gone(self) -> bool:
        """Return whether the store has to be opened again. A file that was replaced looks as before: see ``long_lived``."""
        return False

    def written(self) -> int:
        """Return a number that changes with each commit of another connection, for as long as this one is open."""
        return int(self.execute("PRAGMA data_version").fetchone()[0])

    def row(self, name: str, /, **values: Any) -> Any:
        """Return the first row of the statement ``name``, or None."""
        return self.run(name, **values).fetchone()

    def value(self, name: str, /, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = self.row(name, **values)
        return None if row is None else row[0]

    # ----------------------------------------------------------------------------------- transactions

    def writing(self) -> Transaction:
        """One write transaction: all of it on disk, or nothing. Raises StoreBusy, StorageFailure.

        Inside ``together`` it is a part of that transaction, also all or nothing.
        """
        return Transaction(self)

    def together(self) -> Transaction:
        """One transaction of several parts, each a ``writing`` that can fail alone; ``take_back`` rolls back all.

        Inside another transaction it is a part of that, which ``take_back`` rolls back. Raises StoreBusy,
        StorageFailure.
        """
        return Transaction(self)

    def reading(self) -> Snapshot:
        """One snapshot for several statements; inside another transaction, that one's."""
        return Snapshot(self)

    def begin(self) -> None:
        """Begin a write transaction; ``end`` ends it."""
        self._begin()
        self.is_writing = True

    def end(self, *, failed: bool, taken_back: bool) -> None:
        """Commit the transaction, or roll it back."""
        try:
            if failed:
                self.finish("ROLLBACK")
            elif taken_back:
                self.connection.execute("ROLLBACK")
            else:
                self._commit()
        except BaseException:
            self.finish("ROLLBACK")
            raise
        finally:
            self.is_writing = False
        if not (failed or taken_back):
            self._publish()

    def end_part(self, *, failed: bool, taken_back: bool) -> None:
        """Keep what was written since the savepoint, or take it back."""
        if failed:
            self.finish("ROLLBACK TO part", "RELEASE part")
            return
        if taken_back:
            self.execute("ROLLBACK TO part")
        self.execute("RELEASE part")

    def finish(self, *statements: str) -> None:
        """Run the statements that end a transaction, if one is open: after a signal it may outlive the open file."""
        if self._is_open and self.connection.in_transaction:
            for sql in statements:
                self.connection.execute(sql)

    def _begin(self) -> None:
        self.execute("BEGIN IMMEDIATE")
        place = self._pending or self.place
        if not (self.exists or self._pending):
            return
        (pages,), (size,), (version,) = (
            self.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size", "user_version")
        )
        if self.format not in (None, version):
            self.connection.execute("ROLLBACK")
            raise NewerStore(
                Said(
                    "a newer version of tix has just migrated the store {place} to format {version}",
                    place=self.place,
                    version=version,
                )
            )
        # SQLite reads a truncated last page as if it ended in zeros, and a write would make that permanent.
        # (With a write-ahead log the last pages may be in the log alone.)
        short = os.path.exists(place) and os.path.getsize(place) < pages * size  # noqa: PTH110, PTH202  # at every write
        if short and self.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            self.connection.execute("ROLLBACK")
            raise DamagedStore(
                Said("the store {place} is truncated", place=self.place),
                hint=Said("restore a backup: tix db restore FILE"),
            )

    def _commit(self) -> None:
        self.commits += 1
        # A reader with an open cursor makes COMMIT busy even though BEGIN IMMEDIATE succeeded.
        try:
            self.execute("COMMIT")
        except StorageFailure as error:
            # If the disk fails at the very last sync, the change may be saved nevertheless.
            error.hint = error.hint or "check whether the change was saved before you try again"
            raise

    # --------------------------------------------------------------------------------------- the file

    def _publish(self) -> None:
        """Move a new store to its path, after its first commit."""
        if self._pending is None:
            return
        with open(self._pending, "rb") as file:
            os.fsync(file.fileno())
        os.rename(self._pending, self.place)
        assert self._folder is not None
        os.fsync(self._folder)
        os.close(self._folder)
        self._pending = self._folder = None
        self.exists = self.created = True
        # SQLite names the journal after the path it was opened with.
        self.connection.close()
        self.connection = connect(self.place)

    def close(self) -> None:
        """Close the file; a store without a commit leaves nothing behind."""
        self._is_open = False
        self.connection.close()
        if self._pending is not None:
            self._pending.unlink(missing_ok=True)
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None


def scope_values(scope: Any) -> dict[str, Any]:
    """Return the parameters of a scope's clause (``statements.queue.SCOPES``)."""
    values: dict[str, Any] = {"me": scope.me, "staff": int(scope.staff), "my_client": scope.client}
    values["whole"] = int(scope.kind == "all")
    if scope.departments or scope.teams or scope.kind == "desk":
        from tix.domain.json_columns import dumps

        values["departments"] = dumps(scope.departments) or "[]"
        values["teams"] = dumps(scope.teams) or "[]"
    return values


def uri(path: Path | str, mode: str) -> str:
    """Return a file as SQLite's URI (https://sqlite.org/uri.html); urllib would cost 2 ms."""
    name = str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{name}?mode={mode}"


def connect(path: Path | str, mode: str = "rw", on_wait: Callable[[], None] | None = None) -> Connection:
    """Return a plain connection with the settings that always apply; ``:memory:`` is a database of its own.

    ``on_wait`` is called once when another process has held the lock for a second. Raises StoreUnusable for a
    journal that SQLite must not apply.
    """
    if str(path) == ":memory:":
        return sqlite3.connect(":memory:", isolation_level=None, factory=Connection)
    files.check_journals(path)
    connection = sqlite3.connect(
        uri(path, mode), uri=True, isolation_level=None, timeout=WAIT_SECONDS, factory=Connection
    )
    connection.busy_seconds = BUSY_SECONDS
    connection.on_wait = on_wait
    for pragma in _PRAGMAS:
        connection.patiently(pragma)
    return connection
