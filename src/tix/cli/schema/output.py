"""What a command prints with ``--json``, as JSON Schema."""

from __future__ import annotations

from tix.cli import declared
from tix.cli.app import Command
from tix.cli.commands.report import COLUMNS
from tix.cli.commands.whoami import PERMISSION_FIELDS
from tix.cli.imports.inspection import KIND as INSPECTED
from tix.render.records import shapes
from tix.render.records.commands import FIELDS as FIELDS_OF_COMMANDS
from tix.render.records.effects import EFFECT_FIELDS
from tix.render.records.formats import Kind
from tix.typing import Any, NamedTuple

Schema = dict[str, Any]

# Where records are found in a schema.
PREFIX = "#/$defs/"

# Commands that print an array, though they are not called ``list``.
_ARRAYS = frozenset(
    {
        *("search", "log", "export", "date", "demo", "doctor", "undo", "redo", "report"),
        *(
            "attach save",
            "attach open",
            "time timers",
            "user sessions",
            "schedule next",
            "notification rules",
        ),
        *("mail fetch", "mail test", "db check", "db copy", "db accounts"),
    }
)
# Commands that print an object for one thing that was named, and an array for several.
_EITHER = frozenset(
    {
        *("delete", "token rm", "notification read", "notification mute", "notification unmute", "whoami"),
        *(
            f"mail {name}"
            for name in ("outbox retry", "outbox cancel", "quarantine release", "quarantine rm")
        ),
    }
)
# Commands whose columns are not all that they print.
_NAMED = {"export": ("ExportedTicket", "ExportedDesk")}
# What commands print beside their usual record, by what asks for it.
_OTHERS = {
    "import": (INSPECTED.fields,),
    "undo": (FIELDS_OF_COMMANDS,),
    "whoami": (PERMISSION_FIELDS,),
    "report": tuple(tuple(columns.split()) for columns in COLUMNS.values()),
}


class Printed(NamedTuple):
    """What a command prints: the schemas of its records, of which each has one, and how they come.

    ``form`` is ``one``, ``many``, or ``either``: one where one thing was named, else an array.
    """

    records: tuple[Schema, ...]
    form: str


def printed(path: tuple[str, ...], command: Command) -> Printed | None:
    """Return what a command prints; None where it prints no records. Raises KeyError for one without a shape."""
    name = " ".join(path)
    kinds = [tuple(command.kind.fields)] if command.kind is not None else []
    kinds += map(tuple, _OTHERS.get(name, ()))
    records = _NAMED.get(name) or tuple(map(shapes.name_of, kinds))
    if not records:
        return None
    found: list[Schema] = [{"$ref": PREFIX + one} for one in records]
    kind = command.kind
    if (
        kind is not None
        and (kind.key != "ref" or path == ("delete",))
        and tuple(kind.fields[-3:]) == EFFECT_FIELDS
    ):
        found.append(_gone(kind))
    return Printed(tuple(found), _form(path, command))


def _gone(kind: Kind) -> Schema:
    """What a write prints that is repeated with its key: of what is gone, or has no ``show``, the name alone."""
    fields: dict[str, Schema] = {name: {"type": "null"} for name in kind.fields}
    fields |= {kind.key: {}, "effect": {"const": "unchanged"}, "changes": {"type": "array", "maxItems": 0}}
    return {"type": "object", "properties": fields, "required": list(kind.fields)}


def _form(path: tuple[str, ...], command: Command) -> str:
    name = " ".join(path)
    if name in _ARRAYS or path[-1] == "list":
        return "many"
    several = any(one.name == "references" for one in declared.own_parameters(command))
    return "either" if several or name in _EITHER else "one"


def schema(found: Printed) -> Schema:
    """Return the schema of a JSON document that a command prints.

    With ``-o jsonl`` each line is one of its records. ``--json=FIELDS`` and ``--columns`` leave only some of the keys;
    ``--count`` prints a number, ``--jq`` and ``--template`` what they make of the document.
    """
    record = found.records[0] if len(found.records) == 1 else {"anyOf": list(found.records)}
    array = {"type": "array", "items": record}
    return {"one": record, "many": array, "either": {"anyOf": [record, array]}}[found.form]
