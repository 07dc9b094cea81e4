"""Lanes: threads with a store of their own, each with a bounded queue before it.

SQLite's driver gives up Python's lock at every row, so several threads that read make each other slower; one that reads
and one that writes do not. The writer's lane is also the lock that writers of one process wait for. What takes long (a
file that is read or judged) has a lane of its own, so that no short request waits behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias, TypeVar

from tix.errors import Overloaded
from tix.store.long_lived import LongLivedStore, OpenStore

T = TypeVar("T")
# What the work of a lane gets.
Store: TypeAlias = OpenStore

# Requests that wait in front of a lane; one more is refused at once.
MOST_WAITING = 256


class Lane:
    """One thread with its own connection to the store at a path or an address."""

    def __init__(
        self, name: str, place: str, most_waiting: int = MOST_WAITING, *, queued: bool = False
    ) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._store = LongLivedStore(place, queued=queued)
        self._most_waiting = most_waiting
        self._waiting = 0
        self.name = name

    @property
    def waiting(self) -> int:
        """The requests before the thread, with the one it works for."""
        return self._waiting

    async def run(self, work: Callable[[Store], T]) -> T:
        """Run ``work`` on the thread, with its store. Raises Overloaded where too many requests wait, and what it raises."""
        if self._waiting >= self._most_waiting:
            raise Overloaded("the server has too many requests waiting", hint="try again in a second")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)
        finally:
            self._waiting -= 1

    def _do(self, work: Callable[[Store], T]) -> T:
        return self._store.do(work)

    def close(self) -> None:
        """Finish what waits, and close the store."""
        self._thread.submit(self._store.close)
        self._thread.shutdown(wait=True)
