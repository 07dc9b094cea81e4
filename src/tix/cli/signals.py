"""What a signal does to a command: it ends as ctrl-c ends it, wherever in the program it arrives."""

from __future__ import annotations

import sys

from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    import signal
    from types import FrameType
else:
    import _signal as signal  # the module makes enums of its numbers, which takes as long as the queue

# The signal of a command that took too long.
ALARM = int(signal.SIGALRM)
# More seconds than this are no timeout.
_LONGEST_SECONDS = 1e8
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
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, end)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, end)
        sys.unraisablehook = _again
    except ValueError:
        pass  # not the main thread


class LeftToChildren:
    """A block in which ctrl-c is for the program that has the terminal. Not SIG_IGN: it would inherit that."""

    def __enter__(self) -> None:
        def leave_alone(_number: int, _frame: object) -> None: ...

        self._before = {
            number: signal.signal(number, leave_alone) for number in (signal.SIGINT, signal.SIGQUIT)
        }

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def end_after(seconds: float) -> None:
    """End the command after so many seconds, as a signal ends it: Terminated, with the number of ``ALARM``."""
    from tix.errors import InvalidValue

    if not 0 < seconds < _LONGEST_SECONDS:
        raise InvalidValue(
            Said("--timeout {seconds:g} is not a number of seconds above 0", seconds=seconds),
            hint="--timeout 10",
        )
    try:
        signal.signal(signal.SIGALRM, end)
    except ValueError:
        return  # not the main thread
    signal.setitimer(signal.ITIMER_REAL, seconds)


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
    signal.signal(signal.SIGALRM, end if number == ALARM else lambda *_: signal.raise_signal(number))
    signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
