"""Which passwords are accepted, and how they are compared.

The rules are those of NIST SP 800-63B, 5.1.1.2: a length, a list of common passwords and words of the context, no rules
of composition. Passwords are normalised as RFC 8265 says (OpaqueString): NFC, and every space is U+0020; so the same
password typed on another keyboard or system is the same. No message ever contains the password.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from unicodedata import category, normalize

from tix.errors import InvalidValue

SHORTEST = 10  # characters
LONGEST = 1024  # bytes of UTF-8
_FEWEST_DIFFERENT = 4


def prepared(text: str) -> str | None:
    """Return a password as it is hashed, or None for a text that cannot be one.

    None is for what is too long, has control characters, or is not valid Unicode; it is found without normalising or
    hashing a long text.
    """
    if len(text) > LONGEST:
        return None
    word = "".join(" " if category(char) == "Zs" else char for char in normalize("NFC", text))
    if any(category(char) in ("Cc", "Cs") for char in word) or len(word.encode()) > LONGEST:
        return None
    return word


def parse(text: str, words: Iterable[str], is_common: Callable[[str], bool]) -> str:
    """Return a new password as it is hashed. Raises InvalidValue with the reason it is not accepted.

    ``words`` are names of the person and the desk, which it must not be; ``is_common`` looks a text in lower case up.
    """
    word = prepared(text)
    if word is None:
        raise InvalidValue(
            f"the password is longer than {LONGEST:,} bytes, or contains control characters",
            hint=f"use {SHORTEST} characters or more on one line",
        )
    if len(word) < SHORTEST:
        raise InvalidValue("the password is too short", hint=f"use at least {SHORTEST} characters")
    folded = word.casefold()
    if len(set(folded)) < _FEWEST_DIFFERENT:
        raise InvalidValue("the password repeats too few characters", hint=_ADVICE)
    stem = _stem(folded)
    if is_common(folded) or is_common(stem):
        raise InvalidValue("the password is one of the most common ones", hint=_ADVICE)
    if _letters(stem) in {_letters(one.casefold()) for one in words} - {""}:
        raise InvalidValue("the password is a name of the person or of this desk", hint=_ADVICE)
    return word


_ADVICE = "use several words that do not belong together"


def names(*texts: str | None) -> list[str]:
    """Return the words that a password must not be: these names, and of an address the part before the @."""
    found = [text for text in texts if text]
    return [*found, *(text.partition("@")[0] for text in found if "@" in text)]


def _stem(text: str) -> str:
    """Return a text without the digits and signs at its ends: what people add to a word that was refused."""
    letters = [at for at, char in enumerate(text) if char.isalpha()]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _letters(text: str) -> str:
    return "".join(char for char in _stem(text) if char.isalnum())
