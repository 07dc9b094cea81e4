"""Read the elements of a JSON array one by one, so that a million records take no more memory than ten."""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterator

from tix.errors import InvalidValue
from tix.importers.files import broken_byte, reason, storable, without_mark
from tix.typing import BinaryIO

REST = ""  # the name under which what is left of an object is yielded

_CHUNK_BYTES = 1 << 20
_CLOSERS = frozenset('}]"')
_ENDS = frozenset(",] \t\n\r")
_BLANKS = re.compile(r"[ \t\n\r]*")


def elements(stream: BinaryIO, *, as_written: bool = False) -> Iterator[object]:
    """Yield each element of the arrays in the file, and each value beside them.

    A file is one value, or arrays and objects one after another, such as pages of a REST API (``[…][…]``) or one
    object per line. Texts and keys are as a store can hold them, or ``as_written``, for who refuses the others. Raises
    InvalidValue with line and column when reading reaches invalid JSON.
    """
    text = _Text(stream, as_written=as_written)
    mark = text.skip()
    while True:
        if mark == "[":
            yield from _array(text)
        else:
            yield text.value()
        mark = text.skip()
        if not mark:
            return
        if mark not in "[{":
            raise text.failure("Extra data")


def records(stream: BinaryIO, lists: Collection[str]) -> Iterator[tuple[str | None, object]]:
    """Yield the elements as ``elements`` does, and those of the arrays in an object under one of the names ``lists``.

    Each comes with the name of its array, None where it stands in no such object. What else such an object has follows
    its last array under the name ``REST``. Arrays in arrays (pages) are read as one.
    """
    text = _Text(stream)
    mark = text.skip()
    while True:
        if mark == "[":
            for one in _array(text):
                yield from ((None, inner) for inner in (one if isinstance(one, list) else (one,)))
        elif mark == "{":
            yield from _object(text, lists)
        else:
            yield None, text.value()
        mark = text.skip()
        if not mark:
            return
        if mark not in "[{":
            raise text.failure("Extra data")


def _object(text: _Text, lists: Collection[str]) -> Iterator[tuple[str | None, object]]:
    rest: dict[str, object] = {}
    is_streamed = False
    text.step()
    mark = text.skip()
    while mark != "}":
        if mark != '"':
            raise text.failure("Expecting property name enclosed in double quotes")
        name = str(text.value())
        if text.skip() != ":":
            raise text.failure("Expecting ':' delimiter")
        text.step()
        if text.skip() == "[" and name in lists:
            is_streamed = True
            for one in _array(text):
                yield name, one
        else:
            rest[name] = text.value()
        mark = text.skip()
        if mark == ",":
            text.step()
            mark = text.skip()
            if mark == "}":
                raise text.failure("Expecting property name enclosed in double quotes")
        elif mark != "}":
            raise text.failure("Expecting ',' delimiter")
    text.step()
    yield (REST if is_streamed else None), rest


def _array(text: _Text) -> Iterator[object]:
    text.step()
    if text.skip() == "]":
        text.step()
        return
    while True:
        yield text.value()
        mark = text.skip()
        text.step()
        if mark == "]":
            return
        if mark != ",":
            raise text.failure("Expecting ',' delimiter", -1)


class _Text:
    """Text that has been read but not yet used, and its position in the file."""

    def __init__(self, stream: BinaryIO, *, as_written: bool = False) -> None:
        self._stream = stream
        self._as_written = as_written
        self._decoder = getincrementaldecoder("utf-8")()
        self._decode = json.JSONDecoder().raw_decode
        self._text = ""
        self._place = 0
        self._bytes = 0
        self._ended = False
        self._line = 1
        self._column = 1

    def skip(self) -> str:
        """Return the next character that is not white space; empty at the end."""
        while True:
            match = _BLANKS.match(self._text, self._place)
            assert match is not None
            self._place = match.end()
            if self._place < len(self._text) or self._ended:
                return self._text[self._place : self._place + 1]
            self._read(_CHUNK_BYTES)

    def step(self) -> None:
        """Skip one character."""
        self._place += 1

    def value(self) -> object:
        """Return the value that begins here."""
        self.skip()
        more = _CHUNK_BYTES
        while True:
            try:
                value: object
                value, end = self._decode(self._text, self._place)
                if not self._as_written:
                    value = storable(value, self._text, self._place, end)
            except json.JSONDecodeError as error:
                if self._ended:
                    raise self.failure(error.msg, error.pos - self._place) from None
            except (ValueError, RecursionError) as error:
                raise InvalidValue(f"the JSON cannot be read: {reason(error)}") from None
            else:
                # A truncated number (`-1.5e`) looks complete up to the cut.
                if self._ended or self._text[end - 1] in _CLOSERS or self._text[end : end + 1] in _ENDS:
                    self._place = end
                    return value
            self._read(more)
            more *= 2

    def failure(self, message: str, offset: int = 0) -> InvalidValue:
        """Return the error for what is wrong ``offset`` characters from here."""
        before = self._text[: self._place + offset]
        line = self._line + before.count("\n")
        column = len(before) - before.rfind("\n") if "\n" in before else self._column + len(before)
        return InvalidValue(f"not valid JSON: {message} at line {line}, column {column}")

    def _read(self, size: int) -> None:
        data = self._stream.read(max(size, 4))  # never truncates a byte order mark
        self._ended = not data
        if self._bytes == 0:
            bare = without_mark(data)
            data, self._bytes = bare, len(data) - len(bare)
        pending = len(self._decoder.getstate()[0])
        try:
            more = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            raise broken_byte(self._bytes - pending + error.start) from None
        self._bytes += len(data)
        used = self._text[: self._place]
        if "\n" in used:
            self._line += used.count("\n")
            self._column = len(used) - used.rfind("\n")
        else:
            self._column += len(used)
        self._text = self._text[self._place :] + more
        self._place = 0
