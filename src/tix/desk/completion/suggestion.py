"""A suggestion for shell completion."""

from __future__ import annotations

from tix.namedtuples import NamedTuple

# The most suggestions; nobody reads a longer list.
MOST = 50


class Suggestion(NamedTuple):
    """A value and its description. Both are as stored, not yet escaped for a terminal."""

    value: str
    about: str = ""
