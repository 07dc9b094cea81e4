"""One connection to a desk in a PostgreSQL database: statements, transactions, and the meaning of its errors.

Writers take turns, as they do on a file: a transaction that writes begins with an advisory lock of the desk, which ends with
it. So what one command reads and then writes nobody changes in between, numbers have no gaps, and ids are committed in their
order. Readers wait for nobody. Nothing is set for a session, so that a pooler may hand the connection to others between two
transactions (PgBouncer in transaction mode).

Each writing transaction begins with a row of its own, the key of its commit. If the connection breaks while a commit is
answered, the key is looked for: there, the transaction was committed; not there, nothing was written. A connection that
breaks outside of a transaction is made again, and the statement runs again.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import psycopg
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.pq import TransactionStatus

from tix.domain.databases import shown
from tix.errors import BrokenOff, NewerStore, StoreBusy, TixError
from tix.store.attempts import Attempts
from tix.store.compiled import postgresql
from tix.store.connection import Store
from tix.store.engines import Engine
from tix.store.postgresql import address as addresses
from tix.store.postgresql import commits
from tix.store.postgresql.failures import WARNING, failure, is_lost, is_passing, read_only, refusal
from tix.store.postgresql.schema import fill
from tix.store.postgresql.text_index import TABLES, TextIndex
from tix.typing import Any
from tix.words.sentence import Said

_WAIT_SECONDS = 30
# The table that ``tix db restore`` puts in its place is another one.
_FORMAT = "SELECT version, CAST(tableoid AS BIGINT) FROM tix_format"
_NAME = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|::|:([A-Za-z_]\w*)|%")
_RETURNS_ID = " RETURNING id"
_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|DO)\b")


class Rows(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor that answers as SQLite's does: without rows where a statement has none, and with ``lastrowid``."""

    _id: int | None = None

    @property
    def lastrowid(self) -> int | None:
        """The id that the database gave the row that was inserted."""
        if self._id is None and self.description is not None and (row := super().fetchone()) is not None:
            self._id = int(row[0])
        return self._id

    def fetchone(self) -> Any:
        return super().fetchone() if self.description is not None else None

    def fetchmany(self, size: int = 0) -> list[Any]:
        return super().fetchmany(size) if self.description is not None else []

    def fetchall(self) -> list[Any]:
        return super().fetchall() if self.description is not None else []


class _Wire:
    """What the rest of the store asks of a connection."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self.busy_seconds = _WAIT_SECONDS
        self.on_wait: Callable[[], None] | None = None

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, or has failed and waits for its end."""
        wire = self._store.wire
        return not wire.closed and wire.info.transaction_status != TransactionStatus.IDLE

    def execute(self, sql: str, values: Any = ()) -> Any:
        return self._store.execute(sql, values)

    def close(self) -> None:
        self._store.wire.close()


