"""What a format of another program is, and how JSON and CSV are written in all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from tix.render.exports.tickets import ExportedTicket, Tickets
from tix.typing import Any, NamedTuple


class Format(NamedTuple):
    """One format: ``name`` after ``-o``, ``title`` in a sentence, the ``extension`` of its files.

    ``keeps_notes``: it says which entries are internal, so that staff get them; otherwise they are left out. ``pieces``
    writes one text of all tickets. A format with ``pages`` instead is a folder: it writes one file for each ticket.
    """

    name: str
    title: str
    extension: str
    keeps_notes: bool
    pieces: Callable[[Tickets], Iterator[str]] | None = None
    pages: Callable[[ExportedTicket], str] | None = None


def array(values: Iterable[Any]) -> Iterator[str]:
    """Yield a JSON array, one value a line, in UTF-8: some readers know no escapes above U+FFFF."""
    write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
    separator = "[\n"
    for value in values:
        yield separator + write(value)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def row(cells: Iterable[str]) -> str:
    """Return one line of a CSV file (RFC 4180). Nothing is put before a formula: a program reads it, no spreadsheet."""
    return ",".join(map(_quoted, cells)) + "\r\n"


def _quoted(cell: str) -> str:
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell or cell != cell.strip():
        return '"' + cell.replace('"', '""') + '"'
    return cell
