"""Which text counts as blank: one rule for every text that people write."""

from __future__ import annotations


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
