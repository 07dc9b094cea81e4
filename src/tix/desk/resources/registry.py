"""The kinds of resources by name: what one is called, where they are kept, and which of them somebody sees.

It describes none of them, so it is loaded without what a change of one brings about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.errors import UnknownName
from tix.store.setup import repository as at_hand

if TYPE_CHECKING:
    from tix.store.setup.repository import Shelf

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
    """``help topic``: what one is called, without an article."""
    return TITLES[kind].partition(" ")[2]


def repository(kind: str) -> Shelf[Any]:
    """Where those of a kind are kept; only the module of that kind is loaded. Raises KeyError for no kind."""
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
    """The one of that name. Raises UnknownName naming the valid ones, also for one that is out of use.

    Raises NotAllowed for who may not list them, whether or not there is one of that name.
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
        raise UnknownName(f"there is no {title(kind)} '{word}'", hint=_choice(kind, names))
    back = f"tix {kind} edit '{key}' --active brings it back"
    hint = f"{_choice(kind, names)}; {back}" if names else back
    raise UnknownName(f"{title(kind)} '{word}' is out of use", hint=hint)


def spelled(desk: Desk, kind: str, word: str, *, inactive: bool = False) -> str:
    """The name of the one that somebody names, as the desk spells it. Raises as ``named``."""
    return str(named(desk, kind, word, inactive=inactive).name)


def visible(desk: Desk, kind: str) -> list[Any]:
    """Those the actor may list: a requester their own client's assets, and only what is in use."""
    found = repository(kind).all(desk.store)
    if desk.actor.is_staff:
        return found
    return [one for one in found if getattr(one, "active", True) and _is_seen(desk, kind, one)]


def _is_seen(desk: Desk, kind: str, one: Any) -> bool:
    mine = desk.actor.person.client
    return desk.actor.is_staff or kind != "asset" or (mine is not None and one.client == mine)


def _choice(kind: str, names: list[str]) -> str:
    if not names:
        return f"there is none yet: tix {kind} add NAME"
    left = len(names) - _MOST_NAMED
    more = f" and {left} more (tix {kind} list)" if left > 0 else ""
    return "one of " + ", ".join(names[:_MOST_NAMED]) + more
