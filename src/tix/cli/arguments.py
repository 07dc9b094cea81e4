"""Options that many commands share, as values: a command asks for ``Text`` and gets one.

``command`` makes of a function what Typer wants: its parameters whose annotation is an option set (a NamedTuple
of annotated fields) become those options and arrive as one value; the first parameter is
the session. Annotations here are objects, not strings: Typer evaluates strings in the function's own module.
"""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import typer

from tix.cli.session import Early, Session


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


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function(session, …)`` as a Typer callback that has the global options."""
    given = list(inspect.signature(function).parameters.values())[1:]
    parameters: list[inspect.Parameter] = [
        inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    ]
    sets: list[tuple[str, Any]] = []
    for parameter in given:
        if hasattr(parameter.annotation, "_field_defaults"):
            sets.append((parameter.name, parameter.annotation))
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
    for option_set in [*(option_set for _, option_set in sets), Globals]:
        parameters += _options(option_set)

    def callback(ctx: Any, **values: Any) -> Any:
        early: Early = ctx.obj
        early.given.update(_taken(Globals, values, keep_defaults=False))
        arguments = {name: option_set(**_taken(option_set, values)) for name, option_set in sets}
        session = Session(early, Globals(**early.given))
        try:
            done = function(session, **arguments, **values)
        except BaseException:
            session.close(failed=True)
            raise
        session.close()
        return done

    callback.__doc__ = function.__doc__
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # a function's own
    callback.__annotations__ = {}
    for name in ("context_settings", "epilog"):
        if hasattr(function, name):
            setattr(callback, name, getattr(function, name))
    return callback


def _options(option_set: Any) -> list[inspect.Parameter]:
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=option_set._field_defaults[name],
            annotation=annotation,
        )
        for name, annotation in option_set.__annotations__.items()
    ]


def _taken(option_set: Any, values: dict[str, Any], keep_defaults: bool = True) -> dict[str, Any]:
    """Takes the fields of ``option_set`` out of ``values``."""
    defaults = option_set._field_defaults
    taken = {name: values.pop(name) for name in option_set._fields}
    return {name: value for name, value in taken.items() if keep_defaults or value != defaults[name]}


def _root(ctx: Any, **values: Any) -> Any:
    """Keeps the global options that stand before the verb; ``tix`` alone shows the first screen."""
    early: Early = ctx.obj
    if values.pop("version", False):
        import sys

        from tix import __version__

        sys.stdout.write(f"tix {__version__}\n")
        raise typer.Exit
    early.given.update(_taken(Globals, values, keep_defaults=False))
    if ctx.invoked_subcommand is None and ctx.parent is None:
        from tix.cli.home import home

        session = Session(early, Globals(**early.given))
        try:
            return home(session, ctx)
        finally:
            session.close()
    return None


def _group_callback(extra: list[inspect.Parameter]) -> Callable[..., Any]:
    def callback(ctx: Any, **values: Any) -> Any:
        return _root(ctx, **values)

    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    callback.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # as above
        [context, *extra, *_options(Globals)]
    )
    callback.__annotations__ = {}
    return callback


_VERSION = inspect.Parameter(
    "version",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option("--version", help="Which tix this is.")],
)
ROOT = _group_callback([_VERSION])
NOUN = _group_callback([])
