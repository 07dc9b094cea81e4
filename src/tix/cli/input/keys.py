"""One key from a terminal, without Enter."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import tty
from contextlib import suppress
from types import FrameType

from tix.cli.repeats import stdin

# What a key sends beside its first byte, such as an arrow's, arrives within this time.
_REST_SECONDS = 0.02


def press(prompt: str) -> str:
    """The key that is pressed after ``prompt`` has been shown; "" for one that is no character, or for several at once, such as a paste. Esc is one.

    What was typed before is forgotten: nobody has seen yet what it would have been an answer to. Ctrl-c is
    KeyboardInterrupt, and so is a terminal that is gone.
    """
    stdin.spend()
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)

    def again(_number: int, _frame: FrameType | None) -> None:
        tty.setcbreak(terminal)  # the shell has put its own mode in force while we were stopped

    resumed = signal.signal(signal.SIGCONT, again)
    try:
        tty.setcbreak(terminal)
        sys.stdout.write(prompt)
        sys.stdout.flush()
        data = os.read(terminal, 1)
        while select.select([terminal], [], [], _REST_SECONDS)[0]:
            more = os.read(terminal, 4096)
            if not more:
                break
            data += more
    except OSError:
        data = b""
    finally:
        signal.signal(signal.SIGCONT, resumed)
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    if data in (b"", b"\x04"):
        raise KeyboardInterrupt
    text = data.decode("utf-8", "replace")
    return text if len(text) == 1 and (text.isprintable() or text in "\r\n\t\x1b") else ""
