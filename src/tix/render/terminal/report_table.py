"""A report on a terminal: a sentence, and a table whose numbers have bars beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tix.render import report_words
from tix.render.report_words import Report
from tix.render.safe import width
from tix.render.terminal import theme
from tix.render.terminal.charts import bar
from tix.render.terminal.console import Console, Span, Text
from tix.render.terminal.layout import padded, wrapped
from tix.render.terminal.tables import table_lines
from tix.typing import Any

_GAP = 2
_WIDEST_BAR, _NARROWEST_BAR = 24, 4


def draw_report(name: str, rows: Sequence[Mapping[str, Any]], console: Console, *, bars: bool) -> None:
    """Draw the rows of a report; without ``bars``, and where there is no room for them, the sentence has to do."""
    report = report_words.REPORTS[name]
    theme.write(console, [Text(Span(one)) for one in wrapped(report.sentence(rows), console.width)])
    theme.write(console, [Text()])
    theme.write(console, _lines(report, rows, console.width, bars=bars))


def _lines(report: Report, rows: Sequence[Mapping[str, Any]], cells: int, *, bars: bool) -> list[Text]:
    texts = [[column.said(row) for column in report.columns] for row in rows]
    wide = [
        max(width(column.head), *(width(row[at]) for row in texts))
        for at, column in enumerate(report.columns)
    ]
    room = cells - sum(wide) - _GAP * (len(wide) - 1)
    if room < 0:  # too narrow for a row a line: a block of lines for each
        names = [column.head for column in report.columns]
        records = [dict(zip(names, row, strict=True)) for row in texts]
        return table_lines(names, [[Span(cell) for cell in row] for row in texts], records, cells)
    drawn = report.bars if bars else []
    each = min(_WIDEST_BAR, room // len(drawn) - 1) if drawn else 0
    most = report_words.scales(report, rows) if each >= _NARROWEST_BAR else {}
    lines = [
        _row(report, [column.head for column in report.columns], wide, {}, each if most else 0, head=True)
    ]
    for row, cells_of_row in zip(rows, texts, strict=True):
        lengths = {
            column.key: bar(round(row[column.bar] or 0), round(most[column.scale]), each)
            for column in drawn
            if most and column.bar is not None
        }
        lines.append(_row(report, cells_of_row, wide, lengths, each if most else 0))
    return lines


def _row(
    report: Report,
    texts: list[str],
    wide: list[int],
    lengths: Mapping[str, str],
    each: int,
    *,
    head: bool = False,
) -> Text:
    """Return a line: numbers at the right of their column, a bar after its number."""
    style = theme.QUIET if head else ""
    line = Text()
    for at, (column, text) in enumerate(zip(report.columns, texts, strict=True)):
        line.append(padded(text, wide[at], right=at > 0), style)
        if each and column.bar is not None:
            line.append(" ").append(padded(lengths.get(column.key, ""), each), "cyan")
        line.append(" " * _GAP)
    while line.spans and not line.spans[-1].text.strip():
        line.spans.pop()
    last = line.spans[-1]
    line.spans[-1] = Span(last.text.rstrip(), last.style)
    return line
