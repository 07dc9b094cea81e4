"""Guard cells so that no spreadsheet reads them as formulas, and remove the guard again.

A spreadsheet evaluates a cell that begins with ``=``, ``+``, ``-`` or ``@``, or with their full-width forms. If it
expects another separator than the file has (``;`` in many countries), it also splits a quoted cell at that separator
or at a line end, and evaluates what follows. An apostrophe before such a character makes it text. ``unguarded``
removes exactly what ``guarded`` added, so a text that begins with an apostrophe survives.
"""

from __future__ import annotations

import re

_FORMULA = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_FIRST = frozenset("'=+-@\t\r\uff1d\uff0b\uff0d\uff20")
# Patterns as text: compiled on first use, which most commands never reach.
_START = rf"\A(?='*[{_FORMULA}\t\r])"
_CELLS = rf"{_START}|([,;|\t\r\n])(?='*[{_FORMULA}])"
_GUARDED_START = rf"\A'(?='*[{_FORMULA}\t\r])"
_GUARDED_CELLS = rf"{_GUARDED_START}|(?<=[,;|\t\r\n])'(?='*[{_FORMULA}])"


def guarded(text: str) -> str:
    """Return ``text`` with an apostrophe wherever a spreadsheet could start a formula."""
    if not text or text.isalnum() or (text[0] not in _FIRST and not _has_separator(text)):
        return text  # most cells; the patterns take ten times as long
    return re.sub(_CELLS, r"\1'", text)


def _has_separator(text: str) -> bool:
    return (
        "," in text or "\n" in text or ";" in text or "\t" in text or "|" in text or "\r" in text
    )  # one by one: each is a search in C


def unguarded(text: str) -> str:
    """Return the text that was passed to ``guarded``."""
    return re.sub(_GUARDED_CELLS, "", text) if "'" in text else text


def unguarded_start(text: str) -> str:
    """Return ``text`` without an apostrophe that guards its beginning, for files not written by tix."""
    return re.sub(_GUARDED_START, "", text) if text.startswith("'") else text
