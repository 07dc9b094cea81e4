"""Failures in words of the page: the desk's own sentence, or where other languages lack it, one for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tix.api.problems import told

if TYPE_CHECKING:
    from tix.errors import TixError
    from tix.web.catalog import Words


class Fault(NamedTuple):
    """What is wrong, and in which language that is said; ``field`` is the id of the field it is about, or empty.

    ``label`` is what that field is called.
    """

    text: str
    language: str
    field: str = ""
    label: str = ""


# Failures whose sentence is for people at a terminal, or says less than the page can.
_OWN = frozenset(
    {"not-found", "not-allowed", "stale-version", "storage", "store-busy", "overloaded", "error"}
)


def fault(words: Words, error: TixError, field: str = "", kind: str = "") -> Fault:
    """Return a failure for people; ``kind`` names the text for other languages where its code has none."""
    own, error = f"problem.{error.code}", told(error)
    if words.has(own) and (words.language != "en" or error.code in _OWN):
        return Fault(words(own), words.language, field)
    if kind and words.language != "en":
        return Fault(words(f"error.{kind}"), words.language, field)
    if words.language != "en" and (said := words.sentence(error)) is not None:
        return Fault(_sentence(said), words.language, field)
    return Fault(_sentence(error.message), "en", field)


def required(words: Words, field: str) -> Fault:
    """Return that a field has to be filled in."""
    return Fault(words("error.required"), words.language, field)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")
