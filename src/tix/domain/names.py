"""When two names are the same: of resources, of people, of tags."""

from __future__ import annotations

from tix.domain.texts import normal


def is_none(word: str) -> bool:
    """Whether a word says that there is to be nothing: ``none``, in whatever letters."""
    return word.strip().lower() == "none"


def name_key(name: str) -> str:
    """Return the key that all spellings of a name share: NFKC, casefolded, runs of spaces as one space.

    ``Übung`` and ``übung`` have one key; so do ``café`` in either normal form and ``CAFE\u0301``.
    """
    words = " ".join(name.split())
    if words.isascii():
        return words.lower()
    return normal("NFKC", normal("NFKC", words).casefold())
