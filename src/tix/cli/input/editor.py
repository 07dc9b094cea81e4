"""Writing a text in the person's own editor."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tix.cli.input.ask import ended_by_signals
from tix.cli.session import Session
from tix.errors import Interrupted, UsageError

# As git's: what stands below is for reading. Lines that begin with # are kept; they are Markdown.
SCISSORS = "# ------------------------ >8 ------------------------"


def compose(
    session: Session, what: str, start: str, context: str, keep: Callable[[str], None] | None = None
) -> str:
    """Opens the editor on ``start``, with ``context`` below a scissors line; the text somebody left.

    ``keep`` remembers the text should the command fail. Raises UsageError when there is no editor or it
    fails, InvalidValue for an empty text, Interrupted.
    """
    from tix.cli.input.content import checked, decoded

    command = _editor()
    folder = Path(tempfile.mkdtemp(prefix="tix-"))
    path = folder / f"{what}.md"
    try:
        path.write_bytes(_page(start, context).encode("utf-8", "surrogateescape"))
        try:
            status = _run(command, path)
        finally:
            data = _left(path)
            body = _above(data.decode("utf-8", "surrogateescape"))
            if body.strip():
                (keep or _keeper(session, what))(body)
        _refuse_failure(command[0], status)
        decoded(data, "in the editor's file")
        return checked(body, "message" if what == "new" else "text")
    finally:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # what else the editor left there, such as a swap file, stays
            folder.rmdir()


def _keeper(session: Session, what: str) -> Callable[[str], None]:
    def keep(body: str) -> None:
        session.early.typed = (what, body, True)

    return keep


def _page(start: str, context: str) -> str:
    """What the editor shows. The thread is quoted, so that nothing in it looks like the scissors."""
    from tix.render.safe import safe

    below = "".join(f"> {line}".rstrip() + "\n" for line in safe(context).split("\n")) if context else ""
    return f"{start}\n\n{SCISSORS}\n# Everything below this line is left out.\n{below}"


def _above(page: str) -> str:
    """The text above the scissors, which are the last line that looks like them."""
    lines = page.removeprefix("\ufeff").split("\n")
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].rstrip() == SCISSORS:
            lines = lines[:at]
            break
    return "\n".join(lines).strip("\r\n")


def _run(command: list[str], path: Path) -> int:
    """Runs the editor on ``path``; its status. Raises UsageError when it cannot be started."""
    try:
        with _its_own_interrupts(), ended_by_signals():
            return subprocess.run([*command, str(path)], check=False).returncode  # noqa: S603  # theirs
    except FileNotFoundError as error:
        raise UsageError(f"the editor {command[0]} is not there", hint="set TIX_EDITOR or EDITOR") from error
    except OSError as error:
        raise UsageError(
            f"the editor {command[0]} cannot be started: {error.strerror}", hint="set TIX_EDITOR or EDITOR"
        ) from error


@contextmanager
def _its_own_interrupts() -> Iterator[None]:
    """Ctrl-c in the editor is the editor's. Not SIG_IGN: the editor would inherit that."""

    def leave_alone(_number: int, _frame: object) -> None: ...

    before = {number: signal.signal(number, leave_alone) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _left(path: Path) -> bytes:
    from tix.cli.input.content import LIMIT_BYTES

    try:
        with path.open("rb") as file:
            # The thread below the text is there too; it has its own limits.
            return file.read(4 * LIMIT_BYTES)
    except OSError:  # the editor has removed it
        return b""


def _refuse_failure(name: str, status: int) -> None:
    if status == -signal.SIGINT:
        raise Interrupted
    if status < 0:
        raise UsageError(f"the editor {name} was killed by signal {-status}; nothing was written")
    if status > 0:
        raise UsageError(f"the editor {name} failed with status {status}; nothing was written")


def _editor() -> list[str]:
    for variable in ("TIX_EDITOR", "VISUAL", "EDITOR"):
        value = os.environ.get(variable, "").strip()
        if value:
            try:
                return shlex.split(value)
            except ValueError as error:
                raise UsageError(f"{variable} is not a command: {error}") from error
    import shutil

    for name in ("sensible-editor", "nano", "vi"):
        if shutil.which(name):
            return [name]
    raise UsageError("there is no editor", hint="set TIX_EDITOR or EDITOR, or give the text with -m")
