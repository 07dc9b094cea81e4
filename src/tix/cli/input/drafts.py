"""Save typed text to a file when a command fails, so that it is never lost."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from tix.cli.session import Invocation
from tix.cli.user_config import state_folder


def rescue(early: Invocation, exit_status: int) -> Path | None:
    """Saves the text of a failed command and gives its place; None where there is nothing to save.

    A text that came by ``-m`` is in the shell's history: it is saved only when the desk could not take it,
    not when the command was wrong. Where the disk of the state folder is full too, the folder for temporary
    files has to do, and at the very last the screen.
    """
    if early.typed is None or exit_status == 0:
        return None
    what, body, only_copy = early.typed
    if not only_copy and exit_status < 5:
        return None
    name = f"tix-{_label(early, what)}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    for folder in (_folder, _temporary):
        try:
            path = _written(folder() / f"{name}.txt", body)
        except OSError:
            continue
        if folder is _folder:
            from tix.cli.input.saved import keep_command

            with suppress(OSError):  # the text is what counts
                keep_command(early, what, name)
        return path
    if only_copy:
        from tix.cli.messages import message, wants_json
        from tix.render.safe import safe

        said = "your text could not be saved; here it is:"
        with suppress(OSError):
            if wants_json(early.argv):
                sys.stderr.write(message(early.argv, "warning", f"{said}\n{body}", "text-not-saved"))
            else:
                sys.stderr.write(f"tix: {said}\n{safe(body)}\n")
    return None


def forget(ref: str) -> None:
    """Removes the drafts of a ticket that was deleted for good."""
    number = ref.rsplit("-", 1)[-1]
    folder = state_folder() / "drafts"
    if folder.is_dir():
        from tix.cli.input import saved

        found = folder.glob(f"*.{number}-*.txt")
        saved.remove(path.stem.removeprefix("tix-") for path in found)


def _folder() -> Path:
    folder = state_folder() / "drafts"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _temporary() -> Path:
    import tempfile

    return Path(tempfile.gettempdir())


def _written(path: Path, body: str) -> Path:
    """The whole text on the disk, or no file. Raises OSError."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _label(early: Invocation, what: str) -> str:
    """The verb and, where one ticket is named, its number: ``reply.12``."""
    from tix.domain.tickets.references import looks_like_reference

    named = [word for word in early.argv if looks_like_reference(word)]
    if what == "new" or len(named) != 1:
        return what
    return f"{what}.{named[0].rsplit('-', 1)[-1].lstrip('#')}"
