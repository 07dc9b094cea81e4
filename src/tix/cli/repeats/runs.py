"""A command that runs again because the server of its desk broke it off: after a restart or a failover.

Only where nothing was committed, nothing printed, and what was read from stdin or written in the editor is kept. What a
person was asked is not asked again: such a command ends, and says that nothing was written.
"""

from __future__ import annotations

import sys

from tix.store.attempts import Attempts
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.errors import BrokenOff


class Printed:
    """Whether something was written to the stream that is stdout now, or anything before it in this run."""

    def __init__(self) -> None:
        self.has_any = False
        stream: Any = sys.stdout
        self._stream = stream
        self._write, self._flush = stream.write, stream.flush
        stream.write, stream.flush = self._written, self._flushed

    def _written(self, text: str) -> Any:
        self.has_any = self.has_any or bool(text)
        return self._write(text)

    def _flushed(self) -> None:
        # Before bytes go to the buffer below it.
        self.has_any = True
        self._flush()

    def stop(self) -> None:
        """Leave the stream as it was."""
        for name in ("write", "flush"):
            self._stream.__dict__.pop(name, None)


def watch(early: Any) -> None:
    """Look from here on whether the command of a ``cli.session.Invocation`` prints something."""
    if early.printed is None:
        early.printed = Printed()


class Repeats:
    """The runs of one command; the first error is the one that is told."""

    def __init__(self, early: Any) -> None:
        self._early = early  # a cli.session.Invocation
        self._attempts = Attempts()
        self.first: BrokenOff | None = None

    def again(self, error: BrokenOff) -> bool:
        """Wait; return whether the command runs again."""
        from tix.cli.repeats import stdin

        early = self._early
        is_new = self.first is None
        self.first = self.first or error
        if is_new and early.store is None:  # the server was not there to begin with
            return False
        if early.commits or (early.printed is not None and early.printed.has_any) or not stdin.rewind():
            return False
        if early.printed is not None:
            early.printed.stop()
            early.printed = None
        return self._attempts.wait()
