"""The language of what a person reads on the terminal; English costs no more than a look at the environment."""

from __future__ import annotations

import os

from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.words.sentence import Catalogue

# There are catalogues of these (``words.catalogue``); of English there need be none.
OTHERS = ("de", "vi")
_ENGLISH = "en"
# No language at all: that of the source.
_NONE = ("C", "POSIX")


class Wish(NamedTuple):
    """A language somebody asks for: what names it, the value, and the language that is used for it.

    That is English where there are no other words of it; ``is_spoken`` is False then.
    """

    name: str
    value: str
    language: str
    is_spoken: bool = True


def wish(setting: str | None) -> Wish | None:
    """Return which language is asked for: the setting, ``TIX_LANG``, else as gettext reads the locale; None for nothing.

    ``LANGUAGE`` is a list of which the first that there is counts, unless the locale is C (GNU gettext, 2.3).
    """
    own = os.environ.get("TIX_LANG")
    for name, value in (("setting language", setting), ("TIX_LANG", own)):
        if value and value != "auto":
            return _wish(name, value)
    given = ((name, os.environ.get(name)) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name, value = next(((name, value) for name, value in given if value), ("", ""))
    if not value:
        return None
    if value.partition(".")[0] in _NONE:
        return _wish(name, value)
    if listed := os.environ.get("LANGUAGE"):
        found = next(filter(None, map(spoken, listed.split(":"))), None)
        if found is not None:
            return Wish("LANGUAGE", listed, found)
    return _wish(name, value)


def _wish(name: str, value: str) -> Wish:
    found = spoken(value)
    return Wish(name, value, found or _ENGLISH, found is not None)


def spoken(locale: str) -> str | None:
    """Return the language of a locale such as ``de_AT.UTF-8`` if tix has its words, else None."""
    if locale.partition(".")[0] in _NONE:
        return _ENGLISH
    language = locale.partition(".")[0].partition("@")[0].replace("-", "_").partition("_")[0].lower()
    return language if language == _ENGLISH or language in OTHERS else None


def catalogue(setting: str | None) -> Catalogue | None:
    """Return the catalogue of the person's language; None for English."""
    asked = wish(setting)
    if asked is None or asked.language == _ENGLISH:
        return None
    from tix.words.catalogue import load

    return load(asked.language)
