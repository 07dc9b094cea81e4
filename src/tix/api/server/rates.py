"""How many requests a minute a key may send to this process."""

from __future__ import annotations

import threading
import time

from tix.domain.tokens import Allowance, Token, spend


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
