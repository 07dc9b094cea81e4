"""Write a text in the person's editor."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tix.cli.input.ask import ended_by_signals
from tix.cli.session import Session
from tix.cli.signals import LeftToChildren
from tix.errors import Interrupted, UsageError
from tix.words.sentence import Said

# As git's: what stands below is for reading. Lines that begin with # are kept; they are Markdown.
SCISSORS = "# ------------------------ >8 ------------------------"


def compose(
    session: Session, what: str, start: str, context: str, keep: Callable[[str], None] | None = None
) -> str:
    """Opens the editor on ``start``, with ``context`` below a scissors line; the text somebody left.

    ``keep`` remembers the text should the command fail. Raises UsageError when there is no editor, it fails or
    it returns at once (then its file is kept), InvalidValue for an empty text, Interrupted.
    """
    from tix.cli.input.content import checked, decoded

    if session.composed:  # in a run that was broken off
        return session.composed.pop(0)
    command = _editor(session)
    folder = Path(tempfile.mkdtemp(prefix="tix-"))
    path = folder / f"{what}.md"
    kept = None
    try:
        path.write_bytes(_page(start, context).encode("utf-8", "surrogateescape"))
        before, begun = _mark(path), time.monotonic()
        try:
            status = _run(command, path)
            if status == 0 and _mark(path) == before and _at_once(command, time.monotonic() - begun):
                kept = path
                raise _returned_at_once(command, path)
        finally:
            data = _left(path)
            body = _above(data.decode("utf-8", "surrogateescape"))
            if body.strip() and kept is None:
                (keep or _keeper(session, what))(body)
        _refuse_failure(command[0], status)
        decoded(data, "in the editor's file")
        body = checked(body, "message" if what == "new" else "text")
        session.early.composed.append(body)
        return body
    finally:
        if kept is None:
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
    return f"{start}\n\n{SCISSORS}\n# Everything below this line is ignored.\n{below}"


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
        with LeftToChildren(), ended_by_signals():
            return subprocess.run([*command, str(path)], check=False).returncode  # noqa: S603  # theirs
    except FileNotFoundError as error:
        raise UsageError(f"editor {command[0]} not found", hint=Said("set TIX_EDITOR or EDITOR")) from error
    except OSError as error:
        raise UsageError(
            f"cannot start the editor {command[0]}: {error.strerror}", hint=Said("set TIX_EDITOR or EDITOR")
        ) from error


def _left(path: Path) -> bytes:
    from tix.cli.input.content import LIMIT_BYTES

    try:
        with path.open("rb") as file:
            # The thread below the text is there too; it has its own limits.
            return file.read(4 * LIMIT_BYTES)
    except OSError:  # the editor has removed it
        return b""


# How the editors are told to wait that open a window and return.
_WAITING = {
    "code": "--wait", "code-insiders": "--wait", "codium": "--wait", "cursor": "--wait", "subl": "--wait",
    "zed": "--wait", "atom": "--wait", "mate": "-w", "gvim": "-f", "mvim": "-f", "kate": "--block",
    "gedit": "--wait", "gnome-text-editor": "--standalone", "bbedit": "--wait", "open": "-W", "nova": "--wait",
}  # fmt: skip
# Nobody opens a file, reads it and leaves within this time.
_AT_ONCE_SECONDS = 1.0


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is written to."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _at_once(command: list[str], seconds: float) -> bool:
    """Whether an editor that has not written to the file was never waited for."""
    flag = _WAITING.get(Path(command[0]).name)
    return seconds < _AT_ONCE_SECONDS or (flag is not None and flag not in command)


def _returned_at_once(command: list[str], path: Path) -> UsageError:
    name = Path(command[0]).name
    flag = _WAITING.get(name)
    example = f"{name} {flag}" if flag is not None else "code --wait' or 'gvim -f"
    return UsageError(
        Said(
            "the editor {name} returned at once, before anything was written; its file is kept: {path}",
            name=name,
            path=path,
        ),
        hint=Said(
            "make it wait, e.g. TIX_EDITOR='{example}'; what you write in its window is saved in that file",
            example=example,
        ),
    )


def _refuse_failure(name: str, status: int) -> None:
    if status == -signal.SIGINT:
        raise Interrupted
    if status < 0:
        raise UsageError(f"the editor {name} was killed by signal {-status}; nothing was written")
    if status > 0:
        raise UsageError(
            Said(
                "the editor {name} failed with status {status}; nothing was written", name=name, status=status
            )
        )


def _editor(session: Session) -> list[str]:
    """The person's editor: ``TIX_EDITOR``, the setting ``editor``, ``VISUAL``, ``EDITOR``, else one that is there."""
    for variable in ("TIX_EDITOR", "editor", "VISUAL", "EDITOR"):
        given = session.personal.get("editor") if variable == "editor" else os.environ.get(variable)
        value = (given or "").strip()
        if value:
            try:
                return shlex.split(value)
            except ValueError as error:
                raise UsageError(
                    Said("{variable} is not a command: {error}", variable=variable, error=error)
                ) from error
    import shutil

    for name in ("sensible-editor", "nano", "vi"):
        if shutil.which(name):
            return [name]
    raise UsageError(Said("no editor found"), hint=Said("set TIX_EDITOR or EDITOR, or give the text with -m"))
