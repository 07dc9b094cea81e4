"""A report as a picture: one SVG file with everything in it, for light and dark pages, and for screen readers.

Bars carry their numbers as text, and ``desc`` says every row in words (WAI-ARIA Graphics, SVG 2 §5.8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from tix.render import report_words
from tix.render.report_words import Column
from tix.render.safe import safe_line, shorten, width
from tix.typing import Any

_WIDE = 760
_LEFT, _TOP, _BAR, _BETWEEN = 24, 92, 18, 12
_LETTER = 7.3  # a letter of the font below is no wider, in most fonts
_LONGEST_LABEL = 24
_STYLE = """\
svg{color-scheme:light dark;font:13px system-ui,-apple-system,"Segoe UI",sans-serif}
.page{fill:#ffffff}.text{fill:#1f2328}.quiet{fill:#59636e}
.a{fill:#0969da}.b{fill:#1a7f37}.c{fill:#9a6700}
@media(prefers-color-scheme:dark){.page{fill:#0d1117}.text{fill:#f0f6fc}.quiet{fill:#9198a1}
.a{fill:#4493f8}.b{fill:#3fb950}.c{fill:#d29922}}"""
_CLASSES = "abc"


def svg(name: str, rows: Sequence[Mapping[str, Any]], period: str) -> str:
    """Return the picture of a report; ``period`` says which tickets it is about. An empty one says so."""
    report = report_words.REPORTS[name]
    first, series = report.columns[0], report.bars
    sentence = report.sentence(rows) if rows else "Nothing to report."
    labels = [shorten(first.said(row), _LONGEST_LABEL) for row in rows]
    left = _LEFT + 12 + _LETTER * max((width(label) for label in labels), default=0)
    said = max((width(column.said(row)) for row in rows for column in series), default=0)
    room = _WIDE - left - _LEFT - 8 - _LETTER * said
    height = _BAR * len(series) + _BETWEEN
    tall = _TOP + height * max(len(rows), 1) + 12
    most = report_words.scales(report, rows) if rows else {}
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc"',
        f'  viewBox="0 0 {_WIDE} {tall}" width="{_WIDE}" height="{tall}">',
        f'<title id="title">{_text(report.title)}</title>',
        f'<desc id="desc">{_text(" ".join(filter(None, [sentence, period, *_in_words(first, series, rows)])))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="page" width="{_WIDE}" height="{tall}"/>',
        f'<text class="text" x="{_LEFT}" y="30" font-size="17" font-weight="600">{_text(report.title)}</text>',
        f'<text class="quiet" x="{_LEFT}" y="50">{_text(sentence)}</text>',
    ]
    at = float(_LEFT)
    for mark, column in zip(_CLASSES, series, strict=False):
        head = column.head.lower()
        parts.append(f'<rect class="{mark}" x="{at:.0f}" y="66" width="10" height="10"/>')
        parts.append(f'<text class="text" x="{at + 15:.0f}" y="75">{_text(head)}</text>')
        at += 40 + _LETTER * len(head)
    for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
        top = _TOP + place * height
        middle = top + _BAR * len(series) / 2 + 4
        parts.append(f'<text class="text" x="{_LEFT}" y="{middle:.0f}">{_text(label)}</text>')
        for line, (mark, column) in enumerate(zip(_CLASSES, series, strict=False)):
            value = row[str(column.bar)] or 0
            long = room * max(value, 0) / (most[column.scale] or 1)
            y = top + line * _BAR
            parts.append(
                f'<rect class="{mark}" x="{left:.0f}" y="{y + 2}" width="{long:.1f}" height="{_BAR - 4}" rx="2"/>'
            )
            parts.append(
                f'<text class="text" x="{left + long + 6:.1f}" y="{y + 13}">{_text(column.said(row))}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _in_words(first: Column, series: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"{first.said(row)}: {', '.join(f'{column.head.lower()} {column.said(row)}' for column in series)}."
        for row in rows
    ]


def _text(text: str) -> str:
    """Return text as content of an element: no markup, and no control character, which XML does not have."""
    return escape(safe_line(text))
