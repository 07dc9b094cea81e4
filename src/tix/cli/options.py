"""Options shared by many commands, as values: a command takes a ``Text`` and gets one.

``command`` makes of a function what Typer wants: its parameters whose annotation is an option set (a NamedTuple
of annotated fields) become those options and arrive as one value; the first parameter is
the session. Annotations here are objects, not strings: Typer evaluates strings in the function's own module.
"""

from __future__ import annotations

from tix.cli.parameters import Argument, Option
from tix.cli.parser import ALONE
from tix.typing import Annotated, NamedTuple


class Globals(NamedTuple):
    """Accepted before and after the command's name."""

    store: Annotated[
        str | None, Option("--store", metavar="PATH", help="File of the desk (default: $TIX_STORE).")
    ] = None
    as_: Annotated[str | None, Option("--as", metavar="LOGIN", help="Act as another person (admins).")] = None
    color: Annotated[
        str | None, Option("--color", metavar="WHEN", help="Use color: auto, always or never.")
    ] = None
    no_input: Annotated[bool, Option("--no-input", help="Never prompt.")] = False
    debug: Annotated[bool, Option("--debug", help="Show the traceback of an internal error.")] = False
    quiet: Annotated[bool, Option("--quiet", help="Print no confirmations or hints.")] = False
    read_only: Annotated[
        bool, Option("--read-only", help="Refuse commands that write ($TIX_READ_ONLY does the same).")
    ] = False
    timeout: Annotated[
        float | None, Option("--timeout", metavar="SECONDS", help="Give up after SECONDS, e.g. 10.")
    ] = None
    hyperlinks: Annotated[
        str | None,
        Option(
            "--hyperlinks", metavar="WHEN", help="Make references and addresses links: auto, always or never."
        ),
    ] = None
    no_pager: Annotated[bool, Option("--no-pager", help="Print long output without a pager.")] = False
    tz: Annotated[
        str | None,
        Option("--tz", metavar="ZONE", help="Time zone of what is read and shown, e.g. Asia/Tokyo."),
    ] = None
    utc: Annotated[bool, Option("--utc", help="Show and read times in UTC.")] = False
    profile: Annotated[
        str | None, Option("--profile", metavar="NAME", help="Use the settings of a profile ($TIX_PROFILE).")
    ] = None


Json = Annotated[
    str | None,
    Option(
        "--json",
        metavar="[A,B,…]",
        help="Print JSON, with all fields or some, e.g. --json=ref,subject.",
        alone=ALONE,
    ),
]
Jq = Annotated[
    str | None, Option("--jq", metavar="EXPR", help="Print JSON filtered by a jq expression, e.g. '.[].ref'.")
]
Template = Annotated[
    str | None,
    Option(
        "--template",
        metavar="T",
        help="Print each record by a Jinja template or @FILE, e.g. '{{ ref }}: {{ subject }}'.",
    ),
]


class Output(NamedTuple):
    """How records are printed."""

    output: Annotated[
        str | None,
        Option(
            "-o",
            "--output",
            metavar="FORMAT",
            help="Output format: table, plain, json, jsonl, csv, tsv, md or ids.",
        ),
    ] = None
    json: Json = None
    columns: Annotated[
        list[str] | None,
        Option(
            "-c", "--columns", metavar="A,B,…", help="Columns to print, e.g. ref,subject ('help' lists them)."
        ),
    ] = None
    wide: Annotated[bool, Option("--wide", help="Print tables in full width, with nothing shortened.")] = (
        False
    )
    raw: Annotated[bool, Option("--raw", help="Write CSV cells unchanged, including formulas.")] = False
    header: Annotated[
        bool | None,
        Option(
            "--header/--no-header",
            help="Print column names: on with tables, csv, tsv and md, off with plain.",
        ),
    ] = None
    jq: Jq = None
    jq_json: Annotated[bool, Option("--jq-json", help="With --jq: print texts as JSON too, in quotes.")] = (
        False
    )
    template: Template = None
    envelope: Annotated[
        bool,
        Option(
            "--envelope", help="Print JSON in an object with data and meta ($TIX_ENVELOPE does the same)."
        ),
    ] = False


