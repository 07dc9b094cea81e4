"""A store that stays open for longer than one command, as in a server."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from tix.domain.databases import is_database
from tix.errors import BrokenOff, NewerStore, StoreBusy, StoreUnusable
from tix.store.attempts import Attempts
from tix.store.compiled import sqlite
from tix.store.connection import Store, failure
from tix.store.open import open_store
from tix.typing import TypeAlias, TypeVar

# A client of a server gives up long before the 30 seconds that somebody at a shell waits for a lock.
BUSY_SECONDS = 5
# How often a writer looks whether it is its turn.
_LOOK_SECONDS = 0.002

T = TypeVar("T")
# The store as ``current`` returns it, for who may not import the rest of this layer.
OpenStore: TypeAlias = Store


class LongLivedStore:
    """The store at a path or an address, open on one thread. ``current`` opens it again where the file was replaced.

    A connection goes on reading a file that ``tix db restore`` has replaced, for ever, and a newer tix may migrate the
    file under it: so look before each piece of work. ``queued``: processes that write wait at a lock beside the
    store, looking often, and not in SQLite, where one may be passed over for seconds.
    """

    def __init__(self, place: str, *, queued: bool = False) -> None:
        self._place = place
        self._queued = queued
        self._store: Store | None = None
        self._file: tuple[int, int] | None = None

    def current(self) -> Store:
        """Return the store, open on the file that is there now. Call it on one thread only.

        Raises StoreUnusable where the file is gone, NewerStore where a newer tix has migrated it, StoreBusy and
        StorageFailure.
        """
        if is_database(self._place):
            return self._current_of_database()
        file = self._there()
        if self._store is None or file != self._file:
            self.close()
            self._store, self._file = open_store(self._place), file
            self._store.connection.busy_seconds = BUSY_SECONDS
        else:
            (version,) = self._store.execute("PRAGMA user_version").fetchone()
            if version != sqlite.SCHEMA_VERSION:
                self.close()
                raise NewerStore(f"a newer version of tix has migrated the store {self._place}")
        return self._store

    def _current_of_database(self) -> Store:
        """The same for a store in a database: opened again where the connection is gone, or a restored desk has taken its place."""
        if self._store is not None and self._store.is_gone():
            self.close()
        if self._store is None:
            self._store = open_store(self._place)
            self._store.connection.busy_seconds = BUSY_SECONDS
        return self._store

    def do(self, work: Callable[[Store], T]) -> T:
        """Return what ``work`` makes of the store. Raises as ``current``, also for what fails while rows are read.

        ``work`` is called again where the server of a database broke it off, and nothing of it was committed. A server
        that was not there before is not waited for.
        """
        attempts = Attempts()
        first: BrokenOff | None = None
        while True:
            store = self._store
            commits = 0 if store is None else store.commits
            try:
                with _turn(self._place) if self._queued and not is_database(self._place) else nullcontext():
                    return work(self.current())
            except sqlite3.Error as error:
                raise failure(error, self._place) from error
            except BrokenOff as error:
                if first is None and store is None:
                    raise
                has_written = self._store is not None and self._store.commits != (
                    commits if self._store is store else 0
                )
                first = first or error
                self.close()
                if has_written or not attempts.wait():
                    raise first from error

    def _there(self) -> tuple[int, int]:
        try:
            found = os.stat(self._place)  # noqa: PTH116  # before every request
        except OSError as error:
            raise StoreUnusable(f"the store {self._place} cannot be opened: {error.strerror}") from error
        return found.st_dev, found.st_ino

    def close(self) -> None:
        """Close the file, if it is open."""
        if self._store is not None:
            self._store.close()
            self._store = self._file = None


@contextmanager
def _turn(path: str) -> Iterator[None]:
    """Hold the lock of the writers of several processes. Raises StoreBusy where it is not free in time.

    The shell does not take it; SQLite's own lock is what keeps a write whole.
    """
    descriptor = os.open(f"{path}.writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + BUSY_SECONDS
        while not _is_locked(descriptor):
            if time.monotonic() > until:
                raise StoreBusy(f"the store {path} is busy: another process holds it", hint="try again")
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
