"""Run a program of the path that is a command: ``tix-foo`` for ``tix foo``."""

from __future__ import annotations

import os

from tix.cli import parser
from tix.cli.personal.extensions import Extension
from tix.cli.session import Invocation
from tix.errors import UsageError


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
