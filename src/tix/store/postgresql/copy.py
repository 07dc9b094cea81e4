"""A desk in a database, read as the lines of COPY and made from them."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack

import psycopg

from tix.errors import AlreadyExists, DamagedStore, ForeignStore, StoreBusy
from tix.store.compiled import postgresql
from tix.store.connection import Store
from tix.store.copy.documents import Document
from tix.store.copy.lines import Piece, lines
from tix.store.copy.tables import INDEXES, MARKS, Table
from tix.store.copy.target import Target
from tix.store.engines import ConstraintViolation
from tix.store.postgresql import schema
from tix.store.postgresql.commits import LOCK
from tix.store.postgresql.connection import PostgresStore, connected
from tix.store.postgresql.failures import failure
from tix.store.postgresql.open import alone, check_server
from tix.store.postgresql.text_index import indexed
from tix.typing import Any

_BYTES = 1_000_000
_SETTINGS = (
    "SET LOCAL client_encoding = 'UTF8'; SET LOCAL statement_timeout = 0; "
    "SET LOCAL idle_in_transaction_session_timeout = 0"
)
_FOREIGN_KEY = re.compile(r", (FOREIGN KEY\(\w+\) REFERENCES \w+ \(\w+\)(?: ON \w+ CASCADE)*)")
_DOCUMENT = "rowid, subject, body, size, wide, words"


def prepare(source: Store) -> None:
    """Set what reading in one long snapshot needs; inside it."""
    source.execute(_SETTINGS)


def pieces(store: PostgresStore, table: Table) -> Generator[Piece, None, None]:
    """Yield the rows of a table in the order of its key."""
    sql = (
        f'COPY (SELECT {table.listed(table.columns)} FROM "{table.name}" ORDER BY {table.listed(table.key)}) '
        "TO STDOUT"
    )
    found: list[bytes] = []
    size = 0
    try:
        with store.wire.cursor().copy(sql) as copy:
            for line in copy:
                found.append(bytes(line))
                size += len(line)
                if size > _BYTES:
                    yield Piece(b"".join(found), len(found))
                    found, size = [], 0
    except psycopg.Error as error:
        raise failure(error, store.place) from error
    if found:
        yield Piece(b"".join(found), len(found))


class DatabaseTarget(Target):
    """An unfinished desk in a database; in a schema of its own where one is named."""

    store: PostgresStore

    def __init__(self, store: PostgresStore, schema_name: str | None = None) -> None:
        super().__init__(store)
        path = "" if schema_name is None else f"; SET LOCAL search_path TO {schema_name}"
        self.begins = f"BEGIN; {_SETTINGS}; SET LOCAL lock_timeout = '30s'{path}"
        self.held = ExitStack()

    def make(self) -> None:
        """Make the tables, without indexes and foreign keys, and the mark; inside a transaction."""
        self.store.execute(
            f'CREATE TABLE {MARKS} (name TEXT COLLATE "C" PRIMARY KEY, count BIGINT NOT NULL, digest TEXT NOT NULL)'
        )
        for statement in postgresql.SCHEMA:
            if statement.startswith("CREATE TABLE") and "tix_format" not in statement:
                self.store.execute(_FOREIGN_KEY.sub("", statement))

    def add(self, table: Table, pieces: Iterator[Piece]) -> int:
        return self._copied(table.name, table.listed(table.columns), pieces)

    def _copied(self, name: str, columns: str, pieces: Iterator[Piece]) -> int:
        count = 0
        try:
            with self.store.wire.cursor().copy(f'COPY "{name}" ({columns}) FROM STDIN') as copy:
                for piece in pieces:
                    copy.write(piece.text)
                    count += piece.rows
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            raise DamagedStore(
                f"a row of {name} cannot be copied: {str(error).strip().splitlines()[0]}",
                hint="find it: tix doctor",
            ) from error
        except psycopg.Error as error:
            raise failure(error, self.place) from error
        return count

    def empty_index(self, name: str) -> None:
        self.store.execute(f"TRUNCATE {name}")

    def add_documents(self, name: str, documents: list[Document]) -> None:
        rows = []
        for document in documents:
            *row, wide, words = indexed(*document)
            if wide:  # more than the text of a vector may have
                self._add_wide(name, row, words)
            else:  # a word has neither quotes nor backslashes
                rows.append((*row, "f", " ".join([f"'{word}'" for word in words])))
        if rows:
            self._copied(name, _DOCUMENT, iter([Piece(lines(rows), len(rows))]))

    def _add_wide(self, name: str, row: Sequence[Any], words: list[str]) -> None:
        values = dict(zip(("rowid", "subject", "body", "size"), row, strict=True))
        self.store.execute(
            f"INSERT INTO {name} ({_DOCUMENT}) VALUES (:rowid::BIGINT, :subject, :body, :size::BIGINT, TRUE, "
            "array_to_tsvector(CAST(:words AS TEXT[])))",
            {**values, "words": words},
        )

    def documents(self, name: str) -> int:
        return int(self.store.execute(f"SELECT count(*) FROM {name}").fetchone()[0])

    def make_indexes(self) -> None:
        for statement in postgresql.SCHEMA:
            if statement.startswith("CREATE INDEX"):
                self.store.execute(statement)
        for name in INDEXES:
            self.store.execute(
                f"INSERT INTO search_word (name, word) SELECT DISTINCT '{name}', word "
                f"FROM {name}, unnest(tsvector_to_array(words)) AS word"
            )
            self.store.execute(
                "INSERT INTO search_total (name, documents, words) "
                f"SELECT '{name}', count(*), coalesce(sum(size), 0) FROM {name}"
            )
        try:
            for statement in postgresql.SCHEMA:
                for key in _FOREIGN_KEY.findall(statement):
                    self.store.execute(f"ALTER TABLE {statement.split()[2]} ADD {key}")
        except ConstraintViolation as error:
            raise DamagedStore(
                f"a row refers to a missing one: {error}", hint="find it: tix doctor"
            ) from error
        for name in postgresql.TABLES:
            if name != "tix_format":
                self.store.execute(f'ANALYZE "{name}"')

    def pieces(self, table: Table) -> Generator[Piece, None, None]:
        return pieces(self.store, table)

    def finish(self) -> None:
        with self.transaction():
            self.unmark()

    def unmark(self) -> None:
        """Take the mark away; inside a transaction."""
        self.store.execute(f"DROP TABLE {MARKS}")
        self.store.execute(next(one for one in postgresql.SCHEMA if "tix_format" in one))
        self.store.execute(
            "INSERT INTO tix_format (version) VALUES (:version)", {"version": postgresql.SCHEMA_VERSION}
        )

    def close(self) -> None:
        self.held.close()
        super().close()


def check(address: str) -> None:
    """Raise as ``begin`` where nothing can be copied to a database."""
    store = PostgresStore(connected(address), address)
    try:
        check_server(store)
        _is_unfinished(store)
    finally:
        store.close()


def begin(address: str, *, anew: bool) -> DatabaseTarget:
    """Return the unfinished desk of a database, made in an empty one; with ``anew`` another in place of the one there.

    Raises AlreadyExists where there is a desk, ForeignStore where there is something else, StoreBusy where another process
    copies to it.
    """
    store = PostgresStore(connected(address), address)
    target = DatabaseTarget(store)
    try:
        check_server(store)
        _is_unfinished(store)
        _require_alone(target, address)
        with target.transaction():
            store.execute(f"SELECT pg_advisory_xact_lock({LOCK[0]}, {LOCK[1]})")
            is_there = _is_unfinished(store)
            if is_there and anew:
                for name in schema.tables(store):
                    store.execute(f'DROP TABLE "{name}" CASCADE')
            if anew or not is_there:
                target.make()
    except BaseException:
        target.close()
        raise
    return target


def _require_alone(target: DatabaseTarget, address: str) -> None:
    if not target.held.enter_context(alone(address, "copy")):
        raise StoreBusy(f"another process is copying a desk to {target.place}", hint="wait for it")


def _is_unfinished(store: PostgresStore) -> bool:
    """Return whether there is an unfinished copy; False for an empty database."""
    there = schema.tables(store)
    if "tix_format" in there:
        raise AlreadyExists(
            f"there is already a desk in {store.place}", hint="name an empty database: createdb NAME"
        )
    if there and MARKS not in there:
        raise ForeignStore(
            f"{store.place} has tables that tix did not create: {', '.join(sorted(there)[:3])}",
            hint="give tix a database of its own: createdb NAME",
        )
    return bool(there)
