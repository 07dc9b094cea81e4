"""Text in colours, and the console it is written to; without Rich, which takes as long as the queue to load.

What is drawn is laid out already and has passed ``render.safe``: it is neither wrapped nor parsed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tix.render.terminal.targets import Targets
from tix.typing import IO, NamedTuple
from tix.words.sentence import has_right_to_left, isolated

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
# Wider than any table.
_WIDE = 1_000_000
_RESET = "\x1b[0m"


class Span(NamedTuple):
    """Escaped text on one line, in one style: meanings such as ``overdue``, or ``bold red``; none is plain.

    ``link`` is where it leads.
    """

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
    """Where lines are written: a stream, how many cells wide it is, and whether colours are wanted.

    ``palette`` has the style of each meaning. ``words``: for people who listen, lines and bars are left out, and tables have
    words in place of signs. ``heads``: tables have the names of their columns. ``links``: spans may lead somewhere (OSC 8), a
    ticket to where ``targets`` says.
    """

    stream: IO[str]
    width: int
    color: bool
    palette: Mapping[str, str]
    words: bool = False
    heads: bool = True
    links: bool = False
    wide: bool = False
    targets: Targets = Targets()

    @property
    def table_width(self) -> int:
        """How many cells a table may take: those of the terminal, or with ``--wide`` as many as it needs."""
        return _WIDE if self.wide else self.width

    def write(self, lines: Sequence[Text]) -> None:
        """Write lines that fit; without colours no escape is written at all, not even bold."""
        if lines:
            self.stream.write("".join(f"{self._drawn(_in_order(line))}\n" for line in lines))

    def _drawn(self, line: Text) -> str:
        if self.words:
            line = Text(
                *(
                    span._replace(text=" " * len(span.text)) if _is_sign(span.text) else span
                    for span in line.spans
                )
            )
            if not line.plain.strip():
                return ""
        if not self.color and not self.links:
            return line.plain.rstrip() if self.words else line.plain
        return "".join(map(self._span, line.spans))

    def _span(self, span: Span) -> str:
        codes = sequence(span.style, self.palette) if self.color and span.style and span.text else ""
        text = f"\x1b[{codes}m{span.text}{_RESET}" if codes else span.text
        is_link = self.links and span.link and span.text
        return f"\x1b]8;;{span.link}\x1b\\{text}\x1b]8;;\x1b\\" if is_link else text


def _in_order(line: Text) -> Text:
    """The line, each span with words from right to left isolated, so that the others stay where they are drawn."""
    if all(span.text.isascii() or not has_right_to_left(span.text) for span in line.spans):
        return line
    return Text(*(span._replace(text=isolated(span.text)) for span in line.spans))


def _is_sign(text: str) -> bool:
    """Whether a span is nothing but lines of a box or a bar: a screen reader would name each."""
    return any("\u2500" <= char <= "\u259f" for char in text) and all(
        char == " " or "\u2500" <= char <= "\u259f" for char in text
    )


def sequence(style: str, palette: Mapping[str, str]) -> str:
    """Return the parameters of the escape sequence of a style. Raises KeyError for a word that is none."""
    codes = []
    for word in style.split():
        codes += [_code(one) for one in palette[word].split()] if word in palette else [_code(word)]
    return ";".join(codes)


def _code(word: str) -> str:
    """The code of an attribute, a colour by its name, by a number to 255, or ``#rrggbb``."""
    if word in _CODES:
        return _CODES[word]
    if word.isdecimal() and word.isascii() and int(word) <= 255:
        return f"38;5;{int(word)}"
    if len(word) == 7 and word[0] == "#":
        try:
            number = int(word[1:], 16)
        except ValueError:
            raise KeyError(word) from None
        return f"38;2;{number >> 16};{number >> 8 & 255};{number & 255}"
    raise KeyError(word)


def attributes() -> list[str]:
    """Return the words of a style that have a name."""
    return list(_CODES)
