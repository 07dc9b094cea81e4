"""``tix log --follow --notify``: a bell and a message of the terminal, or of the desktop, for what others do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tix.cli.session import Session
from tix.errors import UsageError
from tix.render.safe import safe_line, shorten
from tix.typing import Any
from tix.words.sentence import Said

_BELL = "\a"
_TITLE = "tix"
_LONGEST = 120
_SECONDS = 5.0
# These know the sequence of rxvt (OSC 777), with a title; the others that of iTerm2 (OSC 9).
_WITH_TITLE = ("rxvt", "foot")
_SCRIPT = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"


class Notifier:
    """Tells a person of new entries that are not their own. Raises UsageError where there is no way to."""

    def __init__(self, session: Session) -> None:
        remote = session.remote
        self._me = remote.whoami()["login"] if remote is not None else session.reader().actor.login
        self._on_terminal = sys.stdout.isatty()
        self._program = None if self._on_terminal else _program()
        if not self._on_terminal and self._program is None:
            raise UsageError(Said("--notify needs a terminal, or notify-send or osascript"))

    def tell(self, found: list[dict[str, Any]]) -> None:
        """Tell of entries, the last one by name; without what was written in it."""
        others = [one for one in found if one["by"] != self._me]
        if not others:
            return
        text = words(others)
        if self._program is None:
            sys.stdout.write(_sequence(text))
            sys.stdout.flush()
            return
        try:
            subprocess.run([*self._program, _TITLE, text], timeout=_SECONDS, check=False, capture_output=True)  # noqa: S603  # no shell
        except (OSError, subprocess.TimeoutExpired):
            return  # the entry itself was printed


def words(found: list[dict[str, Any]]) -> str:
    """Return the sentence about new entries."""
    last = found[-1]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return shorten(
        safe_line(f"{last['ref']}: {last['kind']} by {last['by_name'] or last['by']}{more}"), _LONGEST
    )


def _program() -> list[str] | None:
    if (found := shutil.which("notify-send")) is not None:
        return [found, "--"]
    if (found := shutil.which("osascript")) is not None:
        return [found, "-e", _SCRIPT]
    return None


def _sequence(text: str) -> str:
    """The bell, and the message where the terminal takes sequences. In escaped text nothing ends one."""
    term = os.environ.get("TERM", "").lower()
    if term in ("", "dumb", "unknown"):
        return _BELL
    if term.startswith(_WITH_TITLE) or os.environ.get("VTE_VERSION"):
        return f"{_BELL}\x1b]777;notify;{_TITLE};{text.replace(';', ',')}\x1b\\"
    return f"{_BELL}\x1b]9;{text}\x1b\\"
