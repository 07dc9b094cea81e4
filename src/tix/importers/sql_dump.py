"""Read the rows of a MySQL dump without a server: ``mysqldump``, MariaDB's, and phpMyAdmin's export.

Only INSERT statements are read, row by row, with the names of columns from them or from CREATE TABLE. Bytes that are not
UTF-8 become U+FFFD: a dump may hold files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from tix.errors import InvalidValue
from tix.typing import BinaryIO

_CREATE = re.compile(rb"\s*CREATE TABLE (?:IF NOT EXISTS )?[`\"]?(?P<table>[\w$]+)[`\"]?\s*\(", re.IGNORECASE)
_COLUMN = re.compile(rb"\s*[`\"](?P<column>[\w$]+)[`\"]\s")
_INSERT = re.compile(
    rb"\s*(?:INSERT (?:IGNORE )?|REPLACE )INTO [`\"]?(?P<table>[\w$]+)[`\"]?\s*(?:\((?P<columns>[^)]*)\))?\s*VALUES",
    re.IGNORECASE,
)
_ROW = re.compile(rb"\s*,?\s*\(")
# A value and what ends it; the repetitions are possessive, so that nothing is tried twice.
_VALUE = re.compile(
    rb"\s*(?:_\w++\s*)?(?:'(?P<text>(?:[^'\\]++|\\.|'')*+)'|(?P<bare>[^,()'\s][^,()'\s]*+))\s*(?P<end>[,)])",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(.)|''", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"", b"Z": b"\x1a", b"b": b"\b"}
_LONGEST_STATEMENT = 1 << 28

Row = dict[str, str | None]


def tables(stream: BinaryIO) -> Iterator[str]:
    """Yield the name of every table that is made or filled, as it comes."""
    for line in stream:
        found = _CREATE.match(line) or _INSERT.match(line[:4096])
        if found:
            yield found["table"].decode("ascii", "replace")


def rows(stream: BinaryIO, wanted: Collection[str]) -> Iterator[tuple[str, Row]]:
    """Yield the rows of the ``wanted`` tables, each with its table, in the order of the file.

    Raises InvalidValue for a statement that ends in the middle.
    """
    columns: dict[str, list[str]] = {}
    making: str | None = None
    lines = iter(stream)
    for line in lines:
        made = _CREATE.match(line)
        if made:
            making = made["table"].decode("ascii", "replace")
            columns[making] = []
            continue
        if making is not None:
            if line.lstrip().startswith(b")"):
                making = None
            elif column := _COLUMN.match(line):
                columns[making].append(column["column"].decode("ascii", "replace"))
                continue
        start = _INSERT.match(line)
        if start is None:
            continue
        table = start["table"].decode("ascii", "replace")
        if table not in wanted:
            _pass(line, lines)
            continue
        names: list[str] = columns.get(table, [])
        if start["columns"]:
            names = [name.strip(' `"\n') for name in start["columns"].decode(errors="replace").split(",")]
        for values in _values(line, start.end(), lines, table):
            yield table, dict(zip(names, values, strict=False))


def _pass(line: bytes, lines: Iterator[bytes]) -> None:
    """Skip an INSERT that nobody wants."""
    while not line.rstrip().endswith(b";"):
        line = next(lines, b";")


def _values(text: bytes, place: int, lines: Iterator[bytes], table: str) -> Iterator[list[str | None]]:
    """Yield the values of each row of a statement, which may have a line for each."""
    while True:
        row = _ROW.match(text, place)
        if row is None:
            if text[place:].strip().startswith(b";") or text[place:].strip()[:2].upper() == b"ON":
                return
            more = next(lines, None)
            if more is None:
                raise InvalidValue(
                    f"the dump ends in the middle of table {table}", hint="make the dump again"
                )
            if text[place:].strip() not in (b"", b","):
                raise InvalidValue(f"the dump cannot be read: a row of table {table} is no list of values")
            text, place = more, 0
            continue
        place = row.end()
        found: list[str | None] = []
        ahead = 1
        while True:
            value = _VALUE.match(text, place)
            if value is None:
                # Twice as many lines each time, so that a quote that is never closed is not read again for each.
                more = b"".join(islice(lines, ahead))
                ahead *= 2
                if not more or len(text) > _LONGEST_STATEMENT:
                    raise InvalidValue(
                        f"the dump ends in the middle of table {table}", hint="make the dump again"
                    )
                text, place = text[place:] + more, 0  # a line end within a value
                continue
            found.append(_text(value))
            place = value.end()
            if value["end"] == b")":
                break
        yield found


def _text(value: re.Match[bytes]) -> str | None:
    text = value["text"]
    if text is None:
        bare = value["bare"]
        return None if bare.upper() == b"NULL" else bare.decode("utf-8", "replace")
    if b"\\" in text or b"''" in text:
        text = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]) if found[1] else b"'", text)
    decoded: str = text.decode("utf-8", "replace")
    return decoded
