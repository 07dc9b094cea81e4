"""Options that many commands share, as values: a command asks for ``Text`` and gets one.

``command`` makes of a function what Typer wants: its parameters whose annotation is an option set (a NamedTuple
of annotated fields) become those options and arrive as one value; the first parameter is
the session. Annotations here are objects, not strings: Typer evaluates strings in the function's own module.
"""

from typing import Annotated, NamedTuple

import typer


class Globals(NamedTuple):
    """Accepted before and after the verb."""

    store: Annotated[
        str | None, typer.Option("--store", metavar="PATH", help="The desk's file (else TIX_STORE).")
    ] = None
    as_: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="Act as somebody else (admins).")
    ] = None
    color: Annotated[str | None, typer.Option("--color", metavar="WHEN", help="auto, always or never.")] = (
        None
    )
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask.")] = False
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug.")] = False
    quiet: Annotated[bool, typer.Option("--quiet", help="No confirmations and hints.")] = False


class Output(NamedTuple):
    """How records are printed."""

    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FORMAT", help="table, plain, json, jsonl, csv or ids."),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="Short for -o json.")] = False
    columns: Annotated[
        list[str] | None,
        typer.Option("-c", "--columns", metavar="A,B,…", help="Which fields; 'help' lists them."),
    ] = None
    raw: Annotated[bool, typer.Option("--raw", help="CSV cells as they are, formulas too.")] = False


class Text(NamedTuple):
    """Where a text comes from."""

    message: Annotated[str | None, typer.Option("-m", "--message", metavar="TEXT", help="The text.")] = None
    file: Annotated[
        str | None, typer.Option("-F", "--file", metavar="PATH", help="The text is in a file; - is stdin.")
    ] = None
    editor: Annotated[bool, typer.Option("-e", "--editor", help="Write the text in your editor.")] = False


class Bulk(NamedTuple):
    """How several tickets are written to."""

    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and write nothing.")] = (
        False
    )
    atomic: Annotated[bool, typer.Option("--atomic", help="All of them, or none.")] = False


References = Annotated[
    list[str],
    typer.Argument(metavar="ID…", help="12, TIX-12, 12-18, 12,15, or - for references on stdin."),
]
Reference = Annotated[str, typer.Argument(metavar="ID", help="12 or TIX-12.")]
Attach = Annotated[
    list[str] | None, typer.Option("--attach", metavar="FILE", help="A file; may be repeated.")
]
Cc = Annotated[
    list[str] | None, typer.Option("--cc", metavar="ADDR", help="Who follows it too; may be repeated.")
]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="An internal note with it.")]


View = Annotated[
    str | None, typer.Option("--view", metavar="NAME", help="Through a saved view: tix view list.")
]
Worked = Annotated[
    str | None, typer.Option("--time", metavar="DURATION", help="Time that went into it (staff).")
]
