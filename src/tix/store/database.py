"""SQLite's connection as the store uses it: it waits for a lock with patience, and ends when a signal says so."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import Any

# So long SQLite waits for a lock by itself: a signal is heard of between two waits.
WAIT_SECONDS = 1
# After so many steps of SQLite's machine, some milliseconds, Python looks for a signal.
_STEPS = 100_000
_BUSY, _INTERRUPT = 5, 9  # primary result codes (https://sqlite.org/rescode.html)


class Rows(sqlite3.Cursor):
    """A cursor. A statement that a signal has ended raises what the signal's handler raised."""

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

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.OperationalError as error:
            self.connection.end_on_signal(error)
            raise


class Connection(sqlite3.Connection):
    """A connection whose statements end when a signal does, however long they would run."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.busy_seconds = 0
        # Called once when another process has held the lock for a second.
        self.on_wait: Callable[[], None] | None = None
        self._stopped: list[BaseException] = []
        self.set_progress_handler(_watch(self._stopped).__next__, _STEPS)

    def cursor(self, factory: Any = Rows) -> Any:
        return super().cursor(factory)

    def execute(self, *args: Any) -> Rows:
        return Rows(self).execute(*args)

    def executemany(self, *args: Any) -> Rows:
        return Rows(self).executemany(*args)

    def patiently(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        """Executes a statement; waits up to ``busy_seconds`` where another process has locked the store."""
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
                    time.sleep(0.01)  # SQLite does not wait where it thinks that waiting could not help
                elif self.on_wait is not None:
                    self.on_wait()
                    self.on_wait = None

    def end_on_signal(self, error: sqlite3.OperationalError) -> None:
        """Raises what a signal's handler raised, where that has ended the statement that failed with ``error``."""
        if getattr(error, "sqlite_errorcode", 0) == _INTERRUPT:
            raise self._stopped.pop() if self._stopped else KeyboardInterrupt()


def _watch(stopped: list[BaseException]) -> Iterator[int]:
    """What SQLite asks between its steps: 0 to go on, 1 to stop, and then ``stopped`` has the reason.

    A generator, because Python runs a signal's handler as soon as a function begins, before it can catch what
    that raises; a generator that goes on is already within its ``try``.
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
