"""Turn functions and their option sets into commands for Typer."""

import functools
import inspect
import os
from collections.abc import Callable
from typing import Annotated, Any

import typer

from tix.cli.options import Globals
from tix.cli.session import Invocation, Session


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function(session, …)`` as a Typer callback with the global options added."""
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
        early: Invocation = ctx.obj
        early.given.update(_taken(Globals, values, keep_defaults=False))
        arguments = {name: option_set(**_taken(option_set, values)) for name, option_set in sets}
        session = Session(early, Globals(**early.given))
        session.refuse_unless_offered(_name(ctx))
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


def _name(ctx: Any) -> str:
    """The whole name of a command, whatever alias was typed: ``user list``."""
    names = []
    while ctx.parent is not None:
        names.append(ctx.command.name)
        ctx = ctx.parent
    return " ".join(reversed(names))


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
    """Remove the fields of ``option_set`` from ``values`` and return them."""
    defaults = option_set._field_defaults
    taken = {name: values.pop(name) for name in option_set._fields}
    return {name: value for name, value in taken.items() if keep_defaults or value != defaults[name]}


def _root(ctx: Any, **values: Any) -> Any:
    """Keep the global options given before the command; ``tix`` alone shows the first screen."""
    early: Invocation = ctx.obj
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
    annotation=Annotated[bool, typer.Option("--version", help="Print the version of tix.")],
)


ROOT = _group_callback([_VERSION])
NOUN = _group_callback([])


def reading(function: Callable[..., Any]) -> Callable[..., Any]:
    """Like ``command``, for a command that only reads: on a terminal, output longer than the screen is paged.

    The pager is ``$TIX_PAGER``, else ``$PAGER``; ``cat`` and an empty value mean none. Output that continues until
    ctrl-c (``--watch``, ``--follow``) is not paged.
    """

    @functools.wraps(function)
    def paged(session: Session, **given: Any) -> Any:
        command = os.environ.get("TIX_PAGER", os.environ.get("PAGER", "")).strip()
        goes_on = given.get("watch") is not None or given.get("follow")
        if command in ("", "cat") or goes_on or not session.on_terminal:
            return function(session, **given)
        from tix.cli import pager

        with pager.paged(session, command):
            done = function(session, **given)
            session.close()  # so that its last messages are paged too, and no lock is kept while the person reads
        return done

    return command(paged)
