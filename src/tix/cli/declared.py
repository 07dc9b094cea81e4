"""Read the declarations of commands: for the compiled table, for Typer, for whoever lists what there is.

Never loaded by a command line that ``cli.parser`` reads.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import types
import typing
from collections.abc import Iterator

from tix.cli.app import Command, Words
from tix.cli.commands import COMMANDS, HIDDEN
from tix.cli.options import Globals
from tix.cli.parameters import Argument, Option
from tix.typing import Any, NamedTuple

# A command, or a group of them by name.
Node = Command | Words | dict[str, Any]


class Parameter(NamedTuple):
    """An option or argument of a command.

    ``name`` is what its value is given as: ``status``, ``filters.status`` for a field of an option set, and
    ``.store`` for a global option. ``type`` is str, int, float, bool or Path; ``many`` says that it is a list of them.
    ``default`` is ``...`` where it is required.
    """

    name: str
    declared: Option | Argument
    type: Any
    many: bool
    default: Any

    @property
    def field(self) -> str:
        """The name without its option set."""
        return self.name.rpartition(".")[2]

    @property
    def is_required(self) -> bool:
        """Whether there is no default."""
        return self.default is ...


def load(name: str) -> Node:
    """Return a command, or the commands of a noun, by its name in the tables. Raises KeyError."""
    module = importlib.import_module((COMMANDS.get(name) or HIDDEN[name])[0])
    found: Node = getattr(module, "COMMANDS", None) or module.command
    return found


def everything() -> Iterator[tuple[tuple[str, ...], Node]]:
    """Every command and group: its words and itself, in the order of the help; a group comes before what it has."""
    for name in (*COMMANDS, *HIDDEN):
        yield from _below((name,), load(name))


def _below(path: tuple[str, ...], node: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    yield path, node
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from _below((*path, name), inner)


def summary(node: Node) -> str:
    """Return one line about a command or a group."""
    return ", ".join(node) if isinstance(node, dict) else node.help.strip().partition("\n")[0]


VERSION = Parameter("version", Option("--version", help="Print the version of tix."), bool, False, False)


def parameters(command: Command) -> list[Parameter]:
    """Return the parameters of a command, the global ones last."""
    return [*own_parameters(command), *global_parameters()]


def own_parameters(command: Command) -> list[Parameter]:
    """Return the parameters of a command without the global ones."""
    return list(_own(command))


def global_parameters() -> list[Parameter]:
    """Return the options of every command."""
    return list(_of_set("", Globals()))


def parameters_of(option_set: type[Any]) -> list[Parameter]:
    """Return the parameters of an option set."""
    return list(_of_set(option_set.__name__, option_set()))


def _own(command: Command) -> Iterator[Parameter]:
    """The command's own parameters, then those of its option sets."""
    if command.signature is not None:
        for name, (annotation, declared, default) in command.signature.declared.items():
            yield Parameter(name, declared, *_type(annotation), default)
    else:
        for parameter in list(inspect.signature(command.function).parameters.values())[1:]:
            if not hasattr(parameter.default, "_fields"):
                default = ... if parameter.default is inspect.Parameter.empty else parameter.default
                yield _parameter(parameter.name, _hint(command.function, parameter.name), default)
    for name, option_set in command.option_sets().items():
        yield from _of_set(name, option_set)


def _of_set(name: str, option_set: Any) -> Iterator[Parameter]:
    for field in option_set._fields:
        yield _parameter(f"{name}.{field}", _hint(type(option_set), field), getattr(option_set, field))


def _hint(owner: Any, name: str) -> Any:
    """Return an annotation as a value: modules keep theirs as text."""
    hint = owner.__annotations__[name]
    return eval(hint, vars(sys.modules[owner.__module__])) if isinstance(hint, str) else hint  # noqa: S307  # our own


def _parameter(name: str, hint: Any, default: Any) -> Parameter:
    declared = next(one for one in hint.__metadata__ if isinstance(one, Option | Argument))
    if default is ... and isinstance(declared, Argument) and not declared.needed:
        default = None
    return Parameter(name, declared, *_type(hint.__origin__), default)


def _type(annotation: Any) -> tuple[Any, bool]:
    """Return the type of one value, and whether there is a list of them: of ``list[str] | None``, ``(str, True)``."""
    if isinstance(annotation, types.UnionType):
        annotation = next(one for one in typing.get_args(annotation) if one is not types.NoneType)
    if typing.get_origin(annotation) is list:
        return typing.get_args(annotation)[0], True
    return annotation, False
