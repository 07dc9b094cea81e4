"""One connection to a desk in a PostgreSQL database: statements, transactions, and the meaning of its errors.

Writers take turns, as they do on a file: a transaction that writes begins with an advisory lock of the desk, which ends with
it. So what one command reads and then writes nobody changes in between, numbers have no gaps, and ids are committed in their
order. Readers wait for nobody. Nothing is set for a session, so that a pooler may hand the connection to others between two
transactions (PgBouncer in transaction mode).

If the connection breaks while a commit is answered, the server is asked what became of the transaction.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import psycopg
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.pq import TransactionStatus

from tix.domain.databases import shown
from tix.errors import NewerStore, StorageFailure, StoreBusy
from tix.store.compiled import postgresql
from tix.store.connection import Store
from tix.store.engines import Engine
from tix.store.postgresql import address as addresses
from tix.store.postgresql.failures import failure, refusal
from tix.store.postgresql.schema import fill
from tix.store.postgresql.text_index import TABLES, TextIndex
from tix.typing import Any

# The key of the desk's lock: "tix" and a number. Those of one database are one desk's.
LOCK = (0x746978, 1)
_WAIT_SECONDS = 30
# How long the server is asked for the outcome of a commit whose connection broke.
_ASK_SECONDS = 20
_BEGIN = (
    f"BEGIN; SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'; SET LOCAL idle_in_transaction_session_timeout = '10min'; "
    f"SELECT pg_advisory_xact_lock({LOCK[0]}, {LOCK[1]})"
)
# The table that ``tix db restore`` puts in its place is another one.
_FORMAT = "SELECT version, CAST(tableoid AS BIGINT) FROM tix_format"
_NAME = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|::|:([A-Za-z_]\w*)|%")
_RETURNS_ID = " RETURNING id"


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
        self.address = address
        self.text_index = TextIndex(self)
        self.is_made_here = False
        self._transaction_id: str | None = None
        self._is_refused = False

    # ------------------------------------------------------------------------------------- statements

    def run(self, name: str, /, **values: Any) -> Any:
        sql = self.texts.SQL.get(name)
        return self.text_index.run(name, values) if sql is None else self.execute(sql, values)

    def execute(self, sql: str, values: Any = ()) -> Any:
        try:
            # Without values several statements may be sent at once, and % stands for itself.
            return self.wire.execute(spelled(sql), values) if values else self.wire.execute(sql)
        except psycopg.Error as error:
            # After a failover the old server answers on, and refuses every write.
            self._is_refused = self._is_refused or isinstance(error, ReadOnlySqlTransaction)
            raise failure(error, self.place) from error

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
        return self.wire.closed or self._is_refused or self._is_replaced()

    def _is_replaced(self) -> bool:
        """Return whether another desk has taken this one's place, or has another format now; or the connection is gone."""
        try:
            found = self.execute(_FORMAT).fetchone()
        except (psycopg.Error, StoreBusy):
            return True
        return self.identity is not None and found != (postgresql.SCHEMA_VERSION, self.identity)

    def written(self) -> int:
        # The place in the server's log: it moves with every commit, of other databases, too.
        (place,) = self.execute("SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS BIGINT)").fetchone()
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
        self.is_made_here = True

    def _begin(self) -> None:
        if not self.is_made_here:
            self._lock()
            self._refuse_another_format()
        elif not self.connection.in_transaction:  # what had been made was rolled back
            self.make()

    def _lock(self) -> None:
        self.execute(_BEGIN)
        (self._transaction_id,) = self.execute("SELECT CAST(pg_current_xact_id() AS TEXT)").fetchone()

    def _refuse_another_format(self) -> None:
        version, identity = self.execute(_FORMAT).fetchone()
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
        try:
            self.wire.execute("COMMIT")
        except psycopg.Error as error:
            if not self.wire.closed and not self.wire.broken:
                raise failure(error, self.place) from error
            self._ask_for_outcome(error)
        if self.is_made_here:
            self.is_made_here, self.exists, self.created = False, True, True

    def _ask_for_outcome(self, error: psycopg.Error) -> None:
        """Find out what became of a commit that was not answered. Raises StoreBusy, or StorageFailure where nobody knows.

        https://www.postgresql.org/docs/current/functions-info.html: pg_xact_status.
        """
        until = time.monotonic() + _ASK_SECONDS
        while time.monotonic() < until:
            try:
                self.wire = connected(self.address)
                (state,) = self.execute(
                    "SELECT pg_xact_status(CAST(:id AS xid8))", {"id": self._transaction_id}
                ).fetchone()
            except (psycopg.Error, StoreBusy):
                time.sleep(0.2)
                continue
            if state == "committed":
                return
            if state == "aborted":
                raise StoreBusy(
                    f"the connection to {self.place} broke; nothing was written", hint="try again"
                ) from error
            time.sleep(0.2)
        raise StorageFailure(
            f"the connection to {self.place} broke while the change was being saved",
            hint="check whether the change was saved before you try again",
        ) from error

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
