"""The text of a table: in UTF-8, UTF-16 or an older encoding, which is found out where nobody names it."""

from __future__ import annotations

import codecs
import io
import itertools
import re
from collections.abc import Iterator

from tix.errors import InvalidValue
from tix.typing import BinaryIO

_CHUNK_BYTES = 1 << 20
# What is looked at to tell an older encoding: around the first byte that is not UTF-8.
_BEFORE_BYTES, _AFTER_BYTES = 1 << 16, 1 << 18
# Encodings that programs export in besides Unicode; of two that fit as well, the first.
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257")
_OTHERS = ("cp1251", "cp1253", "koi8_r", "cp1255", "cp1256", "cp1252", "cp1250")
_WIDE = ("shift_jis", "gb18030", "big5", "euc_kr")
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


def encoding(stream: BinaryIO) -> str:
    """Return the encoding of a file: by its mark, else UTF-8 if all of it is, else the likeliest.

    The position of the stream, which can be sought, is kept. Raises InvalidValue where no encoding fits.
    """
    place = stream.tell()
    stream.seek(0)
    try:
        return _found(stream)
    finally:
        stream.seek(place)


def _found(stream: BinaryIO) -> str:
    head = stream.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return "utf-8-sig" if name == "utf-8" else name
    if b"\0" in head[:256]:
        if not head[1:256:2].strip(b"\0"):
            return "utf-16-le"
        if not head[0:256:2].strip(b"\0"):
            return "utf-16-be"
    stream.seek(0)
    offset = _not_utf8(stream)
    if offset is None:
        return "utf-8"
    return _older(stream, offset)


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


def _older(stream: BinaryIO, offset: int) -> str:
    stream.seek(max(0, offset - _BEFORE_BYTES))
    sample = stream.read(_BEFORE_BYTES + _AFTER_BYTES)
    # ASCII is the same in all of them, and would outweigh the few words that are not.
    words = re.findall(rb"[\w\x80-\xff]*[\x80-\xff][\w\x80-\xff]*", sample)
    letters = b"".join(words)
    is_latin = sum(byte < 0x80 for byte in letters) >= 0.4 * len(letters)
    if not is_latin and (wide := _wide(sample)) is not None:
        return wide
    fitting = [
        (_oddities(words, name), place, name)
        for place, name in enumerate(_LATIN if is_latin else _OTHERS)
        if _decodes(sample, name)
    ]
    if not fitting:
        raise InvalidValue(
            f"the file is not UTF-8: invalid byte at offset {offset}",
            hint="name its encoding: --encoding cp1252 (or the one it was saved in)",
        )
    return min(fitting)[-1]


def _wide(sample: bytes) -> str | None:
    """Return the likeliest encoding if it has several bytes a letter (Chinese, Japanese, Korean)."""
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=[*_WIDE, *_OTHERS]).best()
    return best.encoding if best is not None and best.encoding in _WIDE else None


def _decodes(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _oddities(words: list[bytes], name: str) -> int:
    """Return how often words have what words do not: signs in them, and capitals behind small letters."""
    found = 0
    for word in words:
        text = word.decode(name, errors="replace").strip("„“”‚‘’«»–—…€§°©®™·")
        found += sum(not (one.isalnum() or one in "_’") for one in text)
        found += sum(one.islower() and other.isupper() for one, other in itertools.pairwise(text))
    return found


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
