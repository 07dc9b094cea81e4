"""What a bug in tix looks like to a person: one line, and where the traceback went."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from tix.cli.failures import report
from tix.cli.session import state_folder
from tix.errors import TixError


def storage_failure(error: Exception, store: Path | None) -> TixError | None:
    """What SQLite says while rows are read, as a failure people know; None for anything else."""
    import sqlite3

    if not isinstance(error, sqlite3.Error):
        return None
    from tix.store.connection import failure

    try:
        return failure(error, store or Path("desk.db"))
    except sqlite3.Error:
        return None


def confess(error: Exception, argv: list[str], as_json: bool) -> int:
    """Writes the traceback into the state folder, or with ``--debug`` to stderr; the exit status is 1."""
    text = "".join(traceback.format_exception(error))
    if "--debug" in argv:
        sys.stderr.write(text)
    where = _keep(text)
    report(
        TixError(
            f"this is a bug in tix ({type(error).__name__})",
            hint=f"the traceback is in {where}; please report it" if where else "--debug shows the traceback",
        ),
        as_json,
    )
    return 1


def _keep(text: str) -> Path | None:
    try:
        folder = state_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"crash-{os.getpid()}.txt"
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        return None
    return path
