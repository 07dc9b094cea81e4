"""What a command has read from stdin, for a command that runs again: a pipe cannot be read twice."""

from __future__ import annotations

import sys

from tix.typing import Any


class _Read:
    """What was read of one stdin: the bytes of each ``read`` in order, and how many of them this run has had."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.pieces: list[bytes] = []
        self.had = 0
        self.is_spent = False


_read = _Read(None)


def read(most: int) -> bytes:
    """Return what is on stdin, at most so many bytes; the same again in a command that runs again."""
    found = _of_now()
    if found.had == len(found.pieces):
        found.pieces.append(b"" if sys.stdin is None else sys.stdin.buffer.read(most))
    found.had += 1
    return found.pieces[found.had - 1]


def spend() -> None:
    """Record that stdin is read, or a person asked, in a way that cannot be repeated."""
    _of_now().is_spent = True


def rewind() -> bool:
    """Make ready for another run of the command; return whether that can read what this one has read."""
    found = _of_now()
    found.had = 0
    return not found.is_spent


def _of_now() -> _Read:
    """What was read of the stdin that is there now: several commands may run in one process."""
    global _read  # noqa: PLW0603  # there is one stdin
    if _read.stream is not sys.stdin:
        _read = _Read(sys.stdin)
    return _read
