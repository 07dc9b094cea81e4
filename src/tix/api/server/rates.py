"""How many requests a minute a key may send to this process, and how many that last one person may have at a time."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tix.domain.tokens import Allowance, Token, spend
from tix.errors import Overloaded, Throttled

# What is told to somebody who has all that one person may have: when to try again.
WAIT_SECONDS = 60


class Rates:
    """What is left to each key that has a rate; several processes share it evenly."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._left: dict[str, Allowance] = {}
        self._lock = threading.Lock()

    def spend(self, token: Token) -> None:
        """Count a request; call it on any thread. Raises Throttled where there are too many."""
        if token.rate is None:
            return
        rate = max(1, token.rate // self._workers)
        with self._lock:
            self._left[token.digest] = spend(self._left.get(token.digest), rate, time.monotonic())


class Shares:
    """What lasts, such as uploads: ``most`` at a time, of which one person has ``most_of_one``, so that none takes all.

    ``name`` tells in a refusal what there are too many of. Call it on one thread.
    """

    def __init__(self, most: int, most_of_one: int, name: str) -> None:
        self._most, self._most_of_one, self._name = most, most_of_one, name
        self._taken: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._taken.total()

    @contextmanager
    def one(self, login: str) -> Iterator[None]:
        """Take one for a person until the end of the block. Raises as ``take`` does."""
        self.take(login)
        try:
            yield
        finally:
            self.free(login)

    def take(self, login: str) -> None:
        """Take one for a person; ``free`` has to follow. Raises Overloaded, and Throttled for the person's share."""
        if len(self) >= self._most:
            raise Overloaded(f"the server has too many {self._name}", hint="try again in a minute")
        if self._taken[login] >= self._most_of_one:
            raise Throttled(f"you have {self._most_of_one} {self._name} already", WAIT_SECONDS)
        self._taken[login] += 1

    def free(self, login: str) -> None:
        """Give one back."""
        self._taken[login] -= 1
        if not self._taken[login]:
            del self._taken[login]
