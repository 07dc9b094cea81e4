"""How often, and for how long, work is done again that a server broke off."""

from __future__ import annotations

import time

# A promoted standby takes writes after a few seconds, a restarted server after its recovery.
SECONDS = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0


class Attempts:
    """The attempts at one piece of work; the time counts from the first that failed."""

    def __init__(self) -> None:
        self._until: float | None = None
        self._pause = _FIRST_PAUSE

    def wait(self) -> bool:
        """Wait until the next attempt, longer each time; return False, at once, where it is too late for one."""
        now = time.monotonic()
        if self._until is None:
            self._until = now + SECONDS
        if now >= self._until:
            return False
        time.sleep(min(self._pause, self._until - now))
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        return True
