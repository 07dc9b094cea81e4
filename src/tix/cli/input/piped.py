"""A file on stdin, to attach: ``tix attach add 12 - --name x.log``, ``tix note 12 --attach - --name x.log -m …``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tix.cli.input.silence import tell_if_silent
from tix.cli.repeats import stdin
from tix.errors import InvalidValue, StorageFailure, UsageError
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.options import Text
    from tix.cli.session import Session

# As much as a server takes, and more than a desk does unless it says so.
LARGEST = 1 << 30


@contextmanager
def files(session: Session, paths: Sequence[str], name: str | None) -> Iterator[list[str]]:
    """The paths, with that of a private copy in place of ``-``, under the name it is to have.

    Raises UsageError for ``-`` twice or without a name, InvalidValue for a name that is none.
    """
    if "-" not in paths:
        if name is not None:
            raise UsageError(Said("--name is for a file on stdin"), hint=Said("write - in place of the file"))
        yield list(paths)
        return
    if paths.count("-") > 1:
        raise UsageError(Said("stdin can be attached only once"))
    if name is None:
        raise UsageError(Said("a file on stdin needs a name"), hint=Said("add --name, e.g. --name x.log"))
    if not name.strip() or "/" in name or "\0" in name or name in (".", ".."):
        raise InvalidValue(
            Said("'{name}' is not the name of a file", name=name), hint=Said("for example --name x.log")
        )
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            Said("there is no file on stdin"),
            hint=Said("write < FILE behind the command, or a program and | before it"),
        )
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="tix-") as folder:
        copy = Path(folder) / name
        tell_if_silent(session, "the file")
        _copy(copy)
        yield [str(copy) if one == "-" else one for one in paths]


def refuse_twice(words: Sequence[str], texts: Text, *, needs_text: bool) -> None:
    """Refuse a command whose references or text are to come from stdin as well as a file. Raises UsageError."""
    if "-" in words:
        raise UsageError("stdin cannot supply both the references and a file", hint="name the tickets")
    if texts.file == "-" or (needs_text and (texts.message, texts.file, texts.editor) == (None, None, False)):
        raise UsageError("stdin cannot supply both the text and a file", hint="use -m TEXT")


def _copy(target: object) -> None:
    stdin.spend()
    copied = 0
    try:
        with open(str(target), "xb") as file:
            while chunk := sys.stdin.buffer.read(1 << 20):
                copied += len(chunk)
                if copied > LARGEST:
                    raise InvalidValue(Said("stdin has more than 1 GiB"))
                file.write(chunk)
    except OSError as error:
        raise StorageFailure(Said("cannot buffer stdin: {strerror}", strerror=error.strerror)) from error
    if not copied:
        raise InvalidValue(Said("there is nothing on stdin"))
