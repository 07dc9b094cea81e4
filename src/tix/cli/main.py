"""Find and run a command, and report failures.

``cli.parser`` reads the command line by a table compiled ahead of time; what it leaves goes to Typer
(``cli.explained``), which explains mistakes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from tix.cli import parser
from tix.cli.commands import command_of
from tix.cli.session import Finished, Invocation
from tix.cli.signals import ALARM, listen, number_of
from tix.errors import BrokenOff, Interrupted, TixError
from tix.errors import UsageError as WrongUsage
from tix.typing import TYPE_CHECKING, Any, NoReturn, cast
from tix.words.sentence import Said, shown, speak

if TYPE_CHECKING:
    from tix.cli.app import Command
    from tix.words.sentence import Catalogue


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status. Every failure is reported here and nowhere else."""
    _settle_in()
    return run(Invocation(list(sys.argv[1:] if arguments is None else arguments)))


def run(early: Invocation) -> int:
    """Run a command line in this process as it is, and return its exit status; failures are reported on stderr."""
    argv = early.argv
    early.command_of, early.parameters_of, early.explain = command_of, _parameters_of, _explain
    speak(_catalogue)
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        if forced := os.environ.get("TIX_FORCE_TTY"):
            _pretend_terminal(forced)
        _refuse_broken_arguments(argv)
        status = _run(early)
        sys.stdout.flush()
        return status
    except TixError as error:
        return _failed(error, early)
    except BrokenPipeError:
        return _pipe_closed()
    except KeyboardInterrupt as stopped:
        return _interrupted(stopped, early)
    except OSError as error:
        from tix.errors import StorageFailure

        failure = StorageFailure(Said("cannot write: {reason}", reason=error.strerror or str(error)))
        return _failed(failure, early, _silenced(failure.exit_status))
    except Exception as error:  # noqa: BLE001  # the one place where a bug becomes a sentence
        return _unexpected(error, early)
    finally:
        if early.printed is not None:
            early.printed.stop()


def program() -> NoReturn:
    """Run one command line, then end the process without finalizing the interpreter.

    By then the store is closed and the output flushed, and nothing is left that a finalizer would have to do;
    letting go of every module one by one took an eighth of a command's time. mypy leaves the same way.
    """
    try:
        status = main()
        for stream in (sys.stdout, sys.stderr):
            try:  # noqa: SIM105  # contextlib is not loaded by what every command does
                stream.flush()
            except (OSError, ValueError):
                pass  # what could not be written has been told by ``main``
    except KeyboardInterrupt as stopped:  # a signal that came before ``main`` listened, or when it was done
        status = 128 + number_of(stopped)
    os._exit(status)


def _catalogue() -> Catalogue | None:
    """The words of the reader's language; None for English."""
    from tix.cli.personal import language, settings

    return language.catalogue(settings.value("language"))


def _settle_in() -> None:
    """Prepare the process: private file mode, signal handlers, writable streams."""
    os.umask(0o077)
    listen()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us: as if it led nowhere
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # for the whole run


def _pretend_terminal(columns: str) -> None:
    """Write to stdout as to a terminal, of so many columns if it is a number; nobody is asked anything."""
    if columns in ("0", "false", "no"):
        return
    sys.stdout.isatty = lambda: True  # type: ignore[method-assign]
    if columns.isdecimal() and int(columns) > 1:
        os.environ["COLUMNS"] = columns


def _interrupted(stopped: KeyboardInterrupt, early: Invocation) -> int:
    """Report that ctrl-c or another signal ended the command; return the exit status."""
    from tix.cli.messages import draws_progress

    if draws_progress(early.argv):
        _write("\n")  # behind the ^C of the terminal
    if number_of(stopped) == 2 and not early.writes and early.typed is None:
        return 130  # who leaves something that only reads knows it
    if number_of(stopped) == ALARM:
        from tix.errors import TimedOut

        seconds = f"{early.given['timeout']:g}"
        if early.commits:
            return _failed(
                TimedOut(
                    Said("{seconds} s have passed; some changes may have been written", seconds=seconds),
                    "tix log",
                ),
                early,
            )
        return _failed(TimedOut(Said("{seconds} s have passed; nothing was written", seconds=seconds)), early)
    return _failed(Interrupted(signal_number=number_of(stopped)), early)


