"""What all resources of a desk have in common: look up, add, edit, and remove while nothing uses them.

A resource is described once: its attributes, how each is parsed, and what follows from a change. The command
line builds its commands from that description, and other channels can do the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tix.desk.context import Desk
from tix.desk.resources import registry
from tix.domain.names import is_none
from tix.domain.permissions import NO, permission, rank_of, require
from tix.domain.texts import is_blank
from tix.errors import AlreadyExists, InUse, InvalidValue, NotFound
from tix.store.setup.repository import Repository
from tix.typing import Any, Generic, NamedTuple, TypeVar
from tix.words.sentence import Said

LONGEST_NAME = 100
_RESERVED = frozenset({"none", "all"})

T = TypeVar("T")
# Attributes as typed: a text for each, a list of texts where it is ``many``, True or False for ``active``.
Given = Mapping[str, Any]


class Attribute(NamedTuple):
    """An attribute of a resource: ``--name VALUE``; ``none`` clears it.

    ``many``: it holds several values, ``--name`` adds one and ``--remove-name`` removes one. ``apart``: it is not
    stored with the resource itself; the resource's ``settle`` handles it. ``needed``: required when adding.
    """

    name: str
    metavar: str
    help: str
    parse: Callable[[Desk, str], Any]
    many: bool = False
    apart: bool = False
    needed: bool = False
    into: str | None = None

    @property
    def column(self) -> str:
        """The field that holds it; plural where it is ``many``."""
        return self.into or self.name.replace("-", "_") + ("s" if self.many else "")


def _as_it_is(desk: Desk, old: Any, new: Any) -> Any:
    return new


def _nothing(desk: Desk, old: Any, new: Any, given: Given) -> bool:
    return False


def _no_more(desk: Desk, value: Any) -> dict[str, Any]:
    return {}


def _no_advice(desk: Desk, value: Any, given: Given) -> str | None:
    return None


class Resource(NamedTuple, Generic[T]):
    """A kind of resource.

    ``name`` is the command, ``title`` its name with an article, ``make`` builds a new one from its name. ``check``
    returns the value to store, or raises; ``settle`` applies what follows, inside the transaction, and returns
    whether it changed anything. ``more`` returns what ``show`` and ``list`` add to a record. ``tickets`` is the
    filter that finds its tickets, ``internal`` are the fields only staff may read; with ``names_tickets`` ``show``
    lists the tickets instead of counting them. ``advice`` returns a sentence to print after an add or edit, or None.
    """

    name: str
    parts: tuple[Attribute, ...]
    make: Callable[[str], T]
    fields: tuple[str, ...]
    shown: tuple[str, ...] = ()
    check: Callable[[Desk, T | None, T], T] = _as_it_is
    settle: Callable[[Desk, T | None, T, Given], bool] = _nothing
    more: Callable[[Desk, T], dict[str, Any]] = _no_more
    tickets: str | None = None
    internal: tuple[str, ...] = ()
    names_tickets: bool = False
    parse_name: Callable[[str, str], str] | None = None
    advice: Callable[[Desk, T, Given], str | None] = _no_advice

    @property
    def title(self) -> str:
        """What one of them is called: ``a client``."""
        return registry.TITLES[self.name]

    @property
    def repository(self) -> Repository[T]:
        """Where they are kept."""
        return registry.repository(self.name)

    @property
    def verb(self) -> str:
        """The permission required to change it."""
        return f"{self.name} change"


def parse_name(text: str, title: str) -> str:
    """Return the name of a resource: one line without commas. Raises InvalidValue."""
    name = " ".join(text.split())
    fits = not is_blank(name) and len(name) <= LONGEST_NAME and name.isprintable() and "," not in name
    if not fits or name.startswith("-") or name.lower() in _RESERVED:
        raise InvalidValue(
            Said("'{text}' cannot be the name of {title}", text=text, title=title),
            hint=Said(
                "use one line without commas, at most {longest_name} characters", longest_name=LONGEST_NAME
            ),
        )
    return name


# ----------------------------------------------------------------------------------------------- looking up


def get(desk: Desk, noun: Resource[T], word: str) -> T:
    """Return the resource a command is about. Raises NotFound, also where the actor may not see it."""
    found = noun.repository.get(desk.store, " ".join(word.split()))
    if found is None or not (desk.actor.is_staff or found in registry.visible(desk, noun.name)):
        raise NotFound(
            Said("no {noun} named '{word}'", noun=Said.named("noun", registry.title(noun.name)), word=word),
            hint=f"tix {noun.name} list",
        )
    return found


def before(desk: Desk, noun: Resource[T], word: str) -> T | None:
    """Return a resource that a write is about to change, or None where the write will be refused."""
    try:
        return get(desk, noun, word)
    except NotFound:
        return None


def listed(desk: Desk, noun: Resource[T]) -> list[T]:
    """Return the resources that the actor may list. Raises NotAllowed."""
    require(desk.actor, f"{noun.name} list")
    return registry.visible(desk, noun.name)


def shown(desk: Desk, noun: Resource[T], word: str) -> T:
    """Return one resource to read. Raises NotAllowed, NotFound."""
    require(desk.actor, f"{noun.name} list")
    return get(desk, noun, word)


class Tickets(NamedTuple):
    """The tickets of a resource visible to the actor: the number of open ones and of all, and some references."""

    open: int
    every: int
    refs: tuple[str, ...]


def tickets_of(desk: Desk, noun: Resource[Any], value: Any, most: int = -1) -> Tickets | None:
    """Return the tickets of a resource; None if tickets do not have this kind of resource.

    ``most`` is how many are named, newest activity first; -1 is no limit. None is named if ``show`` only counts them.
    """
    if noun.tickets is None:
        return None
    from tix.store.search import queue

    named: dict[str, Any] = {noun.tickets: [value.rank if noun.tickets == "rank" else value.name]}
    opened = queue.Selection({**named, "open": None})
    still_open = queue.count(desk.store, desk.scope, opened, desk.now)
    every = queue.count(desk.store, desk.scope, queue.Selection(named), desk.now)
    if not noun.names_tickets:
        return Tickets(still_open, every, ())
    newest = queue.Selection(named, "-last_activity_at", most)
    page = queue.page(desk.store, desk.scope, newest, desk.now)
    return Tickets(still_open, every, tuple(row.ticket.ref for row in page))


# -------------------------------------------------------------------------------------------------- changing


def add(desk: Desk, noun: Resource[T], word: str, given: Given) -> T:
    """Add a resource. Raises InvalidValue, UnknownName, NotAllowed, AlreadyExists."""
    name = (noun.parse_name or parse_name)(word, noun.title)
    missing = [part.name for part in noun.parts if part.needed and given.get(part.name) is None]
    if missing:
        raise InvalidValue(
            f"{noun.title} needs a value for --{missing[0]}", hint=f"tix {noun.name} add --help"
        )
    value = _changed(desk, noun, noun.make(name), given)
    require(desk.actor, noun.verb)
    with desk.store.writing():
        if noun.repository.get(desk.store, name) is not None:
            raise AlreadyExists(
                Said(
                    "{noun} {name} already exists",
                    noun=Said.named("noun", registry.title(noun.name)),
                    name=name,
                ),
                hint=f"tix {noun.name} edit '{name}'",
            )
        value = noun.check(desk, None, value)
        noun.repository.add(desk.store, value)
        noun.settle(desk, None, value, given)
    return value


def bring(desk: Desk, noun: Resource[Any], name: str) -> None:
    """Add a resource with nothing but a name. Call it inside a transaction, for an actor who may add it."""
    noun.repository.add(desk.store, noun.check(desk, None, noun.make(name)))


def edit(desk: Desk, noun: Resource[T], word: str, given: Given) -> tuple[T, bool]:
    """Change a resource; return it and whether anything changed.

    Raises InvalidValue, UnknownName, NotAllowed, NotFound, Refused.
    """
    _changed(desk, noun, noun.make("x"), given)  # invalid values are reported first
    _refuse(desk, noun, word)
    with desk.store.writing():
        old = get(desk, noun, word)
        new = noun.check(desk, old, _changed(desk, noun, old, given))
        if new != old:
            noun.repository.save(desk.store, new)
        settled = noun.settle(desk, old, new, given)
    return new, settled or new != old


def remove(desk: Desk, noun: Resource[T], word: str) -> T:
    """Remove a resource that nothing uses. Raises NotAllowed, NotFound, or InUse naming what uses it."""
    _refuse(desk, noun, word)
    with desk.store.writing():
        value = get(desk, noun, word)
        name = str(value.name)  # type: ignore[attr-defined]  # every resource has one
        refuse_used(desk, noun, name)
        noun.repository.drop(desk.store, name)
        noun.settle(desk, value, value, {"removed": True})
    return value


def _refuse(desk: Desk, noun: Resource[Any], word: str) -> None:
    """Raise NotAllowed for who may not change it; NotFound first, where they may list them and it does not exist."""
    if permission(f"{noun.name} list", rank_of(desk.actor.person)) != NO:
        get(desk, noun, word)
    require(desk.actor, noun.verb)


def is_used(desk: Desk, noun: Resource[Any], name: str) -> bool:
    """Return whether anything refers to it, so that it cannot be removed."""
    return bool(noun.repository.uses(desk.store, name))


def refuse_used(desk: Desk, noun: Resource[Any], name: str) -> None:
    """Raise InUse while anything refers to it."""
    uses = noun.repository.uses(desk.store, name)
    if uses:
        said = [
            use.what
            if use.what.startswith("setting")
            else f"{use.many:,} {registry.plural(use.what, use.many)}"
            for use in uses
        ]
        raise InUse(
            f"{registry.title(noun.name)} {name} is in use: {', '.join(said)}",
            hint=Said(
                "to keep it out of new tickets: tix {name} edit '{name2}' --inactive",
                name=noun.name,
                name2=name,
            ),
        )


def _changed(desk: Desk, noun: Resource[T], old: T, given: Given) -> T:
    """Return ``old`` with the given attributes. Raises InvalidValue, UnknownName."""
    changes: dict[str, Any] = {}
    for part in noun.parts:
        if part.many:
            changes |= _several(desk, part, old, given)
            continue
        text = given.get(part.name)
        if text is None or part.apart:
            continue
        cleared = is_none(text) and not part.needed
        changes[part.column] = None if cleared else part.parse(desk, text)
    if given.get("active") is not None:
        changes["active"] = given["active"]
    return old._replace(**changes)  # type: ignore[attr-defined, no-any-return]  # every resource is a NamedTuple


def _several(desk: Desk, part: Attribute, old: Any, given: Given) -> dict[str, Any]:
    more, fewer = words(given.get(part.name)), words(given.get(f"remove-{part.name}"))
    clear = len(more) == 1 and is_none(more[0])
    added = [] if clear else [part.parse(desk, word) for word in more]
    if part.apart or not (more or fewer):
        return {}
    held = [] if clear else list(getattr(old, part.column))
    held += [value for value in dict.fromkeys(added) if value not in held]
    gone = [part.parse(desk, word) for word in fewer]
    return {part.column: tuple(value for value in held if value not in gone)}


def words(texts: Sequence[str] | None) -> list[str]:
    """Return the values of an option that takes commas and may be repeated."""
    return [word.strip() for text in texts or () for word in text.split(",") if word.strip()]
