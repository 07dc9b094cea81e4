"""Numbers on the command line that name mails and notifications."""

from __future__ import annotations

from tix.errors import InvalidValue


def number(word: str, what: str, hint: str) -> int:
    """Return the number that a word names. Raises InvalidValue: "WORD is not ``what``", with ``hint``."""
    if not (word.isascii() and word.isdigit() and len(word) < 17):
        raise InvalidValue(f"'{word}' is not {what}", hint=hint)
    return int(word)


def numbers(words: list[str], what: str, hint: str) -> tuple[list[int], bool]:
    """Return the numbers that words name, each once, and whether it was one number alone. Raises InvalidValue."""
    from tix.cli.tickets.references import spread

    found = dict.fromkeys(number(word, what, hint) for word in ",".join(spread(words)).split(","))
    return list(found), len(words) == 1 and words[0].isdigit()
