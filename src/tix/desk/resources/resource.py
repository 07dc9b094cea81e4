"""What the nouns of a desk have in common: looked up, added, changed, taken out while nothing uses them.

A noun is described once: the parts of its value, how each is parsed, what a change brings about. The command
line makes its commands from that description, and a later surface its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from tix.desk.context import Desk
from tix.desk.resources import registry
from tix.domain.names import is_none
from tix.domain.permissions import NO, permission, rank_of, require
from tix.domain.texts import is_blank
from tix.errors import AlreadyExists, InUse, InvalidValue, NotFound
from tix.store.setup.repository import Shelf

LONGEST_NAME = 100
_RESERVED = frozenset({"none", "all"})

T = TypeVar("T")
# What somebody gave: a text for each part, several where it is ``many``, True or False for ``active``.
Given = Mapping[str, Any]


class Part(NamedTuple):
    """A part of a noun: ``--name VALUE``, ``none`` clears it.

    ``many``: it holds several, ``--name`` adds and ``--remove-name`` takes away. ``apart``: it is not in the
    noun's own value; the noun's ``settle`` deals with it. ``needed``: a new one cannot be without.
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
        """The field of the value; several have a plural."""
        return self.into or self.name.replace("-", "_") + ("s" if self.many else "")


def _as_it_is(desk: Desk, old: Any, new: Any) -> Any:
    return new


def _nothing(desk: Desk, old: Any, new: Any, given: Given) -> bool:
    return False


def _no_more(desk: Desk, value: Any) -> dict[str, Any]:
    return {}


def _no_advice(desk: Desk, value: Any, given: Given) -> str | None:
    return None


class Noun(NamedTuple, Generic[T]):
    """One kind of noun.

    ``name`` is the command and the name in the registry, ``make`` a new one from its name. ``check``
    gives the value that is to be kept, or raises; ``settle`` does what follows, inside the transaction, and
    says whether it changed anything. ``more`` is what ``show`` and ``list`` add to a record. ``tickets`` is the
    filter of the queue that finds its tickets, ``internal`` the fields that only staff read; ``names_tickets``: ``show`` names them instead of counting.
    ``advice`` is a sentence for whoever has just added or changed one, or None.
    """

    name: str
    parts: tuple[Part, ...]
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
    def shelf(self) -> Shelf[T]:
        """Where they are kept."""
        return registry.repository(self.name)

    @property
    def verb(self) -> str:
        """The permission that changes take."""
        return f"{self.name} change"


def parse_name(text: str, title: str) -> str:
    """The name of a noun: one line without commas. Raises InvalidValue."""
    name = " ".join(text.split())
    fits = not is_blank(name) and len(name) <= LONGEST_NAME and name.isprintable() and "," not in name
    if not fits or name.startswith("-") or name.lower() in _RESERVED:
        raise InvalidValue(
            f"'{text}' cannot name {title}",
            hint=f"one line without commas, at most {LONGEST_NAME} characters",
        )
    return name


# ----------------------------------------------------------------------------------------------- looking up


def get(desk: Desk, noun: Noun[T], word: str) -> T:
    """The one a verb is about. Raises NotFound, also for one that the actor does not see."""
    found = noun.shelf.get(desk.store, " ".join(word.split()))
    if found is None or not (desk.actor.is_staff or found in registry.visible(desk, noun.name)):
        raise NotFound(f"there is no {registry.title(noun.name)} '{word}'", hint=f"tix {noun.name} list")
    return found


# -------------------------------------------------------------------------------------------------- changing


def add(desk: Desk, noun: Noun[T], word: str, given: Given) -> T:
    """A new one. Raises InvalidValue, UnknownName, NotAllowed, AlreadyExists."""
    name = (noun.parse_name or parse_name)(word, noun.title)
    missing = [part.name for part in noun.parts if part.needed and given.get(part.name) is None]
    if missing:
        raise InvalidValue(f"{noun.title} needs --{missing[0]}", hint=f"tix {noun.name} add --help")
    value = _changed(desk, noun, noun.make(name), given)
    require(desk.actor, noun.verb)
    with desk.store.writing():
        if noun.shelf.get(desk.store, name) is not None:
            raise AlreadyExists(
                f"there is {noun.title} {name} already", hint=f"tix {noun.name} edit '{name}'"
            )
        value = noun.check(desk, None, value)
        noun.shelf.add(desk.store, value)
        noun.settle(desk, None, value, given)
    return value


def bring(desk: Desk, noun: Noun[Any], name: str) -> None:
    """A new one of which only the name is known. Inside the transaction of whoever needs it and may add it."""
    noun.shelf.add(desk.store, noun.check(desk, None, noun.make(name)))


def edit(desk: Desk, noun: Noun[T], word: str, given: Given) -> tuple[T, bool]:
    """Changes one; whether anything changed. Raises InvalidValue, UnknownName, NotAllowed, NotFound, Refused."""
    _changed(desk, noun, noun.make("x"), given)  # what is wrong with the words comes first
    _refuse(desk, noun, word)
    with desk.store.writing():
        old = get(desk, noun, word)
        new = noun.check(desk, old, _changed(desk, noun, old, given))
        if new != old:
            noun.shelf.save(desk.store, new)
        settled = noun.settle(desk, old, new, given)
    return new, settled or new != old


def remove(desk: Desk, noun: Noun[T], word: str) -> T:
    """Takes out one that nothing uses. Raises NotAllowed, NotFound, InUse saying where."""
    _refuse(desk, noun, word)
    with desk.store.writing():
        value = get(desk, noun, word)
        name = str(value.name)  # type: ignore[attr-defined]  # every noun has one
        refuse_used(desk, noun, name)
        noun.shelf.drop(desk.store, name)
        noun.settle(desk, value, value, {"removed": True})
    return value


def _refuse(desk: Desk, noun: Noun[Any], word: str) -> None:
    """Whoever may not change it: what they may list and is not there is NotFound, else NotAllowed."""
    if permission(f"{noun.name} list", rank_of(desk.actor.person)) != NO:
        get(desk, noun, word)
    require(desk.actor, noun.verb)


def refuse_used(desk: Desk, noun: Noun[Any], name: str) -> None:
    """Raises InUse while anything names it."""
    uses = noun.shelf.uses(desk.store, name)
    if uses:
        said = [
            use.what if use.what.startswith("setting") else f"{use.many:,} {_plural(use.what, use.many)}"
            for use in uses
        ]
        raise InUse(
            f"{registry.title(noun.name)} {name} is in use: {', '.join(said)}",
            hint=f"tix {noun.name} edit '{name}' --inactive keeps it out of new tickets",
        )


def _plural(word: str, count: int) -> str:
    if count == 1:
        return word
    return "people" if word == "person" else f"{word}s"


def _changed(desk: Desk, noun: Noun[T], old: T, given: Given) -> T:
    """``old`` with what is given. Raises InvalidValue, UnknownName."""
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
    return old._replace(**changes)  # type: ignore[attr-defined, no-any-return]  # every noun is a NamedTuple


def _several(desk: Desk, part: Part, old: Any, given: Given) -> dict[str, Any]:
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
    """The words of a flag that takes commas and may be repeated."""
    return [word.strip() for text in texts or () for word in text.split(",") if word.strip()]
