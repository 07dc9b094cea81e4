"""The look: which colours mean what, and the console they are drawn on.

Only the sixteen colours that every terminal's own palette defines, and never black or white: then text is
readable on light and on dark grounds alike. Without colour no escape is written at all, not even bold.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from tix.render.safe import width
from tix.render.terminal.console import Console, Span, Text
from tix.render.terminal.layout import wrapped
from tix.typing import IO

# What is drawn is named by its meaning; the palette of a theme says how each looks.
QUIET = "muted"  # heads, labels, times, what is there to be found but not to be read first
STRONG = "title"
REF = "ref"
OVERDUE = "overdue"
UNANSWERED = "unanswered"
UNREAD = "unread"
FOUND = "found"  # the words that were searched for
NOTE = "note"
NOTE_HEAD = "bold note"
BAR = "bar"
SIDES = {"requester": "requester", "staff": "staff", "system": "system"}
# The default theme.
PALETTE: Mapping[str, str] = {
    "title": "bold",
    "muted": "dim",
    "ref": "",
    "error": "bold red",
    "overdue": "bold red",
    "unanswered": "yellow",
    "unread": "bold cyan",
    "found": "bold underline",
    "open": "green",
    "answered": "cyan",
    "in-progress": "yellow",
    "on-hold": "magenta",
    "resolved": "bright_blue",
    "closed": "dim",
    "urgent": "bold red",
    "high": "yellow",
    "low": "dim",
    "requester": "cyan",
    "staff": "green",
    "system": "dim",
    "note": "magenta",
    "bar": "cyan",
}

# The marks of the queue and what they mean; a mark is explained wherever it is used.
OVERDUE_MARK, UNANSWERED_MARK, UNREAD_MARK = "!", "●", "*"
# The line before a text, and the corners on which files hang: one that goes on, the last one.
PUBLIC_GUTTERS = ("│", "├└")
NOTE_GUTTERS = ("┃", "┣┗")

NARROWEST = 20

_STATUSES = {
    "answered": "answered",
    "in-progress": "in-progress",
    "inprocess": "in-progress",
    "working": "in-progress",
}
_STATUSES |= {"on-hold": "on-hold", "hold": "on-hold"}
_PHASES = frozenset(("open", "resolved", "closed"))
_PRIORITIES = frozenset(("urgent", "high", "low"))


def console(
    stream: IO[str],
    *,
    color: bool,
    width: int | None = None,
    palette: Mapping[str, str] | None = None,
    words: bool = False,
    heads: bool = True,
    links: bool = False,
) -> Console:
    """Return where tables and timelines are drawn.

    ``width`` is the terminal's unless given: COLUMNS, the stream's, that of any standard stream, else 80. ``words``
    stand in place of signs, for people who listen to them; without ``heads`` tables have no first row.
    """
    cells = max(NARROWEST, width or terminal_width(stream))
    return Console(stream, cells, color, PALETTE if palette is None else palette, words, heads, links)


def status_style(phase: str, name: str) -> str:
    """The colour of a status: its own where a shipped workflow has one, else its phase's."""
    if phase == "open":
        return _STATUSES.get(name, phase)
    return phase if phase in _PHASES else ""


def priority_style(name: str) -> str:
    """The colour of a priority; none for those in the middle and for those a desk has added."""
    return name if name in _PRIORITIES else ""


def side_style(side: str) -> str:
    """The colour of who speaks."""
    return SIDES.get(side, "")


def line(*spans: Span | str) -> Text:
    """Return one line of spans; a bare string is plain."""
    return Text(*(Span(span) if isinstance(span, str) else span for span in spans))


def joined(spans: Sequence[Span], cells: int, between: str = " · ") -> list[Text]:
    """Spans beside each other, broken between two of them; what is too long by itself is wrapped."""
    lines: list[Text] = []
    used = cells
    for span in spans:
        wide = width(span.text)
        if lines and used + width(between) + wide <= cells:
            lines[-1].append(between, QUIET).append(span.text, span.style)
            used += width(between) + wide
            continue
        pieces = wrapped(span.text, cells)
        lines += [line(Span(piece, span.style)) for piece in pieces]
        used = width(pieces[-1])
    return lines


def write(console: Console, lines: Sequence[Text]) -> None:
    """Write lines that fit already."""
    console.write(lines)


def terminal_width(stream: IO[str]) -> int:
    """Return the columns of the terminal: ``$COLUMNS``, else those of the stream or of another one, else 80."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    for candidate in (stream, sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            width = os.get_terminal_size(candidate.fileno()).columns if candidate else 0
        except (AttributeError, OSError, ValueError):  # not a terminal, closed, or no real file
            continue
        if width:  # a fresh pseudo-terminal says 0
            return width
    return 80
