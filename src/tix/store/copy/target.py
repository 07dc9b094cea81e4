"""What a desk is copied to: its tables, and the mark that says how far the copy is. One for each engine."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager

from tix.store.connection import Store
from tix.store.copy.documents import ENTRIES, HEADS, Batch, Document
from tix.store.copy.lines import Piece
from tix.store.copy.tables import INDEXES, MARKS, Table
from tix.typing import NamedTuple

_DONE = f"INSERT INTO {MARKS} (name, count, digest) VALUES (:name, :count, :digest)"
_MADE = "indexes"


class Mark(NamedTuple):
    """How many rows of a table there are, and their digest.

    Of a part of the search index ``count`` is the place behind which to go on, ``digest`` how many documents each table has.
    """

    rows: int
    digest: str


class Target:
    """An unfinished desk. Each method that writes is one transaction, with what it says of itself in the mark."""

    begins = "BEGIN"

    def __init__(self, store: Store) -> None:
        self.store = store
        self.place = store.place

    # ----------------------------------------------------------------------------------------- the mark

    def marks(self) -> dict[str, Mark]:
        """Return what has been done, by the name of the table or the step."""
        with self.transaction():
            rows = self.store.execute(f"SELECT name, count, digest FROM {MARKS}").fetchall()
        return {name: Mark(count, digest) for name, count, digest in rows}

    def mark(self, name: str, count: int, digest: str = "") -> None:
        """Say that something is done; inside a transaction."""
        self.forget(name)
        self.store.execute(_DONE, {"name": name, "count": count, "digest": digest})

    def forget(self, name: str) -> None:
        """Say that something is not done; inside a transaction."""
        self.store.execute(f"DELETE FROM {MARKS} WHERE name = :name", {"name": name})

    @property
    def is_indexed(self) -> bool:
        """Whether the secondary indexes are there: then no row is added any more."""
        return _MADE in self.marks()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction of the target: all of it, or nothing."""
        self.store.execute(self.begins)
        try:
            yield
        except BaseException:
            self.store.finish("ROLLBACK")
            raise
        self.store.execute("COMMIT")

    # ------------------------------------------------------------------------------------------- the rows

    def fill(self, table: Table, pieces: Generator[Piece, None, None], digest: Callable[[], str]) -> int:
        """Put the rows of a table in place of those that are there; return how many. ``digest`` is asked at the end."""
        with closing(pieces), self.transaction():
            self.forget(table.name)
            self.empty(table)
            count = self.add(table, pieces)
            self.mark(table.name, count, digest())
        return count

    def clear_search(self) -> None:
        """Empty the search index, for it to be made anew."""
        with self.transaction():
            for name in INDEXES:
                self.empty_index(name)
            for part in (HEADS, ENTRIES):
                self.forget(part)

    def index_batch(self, batch: Batch, sizes: str) -> None:
        """Add documents, and say where the next begin; ``sizes`` are how many of the part there are in each table."""
        with self.transaction():
            for name, documents in zip(INDEXES, (batch.public_text, batch.internal_text), strict=True):
                self.add_documents(name, documents)
            self.mark(batch.part, batch.last, sizes)

    def index(self) -> None:
        """Make the secondary indexes and the foreign keys."""
        with self.transaction():
            self.make_indexes()
            self.mark(_MADE, 1)

    # ------------------------------------------------------------------------------------ for each engine

    def empty(self, table: Table) -> None:
        """Remove the rows of a table; inside a transaction, as are the next."""
        self.store.execute(f'DELETE FROM "{table.name}"')

    def add(self, table: Table, pieces: Iterator[Piece]) -> int:
        """Add rows; return how many."""
        raise NotImplementedError

    def empty_index(self, name: str) -> None:
        """Remove the documents of a table of the search index."""
        raise NotImplementedError

    def add_documents(self, name: str, documents: list[Document]) -> None:
        """Add documents to a table of the search index."""
        raise NotImplementedError

    def documents(self, name: str) -> int:
        """Return how many documents a table of the search index has."""
        raise NotImplementedError

    def make_indexes(self) -> None:
        """Make the secondary indexes and the foreign keys. Raises DamagedStore for rows that contradict them."""
        raise NotImplementedError

    def pieces(self, table: Table) -> Generator[Piece, None, None]:
        """Yield the rows that are there; inside a transaction."""
        raise NotImplementedError

    def finish(self) -> None:
        """Take the mark away: from now on it is a desk."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the store."""
        self.store.close()
