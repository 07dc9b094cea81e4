"""The clauses of filters: from words as typed to the names of compiled filters and their values.

In each filter ``!x`` leaves out what has the value, ``none`` finds what has none, and ``!none`` what has any.
"""

from __future__ import annotations

from tix.domain.names import is_none, name_key
from tix.domain.values import parse_about, split
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tix.desk.context import Desk
    from tix.desk.queue.filters import Filters

# In place of a due date, where there is none, and where it has passed (``store.statements.queue``).
NO_DATE, OVERDUE = -1, -2


class Sides(NamedTuple):
    """The words of a filter: what is wanted or left out, and whether ``none`` is."""

    wanted: list[str]
    left_out: list[str]
    none: bool = False
    some: bool = False


def compiled(desk: Desk, filters: Filters) -> dict[str, Any]:
    """Return the compiled filters by name, with their values. Raises InvalidValue, UnknownName."""
    return {
        **_statuses(desk, filters),
        **_flags(desk, filters),
        **_people(desk, filters),
        **_places(desk, filters),
        **_values(desk, filters),
        **_moments(desk, filters),
    }


def sides(words: Iterable[str]) -> Sides:
    """Divide the words of a filter. Raises InvalidValue for a ``!`` without a value."""
    found = Sides([], [])
    for word in words:
        value = word.removeprefix("!").strip()
        if not value:
            raise InvalidValue(
                Said("'{word}' is not a value", word=word), hint=Said("write !VALUE, e.g. '!closed'")
            )
        is_left_out = word.startswith("!")
        if is_none(value):
            found = found._replace(some=True) if is_left_out else found._replace(none=True)
        else:
            (found.left_out if is_left_out else found.wanted).append(value)
    return found


def _optional(name: str, words: list[str], parse: Callable[[str], list[Any]]) -> dict[str, Any]:
    """Return the clauses for a field that may be empty; ``parse`` returns the values of a word."""
    said = sides(words)
    chosen: dict[str, Any] = {}
    wanted = _each(said.wanted, parse)
    if wanted:
        chosen[f"{name}_or_none" if said.none else name] = wanted
    elif said.none:
        chosen["unassigned" if name == "assignee" else f"no_{name}"] = None
    if said.left_out:
        chosen[f"not_{name}"] = _each(said.left_out, parse)
    if said.some:
        chosen[f"has_{name}"] = None
    return chosen


def _required(name: str, words: list[str], parse: Callable[[str], list[Any]], title: str) -> dict[str, Any]:
    """Return the clauses for a field that every ticket has. Raises InvalidValue for ``none``."""
    said = sides(words)
    if said.none or said.some:
        raise InvalidValue(Said("every ticket has {title}", title=title), hint=Said("leave out none"))
    chosen = {name: _each(said.wanted, parse), f"not_{name}": _each(said.left_out, parse)}
    return {one: values for one, values in chosen.items() if values}


def _each(words: Iterable[str], parse: Callable[[str], list[Any]]) -> list[Any]:
    return list(dict.fromkeys(value for word in words for value in parse(word)))


def _statuses(desk: Desk, filters: Filters) -> dict[str, Any]:
    """Filter by status; where all of them are open ones, the index of the open queue is used."""
    if filters.status is None:
        return {}
    chosen = _required(
        "status", split(filters.status), lambda word: list(desk.find_statuses(word)), "a status"
    )
    found = {name: list(dict.fromkeys(one.name for one in statuses)) for name, statuses in chosen.items()}
    if "status" in chosen and all(status.phase == "open" for status in chosen["status"]):
        found["open_status"] = found.pop("status")
    return found


def _flags(desk: Desk, filters: Filters) -> dict[str, Any]:
    named = {
        # To a requester, all visible tickets are theirs.
        "mine_or_team" if desk.scope.teams else "mine": filters.mine and desk.actor.is_staff,
        "unassigned": filters.unassigned,
        "overdue": filters.overdue,
        "answered": filters.answered is True,
        "unanswered": filters.answered is False,
    }
    return {name: None for name, wanted in named.items() if wanted}


def _people(desk: Desk, filters: Filters) -> dict[str, Any]:
    def logins(word: str) -> list[str]:
        from tix.desk.queue import names

        return [names.login(desk, word)]

    chosen: dict[str, Any] = {}
    for name in ("requester", "creator", "user"):
        given = split(getattr(filters, name))
        if given:
            chosen |= _required(name, given, logins, "a requester" if name == "user" else f"a {name}")
    if filters.assignee:
        chosen |= _optional("assignee", split(filters.assignee), logins)
    return chosen


