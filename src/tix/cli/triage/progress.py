"""The tickets of a queue a person has handled today, each with its version at that time."""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import suppress
from pathlib import Path

from tix.cli.user_config import state_folder


class Progress:
    """The tickets of one queue that one person has dealt with today, by number, each with its version then.

    One that was changed since by somebody else is to be looked at again. ``queue`` says which desk, whose, and
    by which words. It is kept in a file of the state folder; where that cannot be written, in memory.
    """

    def __init__(self, queue: tuple[str, ...], now: int, *, anew: bool) -> None:
        name = hashlib.sha256("\0".join(queue).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._path: Path = state_folder() / "triage" / f"{name}.json"
        self._day = time.strftime("%Y-%m-%d", time.localtime(now))
        self._done: dict[int, int] = {} if anew else self._read()

    def __len__(self) -> int:
        return len(self._done)

    def is_done(self, number: int, version: int) -> bool:
        """Whether the ticket was handled and has not changed since."""
        return self._done.get(number) == version

    def done(self, number: int, version: int) -> None:
        """That ticket is dealt with, for today."""
        self._done[number] = version
        self._write()

    def forget(self, number: int) -> None:
        """That ticket is to be dealt with again."""
        if self._done.pop(number, None) is not None:
            self._write()

    def _read(self) -> dict[int, int]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            if told["day"] != self._day:
                return {}
            return {int(number): int(version) for number, version in told["done"].items()}
        except (OSError, ValueError, TypeError, LookupError, AttributeError):
            return {}  # a hint, not a record: begin at the top

    def _write(self) -> None:
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = self._path.with_suffix(".new")
            new.write_text(json.dumps({"day": self._day, "done": self._done}), encoding="utf-8")
            new.replace(self._path)