def _unexpected(error: Exception, early: Invocation) -> int:
    """Report an unexpected exception: an SQLite failure while reading, or a bug. Return the exit status."""
    from tix.cli.errors import confess, storage_failure
    from tix.cli.messages import wants_json

    known = storage_failure(error, early.store)
    if known is None:
        return _rescued(early, confess(error, early.argv, wants_json(early.argv)))
    return _failed(known, early)


def _run(early: Invocation) -> int:
    try:
        result = _called(early)
    except Finished:
        return 0
    return result if isinstance(result, int) else 0


def _called(early: Invocation) -> object:
    argv = early.argv
    if argv == ["--version"]:
        from tix import __version__

        sys.stdout.write(f"tix {__version__}\n")
        return 0
    call = parser.read(argv)
    if call is None:
        return _explained(early)
    early.given = call.options
    name = parser.HELP if call.name == parser.HOME and not sys.stdout.isatty() else call.name
    return _command(name).run(early, name, call.given)


def _explained(early: Invocation) -> object:
    """Run what the table does not read: an alias, a program on the path, or else what Typer makes of it."""
    from tix.cli.personal import aliases

    expanded = aliases.expand(early.argv)
    if expanded is None:
        from tix.cli.personal import extensions

        found = extensions.find(early.argv)
        if found is None:
            return _explain(early)
        from tix.cli.terminal import program

        return program.run(early, found)
    if expanded.shell is not None:
        return aliases.run_shell(expanded)
    early.argv[:] = expanded.argv  # a failure is told as the command that was meant tells it
    return _called(early)


def _explain(early: Invocation) -> int:
    from tix.cli import explained

    return explained.run(early)


def _parameters_of(command: Command) -> list[Any]:
    from tix.cli import declared

    return declared.own_parameters(command)


def _command(name: str) -> Command:
    """Return the command of a whole name: ``user list``."""
    if name == parser.HOME:
        from tix.cli import home

        return home.command
    return cast("Command", command_of(name))


def _failed(error: TixError, early: Invocation, status: int | None = None) -> int:
    """Report a failure; in JSON the path of the saved text is a key of the error object."""
    status = error.exit_status if status is None else status
    if isinstance(error, Interrupted) and early.commits:
        error.message, error.hint = (
            Said("interrupted; some changes may have been written"),
            Said("to see them: tix log"),
        )
    if isinstance(error, BrokenOff) and early.commits:
        error.message, error.hint = (
            Said("the server broke the command off; some changes have been written before"),
            Said("to see them: tix log"),
        )
    from tix.cli.errors import find_fix, report
    from tix.cli.messages import wants_json

    if not wants_json(early.argv):
        report(error, as_json=False)
        return _rescued(early, status)
    find_fix(error, early.argv)
    report(error, as_json=True, draft=_saved(early, status))
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

        if sys.stderr.isatty():
            _write(f"  {shown(Said('to send it again: {command}', command='tix draft send'))}\n")
        _write(f"  {shown(Said('your text is saved: {path}', path=path), safe_line)}\n")
    return status


def _write(text: str) -> None:
    """Write to stderr, if the terminal is still there."""
    try:  # noqa: SIM105  # as above
        sys.stderr.write(text)
    except OSError:
        pass


def _refuse_broken_arguments(argv: list[str]) -> None:
    """Refuse arguments that are not UTF-8; such bytes arrive as lone surrogates."""
    for word in argv:
        if not word.isascii():
            try:
                word.encode()
            except UnicodeEncodeError as error:
                raise WrongUsage(Said("an argument is not valid UTF-8")) from error


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
