"""The text of an entry: from a flag, a file, the pipe or the editor; and what becomes of it on failure."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tix.cli.session import Session
from tix.errors import InvalidValue, UsageError

if TYPE_CHECKING:
    from tix.cli.arguments import Text

LIMIT_BYTES = 10_000_000


def given(session: Session, text: Text, what: str, words: list[str] | None = None) -> str | None:
    """The text the flags or the pipe give, or None when there is none.

    The pipe is read only without a text flag, when stdin is no terminal and ``-`` is not among ``words``.
    Raises UsageError when two flags name a text, InvalidValue for a blank, binary or too long one.
    """
    if text.message is not None and text.file is not None:
        raise UsageError("-m and -F both name a text", hint="use one of them")
    if text.message is not None:
        body = checked(text.message)
        if not text.editor:
            session.early.typed = (what, body, False)
        return body
    if text.file == "-":
        if "-" in (words or ()):
            raise UsageError("stdin cannot be both the references and the text")
        return _remembered(session, what, checked(_stdin()))
    if text.file is not None:
        return checked(_file(text.file))
    if text.editor or sys.stdin is None or sys.stdin.isatty() or "-" in (words or ()):
        return None
    body = _stdin()
    return _remembered(session, what, checked(body)) if body.strip() else None


def required(session: Session, text: Text, what: str, words: list[str], context: str = "") -> str:
    """The text, asked for in the editor on a terminal. Raises UsageError where nobody can be asked."""
    body = given(session, text, what, words)
    if body is not None and not text.editor:
        return body
    if text.editor or session.may_ask:
        from tix.cli.editor import compose

        return compose(session, what, body or "", context)
    raise UsageError("a text is missing", hint="give it with -m TEXT, -F FILE or through a pipe")


def checked(body: str) -> str:
    """A text without NUL that is not blank. Raises InvalidValue."""
    if "\0" in body:
        raise InvalidValue("the text has a NUL in it: that is no text")
    if not body.strip():
        raise InvalidValue("the text is empty", hint="give it with -m TEXT, -F FILE or through a pipe")
    return body


def _remembered(session: Session, what: str, body: str) -> str:
    session.early.typed = (what, body, True)
    return body


def _stdin() -> str:
    data = sys.stdin.buffer.read(LIMIT_BYTES + 1)
    return _decoded(data, "on stdin")


def _file(name: str) -> str:
    path = Path(name)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise InvalidValue(f"the file '{name}' cannot be read: {error.strerror}") from error
    return _decoded(data or b"", f"in '{name}'")


def _decoded(data: bytes, where: str) -> str:
    if len(data) > LIMIT_BYTES:
        raise InvalidValue(f"the text {where} is longer than 10 MB", hint="attach it as a file: --attach")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue(
            f"what is {where} is not UTF-8 text (byte {error.start})", hint="attach it as a file: --attach"
        ) from error
