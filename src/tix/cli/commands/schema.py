"""``tix schema``: the contract for programs, as JSON Schema."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.options import Jq
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.errors import UnknownName, UsageError
from tix.typing import Annotated, Any


@app.page
def command(
    session: Session,
    words: Annotated[
        list[str] | None,
        Argument(metavar="[COMMAND]…", help="A command, e.g. list, user add (default: all commands)."),
    ] = None,
    index: Annotated[
        bool, Option("--index", help="Print one line about each command, and the etag, only.")
    ] = False,
    json: Annotated[bool, Option("--json", help="Print JSON, as always.")] = False,  # noqa: ARG001  # always
    jq: Jq = None,
) -> None:
    """Print a JSON Schema of arguments, output, errors and exit codes.

    The schema of a command describes its call: the properties arguments, output (of --json), error (an object on stderr)
    and exit. etag is a digest: as long as it is the same, so is the schema.
    """
    from importlib import import_module

    document: Any = import_module(
        "tix.cli.schema.document"
    )  # by name: it is made of all commands, this one included
    if index and words:
        raise UsageError("--index is about all commands")
    if words:
        found = document.find(words)
        if found is None:
            raise UnknownName(f"no command named '{' '.join(words)}'", hint="tix schema --index")
        path, one = found
        if one is None:
            raise UnknownName(f"tix {' '.join(path)} takes any words and has no schema")
        schema = document.of_command(path, one)
    else:
        schema = document.summary() if index else document.catalogue()
    if jq is not None:
        from tix.cli.shapes.shape import shape

        sys.stdout.write(shape(jq, None).text(schema, {}))
        return
    from json import dumps

    sys.stdout.write(dumps(schema, ensure_ascii=True, indent=2 if session.on_terminal else None) + "\n")
