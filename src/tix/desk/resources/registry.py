"""The kinds of resources by name: titles, repositories, and who may see which.

Looking a resource up imports only its repository, not the module that describes how it is changed.
"""

from __future__ import annotations

from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.errors import UnknownName
from tix.store.setup import repository as at_hand
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
        raise UnknownName(f"no {title(kind)} named '{word}'", hint=_choice(kind, names) + _near(word, names))
    back = f"to make it active again: tix {kind} edit '{key}' --active"
    hint = f"{_choice(kind, names)}; {back}" if names else back
    raise UnknownName(f"{title(kind)} '{word}' is inactive", hint=hint)


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


def _near(word: str, names: list[str]) -> str:
    """Return which of more names than a hint lists were meant."""
    if len(names) <= _MOST_NAMED:
        return ""
    import difflib

    spelled = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower(), spelled)
    return f"; did you mean {' or '.join(spelled[one] for one in near)}?" if near else ""


def _choice(kind: str, names: list[str]) -> str:
    if not names:
        return f"none exists yet; add one with: tix {kind} add NAME"
    left = len(names) - _MOST_NAMED
    more = f" and {left} more (tix {kind} list)" if left > 0 else ""
    return f"known {plural(title(kind), len(names))}: " + ", ".join(names[:_MOST_NAMED]) + more
