"""Cells that no spreadsheet takes for a formula, and the way back.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@``, or with their full-width forms. Where it
expects another separator than the file has (``;`` in many countries), it also cuts a quoted cell at that separator
or at a line end, and runs what follows. An apostrophe before such a character makes it text. ``unguarded`` takes
away exactly what ``guarded`` added, so a text that begins with an apostrophe survives.
"""

from __future__ import annotations

import re

_FORMULA = r"=+\-@\uff1d\uff0b\uff0d\uff20"
# Patterns as text: compiled at the first use, which most commands never come to.
_START = rf"\A(?='*[{_FORMULA}\t\r])"
_CELLS = rf"{_START}|([,;|\t\r\n])(?='*[{_FORMULA}])"
_GUARDED_START = rf"\A'(?='*[{_FORMULA}\t\r])"
_GUARDED_CELLS = rf"{_GUARDED_START}|(?<=[,;|\t\r\n])'(?='*[{_FORMULA}])"


def guarded(text: str) -> str:
    """Return ``text`` with an apostrophe wherever a spreadsheet could begin a formula."""
    return text if text.isalnum() else re.sub(_CELLS, r"\1'", text)


def unguarded(text: str) -> str:
    """Return the text that ``guarded`` was given."""
    return re.sub(_GUARDED_CELLS, "", text) if "'" in text else text


def unguarded_start(text: str) -> str:
    """Return ``text`` without an apostrophe that guards its beginning, for files that tix did not write."""
    return re.sub(_GUARDED_START, "", text) if text.startswith("'") else text
