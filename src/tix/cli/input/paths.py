"""Paths typed at a question: several on one line, as a shell reads them, and what completes them."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator

from tix.cli.input.ask import Candidate

# What a shell would not take as it stands.
_SPECIAL = re.compile(r"[^\w@%+=:,./~-]")
_LAST_WORD = re.compile(r"(?:\\.|[^\s\\])*\\?$", re.DOTALL)


def split(line: str) -> list[str]:
    """The paths of a line: the whole line where a file has that name, else its words; ``~`` is expanded."""
    whole = os.path.expanduser(line.strip())
    if not whole:
        return []
    if os.path.lexists(whole):
        return [whole]
    try:
        return [os.path.expanduser(word) for word in shlex.split(line)]
    except ValueError:  # a quote that is not closed
        return [whole]


def candidates(before: str) -> Iterator[Candidate]:
    """The files and folders whose names go on as the last word of ``before`` does; hidden ones when asked for."""
    found = _LAST_WORD.search(before)
    word = found.group() if found else ""
    typed = re.sub(r"\\(.)", r"\1", word, flags=re.DOTALL)
    folder, start = os.path.split(typed)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            here = sorted((entry.name, entry.is_dir()) for entry in entries if entry.name.startswith(start))
    except OSError:
        return
    for name, is_folder in here:
        if start or not name.startswith("."):
            path = os.path.join(folder, name) + ("/" if is_folder else "")
            yield Candidate(_SPECIAL.sub(r"\\\g<0>", path), name + ("/" if is_folder else ""), len(word))
