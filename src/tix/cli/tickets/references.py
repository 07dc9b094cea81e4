"""The tickets a command line names: references, ranges, lists, and ``-`` for those on stdin."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tix.domain.tickets.references import Parsed, Reference, parse_references
from tix.errors import InvalidValue

if TYPE_CHECKING:
    from tix.desk.context import Desk

_STDIN_LIMIT = 10_000_000


def parse(words: list[str]) -> Parsed:
    """What the words name; ``-`` reads more of them from stdin. Raises InvalidValue."""
    if "-" not in words:
        return parse_references(words)
    expanded = spread(words)
    parsed = parse_references(expanded) if expanded else Parsed((), False)
    return parsed._replace(single=False)


def called(desk: Desk, reference: Reference) -> str:
    """How a ticket that somebody named is called, there or not: ``TIX-12`` for ``12``."""
    from tix.store.tickets import tickets

    found = None if reference.prefix else tickets.get(desk.store, reference.number, desk.scope)
    prefix = reference.prefix or (desk.settings.text("prefix") if found is None else found.prefix)
    return f"{prefix}{reference.number}"


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


def expand(desk: Desk, parsed: Parsed) -> list[Reference]:
    """The references, each ticket once; from a range only the tickets that are there and visible."""
    ranged = [reference.number for reference in parsed.references if reference.ranged]
    there: set[int] = set()
    if ranged:
        from tix.store.tickets import tickets

        visible = tickets.numbers(desk.store, min(ranged), max(ranged), desk.scope)
        there = {number for number, _ in visible}
    found: dict[int, Reference] = {}
    for reference in parsed.references:
        if not reference.ranged or reference.number in there:
            found.setdefault(reference.number, reference)
    return list(found.values())
