"""What counts as text: the one rule for every text that people write."""

from __future__ import annotations


def is_blank(text: str) -> bool:
    """Whether nothing of ``text`` can be seen: blanks, control, zero-width and other invisible characters only."""
    if text.isascii():
        return not any(" " < char < "\x7f" for char in text)
    from unicodedata import category

    return all(category(char)[0] in "ZC" or char in _INVISIBLE for char in text)


# Letters and marks that show nothing: Hangul fillers, grapheme joiner, Khmer inherent vowels, the blank of
# Braille, variation selectors.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
