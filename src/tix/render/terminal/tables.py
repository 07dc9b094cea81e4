"""Tables for people: records of any kind, fitted to the terminal.

A row is a line and never wraps; what does not fit is shortened and says so with ``…``. Where so many columns
are asked for that nothing could be read, each record becomes a block of lines instead. Laid out here and not
with ``rich.table``: that measures emoji differently from ``render.safe`` and costs 4 ms of start-up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from tix.domain.times import is_instant
from tix.render.records.formats import text_of
from tix.render.safe import safe_line, shorten, width
from tix.render.terminal import theme
from tix.render.terminal.console import Console, Span, Text
from tix.render.terminal.figures import figure, plain_name
from tix.render.terminal.layout import padded, wrapped
from tix.typing import Any, NamedTuple
from tix.words.sentence import Said, shown, shown_name

Record = Mapping[str, Any]

_GAP = 2
_READABLE = 6  # a column narrower than this says nothing
_HEAD = 9  # a head up to this long is whole; a longer one may be shortened with its column
EMPTY = "–"


def draw_records(
    records: Sequence[Record], columns: Sequence[str], *, console: Console, zone: tzinfo | None = None
) -> None:
    """Records of any kind: people, types, settings, lines of the log; instants by the clock of ``zone``, if given."""
    if not records:
        return
    rows = [[_plain_cell(figure(name, record[name], zone)) for name in columns] for record in records]
    if console.links:
        lead(rows, records, columns, console)
    theme.write(console, table_lines(columns, rows, records, console.table_width, heads=console.heads))


def _plain_cell(value: object) -> Span:
    text = shown(value, safe_line) if isinstance(value, Said) else safe_line(text_of(value))
    return Span(text) if text else Span(EMPTY, theme.QUIET)


def lead(rows: list[list[Span]], records: Sequence[Record], columns: Sequence[str], console: Console) -> None:
    """Let tickets, and the files of a ticket, lead to where they are: a record with ``link`` says where by itself."""
    for row, record in zip(rows, records, strict=True):
        for at, name in enumerate(columns):
            link = console.targets.of_ticket(text_of(record[name])) if name == "ref" else ""
            if name == "name":
                link = record.get("link") or ""
            if link:
                row[at] = row[at]._replace(link=link)


# ---------------------------------------------------------------------------------------------- layout


class _Column(NamedTuple):
    """``natural`` is the width of its widest cell, ``floor`` what it is never shortened below.

    A figure or a time is never shortened: half a number is another number.
    """

    head: str
    natural: int
    floor: int
    right: bool
    is_long: bool


_HEADS = {"due_at": "DUE", "last_activity_at": "ACTIVE"}
_WHOLE = frozenset(
    {"ref", "number", "name", "login", "key", "state"}
)  # copied into the next command, or listened to
_MONEY = frozenset(
    {"hours", "rate", "amount", "total"}
)  # figures, but text, so that nobody makes floats of them
_LONG = frozenset({"subject", "snippet", "body"})  # these give way first


def _columns_of(names: Sequence[str], rows: list[list[Span]], records: Sequence[Record]) -> list[_Column]:
    columns = []
    for at, name in enumerate(names):
        head = shown_name("head", safe_line(_HEADS.get(name) or plain_name(name).upper()))
        natural = max(width(head), *(width(row[at].text) for row in rows))
        numbers = {type(record[name]) for record in records} - {type(None)} == {int} or name in _MONEY
        if name in _WHOLE:
            floor = min(natural, 24)
        elif name in _LONG:
            floor = 8
        else:
            whole = natural if numbers or is_instant(name) else 0
            floor = max(_READABLE, min(width(head), _HEAD), whole)
        columns.append(_Column(head, natural, min(floor, natural), numbers, name in _LONG))
    return columns


def table_lines(
    names: Sequence[str],
    rows: list[list[Span]],
    records: Sequence[Record],
    cells: int,
    marks: list[list[Span]] | None = None,
    *,
    heads: bool = True,
) -> list[Text]:
    """The lines of a table of ``cells`` columns of the terminal, ``heads`` first; or blocks of lines, one a record.

    ``rows`` are the cells of ``records`` in the order of ``names``; ``marks`` stand before each row.
    """
    columns, marks = _columns_of(names, rows, records), marks or []
    margin = len(marks[0]) + 1 if marks and marks[0] else 0
    widths = _widths(columns, cells - margin - _GAP * (len(columns) - 1))
    if widths is None:
        return _blocks(columns, rows, cells, marks)
    lines = []
    if heads:
        names_above = [Span(column.head, theme.QUIET) for column in columns]
        lines.append(_row([Span(" " * margin)], names_above, columns, widths))
    for at, row in enumerate(rows):
        before = [*marks[at], Span(" ")] if margin else []
        lines.append(_row(before, row, columns, widths))
    return lines


def _widths(columns: list[_Column], room: int) -> list[int] | None:
    """How wide each column is: as it likes to be; else the widest gives way. None where nothing would do.

    The subject keeps a third of the room where the others can do with the rest.
    """
    floors = [column.floor for column in columns]
    if sum(floors) > room:
        return None
    for at, column in enumerate(columns):
        most = floors[at] + room - sum(floors)
        if column.is_long:
            floors[at] = max(floors[at], min(column.natural, room // 3, most))
    widths = [min(column.natural, room) for column in columns]
    while (excess := sum(widths) - room) > 0:
        slack = [(wide, at) for at, wide in enumerate(widths) if wide > floors[at]]
        widest, at = max(slack)
        others = [wide for wide, other in slack if other != at]
        least = max(floors[at], widest - excess, min(widest - 1, max(others, default=0)))
        widths[at] = least
    return widths


def _row(before: list[Span], row: Sequence[Span], columns: list[_Column], widths: list[int]) -> Text:
    spans = list(before)
    last = len(row) - 1
    for at, (cell, column, wide) in enumerate(zip(row, columns, widths, strict=True)):
        text = shorten(cell.text, wide)
        if column.right:
            text = padded(text, wide, right=True)
        gap = "" if at == last else padded("", wide - width(text) + _GAP)
        spans += [Span(text, cell.style, cell.link), Span(gap)]
    return theme.line(*spans)


def _blocks(
    columns: list[_Column], rows: list[list[Span]], cells: int, marks: list[list[Span]]
) -> list[Text]:
    """A record as lines of head and value, its marks before the first; an empty line between two records."""
    indent = min(max(width(column.head) for column in columns), cells // 2 - _GAP)
    lines: list[Text] = []
    for at, row in enumerate(rows):
        if lines:
            lines.append(Text())
        before = [*marks[at], Span(" ")] if marks and marks[at] else []
        for column, cell in zip(columns, row, strict=True):
            head = padded(shorten(column.head, indent), indent + _GAP)
            for piece in wrapped(cell.text, cells - indent - _GAP - len(before)):
                lines.append(theme.line(Span(head, theme.QUIET), *before, Span(piece, cell.style, cell.link)))
                head, before = " " * (indent + _GAP), []
    return lines
