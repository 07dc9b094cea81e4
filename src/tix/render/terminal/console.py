"""Text in colours, and the console it is written to; without Rich, which takes as long as the queue to load.

What is drawn is laid out already and has passed ``render.safe``: it is neither wrapped nor parsed here.
"""

from __future__ import annotations

from collections.abc import Sequence

from tix.typing import IO, NamedTuple

# Select Graphic Rendition (ECMA-48, 8.3.117): attributes, and the colours that a terminal's own palette defines.
COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_CODES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    **{name: str(30 + place) for place, name in enumerate(COLOURS)},
    **{f"bright_{name}": str(90 + place) for place, name in enumerate(COLOURS)},
}
_RESET = "\x1b[0m"


class Span(NamedTuple):
    """Escaped text on one line, in one style: words such as ``bold red``; none is plain. ``link`` is where it leads."""

    text: str
    style: str = ""
    link: str = ""


class Text:
    """A line: spans beside each other."""

    __slots__ = ("spans",)

    def __init__(self, *spans: Span) -> None:
        self.spans = list(spans)

    @property
    def plain(self) -> str:
        """What it says, without colours."""
        return "".join(span.text for span in self.spans)

    def append(self, text: str, style: str = "") -> Text:
        """Add a span; return the line."""
        self.spans.append(Span(text, style))
        return self


class Console(NamedTuple):
    """Where lines are written: a stream, how many cells wide it is, whether colours are wanted, and links (OSC 8)."""

    stream: IO[str]
    width: int
    color: bool
    links: bool = False

    def write(self, lines: Sequence[Text]) -> None:
        """Write lines that fit; without colours no escape is written at all, not even bold."""
        if lines:
            self.stream.write("".join(f"{self._drawn(line)}\n" for line in lines))

    def _drawn(self, line: Text) -> str:
        if not self.color:
            return line.plain
        return "".join(map(self._span, line.spans))

    def _span(self, span: Span) -> str:
        text = f"\x1b[{sequence(span.style)}m{span.text}{_RESET}" if span.style and span.text else span.text
        return f"\x1b]8;;{span.link}\x1b\\{text}\x1b]8;;\x1b\\" if span.link and self.links else text


def sequence(style: str) -> str:
    """Return the parameters of the escape sequence of a style. Raises KeyError for a word that is none."""
    return ";".join(_CODES[word] for word in style.split())
