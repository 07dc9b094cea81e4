"""The commands of the program as it tells them itself: what a law about all of them goes through."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from tix.cli.explained import root

Path = tuple[str, ...]


@cache
def leaves() -> tuple[tuple[Path, Any], ...]:
    """Every command, nested ones too: its words and the command, in the order of the help."""
    return tuple(_leaves(root(), ()))


def _leaves(group: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from _leaves(command, (*path, name))
        else:
            yield (*path, name), command


def arguments(command: Any) -> list[Any]:
    """What stands by its place."""
    return [one for one in command.params if one.param_type_name == "argument"]


def options(command: Any) -> list[Any]:
    """What stands by its name, but for what every command takes and what is for no reader."""
    found = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    return [
        one
        for one in found
        if longest(one) not in _EVERYWHERE and (command.name, longest(one)) not in _ENDLESS
    ]


_EVERYWHERE = frozenset(
    "--store --as --color --no-input --debug --quiet --help --output --json --columns".split()
)
# They tell the same again and again until somebody stops them.
_ENDLESS = frozenset({("list", "--watch"), ("log", "--follow")})


def longest(option: Any) -> str:
    """An option's whole name."""
    return str(max(option.opts, key=len))


def word_of(parameter: Any) -> str:
    """What the help calls the value of a parameter: ``ID`` of ``[ID]…``, ``WHO`` of ``WHO,…``."""
    return (parameter.metavar or "").strip("[]…").partition(",")[0]


def prints(command: Any) -> bool:
    """Whether a command prints records in every format."""
    return any(one.param_type_name == "option" and "--output" in one.opts for one in command.params)
