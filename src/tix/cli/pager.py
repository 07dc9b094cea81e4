"""Long reads on a terminal go through the person's pager."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tix.cli.session import Session


@contextmanager
def paged(session: Session, pager: str) -> Iterator[None]:
    """What is written inside, to stdout on a terminal, goes through ``pager`` when it is longer than the screen."""
    terminal = sys.stdout
    sys.stdout = session.aside = buffer = _Page()
    try:
        yield
    except BaseException:
        terminal.write(buffer.getvalue())
        raise
    finally:
        sys.stdout, session.aside = terminal, None
    text = buffer.getvalue()
    if text.count("\n") < shutil.get_terminal_size().lines:
        terminal.write(text)
        return
    terminal.flush()
    try:
        _show(pager, text)
    except OSError:
        terminal.write(text)


def _show(pager: str, text: str) -> None:
    """Runs the pager on ``text`` until it ends; ctrl-c is the pager's, as in git. Raises OSError."""
    from tix.cli.signals import LeftToChildren

    # A pager that is told nothing shows our colours as escape codes: git and gh say the same.
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    with LeftToChildren():
        shown = subprocess.Popen(pager, shell=True, stdin=subprocess.PIPE, env=environment)  # noqa: S602  # the person's own command, as git runs it
        assert shown.stdin is not None
        try:
            with suppress(BrokenPipeError), shown.stdin as page:  # whoever has seen enough quits
                page.write(text.encode(errors="backslashreplace"))
            shown.wait()
        except BaseException:  # a kill, or the terminal is gone: the pager puts the terminal right and ends
            shown.terminate()
            shown.wait()
            raise


class _Page(io.StringIO):
    """Text kept for a pager, for a writer that believes it is on a terminal."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return sys.__stdout__.fileno() if sys.__stdout__ is not None else 1
