"""Programs on the path that are commands: ``tix-foo`` is ``tix foo``, as with git and gh.

They are looked for only where no command and no alias has the name, and in absolute folders alone: a mistyped command
runs nothing that lies in the current folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from tix.cli import compiled, parser
from tix.cli.session import Invocation
from tix.errors import UsageError
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


def run(early: Invocation, extension: Extension) -> int:
    """Run the program with the words behind its name until it ends; return its exit status, 128 and the signal.

    It finds the desk in ``TIX_STORE``, and the general options before its name in their variables. Raises UsageError.
    """
    import subprocess

    from tix.cli.signals import LeftToChildren

    place = parser.place_of_command(early.argv)
    assert place is not None
    environment = _environment(early, place, extension.name)
    try:
        with LeftToChildren():
            done = subprocess.run(  # noqa: S603  # a program of the person's own path
                [extension.path, *early.argv[place + 1 :]], env=environment, check=False
            )
    except OSError as error:
        raise UsageError(
            f"cannot run {extension.path}: {error.strerror}", hint="does it begin with #! and an interpreter?"
        ) from error
    return done.returncode if done.returncode >= 0 else 128 - done.returncode


def _environment(early: Invocation, place: int, name: str) -> dict[str, str]:
    """The variables that the program gets."""
    from tix.cli.options import Globals

    given = parser.read_globals(early.argv[:place])
    session = early.make_session(early, Globals(**given))  # adopts --profile, --tz and --utc
    made = dict(os.environ)
    store = session.server or os.path.abspath(session.store_place())  # noqa: PTH100  # as above
    if session.server or os.path.isdir(os.path.dirname(store)):  # noqa: PTH112, PTH120  # as above
        made["TIX_STORE"] = store
    for option, value in given.items():
        if option in _ALREADY:
            continue
        variables = _VARIABLES.get(option, {}).get(str(value))
        if option == "as_":
            variables = {"TIX_USER": str(value)}
        if variables is None:
            raise UsageError(
                f"tix {name} is the program tix-{name}, which takes no --{option.replace('_', '-')} of tix",
                hint=f"tix {name}",
            )
        made |= variables
    return made


# What a general option before the name becomes, by its value; of some the session has seen to it.
_ALREADY = frozenset(("store", "profile", "tz", "utc"))
_VARIABLES: dict[str, dict[str, dict[str, str]]] = {
    "read_only": {"True": {"TIX_READ_ONLY": "1"}},
    "no_input": {"True": {"TIX_NO_INPUT": "1"}},
    "no_pager": {"True": {"TIX_PAGER": "cat"}},
    "color": {"always": {"FORCE_COLOR": "1", "NO_COLOR": ""}, "never": {"NO_COLOR": "1"}, "auto": {}},
    "hyperlinks": {"always": {"FORCE_HYPERLINK": "1"}, "never": {"FORCE_HYPERLINK": "0"}, "auto": {}},
}


def _folders() -> list[str]:
    named = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [folder for folder in named if folder.startswith("/")]


def _runs(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)  # noqa: PTH113  # as above
