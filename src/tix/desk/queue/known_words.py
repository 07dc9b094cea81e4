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
    for word in words:
        found = _reference(desk, word) or _person(desk, word) or _client(desk, word)
        if found is None:
            left.append(word)
        else:
            chosen.setdefault(found[0], []).append(found[1])
    return {name: list(dict.fromkeys(values)) for name, values in chosen.items()}, left


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
