"""A suggestion for shell completion, and what suggestions are wanted of."""

from __future__ import annotations

from collections.abc import Collection

from tix.typing import Literal, NamedTuple

# The most suggestions; nobody reads a longer list.
MOST = 50

# Which tickets are suggested.
Which = Literal["any", "open", "over", "unclaimed", "rateable"]


class Suggestion(NamedTuple):
    """A value and its description. Both are as stored, not yet escaped for a terminal."""

    value: str
    about: str = ""


class Wanted(NamedTuple):
    """What is completed: a kind of value (``desk.completion.kinds``), and how it begins.

    ``which`` and ``without`` are about tickets: those that a verb can do something for, and numbers that are named
    already. ``every`` includes inactive names, and void invoices. Of custom fields, ``topic`` or ``ticket`` (a number)
    say whose, ``key`` which; ``key`` is also the setting whose values are wanted.
    """

    kind: str
    typed: str = ""
    which: Which = "any"
    without: Collection[int] = ()
    every: bool = False
    topic: str | None = None
    ticket: int | None = None
    key: str | None = None
