"""One run of a copy: the rows, the search index, the secondary indexes, then everything is read again and compared."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from hashlib import sha256

from tix.errors import StorageFailure
from tix.store.connection import Store
from tix.store.copy import documents
from tix.store.copy.lines import Piece
from tix.store.copy.tables import INDEXES, Table, copied
from tix.store.copy.target import Mark, Target
from tix.typing import Any, NamedTuple, TypeAlias

# What is called with how far a copy is: the step, how many rows of how many.
Told: TypeAlias = Callable[[str, int, int | None], None]


class Source(NamedTuple):
    """A store to read from: ``prepare`` is called inside the snapshot, ``pieces`` yields the rows of a table by its key."""

    store: Store
    prepare: Callable[[Any], None]
    pieces: Callable[[Any, Table], Generator[Piece, None, None]]


class Copied(NamedTuple):
    """A table that was copied: its rows, and the SHA-256 of its lines, which is that of the target's.

    The search index is made anew: of it the documents are counted, and it has no digest. ``effect`` is ``created``, or
    ``unchanged`` for a table that was there from before, or ``would_create``.
    """

    table: str
    rows: int
    digest: str | None
    ok: bool | None
    effect: str


class Changed(Exception):
    """The source has changed since a copy that has indexes already."""


def fill(source: Source, target: Target, tell: Told) -> list[Copied]:
    """Copy everything of ``source`` that is not yet in ``target``, and compare both. The mark stays. Raises Changed, StorageFailure, DamagedStore."""
    work = _Work(source, target, tell)
    with source.store.reading():
        work.prepare()
        work.rows()
        work.search()
    if not target.is_indexed:
        tell("making the indexes", 0, None)
        target.index()
    return work.compared()


class _Work:
    """One run of a copy. ``_kept`` are the tables that are there from a run before."""

    def __init__(self, source: Source, target: Target, tell: Told) -> None:
        self._source, self._target, self._tell = source.store, target, tell
        self._tables = copied()
        self._total = self._done = 0
        self._kept: set[str] = set()
        self._prepare, self._read = source.prepare, source.pieces

    def prepare(self) -> None:
        """Count what there is to do, and find out what of an earlier run can stay. Raises Changed."""
        self._prepare(self._source)
        self._total = sum(
            self._source.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]
            for table in self._tables[:-1]
        )
        marks = self._target.marks()
        there = [table for table in self._tables if table.name in marks]
        for table in there:
            if self._digest("comparing", table, self._read(self._source, table)) == marks[table.name]:
                self._kept.add(table.name)
        if len(self._kept) < len(there):
            if self._target.is_indexed:
                raise Changed
            self._target.clear_search()

    def rows(self) -> None:
        """Copy the tables that are not there yet."""
        self._done = 0
        for table in self._tables:
            if table.name in self._kept:
                continue
            digest = sha256()
            pieces = self._watched("copying", self._read(self._source, table), digest.update)
            self._target.fill(table, pieces, digest.hexdigest)

    def search(self) -> None:
        """Index the texts that are not in the search index yet."""
        marks = self._target.marks()
        after = {part: marks[part].rows for part in (documents.HEADS, documents.ENTRIES) if part in marks}
        if self._target.is_indexed:
            return
        part, sizes = "", [0, 0]
        self._done = 0
        for batch in documents.batches(self._source, after):
            if batch.part != part:
                part, sizes = batch.part, _sizes(marks.get(batch.part))
            for place, found in enumerate((batch.public_text, batch.internal_text)):
                sizes[place] += len(found)
                self._done += len(found)
            self._target.index_batch(batch, f"{sizes[0]} {sizes[1]}")
            self._tell("indexing texts", self._done, None)

    def compared(self) -> list[Copied]:
        """Read the target again, and return its tables. Raises StorageFailure where one is not as it was copied."""
        marks = self._target.marks()
        self._done, found = 0, []
        with self._target.transaction():
            for table in self._tables:
                mark = self._digest("verifying", table, self._target.pieces(table))
                effect = "unchanged" if table.name in self._kept else "created"
                ok = mark == marks[table.name]
                found.append(Copied(table.name, mark.rows, mark.digest, ok, effect))
            sizes = [_sizes(marks.get(part)) for part in (documents.HEADS, documents.ENTRIES)]
            for place, name in enumerate(INDEXES):
                rows = self._target.documents(name)
                wanted = sum(size[place] for size in sizes)
                found.append(Copied(name, rows, None, rows == wanted, "created"))
        if wrong := [one.table for one in found if not one.ok]:
            raise StorageFailure(
                f"the copy in {self._target.place} differs from what was copied: {', '.join(wrong)}",
                hint="copy again: tix db copy FROM TO --anew",
            )
        return found

    def _digest(self, stage: str, table: Table, pieces: Generator[Piece, None, None]) -> Mark:
        digest, count = sha256(), 0
        with closing(self._watched(stage, pieces, digest.update)) as watched:
            for piece in watched:
                count += piece.rows
        return Mark(count, digest.hexdigest())

    def _watched(
        self, stage: str, pieces: Generator[Piece, None, None], update: Callable[[bytes], None]
    ) -> Generator[Piece, None, None]:
        with closing(pieces):  # else the source stays locked for as long as somebody holds the error
            for piece in pieces:
                update(piece.text)
                yield piece
                self._done += piece.rows
                self._tell(stage, self._done, self._total)


def _sizes(mark: Mark | None) -> list[int]:
    return [0, 0] if mark is None else [int(size) for size in mark.digest.split()]
