"""Looking again and again: what a list shows, what happens; until ctrl-c or a kill.

Each look opens the store and closes it, so that nothing is held between two of them, and whoever may see less
by now sees less.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tix.cli.personal.settings import is_accessible
from tix.cli.session import Session
from tix.cli.variables import is_dumb
from tix.errors import InvalidValue, StoreBusy, Unreachable, UsageError
from tix.typing import NoReturn
from tix.words.sentence import Said

SHORTEST_SECONDS, LONGEST_SECONDS = 0.2, 86_400.0

_ENTER, _LEAVE = "\x1b[?1049h", "\x1b[?1049l"  # the terminal's other screen: what stood on this one stays
_CLEAR = "\x1b[H\x1b[2J"


def interval(session: Session, seconds: float, *, plain: bool) -> float:
    """The seconds between two looks. Raises UsageError without a terminal, InvalidValue out of range."""
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise InvalidValue(
            Said("--watch {seconds:g} is out of range", seconds=seconds),
            hint=Said("use 0.2 to 86400 seconds, e.g. --watch 5"),
        )
    if plain or not session.on_terminal:
        raise UsageError(Said("--watch needs a terminal"), hint=Said("for scripts: tix log --follow --json"))
    return seconds


def redraw(session: Session, seconds: float, draw: Callable[[], object]) -> NoReturn:
    """Draws again after ``seconds``, and when the window changes its size, until a signal ends it."""
    moves = not (is_dumb() or is_accessible())
    with _awake() as waker:
        try:
            sys.stdout.write(_ENTER if moves else "")
            while True:
                sys.stdout.write(_CLEAR if moves else "")
                with _patient(session):
                    draw()
                _say_how(session, seconds)
                sys.stdout.flush()
                session.close(failed=True)
                wait(seconds, waker)
        finally:
            sys.stdout.write(_LEAVE if moves else "")
            sys.stdout.flush()


def _say_how(session: Session, seconds: float) -> None:
    from tix.cli.output import zone
    from tix.render.words import clock

    sys.stdout.write(f"\n{clock(session.now, zone())}, every {seconds:g} s; ctrl-c stops\n")


@contextmanager
def _patient(session: Session) -> Iterator[None]:
    """A store that is busy, or a server out of reach, is looked at again next time."""
    try:
        yield
    except (StoreBusy, Unreachable) as error:
        session.say(error.message)


def fitting(limit: int) -> int:
    """So many rows fit on the screen below their heads, and no more than ``limit`` (-1: any number)."""
    try:
        rows = os.get_terminal_size(sys.stdout.fileno()).lines - 6
    except OSError:
        return limit
    room = max(rows, 1)
    return room if limit < 0 else min(limit, room)


@contextmanager
def _awake() -> Iterator[socket.socket | None]:
    """A socket that can be read when a signal has come, such as a new size of the window."""
    try:
        before = signal.signal(signal.SIGWINCH, lambda _number, _frame: None)
    except ValueError:  # not the main thread: signals are somebody else's
        yield None
        return
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        yield ours
    finally:
        signal.set_wakeup_fd(fd)
        signal.signal(signal.SIGWINCH, before)
        ours.close()
        theirs.close()


def wait(seconds: float, waker: socket.socket | None = None) -> None:
    """Sleeps; a signal ends it early, one that ends the command by an exception."""
    select.select([] if waker is None else [waker], [], [], seconds)
    if waker is not None:
        with suppress(BlockingIOError):
            waker.recv(4096)
