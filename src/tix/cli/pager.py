"""Long reads on a terminal go through the person's pager."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tix.cli.session import Session


@contextmanager
def paged(session: Session) -> Iterator[None]:
    """What is written inside goes through ``$TIX_PAGER`` or ``$PAGER`` when it is longer than the screen.

    Only on a terminal, and only where one of the two is set; ``cat`` and an empty value mean no pager.
    """
    pager = os.environ.get("TIX_PAGER", os.environ.get("PAGER", ""))
    if not session.on_terminal or pager.strip() in ("", "cat"):
        yield
        return
    terminal = sys.stdout
    sys.stdout = buffer = _Page()
    try:
        yield
    finally:
        sys.stdout = terminal
    text = buffer.getvalue()
    if text.count("\n") < shutil.get_terminal_size().lines:
        terminal.write(text)
        return
    terminal.flush()
    # A pager that is told nothing shows our colours as escape codes: git and gh say the same.
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    try:
        subprocess.run(pager, shell=True, input=text.encode(), env=environment, check=False)  # noqa: S602  # the person's own command, as git runs it
    except OSError:
        terminal.write(text)


class _Page(io.StringIO):
    """Text kept for a pager, for a writer that believes it is on a terminal."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return sys.__stdout__.fileno() if sys.__stdout__ is not None else 1
