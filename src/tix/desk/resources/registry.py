"""The kinds of resources by name: titles, repositories, and who may see which.

Looking a resource up imports only its repository, not the module that describes how it is changed.
"""

from __future__ import annotations

from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.errors import UnknownName
from tix.store.setup import repository as at_hand
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.store.setup.repository import Repository

TITLES = {
    "asset": "an asset",
    "calendar": "a calendar",
    "canned": "a canned reply",
    "client": "a client",
    "department": "a department",
    "priority": "a priority",
    "schedule": "a schedule",
    "sla": "an SLA plan",
    "team": "a team",
    "topic": "a help topic",
    "type": "a ticket type",
}
_MOST_NAMED = 20


def title(kind: str) -> str:
    """Return the title without its article, e.g. ``help topic``."""
    return TITLES[kind].partition(" ")[2]


def repository(kind: str) -> Repository[Any]:
    """Return the repository of a kind; only its own module is imported. Raises KeyError for an unknown kind."""
    if kind in ("sla", "calendar"):
        from tix.store.setup import sla

        return sla.PLANS if kind == "sla" else sla.CALENDARS
    if kind == "topic":
        from tix.store.setup import topics

        return topics.TOPICS
    if kind == "schedule":
        from tix.store.setup import schedules

        return schedules.SCHEDULES
    return {
        "asset": at_hand.ASSETS,
        "canned": at_hand.CANNED,
        "client": at_hand.CLIENTS,
        "department": at_hand.DEPARTMENTS,
        "priority": at_hand.PRIORITIES,
        "team": at_hand.TEAMS,
        "type": at_hand.TYPES,
    }[kind]


def named(desk: Desk, kind: str, word: str, *, inactive: bool = False) -> Any:
    """Return the resource an option names. Raises UnknownName with the known ones, also where it is inactive.

    Raises NotAllowed where the actor may not list them, whether or not there is one with that name.
    """
    require(desk.actor, f"{kind} list")
    key = " ".join(word.split())
    found = repository(kind).get(desk.store, key)
    if found is not None and not _is_seen(desk, kind, found):
        found = None
    if found is not None and (inactive or getattr(found, "active", True)):
        return found
    seen = [one for one in repository(kind).all(desk.store) if _is_seen(desk, kind, one)]
    names = [str(one.name) for one in seen if inactive or getattr(one, "active", True)]
    if found is None:
        raise UnknownName(
            Said("no {noun} named '{word}'", noun=Said.named("noun", title(kind)), word=word),
            hint=_with_near(_choice(kind, names), word, names),
        )
    back = Said("to make it active again: {command}", command=f"tix {kind} edit '{key}' --active")
    hint = Said("{first}; {then}", first=_choice(kind, names), then=back) if names else back
    raise UnknownName(
        Said("{noun} '{word}' is inactive", noun=Said.named("noun", title(kind)), word=word), hint=hint
    )


def spelled(desk: Desk, kind: str, word: str, *, inactive: bool = False) -> str:
    """Return the name of the resource an option names, as the desk spells it. Raises as ``named``."""
    return str(named(desk, kind, word, inactive=inactive).name)


def visible(desk: Desk, kind: str) -> list[Any]:
    """Return those the actor may list: requesters see their own client's assets, and only active resources."""
    found = repository(kind).all(desk.store)
    if desk.actor.is_staff:
        return found
    return [one for one in found if getattr(one, "active", True) and _is_seen(desk, kind, one)]


def _is_seen(desk: Desk, kind: str, one: Any) -> bool:
    mine = desk.actor.person.client
    return desk.actor.is_staff or kind != "asset" or (mine is not None and one.client == mine)


def plural(word: str, count: int) -> str:
    """Return a noun in the number that ``count`` asks for."""
    if count == 1:
        return word
    if word == "person":
        return "people"
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _with_near(hint: str, word: str, names: list[str]) -> str:
    """Return a hint with which of more names than it lists were meant."""
    if len(names) <= _MOST_NAMED:
        return hint
    import difflib

    spelled = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower(), spelled)
    if not near:
        return hint
    asked = alternatives([spelled[one] for one in near], commas=False)
    return Said("{first}; did you mean {meant}?", first=hint, meant=asked)


def alternatives(names: Sequence[str], *, commas: bool = True) -> str:
    """Return ``a, b or c``."""
    if len(names) == 1:
        return str(names[0])
    first = alternatives(names[:-1], commas=False) if not commas else ", ".join(names[:-1])
    return Said("{first} or {last}", first=first, last=names[-1])


def _choice(kind: str, names: list[str]) -> str:
    if not names:
        return Said("none exists yet; add one with: {command}", command=f"tix {kind} add NAME")
    known = Said(
        "known {nouns}: {names}",
        nouns=Said.named("nouns", plural(title(kind), len(names))),
        names=", ".join(names[:_MOST_NAMED]),
    )
    left = len(names) - _MOST_NAMED
    if left <= 0:
        return known
    return Said("{known} and {n} more ({command})", known=known, n=left, command=f"tix {kind} list")
