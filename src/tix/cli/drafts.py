"""A text somebody typed is never lost: what a failed command could not store is kept in a file."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tix.cli.session import Early, state_folder


def rescue(early: Early, exit_status: int) -> Path | None:
    """Saves the text of a failed command and gives its place; None where there is nothing to save.

    A text that came by ``-m`` is in the shell's history: it is saved only when the desk could not take it,
    not when the command was wrong.
    """
    if early.typed is None or exit_status == 0:
        return None
    what, body, only_copy = early.typed
    if not only_copy and exit_status < 5:
        return None
    folder = state_folder() / "drafts"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{_label(early, what)}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
        path = folder / name
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return None
    return path


def forget(ref: str) -> None:
    """Removes the drafts of a ticket that was deleted for good."""
    number = ref.rsplit("-", 1)[-1]
    folder = state_folder() / "drafts"
    if folder.is_dir():
        for path in folder.glob(f"*.{number}-*.txt"):
            path.unlink(missing_ok=True)


def _label(early: Early, what: str) -> str:
    """The verb and, where one ticket is named, its number: ``reply.12``."""
    from tix.domain.references import looks_like_reference

    named = [word for word in early.argv if looks_like_reference(word)]
    return f"{what}.{named[0].rsplit('-', 1)[-1].lstrip('#')}" if len(named) == 1 else what
