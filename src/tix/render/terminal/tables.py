"""Tables for people: the queue, and records of any other kind, fitted to the terminal.

A row is a line and never wraps; what does not fit is shortened and says so with ``…``. Where so many columns
are asked for that nothing could be read, each record becomes a block of lines instead. Laid out here and not
with ``rich.table``: that measures emoji differently from ``render.safe`` and costs 4 ms of start-up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from rich.console import Console
from rich.text import Text

from tix.domain.times import is_instant, parse_instant
from tix.render.phrases import relative
from tix.render.records.formats import text_of
from tix.render.safe import safe_line, shorten, width
from tix.render.terminal import theme
from tix.render.terminal.figures import figure
from tix.render.terminal.layout import padded, wrapped
from tix.render.terminal.theme import Span

Record = Mapping[str, Any]

_GAP = 2
_READABLE = 6  # a column narrower than this says nothing
_HEAD = 9  # a head up to this long is whole; a longer one may be shortened with its column
_EMPTY = "–"


# ------------------------------------------------------------------------------------------ the queue


def draw_tickets(
    records: Sequence[Record],
    columns: Sequence[str] | None,
    *,
    now: int,
    zone: tzinfo,
    console: Console,
    footer: str | None = None,
) -> None:
    """The queue, or exactly ``columns`` of it; nothing for no records.

    Without ``columns`` the terminal's width decides which there are, and marks stand before each row; the
    line below says what they mean, after ``footer``, which says what is left out.
    """
    if not records:
        return
    names = columns or _columns(records, console.width)
    if not columns:
        # What is over is due no more; who asks for the column gets what it holds.
        records = [one if one["phase"] == "open" else {**one, "due_at": None} for one in records]
    rows = [[_cell(record, name, now, zone) for name in names] for record in records]
    marks = [] if columns else _marks(records)
    lines = _laid_out(_columns_of(names, rows, records), rows, console.width, marks)
    legend = _legend(marks, footer, console.width)
    theme.write(console, [*lines, Text(), *legend] if legend else lines)


def _columns(records: Sequence[Record], cells: int) -> list[str]:
    """The columns that leave the subject enough room; a due date only where some ticket has one."""
    names = ["ref"]
    names += ["status"] if cells >= 34 else []
    names += ["priority"] if cells >= 52 else []
    names += ["assignee"] if cells >= 72 else []
    names += ["requester"] if cells >= 110 else []
    names += ["due_at"] if cells >= 80 and any(record["due_at"] for record in records) else []
    names += ["last_activity_at"] if cells >= 116 else []
    return [*names, "subject"]


def _marks(records: Sequence[Record]) -> list[list[Span]]:
    """The marks of each row; the same number for every row, those that nobody needs left out."""
    rows = [(bool(record["overdue"]), _is_unanswered(record)) for record in records]
    late, waiting = any(row[0] for row in rows), any(row[1] for row in rows)
    marks = []
    for is_late, is_waiting in rows:
        spans = []
        if late:
            spans.append(Span(theme.OVERDUE_MARK, theme.OVERDUE) if is_late else Span(" "))
        if waiting:
            spans.append(Span(theme.UNANSWERED_MARK, theme.UNANSWERED) if is_waiting else Span(" "))
        marks.append(spans)
    return marks


def _is_unanswered(record: Record) -> bool:
    return record["phase"] == "open" and not record["answered"]


def _legend(marks: list[list[Span]], footer: str | None, cells: int) -> list[Text]:
    """What the marks mean, and what is left out: on one line where there is room."""
    used = {span.text for row in marks for span in row}
    lines = (
        [theme.line(Span(text, theme.QUIET)) for text in wrapped(safe_line(footer), cells)] if footer else []
    )
    for mark, meaning, style in (
        (theme.UNANSWERED_MARK, "unanswered", theme.UNANSWERED),
        (theme.OVERDUE_MARK, "overdue", theme.OVERDUE),
    ):
        if mark in used:
            text = theme.line(Span(mark, style), Span(f" {meaning}", theme.QUIET))
            if lines and width(lines[-1].plain) + 3 + width(text.plain) <= cells:
                lines[-1].append("   ").append(text)
            else:
                lines.append(text)
    return lines


def _cell(record: Record, name: str, now: int, zone: tzinfo) -> Span:
    """A field as people read it."""
    value = record[name]
    if value is None or value in ("", []):
        return Span(_EMPTY, theme.QUIET)
    if name.endswith("_at"):
        late = name == "due_at" and record["overdue"]
        if name == "due_at" and not late and record["phase"] == "open" and parse_instant(value) <= now:
            return Span("paused", theme.QUIET)  # nothing else keeps a passed date from being overdue
        return Span(relative(parse_instant(value), now, zone), theme.OVERDUE if late else "")
    if isinstance(value, bool):
        return Span("yes" if value else "no")
    return Span(safe_line(text_of(value)), _style(record, name))


def _style(record: Record, name: str) -> str:
    match name:
        case "status" | "phase":
            return theme.status_style(record["phase"], record["status"])
        case "priority":
            return theme.priority_style(record["priority"])
        case "subject" if record["phase"] == "closed":
            return theme.QUIET
    return ""


# -------------------------------------------------------------------------------------- other records


def draw_records(
    records: Sequence[Record], columns: Sequence[str], *, console: Console, zone: tzinfo | None = None
) -> None:
    """Records of any kind: people, types, settings, lines of the log; instants by the clock of ``zone``, if given."""
    if not records:
        return
    rows = [[_plain_cell(figure(name, record[name], zone)) for name in columns] for record in records]
    theme.write(console, _laid_out(_columns_of(columns, rows, records), rows, console.width, []))


def _plain_cell(value: object) -> Span:
    text = safe_line(text_of(value))
    return Span(text) if text else Span(_EMPTY, theme.QUIET)


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
_WHOLE = frozenset({"ref", "number", "name", "login", "key"})  # one copies these into the next command
_MONEY = frozenset(
    {"hours", "rate", "amount", "total"}
)  # figures, but text, so that nobody makes floats of them
_LONG = frozenset({"subject", "snippet", "body"})  # these give way first


def _columns_of(names: Sequence[str], rows: list[list[Span]], records: Sequence[Record]) -> list[_Column]:
    columns = []
    for at, name in enumerate(names):
        head = safe_line(
            _HEADS.get(name, name.removesuffix("_at").removesuffix("_seconds").replace("_", " ").upper())
        )
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


def _laid_out(
    columns: list[_Column], rows: list[list[Span]], cells: int, marks: list[list[Span]]
) -> list[Text]:
    margin = len(marks[0]) + 1 if marks and marks[0] else 0
    widths = _widths(columns, cells - margin - _GAP * (len(columns) - 1))
    if widths is None:
        return _blocks(columns, rows, cells, marks)
    heads = [Span(column.head, theme.QUIET) for column in columns]
    lines = [_row([Span(" " * margin)], heads, columns, widths)]
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
        spans += [Span(text, cell.style), Span(gap)]
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
                lines.append(theme.line(Span(head, theme.QUIET), *before, Span(piece, cell.style)))
                head, before = " " * (indent + _GAP), []
    return lines
