"""The text of a table: in UTF-8, UTF-16 or an older encoding, which is found out where nobody names it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from tix.errors import InvalidValue
from tix.importers.tables.readings import differing, readings
from tix.typing import BinaryIO, NamedTuple

_CHUNK_BYTES = 1 << 20
# What is looked at to tell an older encoding: lines that are not ASCII, around the first byte that is not UTF-8.
_BEFORE_BYTES, _AFTER_BYTES, _SAMPLE_BYTES = 1 << 16, 1 << 20, 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def known_encoding(name: str) -> str:
    """Return Python's name of an encoding. Raises InvalidValue for an unknown one."""
    try:
        "".encode(name)  # unlike a look-up, this refuses codecs that are none of texts, such as base64
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise InvalidValue(f"'{name}' is not an encoding", hint="for example --encoding cp1252") from None


def is_utf8(head: bytes) -> bool:
    """Return whether the beginning of a file, which may be cut anywhere, is UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


class Guess(NamedTuple):
    """The likeliest encoding of a file.

    ``readings`` are several encodings that are as likely, each with the first word in which they differ; empty where the
    encoding is certain.
    """

    name: str
    readings: tuple[tuple[str, str], ...] = ()

    def doubt(self) -> InvalidValue:
        """Return the error for an encoding that is not certain."""
        *others, last = [f"'{word}' ({name})" for name, word in self.readings]
        return InvalidValue(
            f"the file is not UTF-8, and its encoding is not certain: it can say {', '.join(others)} or {last}",
            hint=f"name its encoding: --encoding {self.readings[0][0]} (or another)",
        )


def encoding(stream: BinaryIO) -> str:
    """Return the likeliest encoding of a file (``guessed``)."""
    return guessed(stream).name


def guessed(stream: BinaryIO) -> Guess:
    """Return the encoding of a file: by its mark, else UTF-8 if all of it is, else those its words fit.

    The position of the stream, which can be sought, is kept. Raises InvalidValue where no encoding fits.
    """
    place = stream.tell()
    stream.seek(0)
    try:
        return _found(stream)
    finally:
        stream.seek(place)


def _found(stream: BinaryIO) -> Guess:
    head = stream.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Guess("utf-8-sig" if name == "utf-8" else name)
    if b"\0" in head[:256]:
        if not head[1:256:2].strip(b"\0"):
            return Guess("utf-16-le")
        if not head[0:256:2].strip(b"\0"):
            return Guess("utf-16-be")
    stream.seek(0)
    offset = _not_utf8(stream)
    return Guess("utf-8") if offset is None else _older(stream, offset)


def _not_utf8(stream: BinaryIO) -> int | None:
    """Return the offset of the first byte that is not UTF-8, None where there is none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    while True:
        data = stream.read(_CHUNK_BYTES)
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            return read - pending + error.start
        if not data:
            return None
        read += len(data)


def _older(stream: BinaryIO, offset: int) -> Guess:
    start = max(0, offset - _BEFORE_BYTES)
    stream.seek(start)
    data = stream.read(_BEFORE_BYTES + _AFTER_BYTES)
    if start:
        data = data.partition(b"\n")[2]
    # ASCII is the same in all of them.
    sample = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:_SAMPLE_BYTES]
    found = [] if _is_mostly_utf8(sample) else readings(sample)
    if not found:
        raise InvalidValue(
            f"the file is not UTF-8: invalid byte at offset {offset}",
            hint="name its encoding: --encoding cp1252 (or the one it was saved in)",
        )
    return Guess(found[0].encoding, differing(found, sample) if len(found) > 1 else ())


def _is_mostly_utf8(sample: bytes) -> bool:
    """Return whether a text is UTF-8 with a few bytes that are not: two encodings in one file."""
    good = len(
        re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", sample)
    )
    broken = sample.decode(errors="replace").count("\ufffd")
    return good > 2 * broken


def lines(stream: BinaryIO, name: str) -> Iterator[str]:
    """Yield the lines of a file in an encoding, with their ends; only LF ends a line.

    Raises InvalidValue with the line for bytes that do not fit.
    """
    text = io.TextIOWrapper(io.BufferedReader(_Kept(stream)), encoding=name, newline="\n")
    number = 0
    try:
        for line in text:
            number += 1
            yield line.removeprefix("\ufeff") if number == 1 else line
    except UnicodeDecodeError as error:
        shown = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8"}.get(name, name)
        raise InvalidValue(
            f"the file is not {shown}: invalid bytes after line {number}: {error.reason}",
            hint="name its encoding: --encoding cp1252 (or the one it was saved in)",
        ) from None


class _Kept(io.RawIOBase):
    """Reads from a stream that stays open and in place when this one is dropped."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
