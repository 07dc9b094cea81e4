"""Which signs a terminal can show, by the locale and what a person has asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping

_VARIABLES = ("LC_ALL", "LC_CTYPE", "LANG")


def locale_in_force(environ: Mapping[str, str] = os.environ) -> tuple[str, str] | None:
    """Return the variable that names the locale of characters, and its value; None where none is set.

    Python replaces a locale named C by LC_CTYPE=C.UTF-8 (PEP 538), so that is not what the person has set.
    """
    if (
        not environ.get("LC_ALL")
        and environ.get("LC_CTYPE") == "C.UTF-8"
        and environ.get("LANG") in (None, "", *_C)
    ):
        value = environ.get("LANG")
        return ("LANG", value) if value else None
    return next(((name, environ[name]) for name in _VARIABLES if environ.get(name)), None)


_C = ("C", "POSIX")


def is_utf8(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the locale's characters are UTF-8; also where no locale is set, as in many containers."""
    named = locale_in_force(environ)
    if named is None:
        return True
    _, dot, encoding = named[1].partition(".")
    if dot:
        return encoding.partition("@")[0].lower().replace("-", "") == "utf8"
    return named[1] not in _C


def draws_bars(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether blocks may be drawn: not without colours, for a screen reader, or in a locale without such signs."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return environ.get("ACCESSIBLE", "") in ("", "0") and is_utf8(environ)