def _places(desk: Desk, filters: Filters) -> dict[str, Any]:
    """Filter by department, client, team, topic, asset and custom fields; inactive ones still have tickets."""
    chosen: dict[str, Any] = {}
    for name in ("department", "client", "team", "topic", "asset"):
        given = [word.strip() for word in getattr(filters, name) or ()]
        if not given:
            continue
        if name == "team" and not desk.actor.is_staff:
            chosen |= _unseen(name, given)
        elif name == "topic":
            chosen |= _optional(name, given, lambda word: _topics(desk, word))
        else:
            chosen |= _optional(name, given, _named(desk, name))
    if filters.field:
        from tix.desk.queue import names

        chosen |= names.answers(desk, filters.field)
    return chosen


def _named(desk: Desk, kind: str) -> Callable[[str], list[str]]:
    from tix.desk.queue import names

    return lambda word: [names.noun(desk, kind, word)]


def _unseen(name: str, words: list[str]) -> dict[str, Any]:
    """Filter by what a requester does not see: to them it is empty in every ticket."""
    said = sides(words)
    if said.some or (said.wanted and not said.none):
        return {name: []}
    return {}


def _topics(desk: Desk, word: str) -> list[str]:
    """Return a topic and those below it; the topic alone where the word ends with a slash."""
    from tix.desk.queue import names

    name = names.noun(desk, "topic", word.removesuffix("/"))
    if word.endswith("/"):
        return [name]
    from tix.desk.resources import registry

    above = name_key(name) + "/"
    every = (str(one.name) for one in registry.repository("topic").all(desk.store))
    return [name, *(one for one in every if name_key(one).startswith(above))]


def _values(desk: Desk, filters: Filters) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if filters.type is not None:
        chosen |= _optional("type", split(filters.type), lambda word: [_known_type(desk, word)])
    if filters.priority is not None:
        chosen |= _required(
            "rank", split(filters.priority), lambda word: [desk.priority(word).rank], "a priority"
        )
    if filters.tag is not None:
        chosen |= _tagged(desk, split(filters.tag))
    if filters.about is not None:
        chosen |= _optional("about", filters.about, lambda word: _objects(desk, word))
    return chosen


def _objects(desk: Desk, word: str) -> list[str]:
    """Return a related object; for a word that ends in ``*`` also those that begin with it."""
    named = parse_about(word)
    if not named.endswith("*"):
        return [named]
    start = named.removesuffix("*")
    rows = desk.store.run("objects_beginning", first=start, last=f"{start}\U0010ffff").fetchall()
    return [named, *(about for (about,) in rows)]


def _tagged(desk: Desk, words: list[str]) -> dict[str, Any]:
    """Filter by tag. A requester does not see tags, so they cannot filter by them."""
    if not desk.scope.staff:
        return _unseen("tag", words)
    from tix.store.search import fulltext

    chosen = _optional("tag", words, lambda word: [word.lower()])
    if "tag" in chosen and (few := fulltext.tagged(desk.store, chosen["tag"])) is not None:
        chosen["ids"] = few
    return chosen


def _known_type(desk: Desk, word: str) -> str:
    """Return a ticket type to filter by; an inactive one still has tickets."""
    from tix.store.setup import repository

    known: dict[str, str] = {name_key(kind.name): kind.name for kind in repository.TYPES.all(desk.store)}
    found = known.get(name_key(word))
    if found is None:
        raise InvalidValue(
            Said("'{word}' is not a ticket type", word=word),
            hint=Said("use one of {names}", names=", ".join(known.values())),
        )
    return found


def _moments(desk: Desk, filters: Filters) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for name in ("since", "until", "created_since", "created_until"):
        value = getattr(filters, name)
        if value is not None:
            chosen[name] = desk.moment(value, past=True, ends=name.endswith("until"))
    if filters.due is not None:
        chosen |= _due(desk, filters.due)
    return chosen


def _due(desk: Desk, words: list[str]) -> dict[str, Any]:
    """Filter by due date: within a day or several, up to a moment, ``overdue``, ``none``."""
    spans: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for word in words:
        value = word.strip()
        spans[not value.startswith("!")].append(_span(desk, value.removeprefix("!").strip()))
    wanted, left_out = spans[True], spans[False]
    chosen: dict[str, Any] = {"not_due": left_out} if left_out else {}
    if len(wanted) > 1:
        return {**chosen, "due": wanted}
    for first, last in wanted:
        if last == NO_DATE:
            chosen["no_due"] = None
        elif last == OVERDUE:
            chosen["overdue"] = None
        else:
            chosen |= {"due_since": first, "due_until": last}
    return chosen


def _span(desk: Desk, word: str) -> tuple[int, int]:
    """Return the first and the last second of a due date to filter by; a moment is the end of all time before."""
    from tix.domain.times import Day

    lowered = word.lower()
    if lowered == "overdue":
        return OVERDUE, OVERDUE
    if is_none(word):
        return NO_DATE, NO_DATE
    found = desk.due(word)
    if isinstance(found, int):
        return 0, found
    day = found if isinstance(found, Day) else found.day(desk.calendar)
    return (0 if day.closing else day.start), day.end
