"""The schema of one command, and the catalogue of all of them."""

from __future__ import annotations

import hashlib
import json

from tix import __version__
from tix.cli import declared
from tix.cli.app import Command, Words
from tix.cli.commands import COMMANDS
from tix.cli.messages import SCHEMA_VERSION
from tix.cli.parameters import Argument
from tix.cli.schema import arguments, failures, output
from tix.cli.schema.output import PREFIX
from tix.render.records import shapes
from tix.typing import Any

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Where what several commands share is found.
_OPTION, _ERROR = f"{PREFIX}option.", f"{PREFIX}error."


def of_command(path: tuple[str, ...], command: Command) -> Schema:
    """Return the schema of a command: of its call, which has ``arguments``, ``output``, ``error`` and ``exit``."""
    call = _call(path, command)
    return _sealed(f"tix {' '.join(path)}", {**call, "$defs": definitions(call)})


def catalogue() -> Schema:
    """Return the schema of every command, with an index."""
    index: dict[str, Schema] = {}
    calls: dict[str, Schema] = {}
    for path, node in declared.everything():
        if path[0] in COMMANDS and isinstance(node, Command):
            name = " ".join(path)
            calls[name] = _call(path, node)
            index[name] = {key: calls[name][key] for key in ("description", "usage", "effect")}
    errors = _shared_errors(calls)
    options = _shared(calls)
    shared = {f"option.{key}": one for key, one in sorted(options.items())} | errors
    shared |= definitions([calls, errors])
    return _sealed("tix", {"index": index, "commands": calls, "$defs": shared})


def summary() -> Schema:
    """Return the index alone, with the digest of the whole."""
    whole = catalogue()
    return {key: whole[key] for key in ("schema_version", "tool_version", "etag", "index")}


def _call(path: tuple[str, ...], command: Command) -> Schema:
    found = output.printed(path, command)
    properties: dict[str, Schema] = {"arguments": arguments.schema(path, command)}
    if found is not None:
        properties["output"] = output.schema(found)
    codes = failures.codes(path, command)
    properties["error"] = {"oneOf": [{"$ref": _ERROR + code} for code in codes]}
    properties["exit"] = {"enum": failures.exits(path, command)}
    own = [one for one in declared.own_parameters(command) if isinstance(one.declared, Argument)]
    words = [getattr(one.declared, "usage", None) or one.declared.metavar or "" for one in own]
    return {
        "description": declared.summary(command),
        "usage": " ".join(["tix", *path, "[OPTION…]", *words]),
        "effect": "read" if command.reads else "write",
        "type": "object",
        "properties": properties,
        "required": ["arguments", "exit"],
    }


def definitions(value: Any) -> dict[str, Schema]:
    """Return the records and errors that a schema refers to, and what is said on stderr beside them, by name."""
    found = shapes.below(value, PREFIX)
    text = json.dumps(value)
    errors = [code for code in sorted(failures.statuses_by_code()) if f'"{_ERROR}{code}"' in text]
    return {
        **found,
        **{f"error.{code}": failures.error(code) for code in errors},
        "warning": failures.said("warning"),
        "notice": failures.said("notice"),
    }


def _shared(calls: dict[str, Schema]) -> dict[str, Schema]:
    """Replace the properties that several commands share by references; return them by name."""
    times: dict[tuple[str, str], int] = {}
    for call in calls.values():
        for name, one in call["properties"]["arguments"]["properties"].items():
            if "x-names" in one:
                key = (name, json.dumps(one))
                times[key] = times.get(key, 0) + 1
    shared: dict[str, tuple[int, str]] = {}
    for (name, text), count in times.items():
        shared[name] = max(shared.get(name, (1, "")), (count, text))
    chosen = {name: text for name, (count, text) in shared.items() if count > 1}
    for call in calls.values():
        properties = call["properties"]["arguments"]["properties"]
        for name, one in properties.items():
            if chosen.get(name) == json.dumps(one):
                properties[name] = {"$ref": _OPTION + name}
    return {name: json.loads(text) for name, text in chosen.items()}


def _shared_errors(calls: dict[str, Schema]) -> dict[str, Schema]:
    """Replace the errors of each command by a reference; return those there are, by name."""
    found: dict[str, Schema] = {}
    names: dict[str, str] = {}
    for call in calls.values():
        text = json.dumps(call["properties"]["error"])
        name = names.setdefault(text, f"errors.{len(names) + 1}")
        found[name] = call["properties"]["error"]
        call["properties"]["error"] = {"$ref": PREFIX + name}
    return found


def _sealed(title: str, body: Schema) -> Schema:
    """Put the head before a schema: what it is, its version, and a digest of its content."""
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return {
        "$schema": DIALECT,
        "title": title,
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "etag": f"sha256:{digest}",
        **body,
    }


def find(words: list[str]) -> tuple[tuple[str, ...], Command | None] | None:
    """Return the command of a name, with its whole name; of a group its first. None where there is none.

    A command that takes any words has no schema, and is returned as None.
    """
    from tix.cli.commands import ALIASES

    if not words:
        return None
    first = ALIASES.get(words[0], words[0])
    if first not in COMMANDS:
        return None
    node: declared.Node = declared.load(first)
    path: tuple[str, ...] = (first,)
    rest = words[1:]
    while isinstance(node, dict):
        name = rest[0] if rest else next(iter(node))
        if name not in node:
            return None
        node, path, rest = node[name], (*path, name), rest[1:]
    if rest:
        return None
    return path, None if isinstance(node, Words) else node
