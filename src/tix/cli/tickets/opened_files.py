"""Open attachments in the programs of the desktop: from a private folder, and what could do harm only when asked."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tix.cli.messages import wants_json
from tix.cli.session import Session
from tix.cli.tickets.save_file import Folder
from tix.domain.files.openable import opens_safely
from tix.errors import Unconfirmed, UsageError
from tix.typing import Any
from tix.words.sentence import Said

_PREFIX = "tix-open-"
# A program may read its file after it was started, so the folder stays; those of yesterday are removed.
_KEPT_SECONDS = 86_400


def agreed(session: Session, found: Sequence[dict[str, Any]], *, agreed: bool) -> bool:
    """Whether to open files of which some could run something. Raises Unconfirmed where nobody can be asked."""
    risky = [one for one in found if not opens_safely(one["name"], one["mime"])]
    if not risky or agreed:
        return True
    if not session.may_ask:
        raise Unconfirmed(
            Said(
                "opening '{name}' ({mime}) may run what is in it",
                name=risky[0]["name"],
                mime=risky[0]["mime"],
            ),
            hint=Said("look at it with tix attach save, or confirm with --yes"),
        )
    from tix.cli.input import ask

    for one in risky:
        ask.tell(Said("Opening {name} ({mime}) may run what is in it.", name=one["name"], mime=one["mime"]))
    if ask.confirm("Open it?" if len(found) == 1 else "Open them all?"):
        return True
    session.say(Said("Nothing was opened."))
    return False


def opened(
    session: Session, found: Sequence[dict[str, Any]], content: Callable[[dict[str, Any]], bytes]
) -> list[dict[str, Any]]:
    """Save the files where only this person reads them, and open each; return what was saved.

    Raises UsageError where no program is there, or one fails: then it says where the file is.
    """
    program = _program()
    # A program that draws on the terminal may; in a pipe, what it prints is not what we print.
    out = None if session.on_terminal and not wants_json(session.early.argv) else subprocess.DEVNULL
    _remove_old()
    place = tempfile.mkdtemp(prefix=_PREFIX)
    saved = []
    with Folder(place) as folder:
        for one in found:
            path = folder.save(one["name"], content(one), False)
            saved.append({"path": path, **{name: one[name] for name in ("name", "size", "sha256")}})
    for one in saved:
        _open(program, one["path"], out)
    return saved


def told(saved: Sequence[dict[str, Any]]) -> str:
    """Return what was done, as a sentence."""
    if len(saved) == 1:
        return f"Opened {saved[0]['name']} ({saved[0]['path']})."
    return f"Opened {len(saved)} files ({Path(saved[0]['path']).parent})."


def _program() -> list[str]:
    """The person's program: ``BROWSER``, as in gh, else the desktop's own. Raises UsageError."""
    given = os.environ.get("BROWSER", "").partition(":")[0].strip()
    if given:
        try:
            return shlex.split(given)
        except ValueError as error:
            raise UsageError(Said("BROWSER is not a command: {error}", error=error)) from error
    name = "open" if sys.platform == "darwin" else "xdg-open"
    if shutil.which(name) is None:
        raise UsageError(
            Said("there is no program to open files with ({name} is missing)", name=name),
            hint=Said("set BROWSER, or use tix attach save"),
        )
    return [name]


def _open(program: Sequence[str], path: str, out: int | None) -> None:
    from tix.cli.signals import LeftToChildren

    words = (
        [word.replace("%s", path) for word in program]
        if any("%s" in word for word in program)
        else [*program, path]
    )
    try:
        with LeftToChildren():
            status = subprocess.run(words, check=False, stdout=out, stderr=out).returncode  # noqa: S603  # theirs
    except OSError as error:
        raise UsageError(
            f"cannot start {program[0]}: {error.strerror}",
            hint=Said("set BROWSER; the file is saved: {path}", path=path),
        ) from error
    if status:
        raise UsageError(
            f"{program[0]} failed with status {status}", hint=Said("the file is saved: {path}", path=path)
        )


def _remove_old() -> None:
    with suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            about = folder.lstat()
            if about.st_uid == os.geteuid() and about.st_mtime < time.time() - _KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
