"""Short names of commands: what a person may call one, and the command line that it stands for, as in gh."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence

from tix.cli import compiled
from tix.cli.personal import settings
from tix.cli.personal.keys import SHELL
from tix.errors import InvalidValue, UsageError
from tix.typing import NamedTuple
from tix.words.sentence import Said

# The aliases whose shells this command was started from.
_RUNNING = "TIX_ALIASES"
_PREFIX = "alias."


class Expanded(NamedTuple):
    """The command line that an alias stands for; ``shell`` where it is one for ``sh -c``, with its arguments."""

    argv: list[str]
    shell: str | None = None


def of_person() -> dict[str, str]:
    """Return the person's aliases by name. Raises UnknownName for a profile there is not."""
    values = settings.of_person(os.environ.get("TIX_PROFILE")).values
    return {key.removeprefix(_PREFIX): value for key, value in values.items() if key.startswith(_PREFIX)}


def meant(text: str) -> str:
    """Return what is typed in place of an alias that stands for ``text``."""
    return text.removeprefix(SHELL).strip() if text.startswith(SHELL) else f"tix {text}"


def check(name: str, text: str, others: Mapping[str, str]) -> None:
    """Refuse an alias that leads to no command, or back to itself. Raises InvalidValue."""
    known = {**others, name: text}
    path = [name]
    while not (text := known[path[-1]]).startswith(SHELL):
        words = _words(path[-1], text)
        place = _place(words)
        first = words[place] if place is not None else ""
        if (
            first in compiled.COMMANDS
            or first in compiled.ALIASES
            or first.isdecimal()
            or first.startswith("$")
        ):
            return
        if first in path:
            raise InvalidValue(
                _circle([*path, first]), hint=Said("let it begin with a command, e.g. list --mine")
            )
        if first not in known:
            from tix.cli.personal import extensions

            if extensions.find([first]) is not None:
                return
            raise InvalidValue(
                Said("'{first}' is not a command", first=first),
                hint=Said("for a program, begin with !: '!git log'"),
            )
        path.append(first)


def expand(argv: Sequence[str]) -> Expanded | None:
    """Return the command line that one with an alias stands for; None where there is no alias.

    Raises UsageError for one that calls itself or lacks arguments, InvalidValue where the settings cannot be read.
    """
    place = _place(argv)
    if place is None or argv[place] in compiled.COMMANDS or argv[place] in compiled.ALIASES:
        return None
    from tix.cli import user_config

    known = of_person()
    if argv[place] not in known:
        settings.load(user_config.config_place())  # a file that cannot be read may have it
        return None
    words = list(argv)
    path: list[str] = []
    while place is not None and (name := words[place]) in known and name not in compiled.COMMANDS:
        if name in path:
            raise UsageError(_circle([*path, name]), hint=f"tix alias rm {name}")
        path.append(name)
        text, rest = known[name], words[place + 1 :]
        if text.startswith(SHELL):
            return _in_shell(name, text.removeprefix(SHELL), words[:place], rest)
        words[place:] = _filled(name, _words(name, text), rest)
        place = _place(words)
    return Expanded(words)


def run_shell(expanded: Expanded) -> int:
    """Run an alias of the shell until it ends; return its exit status, 128 and the signal that ended it."""
    import subprocess

    from tix.cli.signals import LeftToChildren

    name, *arguments = expanded.argv
    running = f"{os.environ.get(_RUNNING, '')}:{name}"
    with LeftToChildren():
        done = subprocess.run(  # noqa: S603  # the person's own command
            ["sh", "-c", expanded.shell or "", name, *arguments],  # noqa: S607  # as above
            env={**os.environ, _RUNNING: running},
            check=False,
        )
    return done.returncode if done.returncode >= 0 else 128 - done.returncode


def _in_shell(name: str, text: str, before: Sequence[str], rest: Sequence[str]) -> Expanded:
    if name in os.environ.get(_RUNNING, "").split(":"):
        raise UsageError(_circle([name, name]), hint=f"tix alias rm {name}")
    if before:
        raise UsageError(
            Said("the alias {name} runs a program, which takes no options of tix", name=name),
            hint=f"tix {name}",
        )
    return Expanded([name, *rest], text.strip())


def _place(argv: Sequence[str]) -> int | None:
    """Where the command is named: behind the general options; None where it is not."""
    from tix.cli import parser

    return parser.place_of_command(argv)


def _words(name: str, text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise InvalidValue(
            Said("the alias {name} is not a command line: {error}", name=name, error=error)
        ) from error


def _filled(name: str, words: Sequence[str], given: Sequence[str]) -> list[str]:
    """The words with ``$1`` and the like replaced, and the arguments that none of them takes behind. Raises UsageError."""
    needed = 0

    def fill(word: str) -> str:
        nonlocal needed
        pieces = word.split("$")
        found = pieces[0]
        for piece in pieces[1:]:
            digit = piece[:1]
            if not (digit.isdecimal() and digit.isascii() and digit != "0"):
                found += f"${piece}"
                continue
            number = int(digit)
            needed = max(needed, number)
            found += (given[number - 1] if number <= len(given) else "") + piece[1:]
        return found

    filled = [fill(word) for word in words]
    if needed > len(given):
        raise UsageError(
            f"the alias {name} takes {needed} {'argument' if needed == 1 else 'arguments'}, and there "
            f"{'is' if len(given) == 1 else 'are'} {len(given)}",
            hint=f"it stands for: tix {shlex.join(words)}",
        )
    return [*filled, *given[needed:]]


def _circle(path: Sequence[str]) -> str:
    if len(path) == 2 and path[0] == path[1]:
        return f"the alias {path[0]} calls itself"
    return f"the alias {path[0]} calls itself: {' → '.join(path)}"
