"""Saved views: everybody keeps their own, admins keep what staff share.

A view is looked for among one's own, then among the shared ones. What is shared is for staff: its words can
name what a requester does not read. A view is words alone; who uses it sees by it what they may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tix.desk.context import Desk
from tix.desk.resources.resource import parse_name
from tix.domain.permissions import require
from tix.domain.views import View
from tix.errors import AlreadyExists, InvalidValue, NotFound, UnknownName
from tix.store.setup.repository import VIEWS

TITLE = "a view"


def visible(desk: Desk) -> list[View]:
    """One's own, then the shared ones, by name."""
    require(desk.actor, "view list")
    found = [view for view in VIEWS.all(desk.store) if _is_seen(desk, view)]
    return sorted(found, key=lambda view: (view.owner is None, view.name.lower()))


def _is_seen(desk: Desk, view: View) -> bool:
    return view.owner == desk.actor.login or (view.owner is None and desk.actor.is_staff)


def _found(desk: Desk, word: str, *, shared: bool) -> View | None:
    name = " ".join(word.split())
    owners = [] if shared else [desk.actor.login]
    owners += [""] if desk.actor.is_staff else []
    found = (VIEWS.get(desk.store, f"{owner}/{name}") for owner in owners)
    return next((view for view in found if view is not None), None)


def get(desk: Desk, word: str, *, shared: bool = False) -> View:
    """The one a verb is about: one's own, else the shared one; with ``shared`` that alone. Raises NotFound."""
    require(desk.actor, "view list")
    found = _found(desk, word, shared=shared)
    if found is None:
        raise NotFound(f"there is no view '{word}'", hint="tix view list")
    return found


def known(desk: Desk, word: str) -> View:
    """The one a flag names. Raises UnknownName naming those there are."""
    require(desk.actor, "view list")
    found = _found(desk, word, shared=False)
    if found is None:
        names = list(dict.fromkeys(view.name for view in visible(desk)))
        hint = "one of " + ", ".join(names[:20]) if names else "there is none yet: tix view add NAME"
        raise UnknownName(f"there is no view '{word}'", hint=hint)
    return found


def add(desk: Desk, word: str, words: Mapping[str, Any], *, shared: bool = False) -> View:
    """A new one; the caller has seen that its words mean something. Raises InvalidValue, AlreadyExists."""
    name = parse_name(word, TITLE)
    if "/" in name:
        raise InvalidValue(f"'{word}' cannot name a view", hint="no slash in it")
    _require(desk, shared)
    view = View(name, None if shared else desk.actor.login, dict(words))
    with desk.store.writing():
        if VIEWS.get(desk.store, view.key) is not None:
            raise AlreadyExists(f"there is a view {name} already", hint=f"tix view edit '{name}'")
        VIEWS.add(desk.store, view)
    return view


def edit(
    desk: Desk, word: str, words: Mapping[str, Any], *, shared: bool = False, clear: bool = False
) -> tuple[View, bool]:
    """Replaces the options that ``words`` name, None takes one out; with ``clear`` all the others, too.

    Gives the view, and whether anything changed. Raises NotFound, NotAllowed.
    """
    with desk.store.writing():
        old = get(desk, word, shared=shared)
        _require(desk, old.owner is None)
        kept = {} if clear else dict(old.words)
        whole = {name: value for name, value in {**kept, **words}.items() if value is not None}
        new = old._replace(words=whole)
        if new != old:
            VIEWS.save(desk.store, new)
    return new, new != old


def remove(desk: Desk, word: str, *, shared: bool = False) -> View:
    """Takes one out. Raises NotFound, NotAllowed."""
    with desk.store.writing():
        view = get(desk, word, shared=shared)
        _require(desk, view.owner is None)
        VIEWS.drop(desk.store, view.key)
    return view


def _require(desk: Desk, shared: bool) -> None:
    require(desk.actor, "view share" if shared else "view change")
