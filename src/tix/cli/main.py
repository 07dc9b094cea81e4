"""Find and run a command, and report failures.

Typer builds every registered parameter on each run, and the whole surface would cost more than everything
else together: so there is a table (``cli.commands``), and a group that imports the one module a command needs.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NoReturn

import typer.core
import typer.main
from typer._click.exceptions import ClickException, UsageError
from typer.models import CommandInfo, TyperInfo

from tix.cli.app import NOUN, ROOT
from tix.cli.commands import ALIASES, COMMANDS, HIDDEN
from tix.cli.errors import report, wants_json
from tix.cli.session import Invocation
from tix.cli.signals import listen, number_of
from tix.errors import Interrupted, TixError
from tix.errors import UsageError as WrongUsage


def build(name: str, function: Callable[..., Any]) -> Any:
    """A click command from a function made by ``cli.options.command``."""
    info = CommandInfo(
        name=name,
        callback=function,
        help=function.__doc__,
        context_settings=getattr(function, "context_settings", None) or {},
        epilog=getattr(function, "epilog", None),
    )
    return typer.main.get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)


class Lazy(typer.core.TyperGroup):
    """A group with a table of commands that builds only the command it needs."""

    table: Mapping[str, tuple[str, str]] = MappingProxyType({})

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.table)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.table.items()])

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        name = ALIASES.get(cmd_name, cmd_name)
        found = self.table.get(name) or HIDDEN.get(name)
        if found is None:
            return None
        module = importlib.import_module(found[0])
        noun = getattr(module, "COMMANDS", None)
        if noun is None:
            return build(name, module.command)
        return noun_group(name, found[1], module.__doc__, noun)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """``tix 12`` is ``tix show 12``; an unknown word gets the nearest command."""
        word = args[0]
        if word not in self.table and word not in HIDDEN and word not in ALIASES:
            from tix.domain.tickets.references import looks_like_reference

            if looks_like_reference(word):
                args = ["show", *args]
            elif not word.startswith("-"):
                raise _unknown_command(word, self.table)
        return super().resolve_command(ctx, args)


class NounGroup(typer.core.TyperGroup):
    """A resource command such as ``tix user``: subcommands are built on demand, and the first one is the default."""

    functions: Mapping[str, Any] = MappingProxyType({})

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.functions)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        rows = [
            (n, ", ".join(f) if isinstance(f, dict) else (f.__doc__ or "").strip().split("\n")[0])
            for n, f in self.functions.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        function = self.functions.get(cmd_name)
        if isinstance(function, dict):
            return noun_group(
                cmd_name,
                f"{(self.name or '').capitalize()} {cmd_name}: {', '.join(function)}.",
                None,
                function,
            )
        return None if function is None else build(cmd_name, function)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Without a subcommand, run the first one: ``tix user --json`` lists."""
        if not args or (args[0].startswith("-") and args[0] != "--help"):
            args = [next(iter(self.functions)), *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.functions and not args[0].startswith("-"):
            raise _unknown_command(args[0], self.functions, f"{ctx.command_path} ")
        return super().resolve_command(ctx, args)


def noun_group(name: str, summary: str, epilog: str | None, functions: dict[str, Any]) -> Any:
    """The group of a resource command; a subcommand may be a group itself (``tix topic field add``)."""
    info = TyperInfo(typer.Typer(), name=name, cls=NounGroup, callback=NOUN, help=summary, epilog=epilog)
    group = typer.main.get_group_from_info(
        info, pretty_exceptions_short=False, suggest_commands=False, rich_markup_mode=None
    )
    group.functions = functions  # type: ignore[attr-defined]  # a Noun
    return group


def _unknown_command(word: str, names: Any, before: str = "tix ") -> TixError:
    import difflib

    near = difflib.get_close_matches(word, list(names), n=1, cutoff=0.6)
    hint = f"did you mean {before}{near[0]}?" if near else f"for the list of commands: {before}--help"
    return WrongUsage(f"'{word}' is not a command", hint=hint)


def root() -> Any:
    """Return the root command."""
    info = TyperInfo(
        typer.Typer(),
        name="tix",
        cls=Lazy,
        callback=ROOT,
        invoke_without_command=True,
        help="A help desk in the terminal.",
        epilog="tix COMMAND --help explains a command; tix 12 shows ticket 12.",
    )
    group = typer.main.get_group_from_info(
        info, pretty_exceptions_short=False, suggest_commands=False, rich_markup_mode=None
    )
    group.table = COMMANDS  # type: ignore[attr-defined]  # a Lazy
    return group


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status. Every failure is reported here and nowhere else."""
    _settle_in()
    argv = list(sys.argv[1:] if arguments is None else arguments)
    as_json = wants_json(argv)
    early = Invocation(argv)
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        _refuse_broken_arguments(argv)
        status = _run(early)
        sys.stdout.flush()
        return status
    except TixError as error:
        return _failed(error, early, as_json)
    except ClickException as error:
        return _misused(error, argv, as_json)
    except BrokenPipeError:
        return _pipe_closed()
    except KeyboardInterrupt as stopped:
        return _interrupted(stopped, early, as_json)
    except OSError as error:
        from tix.errors import StorageFailure

        failure = StorageFailure(f"cannot write: {error.strerror or error}")
        return _failed(failure, early, as_json, _silenced(failure.exit_status))
    except Exception as error:  # noqa: BLE001  # the one place where a bug becomes a sentence
        return _unexpected(error, early, as_json)


def program() -> NoReturn:
    """Run one command line, then end the process without finalizing the interpreter.

    By then the store is closed and the output flushed, and nothing is left that a finalizer would have to do;
    letting go of every module one by one took an eighth of a command's time. mypy leaves the same way.
    """
    try:
        status = main()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # what could not be written has been told by ``main``
                stream.flush()
    except KeyboardInterrupt as stopped:  # a signal that came before ``main`` listened, or when it was done
        status = 128 + number_of(stopped)
    os._exit(status)


def _settle_in() -> None:
    """Prepare the process: private file mode, signal handlers, writable streams."""
    os.umask(0o077)
    listen()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us: as if it led nowhere
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # for the whole run


def _interrupted(stopped: KeyboardInterrupt, early: Invocation, as_json: bool) -> int:
    """Report that ctrl-c or another signal ended the command; return the exit status."""
    if sys.stderr.isatty():
        with suppress(OSError):
            sys.stderr.write("\n")  # behind the ^C of the terminal
    if number_of(stopped) == 2 and not early.writes and early.typed is None:
        return 130  # who leaves something that only reads knows it
    return _failed(Interrupted(signal_number=number_of(stopped)), early, as_json)


def _misused(error: ClickException, argv: list[str], as_json: bool) -> int:
    """Report a command line the parser refused; return the exit status."""
    said = error.format_message()
    hint = None
    if "unexpected extra argument" in said and "--attach" in argv:
        hint = "repeat --attach for each file"
    elif isinstance(error, UsageError) and error.ctx is not None:
        hint = f"{error.ctx.command_path} --help"
    report(WrongUsage(said.rstrip("."), hint=hint), as_json)
    return WrongUsage.exit_status


def _unexpected(error: Exception, early: Invocation, as_json: bool) -> int:
    """Report an unexpected exception: an SQLite failure while reading, or a bug. Return the exit status."""
    from tix.cli.errors import confess, storage_failure

    known = storage_failure(error, early.store)
    if known is None:
        return _rescued(early, confess(error, early.argv, as_json))
    return _failed(known, early, as_json)


def _run(early: Invocation) -> int:
    group = root()
    try:
        with group.make_context("tix", list(early.argv), obj=early) as ctx:
            result = group.invoke(ctx)
    except typer.Exit as done:
        return int(done.exit_code)
    return result if isinstance(result, int) else 0


def _failed(error: TixError, early: Invocation, as_json: bool, status: int | None = None) -> int:
    """Report a failure; in JSON the path of the saved text is a key of the error object."""
    status = error.exit_status if status is None else status
    if isinstance(error, Interrupted) and early.commits:
        error.message, error.hint = "interrupted; some changes may have been written", "to see them: tix log"
    if not as_json:
        report(error, as_json)
        return _rescued(early, status)
    report(error, as_json, draft=_saved(early, status))
    return status


def _saved(early: Invocation, status: int) -> str | None:
    """Save typed text that was not stored and return its path; None where there is none."""
    if early.typed is None or status == 0:
        return None
    from tix.cli.input.drafts import rescue

    path = rescue(early, status)
    return None if path is None else str(path)


def _rescued(early: Invocation, status: int) -> int:
    """Save typed text that was not stored, and print its path."""
    path = _saved(early, status)
    if path is not None:
        from tix.render.safe import safe_line

        with suppress(OSError):  # the terminal may be gone
            sys.stderr.write(f"  your text is saved: {safe_line(path)}\n")
    return status


def _refuse_broken_arguments(argv: list[str]) -> None:
    """Refuse arguments that are not UTF-8; such bytes arrive as lone surrogates."""
    for word in argv:
        if not word.isascii():
            try:
                word.encode()
            except UnicodeEncodeError as error:
                raise WrongUsage("an argument is not valid UTF-8") from error


def _pipe_closed() -> int:
    """``tix list | head``: the reader has stopped reading, which is success."""
    return _silenced(0)


def _silenced(status: int) -> int:
    """Redirect stdout to nowhere, so that the interpreter does not fail to flush it."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    return status
