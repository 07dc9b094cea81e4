"""Programs on the path that are commands: ``tix-foo`` is ``tix foo``, as with git and gh.

They are looked for only where no command and no alias has the name, and in absolute folders alone: a mistyped command
runs nothing that lies in the current folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from tix.cli import compiled, parser
from tix.typing import NamedTuple

_BEFORE = "tix-"


class Extension(NamedTuple):
    """A program: what it is called behind ``tix``, and where it is."""

    name: str
    path: str


def find(argv: Sequence[str]) -> Extension | None:
    """Return the program that a command line means; None where there is none."""
    place = parser.place_of_command(argv)
    if place is None or not is_free(argv[place]):
        return None
    name = argv[place]
    for folder in _folders():
        path = f"{folder}/{_BEFORE}{name}"
        if _runs(path):
            return Extension(name, path)
    return None


def known() -> Iterator[Extension]:
    """Every program that is a command, by name; of several with one name the one that runs."""
    found: dict[str, str] = {}
    for folder in _folders():
        try:
            names = [name for name in os.listdir(folder) if name.startswith(_BEFORE)]  # noqa: PTH208  # as at every start
        except OSError:
            continue
        for name in names:
            path = f"{folder}/{name}"
            if is_free(name.removeprefix(_BEFORE)) and _runs(path):
                found.setdefault(name.removeprefix(_BEFORE), path)
    return (Extension(*one) for one in sorted(found.items()))


def is_free(name: str) -> bool:
    """Whether a word can be the name of such a program: no command has it, and it is no ticket."""
    from tix.domain.tickets.references import looks_like_reference

    is_name = name.isascii() and name[:1].isalnum() and name.replace("-", "").replace("_", "").isalnum()
    return is_name and not (
        name in compiled.COMMANDS or name in compiled.ALIASES or looks_like_reference(name)
    )


def _folders() -> list[str]:
    named = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [folder for folder in named if folder.startswith("/")]


def _runs(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)  # noqa: PTH113  # as above
