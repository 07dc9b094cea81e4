"""The tickets a command line names: references, ranges, lists, and ``-`` for those on stdin."""

from __future__ import annotations

import sys

from tix.domain.tickets.references import Parsed, parse_references
from tix.errors import InvalidValue

_STDIN_LIMIT = 10_000_000


def parse(words: list[str]) -> Parsed:
    """What the words name; ``-`` reads more of them from stdin. Raises InvalidValue."""
    if "-" not in words:
        return parse_references(words)
    expanded = spread(words)
    parsed = parse_references(expanded) if expanded else Parsed((), False)
    return parsed._replace(single=False)


def spread(words: list[str]) -> list[str]:
    """The words, with those on stdin in the place of ``-``. Raises InvalidValue."""
    spread_out: list[str] = []
    for word in words:
        spread_out += _from_stdin() if word == "-" else [word]
    return spread_out


def _from_stdin() -> list[str]:
    data = sys.stdin.buffer.read(_STDIN_LIMIT + 1)
    if len(data) > _STDIN_LIMIT:
        raise InvalidValue("too many references on stdin", hint="at most 10 MB")
    try:
        return data.decode().split()
    except UnicodeDecodeError as error:
        raise InvalidValue("the references on stdin are not valid UTF-8") from error
