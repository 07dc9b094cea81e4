"""Lanes: threads with a store of their own, each with a bounded queue before it.

SQLite's driver gives up Python's lock at every row, so several threads that read make each other slower; one that reads
and one that writes do not. The writer's lane is also the lock that writers of one process wait for. What takes long (a
file that is read or judged) has a lane of its own, so that no short request waits behind it.

A thread that reads from a database waits for its server most of the time: there readers are several.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import LifoQueue
from typing import TypeAlias, TypeVar

from tix.domain.databases import is_database
from tix.errors import Overloaded
from tix.store.long_lived import LongLivedStore, OpenStore

T = TypeVar("T")
# What the work of a lane gets.
Store: TypeAlias = OpenStore

# Requests that wait in front of a lane; one more is refused at once.
MOST_WAITING = 256
# Connections of the readers to a database.
CONNECTIONS = 4


class Lane:
    """A thread with its own connection to the store at a path or an address; where ``reads``, several to a database."""

    def __init__(
        self,
        name: str,
        place: str,
        most_waiting: int = MOST_WAITING,
        *,
        queued: bool = False,
        reads: bool = False,
    ) -> None:
        self._connections = CONNECTIONS if reads and is_database(place) else 1
        self._threads = ThreadPoolExecutor(self._connections, thread_name_prefix=name)
        # The one that was used last is taken first: its pages are in memory, and the others may rest.
        self._free: LifoQueue[LongLivedStore] = LifoQueue()
        for _ in range(self._connections):
            self._free.put(LongLivedStore(place, queued=queued))
        self._most_waiting = most_waiting
        self._waiting = 0
        self.name = name

    @property
    def waiting(self) -> int:
        """The requests before the threads, with those they work for."""
        return self._waiting

    async def run(self, work: Callable[[Store], T]) -> T:
        """Run ``work`` on a thread, with its store. Raises Overloaded where too many requests wait, and what it raises."""
        if self._waiting >= self._most_waiting:
            raise Overloaded("the server has too many requests waiting", hint="try again in a second")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, work)
        finally:
            self._waiting -= 1

    def _do(self, work: Callable[[Store], T]) -> T:
        store = self._free.get()
        try:
            return store.do(work)
        finally:
            self._free.put(store)

    def close(self) -> None:
        """Finish what waits, and close the stores."""
        self._threads.submit(self._close)
        self._threads.shutdown(wait=True)

    def _close(self) -> None:
        for _ in range(self._connections):
            self._free.get().close()
