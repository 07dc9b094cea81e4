"""Words of a list that name something: a reference, a person or a client, before they are searched for."""

from __future__ import annotations

from collections.abc import Sequence

from tix.domain.tickets.references import looks_like_reference, parse_reference
from tix.errors import NotFound, TixError
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk


def understood(desk: Desk, words: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the filters that ``words`` name, and the words that are left to search for.

    ``8`` and ``TIX-8`` are a ticket the actor sees, ``@me`` and a login a person (as ``--user``), a whole name a client.
    Several of one kind combine by OR. A word that names nothing the actor may know of is left.
    """
    chosen: dict[str, list[Any]] = {}
    left = []
    pieces = _pieces(words)
    at = 0
    while at < len(pieces):
        found, taken = _named(desk, pieces[at : at + _LONGEST_NAME])
        if found is None:
            left.append(pieces[at])
        else:
            chosen.setdefault(found[0], []).append(found[1])
        at += taken
    return {name: list(dict.fromkeys(values)) for name, values in chosen.items()}, left


# The most words of a client's name.
_LONGEST_NAME = 5


def _pieces(words: Sequence[str]) -> list[str]:
    """Return the words between spaces, a phrase in quotes as one: an argument, or a query, may hold several."""
    import re

    return [piece for word in words for piece in re.findall(r'-?"[^"]*"?\*?|\S+', word)]


def _named(desk: Desk, pieces: Sequence[str]) -> tuple[tuple[str, Any] | None, int]:
    """Return what the first piece names, or the first few a client; and how many pieces that takes."""
    for count in range(len(pieces), 0, -1):
        if (client := _client(desk, " ".join(pieces[:count]))) is not None:
            return client, count
    return _reference(desk, pieces[0]) or _person(desk, pieces[0]), 1


def reference_id(desk: Desk, word: str) -> int | None:
    """Return the id of the ticket that a word refers to; None if it refers to none, several, or one out of sight."""
    word = word.strip()
    if "," in word or not looks_like_reference(word):
        return None
    from tix.desk.tickets.read import find

    try:
        return find(desk, parse_reference(word)).id
    except (NotFound, TixError):
        return None


def _reference(desk: Desk, word: str) -> tuple[str, int] | None:
    found = reference_id(desk, word)
    return None if found is None else ("ids", found)


def _person(desk: Desk, word: str) -> tuple[str, str] | None:
    """Return the person of ``@me``, ``@sam``, a login or an address."""
    if word == "@me":
        return "user", desk.actor.login
    try:
        return "user", desk.person(word.removeprefix("@")).login
    except TixError:
        return None


def _client(desk: Desk, word: str) -> tuple[str, str] | None:
    from tix.desk.resources import registry
    from tix.domain.names import name_key

    if not desk.actor.is_staff:
        mine = desk.actor.person.client
        return ("client", mine) if mine is not None and name_key(mine) == name_key(word) else None
    found = registry.repository("client").get(desk.store, " ".join(word.split()))
    return None if found is None else ("client", str(found.name))
