"""The text of a message: from an option, a file, a pipe or the editor; saved when the command fails."""

from __future__ import annotations

import os
import sys

from tix.cli.input.content import LIMIT_BYTES, checked, decoded
from tix.cli.session import Session
from tix.errors import InvalidValue, UsageError
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.options import Text


def given(session: Session, text: Text, what: str, words: list[str] | None = None) -> str | None:
    """The text the flags or the pipe give, or None when there is none.

    Raises what ``flagged`` and ``piped`` raise.
    """
    body = flagged(session, text, what, words)
    return piped(session, text, what, words) if body is None else body


def flagged(session: Session, text: Text, what: str, words: list[str] | None = None) -> str | None:
    """The text that ``-m`` or ``-F`` gives, or None; ``-F -`` reads stdin.

    Raises UsageError when two flags name a text, InvalidValue for a blank, binary or too long one.
    """
    if text.message is not None and text.file is not None:
        raise UsageError(Said("-m and -F cannot be combined"), hint=Said("use one of the two"))
    if text.message is not None:
        body = checked(text.message, _name(what))
        if not text.editor:
            session.early.typed = (what, body, False)
        return body
    if text.file == "-":
        if "-" in (words or ()):
            raise UsageError(Said("stdin cannot supply both the references and the text"))
        return _remembered(session, what, checked(_stdin(session), _name(what)))
    if text.file is not None:
        body = checked(_file(text.file), _name(what))
        session.read.append(body)
        return body
    return None


def piped(session: Session, text: Text, what: str, words: list[str] | None = None) -> str | None:
    """The text on stdin, or None where there is none.

    It is read only without a text flag, when stdin is no terminal and ``-`` is not among ``words``; the
    caller has checked everything else. Raises InvalidValue for a binary or too long one.
    """
    if text.message is not None or text.file is not None or text.editor or "-" in (words or ()):
        return None
    if sys.stdin is None or sys.stdin.isatty():
        return None
    body = _stdin(session)
    return _remembered(session, what, checked(body, _name(what))) if body.strip() else None


def required(
    session: Session, text: Text, what: str, words: list[str], body: str | None, context: str = ""
) -> str:
    """The text: ``body``, which a flag gave, else from the pipe, else written in the editor on a terminal.

    Raises UsageError where nobody can be asked.
    """
    if body is None:
        body = piped(session, text, what, words)
    if body is not None and not text.editor:
        return body
    if text.editor or session.may_ask:
        from tix.cli.input.editor import compose

        body = compose(session, what, body or "", context)
        session.read.append(body)
        sent_now(session)
        return body
    raise UsageError(Said("no message given"), hint=Said("use -m TEXT, -F FILE or a pipe"))


def sent_now(session: Session) -> None:
    """Use the time of sending, not of starting the command: writing may take an hour."""
    if session.remote is None:
        session.reader().now = session.now


def _name(what: str) -> str:
    return "message" if what == "new" else "text"


def _remembered(session: Session, what: str, body: str) -> str:
    session.early.typed = (what, body, True)
    session.read.append(body)
    return body


def _stdin(session: Session) -> str:
    if sys.stdin is None:  # closed (`<&-`)
        return ""
    from tix.cli.input.silence import tell_if_silent
    from tix.cli.repeats import stdin

    tell_if_silent(session, "the text")
    return decoded(stdin.read(LIMIT_BYTES + 1), "on stdin")


def _file(name: str) -> str:
    try:
        # Without O_NONBLOCK opening a named pipe would wait for its writer. Reading does wait: the writer of
        # `-F <(command)` may not be done.
        descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            os.set_blocking(descriptor, True)
            data = file.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise InvalidValue(
            Said("cannot read the file '{name}': {strerror}", name=name, strerror=error.strerror)
        ) from error
    return decoded(data, f"in '{name}'")
