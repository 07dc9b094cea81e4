"""Rows as text that is the same on both engines: what PostgreSQL's COPY writes, a line for each row.

Fields are separated by tabs, NULL is a backslash and N, bytes are hexadecimal, and a backslash stands before what would end a field.
https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS. The digest of a table is the SHA-256 of its lines in
the order of its key.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from collections.abc import Callable, Iterable, Sequence

from tix.errors import DamagedStore
from tix.typing import Any, NamedTuple

_SPECIAL = re.compile("[\\\\\b\t\n\v\f\r\0]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LETTERS = {"\\": "\\", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r"}
_MEANT = {letter: text for text, letter in _LETTERS.items()}
_NULL = "\\N"
_HEX = "\\\\x"


class Piece(NamedTuple):
    """Some rows of a table as lines, and how many; ``values`` are the same as Python has them, where they are known."""

    text: bytes
    rows: int
    values: Sequence[Sequence[Any]] | None = None


def lines(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as lines. Raises DamagedStore for a text that PostgreSQL cannot hold."""
    try:
        return "".join(
            ["\t".join(["\\N" if one is None else _field(one) for one in row]) + "\n" for row in rows]
        ).encode()
    except UnicodeEncodeError as error:
        raise _damaged("a text that is not valid UTF-8") from error


def _field(value: Any) -> str:
    if isinstance(value, str):
        return value if _SPECIAL.search(value) is None else _SPECIAL.sub(_escape, value)
    if isinstance(value, bytes):
        return _HEX + value.hex()
    return str(value)


def _escape(match: re.Match[str]) -> str:
    try:
        return "\\" + _LETTERS[match[0]]
    except KeyError:
        raise _damaged("a text with a NUL character") from None


def _damaged(what: str) -> DamagedStore:
    return DamagedStore(f"the store holds {what}, which cannot be copied", hint="find it: tix doctor")


def rows(text: bytes, kinds: Sequence[str]) -> list[list[Any]]:
    """Return the rows that lines are of; ``kinds`` are those of the columns."""
    if "BLOB" in kinds:
        return _large_rows(text, kinds)
    readers = [_READERS[kind] for kind in kinds]
    return [
        [
            None if field == _NULL else read(field)
            for read, field in zip(readers, line.split("\t"), strict=True)
        ]
        for line in text.decode().split("\n")[:-1]
    ]


def _large_rows(text: bytes, kinds: Sequence[str]) -> list[list[Any]]:
    """The same for rows with many megabytes, of which as few copies as possible are made."""
    found, start = [], 0
    while start < len(text):
        end = text.index(b"\n", start)
        row: list[Any] = []
        for kind in kinds:
            stop = text.find(b"\t", start, end)
            stop = end if stop < 0 else stop
            if kind == "BLOB" and text[start : start + 2] != _NULL.encode():
                row.append(unhexlify(memoryview(text)[start + len(_HEX) : stop]))
            else:
                field = text[start:stop].decode()
                row.append(None if field == _NULL else _READERS[kind](field))
            start = stop + 1
        found.append(row)
    return found


def _text(field: str) -> str:
    return _ESCAPED.sub(lambda match: _MEANT[match[1]], field) if "\\" in field else field


_READERS: dict[str, Callable[[str], Any]] = {"INTEGER": int, "TEXT": _text}
