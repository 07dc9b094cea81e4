"""SQLite's connection as the store uses it: it waits for locks, and stops when a signal arrives."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator

from tix.typing import Any

# How long SQLite waits for a lock by itself; signals are handled between two waits.
WAIT_SECONDS = 1
# After so many steps of SQLite's virtual machine, some milliseconds, Python checks for signals.
_STEPS = 100_000
# How many rows are read ahead by who iterates over a cursor.
_BATCH = 64
_BUSY, _INTERRUPT = 5, 9  # primary result codes (https://sqlite.org/rescode.html)


class Rows(sqlite3.Cursor):
    """A cursor. A statement ended by a signal raises what the signal's handler raised."""

    connection: Connection

    def execute(self, *args: Any) -> Rows:
        try:
            return super().execute(*args)
        except sqlite3.OperationalError as error:
            self.connection.end_on_signal(error)
            raise

    def executemany(self, *args: Any) -> Rows:
        try:
            return super().executemany(*args)
        except sqlite3.OperationalError as error:
            self.connection.end_on_signal(error)
            raise

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except sqlite3.OperationalError as error:
            self.connection.end_on_signal(error)
            raise

    def fetchmany(self, *args: Any, **options: Any) -> list[Any]:
        try:
            return super().fetchmany(*args, **options)
        except sqlite3.OperationalError as error:
            self.connection.end_on_signal(error)
            raise

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.OperationalError as error:
            self.connection.end_on_signal(error)
            raise

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        # Rows in batches: a `__next__` in Python would be called for every row of an export.
        while rows := self.fetchmany(_BATCH):
            yield from rows


class Connection(sqlite3.Connection):
    """A connection whose statements end when a signal arrives, however long they would run."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.busy_seconds = 0
        # Called once when another process has held the lock for a second.
        self.on_wait: Callable[[], None] | None = None
        self._stopped: list[BaseException] = []
        self.set_progress_handler(_watch(self._stopped).__next__, _STEPS)

    def cursor(self, factory: Any = Rows) -> Any:
        return super().cursor(factory)

    # Through ``cursor``, because Python forgets the cursors of a connection there, and nowhere else.
    def execute(self, *args: Any) -> Rows:
        found: Rows = self.cursor().execute(*args)
        return found

    def executemany(self, *args: Any) -> Rows:
        found: Rows = self.cursor().executemany(*args)
        return found

    def patiently(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        """Execute a statement; wait up to ``busy_seconds`` while another process has locked the store."""
        started: float | None = None
        while True:
            began = time.monotonic()
            try:
                return self.execute(sql, values)
            except sqlite3.Error as error:
                started = started or began
                waited = time.monotonic()
                if (
                    getattr(error, "sqlite_errorcode", 0) & 0xFF != _BUSY
                    or waited - started >= self.busy_seconds
                ):
                    raise
                if waited - began < WAIT_SECONDS / 2:
                    time.sleep(0.01)  # SQLite does not wait if it believes that waiting cannot help
                elif self.on_wait is not None:
                    self.on_wait()
                    self.on_wait = None

    def end_on_signal(self, error: sqlite3.OperationalError) -> None:
        """Raise what a signal's handler raised, if that ended the statement that failed with ``error``."""
        if getattr(error, "sqlite_errorcode", 0) == _INTERRUPT:
            raise self._stopped.pop() if self._stopped else KeyboardInterrupt()


def _watch(stopped: list[BaseException]) -> Iterator[int]:
    """Yield what SQLite asks between its steps: 0 to go on, 1 to stop, and then ``stopped`` has the reason.

    A generator, because Python runs a signal's handler as soon as a function begins, before the function can
    catch what the handler raises; a generator that is resumed is already inside its ``try``.
    """
    while True:
        try:
            while True:
                yield 0
        except GeneratorExit:  # nobody asks any more
            return
        except BaseException as error:  # noqa: BLE001  # SQLite would drop it; the cursor raises it again
            stopped[:] = [error]
            yield 1
