r"""Escape text from people before it is written to a terminal.

What passes is text: letters, digits, punctuation, symbols, blanks, marks on a base. What a terminal would
obey or hide becomes a visible escape as Python writes it (``\x1b``, ``\u202e``, ``\U000e0041``): control
characters, bidi controls, zero-width and other invisible characters, tag characters (also those of the
flags of England, Scotland and Wales), surrogates, private-use and unassigned code points, line and
paragraph separators. Invisible characters that a script or an emoji needs pass where they do their work:
ZWJ and ZWNJ between letters or marks of scripts that join, ZWJ between two pictographs, one variation
selector after a character that has variants. A mark without a base, and the ninth of marks in a row, is
escaped, so that text never reaches into what stands before or above it.
"""

from __future__ import annotations

from tix.domain.remembered import Remembered
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re


# Real stacks are lower (Hebrew with cantillation, Tibetan: up to six); higher ones paint over other lines.
MOST_MARKS = 8


def safe(text: str) -> str:
    """``text`` of several lines: newline and tab pass, CRLF is a newline."""
    if _is_plain(text):
        return text
    text = text.replace("\r\n", "\n")
    if _is_plain(text.replace("\n", "").replace("\t", "")):
        return text
    import re

    return re.sub(_NOT_PLAIN_IN_A_BODY, _neutralised, text)


def safe_line(text: str) -> str:
    r"""``text`` on one line: newline, tab and CR become visible too (``\n``, ``\t``, ``\r``)."""
    if _is_plain(text):
        return text
    import re

    return re.sub(_NOT_PLAIN_IN_A_LINE, _neutralised, text)


def _is_plain(text: str) -> bool:
    """Whether a look at its highest character is enough: below U+0300 what is printable is in ``_PLAIN``."""
    return text.isprintable() and (text.isascii() or max(text) < "\u0300")


def plain_field(text: str) -> str:
    r"""``text`` as one value of plain output: ``\`` doubled, the rest as ``safe_line``.

    Undone by reading the escapes as Python does, so nothing is lost.
    """
    return safe_line(text.replace("\\", "\\\\"))


def csv_cell(text: str) -> str:
    """``text`` as a cell that no spreadsheet takes for a formula."""
    from tix.domain.spreadsheets import guarded

    return guarded(text)


def width(text: str) -> int:
    """How many cells of a terminal ``text`` takes, each character by itself: wide ones two, marks none.

    An emoji sequence counts the sum of its parts, which is what a terminal that does not join them shows.
    """
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def shorten(text: str, cells: int) -> str:
    """Return escaped ``text`` in at most ``cells`` cells, with ``…`` where it was cut."""
    if len(text) * 2 <= cells or width(text) <= cells:
        return text
    if cells < 1:
        return ""
    return _beginning(text, cells - 1).rstrip(" \u200d") + "…"


# Characters that need no look, in long runs: the scripts of most text, without marks and gaps.
_PLAIN = (
    r" -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u0482\u048a-\u052f\u05d0-\u05ea\u0620-\u064a"
    r"\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u23ff\u3001-\u3029\u3041-\u3096\u30a1-\u30ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9f"
)
_NOT_PLAIN_IN_A_LINE = f"[^{_PLAIN}]+"
_NOT_PLAIN_IN_A_BODY = f"[^{_PLAIN}\\n\\t]+"

_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}

_ZWNJ, _ZWJ = "\u200c", "\u200d"

# Letters and marks that show nothing: Hangul fillers, grapheme joiner, Khmer inherent vowels.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5")
# Format characters that are seen: they stand before or under the number or word they belong to.
_SEEN_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# What may stand between a pictograph and the joiner after it: emoji style, skin tones.
_ENDS_OF_EMOJI = frozenset("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")

