"""What a signal does to a command: it ends as ctrl-c ends it, wherever in the program it arrives."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from tix.typing import Any

# After how many seconds a signal that could not be raised where it arrived is tried again.
_AGAIN_SECONDS = 0.001


class Terminated(KeyboardInterrupt):
    """SIGTERM, or the terminal is gone: ``number`` is the signal's.

    Like KeyboardInterrupt it is no Exception: what takes a refusal for an answer and goes on lets it pass.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def listen() -> None:
    """Ctrl-c becomes KeyboardInterrupt, SIGTERM and a terminal that goes away Terminated.

    Not where signals are somebody else's, and not SIGHUP where nohup has it ignored.
    """
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, end)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, end)
        sys.unraisablehook = _again


@contextlib.contextmanager
def left_to_children() -> Iterator[None]:
    """Ctrl-c is for the program that has the terminal meanwhile. Not SIG_IGN: it would inherit that."""

    def leave_alone(_number: int, _frame: object) -> None: ...

    before = {number: signal.signal(number, leave_alone) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end(number: int, _: FrameType | None) -> None:
    """The handler of a signal that ends the command. Raises Terminated."""
    raise Terminated(number)


def number_of(stopped: KeyboardInterrupt) -> int:
    """The signal that raised it."""
    return stopped.number if isinstance(stopped, Terminated) else int(signal.SIGINT)


def _again(failed: Any) -> None:
    """Python runs a handler wherever it is, also in a weak reference's callback or a finalizer.

    What is raised there is reported and dropped (``sys.unraisablehook``): the command would go on as if
    nobody had ended it. So the signal is sent once more, in a moment.
    """
    if not isinstance(failed.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(failed)
        return
    number = number_of(failed.exc_value)
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(number))
    signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
