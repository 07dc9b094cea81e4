"""Copy a desk between files and databases: which engine reads, and which writes."""

from __future__ import annotations

from pathlib import Path

from tix.domain.databases import is_database
from tix.store.connection import Store
from tix.store.copy import file
from tix.store.copy.tables import copied
from tix.store.copy.target import Target
from tix.store.copy.work import Changed, Copied, Source, Told, fill


def counts(source: Store) -> list[Copied]:
    """Return how many rows each table of a desk has."""
    with source.reading():
        found = [
            (table.name, source.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0])
            for table in copied()[:-1]
        ]
    return [Copied(name, rows, None, None, "would_create") for name, rows in found]


def copy(source: Store, place: str, *, anew: bool, tell: Told) -> list[Copied]:
    """Copy a desk to the path or address ``place``, where no desk is; return its tables, each compared with the source.

    Goes on with a copy that was broken off: the tables that are there are compared with ``source``, and what has changed is
    copied again. ``anew`` drops such a copy first. Raises AlreadyExists, ForeignStore, StoreBusy, StorageFailure where the copy
    differs, DamagedStore.
    """
    try:
        return _finished(source, _begin(place, anew), tell)
    except Changed:
        return _finished(source, _begin(place, True), tell)


def check(place: str) -> None:
    """Raise as ``copy`` where nothing can be copied to a place; nothing is written."""
    if is_database(place):
        from tix.store.postgresql.copy import check as check_database

        check_database(place)
    else:
        file.check(Path(place))


def _begin(place: str, anew: bool) -> Target:
    if is_database(place):
        from tix.store.postgresql.copy import begin as begin_in_database

        made: Target = begin_in_database(place, anew=anew)
        return made
    return file.begin(Path(place), anew=anew)


def _finished(source: Store, target: Target, tell: Told) -> list[Copied]:
    try:
        found = fill(source_of(source), target, tell)
        target.finish()
    finally:
        target.close()
    return found


def to_file(store: Store, path: Path, tell: Told) -> None:
    """Copy a desk to the empty file at ``path``, which nobody else uses yet. Raises as ``fill``."""
    target = file.FileTarget(path, is_safe=False)
    target.make()
    _finished(store, target, tell)


def source_of(store: Store) -> Source:
    """Return how a store is read."""
    if store.is_file:
        return Source(store, lambda store: None, file.pieces)
    from tix.store.postgresql import copy as database

    return Source(store, database.prepare, database.pieces)
