"""Saved views: filters, columns, order and length of a list, under a name.

A view keeps the words somebody would type, as they were typed: ``+3d`` and ``@me`` are evaluated when the view is
used, for the person who uses it.
"""

import shlex
from collections.abc import Iterator, Mapping

from tix.typing import Any, NamedTuple

# The options of ``list`` that a view keeps, by the type of their values.
FLAGS = frozenset("open closed all mine unassigned overdue answered".split())
TEXTS = frozenset("title since until created_since created_until sort".split())
LISTS = frozenset(
    "status assignee requester creator user department client team topic asset field type priority tag about "
    "due columns".split()
)
LENGTH = "limit"
# How a view is displayed; the command line overrides these options, while filters add up.
SHOWN = frozenset({"sort", "limit", "columns"})

Words = Mapping[str, Any]


class View(NamedTuple):
    """A view of ``owner``, or a shared one if that is None; ``words`` maps names of options to values."""

    name: str
    owner: str | None
    words: Words

    @property
    def key(self) -> str:
        """Return the key the store knows it by; a login contains no slash."""
        return f"{self.owner or ''}/{self.name}"

    @property
    def filters(self) -> str:
        """Return its filters as somebody would type them."""
        return shlex.join(_typed({name: self.words[name] for name in self.words if name not in SHOWN}))


def split_key(key: str) -> tuple[str | None, str]:
    """Return the owner and the name in a key. Raises ValueError."""
    owner, slash, name = key.partition("/")
    if not slash or not name:
        raise ValueError(f"'{key}' is not the key of a view")
    return owner or None, name


def checked(words: Any) -> dict[str, Any]:
    """Return ``words`` if each value is one its option accepts. Raises ValueError otherwise."""
    if not isinstance(words, dict):
        raise ValueError("the words of a view are not an object")  # noqa: TRY004  # about the data, not about a call
    for name, value in words.items():
        if name in FLAGS:
            fits = value is True or (name == "answered" and value is False)
        elif name in TEXTS:
            fits = isinstance(value, str)
        elif name in LISTS:
            fits = isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)
        else:
            fits = name == LENGTH and type(value) is int and 0 <= value < 2**53
        if not fits:
            raise ValueError(f"'{name}' of a view is not a value of that option")
    return words


def _typed(words: Words) -> Iterator[str]:
    for name, value in words.items():
        if name == "answered":
            yield "--answered" if value else "--unanswered"
        elif value is True:
            yield f"--{name.replace('_', '-')}"
        else:
            for one in value if isinstance(value, list) else [value]:
                yield from (f"--{name.replace('_', '-')}", str(one))