class PostgresStore(Store):
    """An open store in a database. ``is_made_here``: its tables are not committed yet (``make``)."""

    texts = postgresql
    is_file = False
    begins_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def __init__(self, wire: psycopg.Connection[Any], address: str) -> None:
        super().__init__(_Wire(self), shown(address))  # type: ignore[arg-type]  # as much of one as is used
        self.wire = wire
        wire.add_notice_handler(self._notice)
        self.address = address
        self.text_index = TextIndex(self)
        self.is_made_here = False
        self.key = ""
        # Whether the server has warned about the commit that it answered.
        self.is_warned = False

    # ------------------------------------------------------------------------------------- statements

    def run(self, name: str, /, **values: Any) -> Any:
        sql = self.texts.SQL.get(name)
        return self.text_index.run(name, values) if sql is None else self.execute(sql, values)

    def execute(self, sql: str, values: Any = ()) -> Any:
        is_alone = not (self.is_writing or self.is_made_here or self.connection.in_transaction)
        try:
            return self._sent(sql, values)
        except psycopg.Error as error:
            is_read_only = isinstance(error, ReadOnlySqlTransaction)
            # One that writes, by itself, may have been done.
            if (
                is_alone
                and (is_read_only or is_passing(error))
                and (sql[:5] == "BEGIN" or not _WRITES.search(sql))
            ):
                return self._sent_again(sql, values, error)
            if is_read_only:
                raise read_only(self.wire, self.place) from error
            raise failure(error, self.place) from error

    def _sent(self, sql: str, values: Any) -> Any:
        # Without values several statements may be sent at once, and % stands for itself.
        return self.wire.execute(spelled(sql), values) if values else self.wire.execute(sql)

    def _sent_again(self, sql: str, values: Any, error: psycopg.Error) -> Any:
        """Send a statement that stands alone on a new connection. Raises StoreBusy where none can be made in time.

        After a failover the old server may answer on, and refuse what begins a write: a new connection finds the other.
        """
        attempts = Attempts()
        while attempts.wait():
            try:
                self.connect_again()
                return self._sent(sql, values)
            except BrokenOff:
                continue
            except psycopg.Error as again:
                if is_passing(again):
                    continue
                if isinstance(again, ReadOnlySqlTransaction):
                    raise read_only(self.wire, self.place) from again
                raise failure(again, self.place) from again
        first = failure(error, self.place)
        words = first.message if isinstance(first, TixError) else str(first)
        raise StoreBusy(words, hint=Said("try again")) from error

    def connect_again(self) -> None:
        """Replace the connection. Raises as ``connected``."""
        self.wire.close()
        self.wire = connected(self.address)
        self.wire.add_notice_handler(self._notice)

    def _notice(self, notice: psycopg.errors.Diagnostic) -> None:
        self.is_warned = self.is_warned or notice.sqlstate == WARNING

    def run_many(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        with self.wire.cursor() as cursor:
            try:
                cursor.executemany(spelled(self.texts.SQL[name].removesuffix(_RETURNS_ID)), list(rows))
            except psycopg.Error as error:
                raise failure(error, self.place) from error

    def add_rows(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        table, _, verb = name.rpartition("_")
        if table in TABLES and verb == "add":
            self.text_index.add_many(table, rows)  # type: ignore[arg-type]  # a rowid and two texts each
            return
        names = list(dict.fromkeys(re.findall(r":(\w+)::", self.texts.SQL[name])))
        self.run_many(name, [dict(zip(names, row, strict=True)) for row in rows])

    def prepare_bulk(self) -> None:
        """Nothing: the server's memory is its administrator's."""

    def words_between(self, table: str, low: str, high: str, limit: int) -> list[str]:
        return self.text_index.beginning_with(table, low, high, limit)

    def copy_blob(
        self, sha256: str, write: Callable[[bytes], Any], start: int, size: int, piece: int
    ) -> bool:
        if self.value("blob_size", sha256=sha256) is None:
            return False
        while size > 0:
            data = self.value("blob_piece", sha256=sha256, start=start + 1, size=min(size, piece))
            if not data:
                break
            write(bytes(data))
            start += len(data)
            size -= len(data)
        return True

    def details(self) -> Engine:
        info = self.wire.info
        names = ("synchronous_commit", "fsync", "full_page_writes", "server_encoding", "TimeZone")
        settings = {
            name: self.execute("SELECT current_setting(:name)", {"name": name}).fetchone()[0]
            for name in names
        }
        size, version = self.execute(
            "SELECT pg_database_size(current_database()), (SELECT version FROM tix_format)"
        ).fetchone()
        major, minor = divmod(info.server_version, 10_000)
        return Engine("postgresql", f"{major}.{minor}", size, version, settings)

    def damages(self) -> Iterator[Any]:
        """Nothing: the server keeps the types of its columns."""
        return iter(())

    def is_gone(self) -> bool:
        return self.wire.closed or self._is_replaced()

    def _is_replaced(self) -> bool:
        """Return whether another desk has taken this one's place, or has another format now; or the connection is gone."""
        try:
            found = self.execute(_FORMAT).fetchone()
        except (psycopg.Error, StoreBusy):
            return True
        return self.identity is not None and found != (postgresql.SCHEMA_VERSION, self.identity)

    def written(self) -> int:
        # The place in the server's log: it moves with every commit, of other databases, too.
        (place,) = self.execute(
            "SELECT CAST(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END "
            "- '0/0' AS BIGINT)"
        ).fetchone()
        return int(place)

    # ----------------------------------------------------------------------------------- transactions

    def begin(self) -> None:
        self._begin()
        self.is_writing = True

    def make(self) -> None:
        """Make the tables of a new desk, in a transaction that the first write goes on with, and its end commits.

        Raises FileExistsError where another command has made them meanwhile.
        """
        self._lock()
        fill(self)
        self.execute(commits.PUT_KEY.format(key=self.key))
        self.is_made_here = True

    def _begin(self) -> None:
        if not self.is_made_here:
            self._refuse_another_format(self._lock(commits.PUT_KEY, _FORMAT))
        elif not self.connection.in_transaction:  # what had been made was rolled back
            self.is_made_here = False
            self.make()

    def _lock(self, *more: str) -> Any:
        """Begin a transaction whose turn it is, with a key of its own; return the row that the last of ``more`` answers."""
        self.key = os.urandom(16).hex()
        removal = (commits.REMOVE_KEYS,) if more and self.key.startswith(commits.REMOVES) else ()
        begin = commits.BEGIN.format(seconds=self.connection.busy_seconds)
        try:
            return commits.last_row(self.execute("; ".join((begin, *removal, *more)).format(key=self.key)))
        except BaseException:
            self.finish("ROLLBACK")
            raise

    def _refuse_another_format(self, row: Any) -> None:
        version, identity = row
        if self.identity not in (None, identity):
            self.execute("ROLLBACK")
            raise StoreBusy(f"the store {self.place} has just been replaced", hint="try again")
        if self.format not in (None, version):
            self.execute("ROLLBACK")
            raise NewerStore(
                f"a newer version of tix has just migrated the store {self.place} to format {version}"
            )

    def _commit(self) -> None:
        self.commits += 1
        self.is_warned, began = False, time.time()
        try:
            done = self.wire.execute("COMMIT")
        except psycopg.Error as error:
            if not (self.wire.closed or self.wire.broken or is_lost(error)):
                self.commits -= 1
                raise failure(error, self.place) from error
            commits.find_out(self, began, error)
        else:
            if done.statusmessage == "ROLLBACK":  # a statement of it had failed, and nobody has said so
                raise AssertionError("the transaction had failed")
            if self.is_warned:
                commits.find_out(self, began)
        if self.is_made_here:
            self.is_made_here, self.exists, self.created = False, True, True

    def end(self, *, failed: bool, taken_back: bool) -> None:
        if failed or taken_back:
            self.is_writing = False
            self.finish("ROLLBACK")
            return
        super().end(failed=failed, taken_back=taken_back)

    def finish(self, *statements: str) -> None:
        if self._is_open and self.connection.in_transaction and not self.wire.broken:
            for sql in statements:
                try:
                    self.wire.execute(sql)
                except psycopg.Error:  # the connection is gone, and the transaction with it
                    return

    def _publish(self) -> None:
        """Nothing: a database has no name to be given."""

    def close(self) -> None:
        self._is_open = False
        self.wire.close()


_SPELLED: dict[str, str] = {}


def spelled(sql: str) -> str:
    """Return a text with its parameters as psycopg names them."""
    found = _SPELLED.get(sql)
    if found is None:
        if len(_SPELLED) > 4000:
            _SPELLED.clear()
        found = _SPELLED[sql] = _NAME.sub(_parameter, sql)
    return found


def _parameter(match: re.Match[str]) -> str:
    return f"%({match[1]})s" if match[1] else match[0].replace("%", "%%")


def connected(address: str) -> psycopg.Connection[Any]:
    """Return a connection. Raises StoreUnusable or StoreBusy for what keeps it from being made."""
    try:
        wire = psycopg.connect(
            **addresses.parameters(address),  # type: ignore[arg-type]  # all of libpq's are text
            autocommit=True,
            prepare_threshold=None,  # a pooler hands the next transaction to another connection of the server
            cursor_factory=Rows,
        )
    except psycopg.Error as error:
        raise refusal(error, shown(address)) from error
    return wire
