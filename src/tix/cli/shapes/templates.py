"""What a template of ``--template`` is written in: Jinja in a sandbox, with words for a terminal.

Sequences of a terminal are made here alone: whatever else a template prints is escaped where a terminal reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tix.render.safe import safe, safe_line, shorten, width
from tix.render.terminal.targets import Targets
from tix.typing import Any, NamedTuple

_GAP = "  "
_SCHEMES = ("https://", "http://", "mailto:")


class Look(NamedTuple):
    """Who reads it: a terminal with colours (``palette``), with links (a ticket's to ``ticket``), or a program."""

    on_terminal: bool = False
    color: bool = False
    links: bool = False
    ticket: str = ""
    palette: Mapping[str, str] | None = None


class Drawn(str):
    """Text with sequences of ours in it, and how many cells are seen of it."""

    __slots__ = ("__dict__",)
    cells: int

    @classmethod
    def of(cls, text: str, cells: int) -> Drawn:
        """Return the text, which takes so many cells."""
        drawn = cls(text)
        drawn.cells = cells
        return drawn


class Words:
    """The functions of a template, for one reader; the rows of its table are kept until ``rows`` takes them."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._rows: list[list[str]] = []

    def said(self, value: object) -> object:
        """Return what a value is printed as."""
        return self._escaped(value) if self._look.on_terminal else value

    def color(self, value: object, style: str) -> str:
        """Return a text in a colour: ``red``, ``bold #ff8000``, or a meaning such as ``overdue``; nothing of None."""
        from tix.render.terminal.console import sequence
        from tix.render.terminal.theme import PALETTE

        try:
            codes = sequence(style, self._look.palette or PALETTE)
        except KeyError as error:
            raise ValueError(f"'{style}' is not a color") from error
        text = "" if value is None else self._escaped(value)
        if not (self._look.color and text and codes):
            return text
        return Drawn.of(f"\x1b[{codes}m{text}\x1b[0m", _cells(text))

    def link(self, value: object, address: str | None = None) -> str:
        """Return a text that leads to an address; without one, a reference leads to its ticket."""
        text = "" if value is None else self._escaped(value)
        if address is None:
            address = Targets(self._look.ticket).of_ticket(text)
        fits = address.startswith(_SCHEMES) and all("!" <= char <= "~" for char in address)
        if not (self._look.links and text and fits):
            return text
        return Drawn.of(f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\", _cells(text))

    def table(self, *cells: object) -> str:
        """Keep a row of the table; it stands where the next text does, or at the end."""
        row = ["" if cell is None else self._escaped(cell) for cell in cells]
        self._rows.append([cell if isinstance(cell, Drawn) else safe_line(cell) for cell in row])
        return ""

    @property
    def waiting(self) -> int:
        """How many rows wait to be printed."""
        return len(self._rows)

    def rows(self, most: int) -> str:
        """Return the first rows that wait, their columns under each other; the others begin a new table."""
        rows, self._rows = self._rows[:most], self._rows[most:]
        widths = [0] * max(map(len, rows), default=0)
        for row in rows:
            for at, cell in enumerate(row):
                widths[at] = max(widths[at], _cells(cell))
        return "".join(f"{_line(row, widths)}\n" for row in rows)

    def _escaped(self, value: object) -> str:
        if isinstance(value, Drawn):
            return value
        text = str(value)
        return safe(text) if self._look.on_terminal else text


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    last = len(row) - 1
    padded = (
        cell if at == last else cell + " " * (widths[at] - _cells(cell)) + _GAP for at, cell in enumerate(row)
    )
    return "".join(padded).rstrip(" ")


def _cells(text: str) -> int:
    return text.cells if isinstance(text, Drawn) else width(text)


def environment(words: Words) -> Any:
    """Return what templates are written in: no files, no attributes of Python, no unknown names."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True, finalize=words.said
    )
    made.filters |= {"ago": ago, "date": date, "trunc": trunc, "color": words.color, "link": words.link}
    made.globals["table"] = words.table
    return made


def ago(value: str | None) -> str:
    """Return an instant of a record as people say it: ``2d ago``, ``in 3h``; nothing of None."""
    import os
    import time
    from datetime import UTC, datetime

    from tix.domain.times import parse_instant
    from tix.render.words import relative

    if value is None:
        return ""
    fixed = os.environ.get("TIX_NOW")
    now = parse_instant(fixed) if fixed else int(time.time())
    at = parse_instant(value)
    zone = datetime.fromtimestamp(at, UTC).astimezone().tzinfo
    assert zone is not None
    return relative(at, now, zone)


def date(value: str | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """Return an instant of a record by the person's clock, in a form of ``strftime``; nothing of None."""
    from datetime import UTC, datetime

    from tix.domain.times import parse_instant

    return (
        "" if value is None else datetime.fromtimestamp(parse_instant(value), UTC).astimezone().strftime(form)
    )


def trunc(value: object, cells: int) -> str:
    """Return a text shortened to so many cells of a terminal, with ``…`` at its end."""
    return "" if value is None else shorten(str(value), cells)
