"""Whether a piece of quoted history is text that its sender could have been sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from tix.domain.mail.history import INVISIBLE, Start, read_lines, starts_of_history

MOST_KNOWN = 50  # texts, the last ones
MOST_KNOWN_CHARACTERS = 200_000
MOST_PIECES = 200  # of nested history that are compared


class _Letters(dict[int, str]):
    """What counts of a character when texts are compared: letters without accents, in lower case, digits and symbols.

    A letter without upper and lower case is a word of its own, as a script without spaces may be wrapped anywhere.
    """

    def __missing__(self, code: int) -> str:
        kept = "" if code in INVISIBLE else "".join(map(_letter, _parts(code)))
        if len(self) < _MOST_LETTERS:
            self[code] = kept
        return kept


def _parts(code: int) -> str:
    """Return a character taken apart into letter and accents; Hangul syllables stay whole."""
    char = chr(code)
    return char if "\uac00" <= char <= "\ud7a3" else unicodedata.normalize("NFKD", char)


def _letter(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in ("Lo", "So"):  # an emoji may be an answer
        return f" {char} "
    if kind[0] in "LN":
        return char.casefold()
    return "" if kind[0] == "M" else " "


_MOST_LETTERS = 65_536  # remembered; the others are looked up again
_LETTERS = _Letters()
_MOST_PLACES = 64  # of one piece in the texts
_SHORT_PIECE = 12  # letters and digits; one of other scripts than Latin, Greek or Cyrillic counts as two


# Line art and marks of a list or a quote; a line of other signs, such as "???", counts as a word.
_NOISE = " \t\r\n\xa0>|*_-=~#.:…·•─—–<[]()"


def words(lines: Iterable[str]) -> str:
    """Return the letters, digits and symbols of ``lines`` as words with one space between them; the rest is dropped."""
    return " ".join(word for line in lines for word in line.translate(_LETTERS).split() or _signs(line))


def _signs(line: str) -> tuple[str, ...]:
    signs = "".join(line.split()).strip(_NOISE)
    return (signs,) if signs else ()


class KnownTexts:
    """The texts a sender could have been sent, prepared for comparing."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(_last(texts))
        self._starts: set[int] = set()
        self._ends: set[int] = set()
        parts: list[str] = []
        at = 0
        for text in self._texts:
            for line in text.splitlines():
                if squeezed := words((line,)):
                    self._starts.add(at)
                    parts.append(squeezed + " ")
                    at += len(squeezed) + 1
                    self._ends.add(at)
            parts.append("\n ")  # no piece runs from one text into the next
            at += 2
        self._all = " " + "".join(parts)
        self._whole: frozenset[str] | None = None
        self._held: dict[str, bool] = {}

    def holds(self, piece: str) -> bool:
        """Return whether ``piece``, as ``words`` returns it, is a run of whole lines in one text.

        A piece of under 12 letters has to be all that was written: "yes" may be an answer, and be a line of a form.
        Only so many different pieces are looked for, 200; the others are not known.
        """
        if piece not in self._held:
            if len(self._held) >= MOST_PIECES:
                return False
            self._held[piece] = (
                self._is_run(piece) if _weight(piece) >= _SHORT_PIECE else self._is_whole(piece)
            )
        return self._held[piece]

    def _is_run(self, piece: str) -> bool:
        at = -1
        for _ in range(_MOST_PLACES):
            at = self._all.find(f" {piece} ", at + 1)
            if at < 0:
                return False
            if at in self._starts and at + len(piece) + 1 in self._ends:
                return True
        return False

    def _is_whole(self, piece: str) -> bool:
        if self._whole is None:
            self._whole = frozenset(one for text in self._texts for one in _pieces(text))
        return piece in self._whole


def _weight(piece: str) -> int:
    return sum(1 if char < "\u0590" else 2 for char in piece if char != " ")


def _last(texts: Sequence[str]) -> Iterator[str]:
    """Yield the last texts within the limits, newest first."""
    left = MOST_KNOWN_CHARACTERS
    for text in reversed(texts[-MOST_KNOWN:]):
        yield text[:left]
        left -= len(text)
        if left <= 0:
            return


def _pieces(text: str) -> Iterator[str]:
    """Yield the words of a known text, and of what stands in it above, between and below starts of history."""
    yield words(text.splitlines())
    lines = read_lines(text, MOST_KNOWN_CHARACTERS) or ()
    upper = len(lines)
    for start in reversed((Start(0, 0), *starts_of_history(lines))):
        yield words(line.raw for line in lines[start.below : upper])
        upper = start.first
