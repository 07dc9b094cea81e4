"""The machine formats: records to plain text, JSON, JSON lines, CSV and references.

One function a format, each taking an iterator of records and writing as it goes: nothing waits for the last
record. ``table`` is for people and is drawn in ``render.terminal.tables``.
"""

from collections.abc import Iterable, Sequence

from tix.domain.json_columns import encoder
from tix.render.safe import csv_cell, plain_field, safe_line
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


def write_json(records: Iterable[Record], columns: Sequence[str] | None, stream: TextIO) -> None:
    """One array, a record a line."""
    encode = encoder()
    separator = "[\n"
    for record in records:
        stream.write(separator + encode(_chosen(record, columns)))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


def write_object(record: Record, columns: Sequence[str] | None, stream: TextIO) -> None:
    """One object."""
    stream.write(encoder()(_chosen(record, columns)) + "\n")


def write_jsonl(records: Iterable[Record], columns: Sequence[str] | None, stream: TextIO) -> None:
    """One object a line."""
    encode = encoder()
    stream.writelines(encode(_chosen(record, columns)) + "\n" for record in records)


def write_rows(
    name: str,
    records: Iterable[Record],
    columns: Sequence[str],
    stream: TextIO,
    *,
    header: bool | None = None,
    raw: bool = False,
) -> None:
    """The formats with a row a record: csv, tsv, md and plain; each has a header where it usually does, or as told."""
    with_header = name != "plain" if header is None else header
    if name == "csv":
        write_csv(records, columns, stream, raw, header=with_header)
    elif name == "md":
        write_markdown(records, columns, stream, header=with_header)
    else:
        if with_header:
            stream.write("\t".join(map(plain_field, columns)) + "\n")
        write_plain(records, columns, stream)


def write_markdown(
    records: Iterable[Record], columns: Sequence[str], stream: TextIO, *, header: bool = True
) -> None:
    """A table as GitHub reads it; what Markdown would read in a value is text."""
    if header:
        stream.write(_markdown_row(columns) + "|" + " --- |" * len(columns) + "\n")
    stream.writelines(_markdown_row([text_of(record[name]) for name in columns]) for record in records)


def _markdown_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(_markdown_cell, cells)) + " |\n"


def _markdown_cell(text: str) -> str:
    lines = [safe_line(line.strip()) for line in text.splitlines()]
    return "<br>".join("".join(_MARKS.get(char, char) for char in line) for line in lines)


# What Markdown and HTML would read in a cell.
_MARKS = {**{char: f"\\{char}" for char in "\\`*_[]|~"}, "&": "&amp;", "<": "&lt;", ">": "&gt;"}


def write_plain(records: Iterable[Record], columns: Sequence[str] | None, stream: TextIO) -> None:
    """Tab separated, no header, full values."""
    for record in records:
        names = columns or list(record)
        stream.write("\t".join(plain_field(text_of(record[name])) for name in names) + "\n")


def write_csv(
    records: Iterable[Record],
    columns: Sequence[str],
    stream: TextIO,
    raw: bool = False,
    *,
    header: bool = True,
) -> None:
    """A header, then a row each; a cell that a spreadsheet would take for a formula is quoted unless ``raw``."""
    if header:
        stream.write(_csv_line(columns))
    for record in records:
        cells = [text_of(record[name]).replace("\0", "") for name in columns]
        stream.write(_csv_line(cells if raw else [csv_cell(cell) for cell in cells]))


def _csv_line(cells: Iterable[str]) -> str:
    """One line of RFC 4180; a bare CR is quoted too, which Python's writer forgets with our line ends."""
    return ",".join(_csv_quoted(cell) for cell in cells) + "\n"


def _csv_quoted(cell: str) -> str:
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell or cell != cell.strip():
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
            return encoder()(value)
        return ",".join(str(one) for one in value)
    if isinstance(value, dict):
        return encoder()(value) if value else "{}"
    return str(value)


def _chosen(record: Record, columns: Sequence[str] | None) -> Record:
    return record if columns is None else {name: record[name] for name in columns}
