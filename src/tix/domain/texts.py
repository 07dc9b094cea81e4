"""Which text counts as blank, and normal forms: one rule for every text that people write."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.typing import Literal


def is_blank(text: str) -> bool:
    """Return whether ``text`` shows nothing: only spaces, control, zero-width and other invisible characters."""
    if text.isascii():
        return not any(" " < char < "\x7f" for char in text)
    from unicodedata import category

    return all(category(char)[0] in "ZC" or char in _INVISIBLE for char in text)


# Invisible letters and marks: Hangul fillers, grapheme joiner, Khmer inherent vowels, the blank Braille
# pattern, variation selectors.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)


# Of combining marks in a row; natural text has three or four.
_MOST_MARKS = 30


def normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Return ``text`` in a normal form; of combining marks in a row the first 30 count (UAX #15, 13, Stream-Safe Text).

    Python sorts a run of marks in time that grows with its square: 80,000 of them take half a minute.
    """
    if text.isascii():
        return text
    import re
    from unicodedata import combining, normalize

    marks = "".join(re.escape(char) for char in set(text) if combining(char))
    if marks:
        text = re.sub(f"([{marks}]{{{_MOST_MARKS}}})[{marks}]+", r"\1", text)
    return normalize(form, text)
