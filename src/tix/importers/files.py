"""Read a file as text, as one JSON document, or as JSON lines.

Text is UTF-8, with or without a byte order mark; anything else raises InvalidValue with the offset of the first
invalid byte.
"""

from __future__ import annotations

import json
import re
import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from tix.errors import InvalidValue
from tix.importers import fields
from tix.importers.record import Fault
from tix.typing import BinaryIO

_ENCODING_HINT = "convert it first: iconv -f WINDOWS-1252 -t UTF-8 (or the encoding it was saved in)"
# How JSON writes what no store can hold; also half of any pair, which is whole once it is decoded.
_UNSTORABLE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def text_lines(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines with their ends, one in memory at a time; only LF ends a line."""
    offset = 0
    for line in stream:
        yield _decoded(line, offset)
        offset += len(line)


def document(stream: BinaryIO) -> object:
    """Return the whole file as one JSON value. Raises InvalidValue with line and column if it is not valid."""
    text = _decoded(stream.read(), 0)
    try:
        value = storable(json.loads(text), text)
    except json.JSONDecodeError as error:
        raise InvalidValue(
            f"not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"the JSON cannot be read: {reason(error)}") from None
    return value


def json_lines(stream: BinaryIO, *, as_written: bool = False) -> Iterator[tuple[int, object]]:
    """Yield each line's number and value, without blank lines; the value of an invalid line is a Fault.

    Texts and keys are as a store can hold them (``storable``), or ``as_written``, for who refuses the others.
    """
    for number, line in enumerate(text_lines(stream), start=1):
        if line.strip():
            yield number, _line_value(number, line, as_written)


def _line_value(number: int, line: str, as_written: bool) -> object:
    try:
        value: object = json.loads(line)
        return value if as_written else storable(value, line)
    except json.JSONDecodeError as error:
        return Fault(number, f"not valid JSON: {error.msg} at column {error.pos + 1}")
    except (ValueError, RecursionError) as error:
        return Fault(number, f"the JSON cannot be read: {reason(error)}")


def storable(value: object, text: str, begin: int = 0, end: int = sys.maxsize) -> object:
    """Return a value of JSON with every text and key as a store can hold it (``fields.clean``).

    ``text`` from ``begin`` to ``end`` is what it was decoded from. Raises RecursionError for one that is nested too deep.
    """
    return _cleaned(value) if _UNSTORABLE.search(text, begin, end) else value


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return fields.clean(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {fields.clean(key): _cleaned(one) for key, one in value.items()}
    return value


def reason(error: Exception) -> str:
    """Return why JSON that looks valid cannot be read."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "a number has too many digits"  # the only other ValueError of json (CVE-2020-10735)


def without_mark(data: bytes) -> bytes:
    """Return the first bytes of a file without a byte order mark. Raises InvalidValue for UTF-16."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise InvalidValue("the file is UTF-16, not UTF-8", hint="convert it: iconv -f UTF-16 -t UTF-8")
    return data.removeprefix(BOM_UTF8)


def broken_byte(offset: int) -> InvalidValue:
    """Return the error for a byte that is not UTF-8."""
    return InvalidValue(f"the file is not UTF-8: invalid byte at offset {offset}", _ENCODING_HINT)


def _decoded(data: bytes, offset: int) -> str:
    if offset == 0:
        bare = without_mark(data)
        data, offset = bare, len(data) - len(bare)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise broken_byte(offset + error.start) from None
