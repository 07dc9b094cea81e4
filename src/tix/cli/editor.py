"""Writing a text in the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from tix.cli.session import Session
from tix.errors import InvalidValue, UsageError

# As git's: what stands below is for reading. Lines that begin with # are kept; they are Markdown.
SCISSORS = "# ------------------------ >8 ------------------------"


def compose(session: Session, what: str, start: str, context: str) -> str:
    """Opens the editor on ``start``, with ``context`` below a scissors line; the text somebody left.

    Raises UsageError when there is no editor or it fails, InvalidValue for an empty text.
    """
    from tix.cli.text import checked

    command = _editor()
    descriptor, name = tempfile.mkstemp(prefix=f"tix-{what}-", suffix=".md")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            below = f"{context}\n" if context else ""
            file.write(f"{start}\n\n{SCISSORS}\n# Everything below this line is left out.\n{below}")
        status = subprocess.run([*command, name], check=False).returncode  # noqa: S603  # the person's editor
        body = _above(path.read_text(encoding="utf-8", errors="replace"))
        if body.strip():
            session.early.typed = (what, body, True)
        if status != 0:
            raise UsageError(f"the editor {command[0]} failed with status {status}; nothing was written")
        if not body.strip():
            raise InvalidValue("the text is empty; nothing was written")
        return checked(body)
    except FileNotFoundError as error:
        raise UsageError(f"the editor {command[0]} is not there", hint="set TIX_EDITOR or EDITOR") from error
    finally:
        path.unlink(missing_ok=True)


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


def _above(text: str) -> str:
    return text.split(SCISSORS, 1)[0].strip("\n")
