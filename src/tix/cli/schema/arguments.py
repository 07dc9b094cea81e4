"""The arguments of a command as JSON Schema, and the command line of an object that fits it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tix.cli import declared
from tix.cli.app import Command
from tix.cli.completion import table
from tix.cli.declared import Parameter
from tix.cli.parameters import Argument, Option
from tix.cli.parser import ALONE
from tix.typing import Any

Schema = dict[str, Any]

_TYPES = {bool: "boolean", int: "integer", float: "number"}


def schema(path: tuple[str, ...], command: Command) -> Schema:
    """Return the schema of the arguments: an object with a property for each option and argument.

    ``x-position`` is the place of an argument, from 1, and ``x-names`` are the names of an option; ``x-commas``: a value
    can be several, with commas between them.
    """
    properties: dict[str, Schema] = {}
    required = []
    position = 0
    for parameter in declared.parameters(command):
        of_value = _value(path, parameter)
        if isinstance(parameter.declared, Argument):
            position += 1
            of_value["x-position"] = position
        else:
            of_value["x-names"] = list(parameter.declared.names)
        properties[name(parameter)] = of_value
        if parameter.is_required:
            required.append(name(parameter))
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def name(parameter: Parameter) -> str:
    """Return the property of a parameter: the longest name of an option, ``if_version``; the name of an argument."""
    told = parameter.declared
    if isinstance(told, Argument):
        return parameter.field.rstrip("_")
    longest = max((one.partition("/")[0] for one in told.names), key=len)
    return longest.lstrip("-").replace("-", "_")


def _value(path: tuple[str, ...], parameter: Parameter) -> Schema:
    """Return the schema of a parameter's value."""
    told = parameter.declared
    one = _single(path, parameter)
    found: Schema = {}
    if told.help:
        found["description"] = told.help
    if not parameter.many:
        found |= one
    else:
        found |= {"type": "array", "items": one}
        if parameter.is_required:
            found["minItems"] = 1
    if "," in (told.metavar or "") and parameter.type is str:
        found["x-commas"] = True
    if not parameter.is_required and parameter.default is not None:
        found["default"] = parameter.default
    return found


def _single(path: tuple[str, ...], parameter: Parameter) -> Schema:
    """Return the schema of one value of those that a parameter takes."""
    told = parameter.declared
    names = tuple(told.names) if isinstance(told, Option) else ()
    if (choices := table.choices(path, names, told.metavar or "")) is not None:
        return {"enum": list(choices)}
    if not isinstance(told, Option):
        return {"type": _TYPES.get(parameter.type, "string")}
    if told.alone is not None:
        return {"type": ["boolean", "string"]}
    bounds = {"minimum": told.min, "maximum": told.max}
    given = {key: bound for key, bound in bounds.items() if bound is not None}
    return {"type": _TYPES.get(parameter.type, "string"), **given}


def names(command: Command) -> dict[str, str]:
    """Return the property of each parameter, by what the parser calls it."""
    return {parameter.name: name(parameter) for parameter in declared.parameters(command)}


def values(names: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a command line gave, by parameter, as an object that fits the schema."""
    found = {names[one]: value for one, value in given.items()}
    return {**found, "json": True} if found.get("json") == ALONE else found


def line(path: tuple[str, ...], command: Command, given: Mapping[str, Any]) -> list[str]:
    """Return the words of the command line, without ``tix``, of an object that fits the schema.

    No value can be taken for an option: that of an option stands in its word, and arguments stand behind ``--``.
    """
    options: list[str] = []
    words: list[str] = []
    for parameter in declared.parameters(command):
        value = given.get(name(parameter))
        if value is None:
            continue
        if isinstance(parameter.declared, Argument):
            words += map(str, value) if parameter.many else [str(value)]
        else:
            options += _option(parameter.declared, value, many=parameter.many)
    return [*path, *options, *(["--", *words] if words else [])]


def _option(told: Option, value: Any, *, many: bool) -> Iterator[str]:
    """The words of an option with a value."""
    longest = max(told.names, key=len)
    if isinstance(value, bool):
        on, _, off = longest.partition("/")
        if value or off:
            yield on if value else off
        return
    for one in value if many else [value]:
        yield f"{longest}={one}"
