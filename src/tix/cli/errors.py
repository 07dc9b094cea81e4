"""Failures as people and programs read them: of a command, of one of several tickets, and of tix itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from tix.cli.messages import wants_json
from tix.cli.session import Session
from tix.cli.user_config import state_folder
from tix.errors import TixError, Unconfirmed
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said, shown

if TYPE_CHECKING:
    from pathlib import Path

    from tix.desk.tickets.bulk import Result
    from tix.desk.tickets.outcome import Outcome


def find_fix(error: TixError, argv: list[str]) -> None:
    """Give an error the command line that would have worked, where its command line says which."""
    if any(word.partition("=")[0] == "--confirm" for word in argv):
        return  # what it names is something else, and somebody has to decide what is meant
    if error.fix is None and isinstance(error, Unconfirmed):
        end = argv.index("--") if "--" in argv else len(argv)
        error.fix = ["tix", *argv[:end], "--yes", *argv[end:]]


def storage_failure(error: Exception, store: str | None) -> TixError | None:
    """A failure of the store, as one that people know; None where it is a bug.

    SQLite says some while rows are read. Others come from a value that no tix has written, so the rows are
    looked at before a failure is called a bug.
    """
    import sqlite3

    if isinstance(error, sqlite3.Error):
        from tix.store.connection import failure

        try:
            found = failure(error, store or "desk.db")
        except sqlite3.Error:
            found = None
        if isinstance(found, TixError):
            return found
    from tix.store.open import explain

    return explain(store)


def confess(error: Exception, argv: list[str], as_json: bool) -> int:
    """Writes the traceback into the state folder, or with ``--debug`` to stderr; the exit status is 1."""
    import traceback

    text = "".join(traceback.format_exception(error))
    traced = text if "--debug" in argv else None
    if traced is not None and not as_json:
        sys.stderr.write(traced)
    where = _keep(text)
    report(
        TixError(
            f"this is a bug in tix ({type(error).__name__})",
            hint=f"the traceback is in {where}; please report it" if where else "--debug shows the traceback",
        ),
        as_json,
        traceback=traced,
    )
    return 1


def _keep(text: str) -> Path | None:
    try:
        folder = state_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"crash-{os.getpid()}.txt"
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        return None
    return path


def report(error: TixError, as_json: bool, **more: str | None) -> None:
    """One failure on stderr: a sentence and a hint, or one JSON object, then with what more there is to say of it."""
    try:
        text = failure_text(error, as_json, **more)
        sys.stderr.write(text if as_json else _colored(text))
        sys.stderr.flush()
    except (OSError, ValueError):
        # stderr itself cannot be written; the exit status still tells, if nothing is flushed there again.
        from contextlib import suppress

        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _colored(text: str) -> str:
    """The words with the name of the program in the colour of errors, on a terminal that has colours."""
    before, name, sentence = text.partition("tix:")
    if before or not sys.stderr.isatty():
        return text
    from tix.cli.terminal.look import style_of_errors

    style = style_of_errors(sys.argv)
    return f"\x1b[{style}m{name}\x1b[0m{sentence}" if style else text


# A sentence quotes what was wrong; what is longer than this says no more.
_LONGEST_SENTENCE = 400
# A hint lists what there is, all of it; what people named is cut where the list is made.
_LONGEST_HINT = 4_000


def _cut(text: str, longest: int = _LONGEST_SENTENCE) -> str:
    return text if len(text) <= longest else f"{text[: longest // 2]}…{text[-60:]}"


def failure_text(error: TixError, as_json: bool, **more: str | None) -> str:
    """What ``report`` prints; of ``more``, what is not None is a key of the object."""
    if as_json:
        message = _cut(error.message)
        hint = None if error.hint is None else _cut(error.hint, _LONGEST_HINT)
        import json

        facts: dict[str, Any] = {
            "code": error.code,
            "message": message,
            "hint": hint,
            "exit": error.exit_status,
            "retryable": error.exit_status == 6,
            "fix": error.fix,
        }
        if error.ref is not None:
            facts["ref"] = error.ref
        facts |= {name: value for name, value in more.items() if value is not None}
        return json.dumps({"error": facts}) + "\n"
    text = f"tix: {_sentence(error.message, _LONGEST_SENTENCE)}\n"
    if not error.hint:
        return text
    return (
        text
        + "  "
        + shown(Said("hint: {hint}", hint=error.hint), lambda hint: _sentence(hint, _LONGEST_HINT))
        + "\n"
    )


def _sentence(text: str, longest: int) -> str:
    """A sentence or a hint in the language of its reader, safe for a terminal."""
    from tix.render.safe import safe_line

    return _cut(shown(text, safe_line), longest)


# -------------------------------------------------------------------------------- failures of one of several


class Item:
    """The block of work on one of several tickets."""

    def __init__(self, results: Results, name: str | Callable[[], str]) -> None:
        self._results = results
        self._name = name

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> bool:
        return self._results.left(error, self._name)


class Results:
    """What became of each of several tickets: a failure of one is kept, and the others go on.

    With a single reference the failure is the command's own. ``status`` is 0 if all went well, the common
    code if all failed with one, else 9 (interface page).
    """

    def __init__(self, session: Session, single: bool) -> None:
        self._session = session
        self._single = single
        self._untold: list[TixError] = []
        self._failures: list[int] = []
        self._done = 0

    def item(self, name: str | Callable[[], str]) -> Item:
        """The work on one of them; what it is called, or how to find out where it fails."""
        return Item(self, name)

    def left(self, error: BaseException | None, name: str | Callable[[], str]) -> bool:
        """Count what came of one of them; return whether its failure is told at the end."""
        if error is None:
            self._done += 1
            return False
        if not isinstance(error, TixError) or self._single or not _concerns_one(error):
            return False
        self._failed(error, name if isinstance(name, str) else name())
        return True

    def add(self, results: Sequence[Result]) -> list[Outcome]:
        """What a bulk write made of them; the outcomes. Raises what a single one failed with."""
        for one in results:
            if one.error is None:
                self._done += 1
            elif self._single:
                raise one.error
            else:
                self._failed(one.error, one.ref)
        return [one.outcome for one in results if one.outcome is not None]

    def _failed(self, error: TixError, ref: str) -> None:
        error.ref = error.ref or ref
        self._untold.append(error)
        self._failures.append(error.exit_status)

    def tell(self) -> None:
        """A line for each failure that has not had one."""
        for error in self._untold:
            report(error, wants_json(self._session.early.argv))
        self._untold.clear()

    def none_done(self) -> None:
        """Record that all changes were rolled back."""
        self._done = 0

    @property
    def status(self) -> int:
        """The exit status of the whole command."""
        if not self._failures:
            return 0
        alike = len(set(self._failures)) == 1
        return self._failures[0] if alike and not self._done else 9


def _concerns_one(error: TixError) -> bool:
    from tix.desk.tickets.bulk import concerns_one

    return concerns_one(error)
