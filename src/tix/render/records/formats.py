"""The machine formats: records to plain text, JSON, JSON lines, CSV and references.

One function a format, each taking an iterator of records and writing as it goes: nothing waits for the last
record. ``table`` is for people and is drawn in ``render.terminal.tables``.
"""

from collections.abc import Callable, Iterable, Sequence

from tix.render.safe import csv_cell, plain_field
from tix.typing import Any, NamedTuple, TextIO

Record = dict[str, Any]


class Kind(NamedTuple):
    """What is printed: its fields, those of ``plain`` where nobody chooses, and the key ``ids`` prints.

    ``answers``: it is a ticket, and what its topic asked can be columns, too.
    """

    fields: Sequence[str]
    plain: Sequence[str] | None = None
    key: str = "name"
    answers: bool = False


def _encoder() -> Callable[[Any], str]:
    import json

    return json.JSONEncoder(ensure_ascii=True, allow_nan=False, check_circular=False).encode


def write_json(records: Iterable[Record], columns: Sequence[str] | None, stream: TextIO) -> None:
    """One array, a record a line."""
    encode = _encoder()
    separator = "[\n"
    for record in records:
        stream.write(separator + encode(_chosen(record, columns)))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


def write_object(record: Record, columns: Sequence[str] | None, stream: TextIO) -> None:
    """One object."""
    stream.write(_encoder()(_chosen(record, columns)) + "\n")


def write_jsonl(records: Iterable[Record], columns: Sequence[str] | None, stream: TextIO) -> None:
    """One object a line."""
    encode = _encoder()
    stream.writelines(encode(_chosen(record, columns)) + "\n" for record in records)


def write_plain(records: Iterable[Record], columns: Sequence[str] | None, stream: TextIO) -> None:
    """Tab separated, no heads, full values."""
    for record in records:
        names = columns or list(record)
        stream.write("\t".join(plain_field(text_of(record[name])) for name in names) + "\n")


def write_csv(records: Iterable[Record], columns: Sequence[str], stream: TextIO, raw: bool = False) -> None:
    """Heads, then a row each; a cell that a spreadsheet would take for a formula is quoted unless ``raw``."""
    stream.write(_csv_line(columns))
    for record in records:
        cells = [text_of(record[name]).replace("\0", "") for name in columns]
        stream.write(_csv_line(cells if raw else [csv_cell(cell) for cell in cells]))


def _csv_line(cells: Iterable[str]) -> str:
    """One line of RFC 4180; a bare CR is quoted too, which Python's writer forgets with our line ends."""
    return ",".join(_csv_quoted(cell) for cell in cells) + "\n"


def _csv_quoted(cell: str) -> str:
    if any(char in cell for char in ',"\r\n') or cell != cell.strip():
        return '"' + cell.replace('"', '""') + '"'
    return cell


def write_ids(records: Iterable[Record], key: str, stream: TextIO) -> None:
    """The first key of each record, one a line."""
    stream.writelines(f"{record[key]}\n" for record in records)


def text_of(value: Any) -> str:
    """A value of a record as text: nothing for None, ``true``, comma lists, JSON for what is nested."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        if any(isinstance(one, dict) for one in value):
            return _encoder()(value)
        return ",".join(str(one) for one in value)
    if isinstance(value, dict):
        return _encoder()(value) if value else "{}"
    return str(value)


def _chosen(record: Record, columns: Sequence[str] | None) -> Record:
    return record if columns is None else {name: record[name] for name in columns}
