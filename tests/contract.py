"""Compares what the tests see with what `tix schema` says: arguments, JSON on stdout, error objects, exit codes.

Every command line of every test passes here, so a value is looked at once for each shape it has: strings count as one
unless the schema says more of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

from tix.cli import declared, parser
from tix.cli.app import Command
from tix.cli.commands import COMMANDS
from tix.cli.parser import Call
from tix.cli.remote.offered import OFFERED
from tix.cli.schema import arguments, document, failures, output
from tix.render.records import shapes

Schema = dict[str, Any]

# Options that make something else of the document than the schema describes.
_SHAPED = ("output.jq", "output.template", "jq", "template", "format_.jq", "format_.template")
_ENVELOPES = ("output.envelope", ".envelope")
_CLOSED_WORDS = frozenset({"kind", "side", "phase", "role", "effect", "scope", "status", "code"})
_INSTANT, _REFERENCE = re.compile(shapes.INSTANT), re.compile(shapes.REFERENCE)


class Broken(AssertionError):
    """What was printed is not what the schema says."""


class Contract(NamedTuple):
    """The schema of one command, as validators: of what fits and has no key that the schema does not name."""

    name: str
    whole: Schema
    form: str | None
    names: Mapping[str, str]
    arguments: Callable[[Any], str | None]
    records: Callable[[Any, tuple[str, ...] | None], str | None]


def check(argv: Sequence[str], code: int, out: bytes, err: bytes) -> None:
    """Compare one run of `tix` with the schema. Raises Broken."""
    call = parser.read([*argv])
    name = None if call is None else call.name
    for line in err.splitlines():
        _check_line(line, name)
    if call is None or (contract := _contract(call.name)) is None:
        return
    if code not in contract.whole["properties"]["exit"]["enum"] and code not in (1, -9, 137):
        raise Broken(f"tix {call.name}: exit {code} is not in its schema")
    if code not in (0, 9):
        return
    given = {**call.given, **{f".{key}": value for key, value in call.options.items()}}
    if (wrong := contract.arguments(arguments.values(contract.names, given))) is not None:
        raise Broken(f"arguments of tix {call.name}: {wrong}")
    _check_output(contract, call, out)


def _check_output(contract: Contract, call: Call, out: bytes) -> None:
    form = _format(call)
    if form is None or not out.strip() or any(call.given.get(name) for name in (*_SHAPED, *_ENVELOPES)):
        return
    if call.given.get("view"):  # which may choose the columns
        return
    if call.given.get("filters.only_count") or out.startswith(b"ref\n") or _asks_columns(call):
        return
    try:
        found = json.loads(out) if form == "json" else [json.loads(line) for line in out.splitlines()]
    except ValueError as error:
        raise Broken(f"tix {contract.name} prints no JSON: {error}\n{out[:300]!r}") from error
    if contract.form is None:
        raise Broken(f"tix {contract.name} prints JSON, and its schema says nothing of it")
    many = isinstance(found, list)
    if form == "json" and contract.form != "either" and many is not (contract.form == "many"):
        raise Broken(
            f"tix {contract.name} prints {'an array' if many else 'an object'}; its schema: {contract.form}"
        )
    columns = _columns(call)
    for record in found if many else [found]:
        if (wrong := contract.records(record, columns)) is not None:
            raise Broken(f"tix {contract.name} --json: {wrong}")


def _check_line(line: bytes, command: str | None) -> None:
    """An object on stderr: an error with one of the codes of the command, a warning or a notice."""
    if not line.startswith(b'{"'):
        return
    try:
        said = json.loads(line)
    except ValueError:
        return
    kind = next(iter(said), None)
    if kind not in ("error", "warning", "notice") or len(said) != 1:
        return
    if kind == "error" and command in OFFERED and said[kind].get("code") not in failures.statuses_by_code():
        return  # of a server that is newer than this program
    wrong = _lines(None if kind != "error" or command is None else command)(kind, said[kind])
    if wrong is not None:
        raise Broken(f"stderr of tix {command}: {wrong}: {line.decode()[:300]}")


def _format(call: Call) -> str | None:
    """`json` or `jsonl`, as the command line asks; None for another format."""
    for option_set in ("output", "format_"):
        if call.given.get(f"{option_set}.json") is not None:
            return "json"
        wanted = call.given.get(f"{option_set}.output")
        if wanted in ("json", "jsonl"):
            return str(wanted)
        if wanted is not None:
            return None
    return "jsonl" if call.name == "export" and not call.given.get("file") else None


def _asks_columns(call: Call) -> bool:
    return "help" in (call.given.get("output.columns") or ()) or call.given.get("output.json") == "help"


def _columns(call: Call) -> tuple[str, ...] | None:
    """The keys that were chosen; None for all."""
    words = call.given.get("output.columns") or call.given.get("format_.columns")
    fields = call.given.get("output.json") or call.given.get("format_.json")
    if fields not in (None, parser.ALONE):
        words = [str(fields)]
    if not words:
        return None
    return tuple(sorted({one.strip() for word in words for one in word.split(",") if one.strip()}))


# ------------------------------------------------------------------------------------------- the validators


@cache
def _contract(name: str) -> Contract | None:
    """The contract of a command; None of what has no schema."""
    if name.partition(" ")[0] not in COMMANDS:
        return None
    found = document.find(name.split())
    if found is None or found[1] is None:
        return None
    path, command = found
    whole = document.of_command(path, command)
    printed = output.printed(path, command)
    definitions = whole["$defs"]
    wanted = () if printed is None else printed.records
    return Contract(
        name,
        whole,
        None if printed is None else printed.form,
        arguments.names(command),
        _seen(Draft202012Validator(whole["properties"]["arguments"])),
        _of_records(wanted, definitions),
    )


def _of_records(records: Sequence[Schema], definitions: Schema) -> Callable[..., str | None]:
    """What looks at one record, which has one of these schemas."""

    @cache
    def validator(columns: tuple[str, ...] | None) -> Callable[[Any], str | None]:
        closed = [_closed(_resolved(one, definitions), columns) for one in records]
        schema = closed[0] if len(closed) == 1 else {"anyOf": closed}
        inner = {name: _closed(one, None) for name, one in definitions.items()}
        return _seen(Draft202012Validator({**schema, "$defs": inner}))

    return lambda record, columns: validator(columns)(record)


@cache
def _lines(command: str | None) -> Callable[[str, Any], str | None]:
    """What looks at an object on stderr; without a command it has any code."""
    contract = None if command is None else _contract(command)
    schemas = _every_line() if contract is None else contract.whole["$defs"]
    definitions = {name: _closed(one, None) for name, one in schemas.items()}
    errors = [{"$ref": f"#/$defs/{name}"} for name in definitions if name.startswith("error.")]
    found = {
        "error": {"oneOf": errors},
        "warning": definitions["warning"],
        "notice": definitions["notice"],
    }
    seen = {
        kind: _seen(Draft202012Validator({**one, "$defs": definitions}), words=True)
        for kind, one in found.items()
    }
    return lambda kind, value: seen[kind](value)


def _every_line() -> Schema:
    """Every error, warnings and notices."""
    errors = {f"error.{code}": failures.error(code) for code in failures.statuses_by_code()}
    return {**errors, "warning": failures.said("warning"), "notice": failures.said("notice")}


def _resolved(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    reference = schema.get("$ref")
    return schema if reference is None else definitions[reference.removeprefix(output.PREFIX)]


def _closed(schema: Any, columns: tuple[str, ...] | None) -> Any:
    """The schema without room for keys that it does not name; with columns, of those keys alone."""
    if isinstance(schema, list):
        return [_closed(one, None) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _closed(value, None) for key, value in schema.items()}
    if isinstance(found.get("properties"), dict) and "additionalProperties" not in found and "type" in found:
        found["additionalProperties"] = False
        if columns is not None:
            found["required"] = list(columns)
            chosen = {name: one for name, one in found["properties"].items() if name in columns}
            found["properties"] = chosen
    return found


def _seen(validator: Any, *, words: bool = False) -> Callable[[Any], str | None]:
    """What says what is wrong with a value, or None; a value of a shape that was fine is not looked at again."""
    fine: set[Any] = set()
    properties = validator.schema.get("properties", {})
    closed = _CLOSED_WORDS | {name for name, one in properties.items() if "'enum'" in repr(one)}

    def wrong(value: Any) -> str | None:
        shape = _shape(value, "", words, closed)
        if shape in fine:
            return None
        for error in validator.iter_errors(value):
            best = min(error.context, key=lambda one: -len(one.absolute_path), default=error)
            where = "/".join(map(str, best.absolute_path))
            return f"{where}: {best.message[:400]}"
        fine.add(shape)
        return None

    return wrong


def _shape(value: Any, key: str, words: bool, closed: frozenset[str]) -> Any:
    """What decides whether a value fits: its types, and the words where only some are allowed."""
    if isinstance(value, str):
        if words or key in closed:
            return value
        return "@" if _INSTANT.match(value) else "#" if _REFERENCE.match(value) else "s"
    if isinstance(value, dict):
        return tuple((name, _shape(one, name, words, closed)) for name, one in value.items())
    if isinstance(value, list):
        return frozenset(_shape(one, key, words, closed) for one in value), "list"
    if isinstance(value, bool) or value is None:
        return value
    return value if key == "exit" else (type(value).__name__, value < 0)


def commands() -> list[tuple[tuple[str, ...], Command]]:
    """Every command with a schema."""
    return [
        (path, node)
        for path, node in declared.everything()
        if path[0] in COMMANDS and isinstance(node, Command)
    ]