_JOINING_SCRIPTS = (
    (0x0600, 0x085F),  # Arabic, Syriac, Thaana, N'Ko, Samaritan, Mandaic
    (0x0860, 0x0DFF),  # Arabic supplements, the scripts of India, Sinhala
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x18AF),  # Khmer, Mongolian
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x1B00, 0x1C4F),  # Balinese, Sundanese, Batak, Lepcha
    (0xA840, 0xA8FF),  # Phags-pa, Saurashtra, Devanagari Extended
    (0xA980, 0xAAFF),  # Javanese, Cham, Meetei Mayek
    (0xABC0, 0xABFF),  # Meetei Mayek
    (0xFB50, 0xFDFF),  # Arabic presentation forms
    (0xFE70, 0xFEFE),
    (0x10A00, 0x11FFF),  # Kharoshthi to the younger scripts of India
    (0x1E900, 0x1E95F),  # Adlam
)
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_MONGOLIAN = ((0x1800, 0x18AF),)
_SELECTORS = ((0x180B, 0x180D), (0x180F, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_WITH_VARIANTS = ((0x1000, 0x109F), (0xA840, 0xA87F), *_HAN)  # Myanmar, Phags-pa, Han


def _neutralised(run: re.Match[str]) -> str:
    """A run of characters that need a look, each passed or escaped; ``before`` is what a mark would join."""
    text = run.string
    before = text[run.start() - 1 : run.start()].strip("\n\t")
    marks = 0
    written = []
    for at in range(run.start(), run.end()):
        char = text[at]
        category = _category(char)
        if category[0] == "M":
            marks += 1
        elif char not in (_ZWJ, _ZWNJ):
            marks = 0
        after = text[at + 1 : at + 2]
        if marks == MOST_MARKS and after != "" and _category(after)[0] == "M":
            after = ""  # it will be escaped, and a joiner before it joins nothing
        if marks <= MOST_MARKS and _passes(char, category, before, after):
            written.append(char)
            before = char
        else:
            written.append(_escaped(char))
            before = ""
    return "".join(written)


def _passes(char: str, category: str, before: str, after: str) -> bool:
    if char in _INVISIBLE:
        return False
    if category[0] == "M":
        return before != "" and (not _within(_SELECTORS, char) or _selects(char, before))
    if char in (_ZWJ, _ZWNJ):
        return before != "" and _joins(char, before, after)
    if category[0] == "C":
        return char in _SEEN_FORMATS
    return category not in ("Zl", "Zp")


def _joins(joiner: str, before: str, after: str) -> bool:
    if _within(_JOINING_SCRIPTS, before):
        return _is_joining(before) and after != "" and _is_joining(after)
    return joiner == _ZWJ and (before in _ENDS_OF_EMOJI or _is_pictograph(before)) and _is_pictograph(after)


def _is_joining(char: str) -> bool:
    """Whether it is a letter, or a mark on one, of a script whose letters join."""
    if char in _INVISIBLE or _within(_SELECTORS, char):
        return False
    return _within(_JOINING_SCRIPTS, char) and _category(char)[0] in "LM"


def _selects(selector: str, base: str) -> bool:
    """Whether ``base`` is of a kind that has variants (StandardizedVariants, emoji-variation-sequences)."""
    kind = _category(base)[0]
    if selector >= "\U000e0100":
        return _within(_HAN, base)
    if selector < "\ufe00":
        return kind == "L" and _within(_MONGOLIAN, base)
    if base.isascii():
        return selector in "\ufe0e\ufe0f" and base in "0123456789#*"
    return kind in "SP" or base == "\u2139" or (kind == "L" and _within(_WITH_VARIANTS, base))


def _is_pictograph(char: str) -> bool:
    return char != "" and (char == "↔" or _category(char) == "So")


def _escape(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _beginning(text: str, cells: int) -> str:
    for at, char in enumerate(text):
        cells -= _cells(char)
        if cells < 0:
            return text[:at]
    return text


# What we draw with ourselves, and letters below the first combining mark.
_NARROW = frozenset("–—…●·│├└┃┣┗“”‘’")


def _cells(char: str) -> int:
    if char.isascii() or char in _NARROW or ("\xa1" <= char <= "\u02ff" and char != "\xad"):
        return 1
    if _category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":
        return 0
    from unicodedata import east_asian_width

    return 2 if east_asian_width(char) in "WF" else 1


def _within(ranges: tuple[tuple[int, int], ...], char: str) -> bool:
    code = ord(char)
    return any(low <= code <= high for low, high in ranges)


def _category_of(char: str) -> str:
    from unicodedata import category  # here, because most runs meet only ASCII

    return category(char)


_category = Remembered(_category_of, most=4096).__getitem__
_escaped = Remembered(_escape, most=512).__getitem__  # a file of escapes takes four times as long without