class Text(NamedTuple):
    """Where the text of a message comes from."""

    message: Annotated[str | None, Option("-m", "--message", metavar="TEXT", help="Text of the message.")] = (
        None
    )
    file: Annotated[
        str | None, Option("-F", "--file", metavar="PATH", help="Read the text from a file (-: stdin).")
    ] = None
    editor: Annotated[bool, Option("-e", "--editor", help="Write the text in your editor.")] = False


DryRun = Annotated[bool, Option("--dry-run", help="Show what would happen without writing anything.")]
IfVersion = Annotated[
    int | None,
    Option("--if-version", metavar="N", help="Change the ticket only if it is still at this version."),
]
Key = Annotated[
    str | None,
    Option(
        "--idempotency-key",
        metavar="K",
        help="Write once: with the same key again, print the first result and write nothing.",
    ),
]


Confirm = Annotated[
    str | None,
    Option(
        "--confirm",
        metavar="NAME",
        help="Confirm by what it concerns: its name, or how many tickets, e.g. TIX-12 or 250.",
    ),
]


class Bulk(NamedTuple):
    """How a command writes to several tickets."""

    dry_run: DryRun = False
    atomic: Annotated[bool, Option("--atomic", help="Change all tickets or none.")] = False
    yes: Annotated[bool, Option("--yes", help="Answer questions with yes.")] = False
    confirm: Confirm = None
    strict: Annotated[bool, Option("--strict", help="Fail (exit 5) if there is nothing to change.")] = False
    if_version: IfVersion = None
    idempotency_key: Key = None
    verbose: Annotated[bool, Option("--verbose", help="Print a line for each ticket.")] = False
    where: Annotated[
        str | None,
        Option(
            "--where",
            metavar="FILTERS",
            help="The tickets that tix list finds with these options, e.g. '--mine --overdue'.",
        ),
    ] = None


class One(NamedTuple):
    """How a command writes to one ticket."""

    dry_run: DryRun = False
    if_version: IfVersion = None
    idempotency_key: Key = None


class Trial(NamedTuple):
    """How a command writes to something else: ``cli.writes.trial``."""

    dry_run: DryRun = False
    idempotency_key: Key = None


class Once(NamedTuple):
    """The same, of a command with a ``--dry-run`` of its own."""

    idempotency_key: Key = None


EditLast = Annotated[
    bool, Option("--edit-last", help="Change the text of my last one, within undo.text_window.")
]
Retract = Annotated[bool, Option("--retract", help="Withdraw my last one, within undo.text_window.")]
Yes = Annotated[bool, Option("--yes", help="Answer questions with yes.")]


References = Annotated[
    list[str],
    Argument(metavar="ID…", help="Tickets, e.g. 12, TIX-12, 12-18, 12,15 (-: read references from stdin)."),
]
# Of a command that takes ``--where`` in their place (``cli.tickets.chosen``).
BulkReferences = Annotated[
    list[str],
    Argument(
        metavar="ID…",
        help="Tickets, e.g. 12, TIX-12, 12-18, 12,15, @last, @view:NAME (-: read references from stdin).",
        needed=False,
    ),
]
Reference = Annotated[str, Argument(metavar="ID", help="Ticket, e.g. 12 or TIX-12.")]
Attach = Annotated[
    list[str] | None,
    Option("--attach", metavar="FILE", help="File to attach; repeatable (-: stdin, with --name)."),
]
AttachName = Annotated[
    str | None, Option("--name", metavar="NAME", help="Name of the file on stdin, e.g. x.log.")
]
Cc = Annotated[
    list[str] | None,
    Option("--cc", metavar="ADDR", help="Add a follower, e.g. kim@acme.example; repeatable."),
]
Note = Annotated[str | None, Option("--note", metavar="TEXT", help="Add an internal note.")]


Cursor = Annotated[
    str | None,
    Option(
        "--cursor",
        metavar="C",
        help='Go on behind a page of --limit records: its cursor, or "first" to begin.',
    ),
]
FailEmpty = Annotated[bool, Option("--fail-empty", help="Exit with 3 if nothing is found.")]
View = Annotated[
    str | None, Option("--view", metavar="NAME", help="Saved view to use; tix view list shows them.")
]
Worked = Annotated[
    str | None, Option("--time", metavar="DURATION", help="Log time spent, e.g. 25m, 1h30m (staff).")
]
