"""A suggestion of the shell's completion."""

from __future__ import annotations

from typing import NamedTuple

# What a person still reads; a longer list helps nobody.
MOST = 50


class Suggestion(NamedTuple):
    """A value that may stand there, and what it is. Both as they are stored: not fit for a terminal yet."""

    value: str
    about: str = ""
