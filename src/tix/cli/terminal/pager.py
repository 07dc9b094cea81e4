"""Long reads on a terminal go through the person's pager, as with git. Nothing of it is loaded where the page fits."""

from __future__ import annotations

import io
import os
import sys

from tix.cli.personal.settings import is_accessible
from tix.cli.variables import is_dumb, is_on
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from tix.cli.session import Session

# Statuses of a shell that has found no program, or none that it may run.
_NOT_STARTED = (126, 127)
# A command with none of these is started without a shell: then one that is not there can be told.
_FOR_A_SHELL = frozenset("|&;<>()$`\\\"'*?[#~=%\n")
# Who ends the pager by ctrl-c has seen enough.
_CTRL_C = (-2, 130)


def chosen(session: Session) -> str:
    """Return the person's pager: ``TIX_PAGER``, the setting ``pager``, ``PAGER``, else less; ``""`` is none.

    A terminal without a cursor, CI and people who listen to the screen have none.
    """
    if is_dumb() or is_on("CI") or is_on("TIX_FORCE_TTY") or is_accessible():
        return ""
    command = os.environ.get("TIX_PAGER")
    if command is None:
        command = session.personal.get("pager")
    if command is None:
        command = os.environ.get("PAGER")
    if command is None:
        command = "less" if _is_there("less") else ""
    command = command.strip()
    return "" if command == "cat" else command


class Paged:
    """A block whose output on stdout, a terminal, goes through a pager when it is longer than the screen.

    A pager that cannot be started, or fails, loses nothing: the text itself is printed, after a warning.
    """

    def __init__(self, session: Session, pager: str) -> None:
        self._session = session
        self._pager = pager
        self._page = _Page()
        self._terminal = sys.stdout

    def __enter__(self) -> None:
        self._terminal = sys.stdout
        sys.stdout = self._session.aside = self._page

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        sys.stdout, self._session.aside = self._terminal, None
        text = self._page.getvalue()
        if kind is not None or _fits(text, *_size(self._terminal)):
            self._terminal.write(text)
            return
        self._terminal.flush()
        try:
            failure = _show(self._pager, text)
        except OSError as error:
            failure = error.strerror or str(error)
        if failure is not None:
            self._session.warn("pager", f"The pager '{self._pager}' failed ({failure}); here is its text.")
            self._terminal.write(text)


def _is_there(program: str) -> bool:
    """Whether a program is on the path; without ``shutil``, which takes longer."""
    return any(
        os.access(f"{folder}/{program}", os.X_OK)
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if folder
    )


def _size(terminal: object) -> tuple[int, int]:
    """The columns and lines of the terminal: as the environment says, else as it does itself."""
    try:
        found = os.get_terminal_size(terminal.fileno())  # type: ignore[attr-defined]  # stdout
    except (OSError, ValueError):
        found = os.terminal_size((80, 24))
    columns, lines = (os.environ.get(name, "") for name in ("COLUMNS", "LINES"))
    return (
        int(columns) if columns.isdecimal() and int(columns) else found.columns or 80,
        int(lines) if lines.isdecimal() and int(lines) else found.lines or 24,
    )


def _fits(text: str, columns: int, lines: int) -> bool:
    """Whether the screen has room for it and the next prompt."""
    rows = text.count("\n")
    if rows < lines and "\x1b" not in text:
        rows = sum(1 + max(0, _cells(line) - 1) // columns for line in text.split("\n")[:-1])
    return rows < lines


def _cells(line: str) -> int:
    r"""How many characters of a line are seen: without colours (``ESC [ … m``) and links (``ESC ] … ESC \``)."""
    first, *others = line.split("\x1b")
    cells = len(first)
    for piece in others:
        if piece.startswith("["):
            cells += len(piece.partition("m")[2])
        elif piece.startswith("\\"):
            cells += len(piece) - 1
    return cells


def _show(pager: str, text: str) -> str | None:
    """Run the pager on ``text`` until it ends; return why it failed, if it did. Raises OSError where it cannot start.

    Ctrl-c is the pager's, as in git; who quits before the end has seen enough, which is no failure.
    """
    import subprocess

    from tix.cli.signals import LeftToChildren

    # A pager that is told nothing shows our colours as escape codes: git and gh say the same.
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    is_plain = not _FOR_A_SHELL & set(pager)
    command: str | list[str] = pager.split() if is_plain else pager
    with LeftToChildren():
        shown = subprocess.Popen(command, shell=not is_plain, stdin=subprocess.PIPE, env=environment)  # noqa: S603  # the person's own command, as git runs it
        assert shown.stdin is not None
        try:
            try:
                with shown.stdin as page:
                    page.write(text.encode(errors="backslashreplace"))
            except BrokenPipeError:
                pass  # whoever has seen enough quits
            status = shown.wait()
        except BaseException:  # a kill, or the terminal is gone: the pager puts the terminal right and ends
            shown.terminate()
            shown.wait()
            raise
    if status == 0 or status in _CTRL_C:
        return None
    if status in _NOT_STARTED:
        return "no such program"
    number = -status if status < 0 else status - 128  # a shell adds 128
    return f"killed by signal {number}" if number > 0 else f"status {status}"


class _Page(io.StringIO):
    """Text kept for a pager, for a writer that believes it is on a terminal."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return sys.__stdout__.fileno() if sys.__stdout__ is not None else 1
