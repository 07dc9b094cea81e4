"""The streams of this process for a command whose answer is kept: nothing to read, and text that others read."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Captured:
    """What was printed."""

    def __init__(self) -> None:
        self.stdin, self.stdout, self.stderr = (
            io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(3)
        )

    @property
    def out(self) -> str:
        """What went to stdout."""
        return _text(self.stdout)

    @property
    def err(self) -> str:
        """What went to stderr."""
        return _text(self.stderr)


@contextmanager
def captured() -> Iterator[Captured]:
    """Give the process streams of its own meanwhile."""
    kept = sys.stdin, sys.stdout, sys.stderr
    found = Captured()
    sys.stdin, sys.stdout, sys.stderr = found.stdin, found.stdout, found.stderr
    try:
        yield found
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]  # a BytesIO, see above
    return data.decode("utf-8", "backslashreplace")
