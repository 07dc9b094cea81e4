"""When two names are the same name: of nouns, of people, of tags."""

from __future__ import annotations


def is_none(word: str) -> bool:
    """Whether a word says that there is to be nothing: ``none``, in whatever letters."""
    return word.strip().lower() == "none"


def name_key(name: str) -> str:
    """Return what all spellings of a name have in common: NFKC, casefolded, blanks as one space.

    ``Übung`` and ``übung``, ``café`` in either normal form and ``CAFE\u0301`` have one key each.
    """
    words = " ".join(name.split())
    if words.isascii():
        return words.lower()
    from unicodedata import normalize

    return normalize("NFKC", normalize("NFKC", words).casefold())
