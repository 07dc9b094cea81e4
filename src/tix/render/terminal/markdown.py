"""A text that is written in Markdown, drawn by Rich: only what a person asks for, since Rich takes longer to load than the queue.

What people wrote stays text: raw HTML is shown as it was typed, the address of a link stands beside its words, and every piece
passes ``render.safe`` once more, because an entity such as ``&#x202e;`` becomes a character only when Markdown is read.
"""

from __future__ import annotations

import io

from tix.render.safe import safe_line
from tix.render.terminal.console import COLOURS, Span


def drawn(text: str, cells: int) -> list[list[Span]]:
    """Return escaped ``text`` as lines of spans, at most ``cells`` wide."""
    from markdown_it import MarkdownIt
    from rich.console import Console
    from rich.markdown import Markdown

    document = Markdown("", hyperlinks=False, code_theme="bw")
    parser = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").enable("table")
    document.parsed = parser.parse(text)
    document.markup = text
    console = Console(
        file=io.StringIO(),
        width=cells,
        force_terminal=True,
        color_system="standard",
        emoji=False,
        markup=False,
    )
    rows = []
    for line in console.render_lines(document, pad=False):
        spans = [
            Span(safe_line(segment.text), _style(segment.style)) for segment in line if not segment.control
        ]
        rows.append(_stripped(spans))
    while rows and not rows[-1]:
        rows.pop()
    while rows and not rows[0]:
        rows.pop(0)
    return rows


def _stripped(spans: list[Span]) -> list[Span]:
    """Return the spans of a line without the blanks at its end."""
    left = list(spans)
    while left and not left[-1].text.strip():
        left.pop()
    if left:
        left[-1] = left[-1]._replace(text=left[-1].text.rstrip())
    return left


def _style(style: object) -> str:
    """Return a style of Rich in the words of our console: no backgrounds, and colours by name alone."""
    words = [name for name in ("bold", "dim", "italic", "underline") if getattr(style, name, None)]
    colour = getattr(getattr(style, "color", None), "name", "")
    return " ".join([*words, *([colour] if colour in COLOURS else [])])
