"""Saved views: everybody has their own; admins manage those that staff share.

A name is looked up among the actor's own views, then among the shared ones. Shared views are for staff, because
they can name what a requester may not see. A view is only a set of options: it shows what its user may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tix.desk.context import Desk
from tix.desk.queue import names, select
from tix.desk.queue.filters import Filters
from tix.desk.resources.resource import parse_name
from tix.domain import values
from tix.domain.names import is_none
from tix.domain.permissions import require
from tix.domain.tickets import fields
from tix.domain.views import View
from tix.errors import AlreadyExists, InvalidValue, NotFound, TixError, UnknownName
from tix.store.setup.repository import VIEWS
from tix.typing import Any
from tix.words.sentence import Said

TITLE = "a view"
# Begins the name of a column with the answers to a topic's question.
ANSWER = "field."


def visible(desk: Desk) -> list[View]:
    """Return the actor's own views, then the shared ones, by name."""
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
    """Return the view a command is about: one's own, else a shared one; with ``shared`` only that. Raises NotFound."""
    require(desk.actor, "view list")
    found = _found(desk, word, shared=shared)
    if found is None:
        raise NotFound(Said("no view named '{word}'", word=word), hint="tix view list")
    return found


def known(desk: Desk, word: str) -> View:
    """Return the view an option names. Raises UnknownName with the known ones."""
    require(desk.actor, "view list")
    found = _found(desk, word, shared=False)
    if found is None:
        raise unknown(word, [view.name for view in visible(desk)])
    return found


def unknown(word: str, names: Iterable[str]) -> UnknownName:
    """Return the failure of an option that names no view; ``names`` are those there are."""
    known = list(dict.fromkeys(names))
    hint = (
        Said("known views: {names}", names=", ".join(known[:20]))
        if known
        else "none exists yet; add one with: tix view add NAME"
    )
    return UnknownName(Said("no view named '{word}'", word=word), hint=hint)


def options(view: View) -> tuple[Filters, list[str] | None]:
    """Return the words of a view as the options they are; and its columns."""
    held = dict(view.words)
    columns = held.pop("columns", None)
    return Filters(**held), columns


def through(desk: Desk, view: View) -> tuple[Filters, dict[str, Any]]:
    """Return what ``select.queue`` sees through a view. Raises InvalidValue where it names what is there no more."""
    filters, _ = options(view)
    try:
        return filters, select.of_view(desk, filters)
    except TixError as error:
        shared = " --shared" if view.owner is None else ""
        raise InvalidValue(
            Said("cannot use the view {name}: {message}", name=view.name, message=error.message),
            hint=Said("to fix it: tix view edit '{name}'{shared}", name=view.name, shared=shared),
        ) from error


def parse(desk: Desk, filters: Filters, columns: Sequence[str] | None) -> dict[str, Any]:
    """Return the options that are given, by name; None for an order or columns that ``none`` clears.

    They are validated for the person who gives them. Raises InvalidValue, UnknownName, NotAllowed.
    """
    columns = None if columns is None else values.split(columns)
    if columns is not None and not _is_cleared(columns):
        check_columns(desk, columns)
    sort = None if _is_cleared([filters.sort or ""]) else filters.sort
    select.queue(desk, filters._replace(sort=sort), [])
    select.limit(filters, -1)
    given = given_of(filters, columns)
    for name, words in (("sort", [filters.sort or ""]), ("columns", columns or [])):
        if _is_cleared(words):
            given[name] = None
    return given


def given_of(filters: Filters, columns: Sequence[str] | None) -> dict[str, Any]:
    """Return the options that are given, by name, as a view stores them."""
    words = {**filters._asdict(), "columns": columns}
    words.pop("only_count")
    defaults = Filters._field_defaults
    return {name: value for name, value in words.items() if value not in (defaults.get(name), None)}


def _is_cleared(given: Sequence[str]) -> bool:
    """Return whether an option of a view is to be taken out of it."""
    return len(given) == 1 and is_none(given[0])


def check_columns(desk: Desk, columns: Sequence[str]) -> None:
    """Check that a list of tickets has the columns. Raises InvalidValue with those that it has."""
    known = [field.name for field in fields.LISTED]
    if any(name.startswith(ANSWER) for name in columns):
        known = [*(f"{ANSWER}{key}" for key in names.keys(desk)), *known]
    unknown = [name for name in columns if name not in known]
    if unknown:
        raise InvalidValue(
            f"no column named '{unknown[0]}'", hint=Said("columns: {names}", names=", ".join(known))
        )


def add(desk: Desk, word: str, words: Mapping[str, Any], *, shared: bool = False) -> View:
    """Add a view with options of ``parse``. Raises InvalidValue, AlreadyExists, NotAllowed."""
    name = parse_name(word, TITLE)
    if "/" in name:
        raise InvalidValue(
            Said("'{word}' cannot be the name of a view", word=word), hint=Said("use a name without a slash")
        )
    _require(desk, shared)
    kept = {option: value for option, value in words.items() if value is not None}
    view = View(name, None if shared else desk.actor.login, kept)
    with desk.store.writing():
        if VIEWS.get(desk.store, view.key) is not None:
            raise AlreadyExists(Said("view {name} already exists", name=name), hint=f"tix view edit '{name}'")
        VIEWS.add(desk.store, view)
    return view


def edit(
    desk: Desk, word: str, words: Mapping[str, Any], *, shared: bool = False, clear: bool = False
) -> tuple[View, View]:
    """Replace the options in ``words``, None removes one; with ``clear`` remove all others.

    Return the view as it was, and as it is. Raises NotFound, NotAllowed.
    """
    with desk.store.writing():
        old = get(desk, word, shared=shared)
        _require(desk, old.owner is None)
        kept = {} if clear else dict(old.words)
        whole = {name: value for name, value in {**kept, **words}.items() if value is not None}
        new = old._replace(words=whole)
        if new != old:
            VIEWS.save(desk.store, new)
    return old, new


def remove(desk: Desk, word: str, *, shared: bool = False) -> View:
    """Remove a view. Raises NotFound, NotAllowed."""
    with desk.store.writing():
        view = get(desk, word, shared=shared)
        _require(desk, view.owner is None)
        VIEWS.drop(desk.store, view.key)
    return view


def _require(desk: Desk, shared: bool) -> None:
    require(desk.actor, "view share" if shared else "view change")
