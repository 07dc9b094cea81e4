"""Lay out a page of the help for a terminal: wrapped to its width, with plain bold headings.

A page is a text whose lines say what they are: ``# Heading``; ``term<tab>description``, a row of a list; four blanks
and what is shown as it is, such as an example; anything else is a paragraph. Without ``textwrap``, whose import would take
longer than the page.

Headings, the line of usage and the sentences about commands are translated; the rest is in English.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tix.render.safe import width as cells
from tix.words.sentence import Said, shown, shown_name

# Longer lines are hard to read.
WIDEST = 100
NARROWEST = 40
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def draw(page: str, width: int, *, bold: bool = False) -> str:
    """Return a page as lines of at most ``width`` characters; a word or an example that is longer stays whole."""
    width = max(NARROWEST, min(width, WIDEST))
    lines: list[str] = []
    rows: list[list[str]] = []
    for line in page.split("\n"):
        if "\t" in line:
            term, description = line.split("\t", 1)
            rows.append([term, shown_name("help", description)])
            continue
        if rows:
            lines += _list(rows, width)
            rows = []
        if line.startswith("# "):
            heading = f"{shown_name('help', line[2:])}:"
            lines.append(f"{_BOLD}{heading}{_PLAIN}" if bold else heading)
        elif line.startswith("    "):
            lines.append(line[2:])
        else:
            lines += _wrapped(_paragraph(line), width) if line else [""]
    if rows:
        lines += _list(rows, width)
    return "\n".join(lines) + "\n"


def _paragraph(line: str) -> str:
    what, colon, rest = line.partition(": ")
    if colon and what in _BEGINNINGS:
        return shown(Said("{what}: {rest}", what=Said.named("help", what), rest=rest))
    return shown_name("help", line)


# How paragraphs begin that have a name for what follows.
_BEGINNINGS = frozenset(
    {
        "Usage",
        "Also",
        "Without a command",
        "Options of a command",
        "General options, such as --store and --no-input",
    }
)


def _list(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Rows of terms and descriptions; a term that is too long has a line of its own."""
    most = max(14, width * 2 // 5)
    column = max((len(term) for term, _ in rows if len(term) <= most), default=0) + 4
    for term, description in rows:
        found = _wrapped(description, width - column)
        if len(term) + 4 > column:
            yield f"  {term}"
        else:
            yield f"  {term}".ljust(column) + found.pop(0) if description else f"  {term}"
        for rest in found if description else ():
            yield " " * column + rest


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
