"""Turn filters into a selection of tickets, as far as the actor may filter by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tix.domain.permissions import require
from tix.domain.values import parse_limit, split
from tix.errors import InvalidValue, UsageError
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.queue.filters import Filters
    from tix.domain.search import Query
    from tix.store.search import queue as search_queue

    # Which tickets, in which order, how many.
    Selection = search_queue.Selection
    # A ticket with its requester's name and e-mail address.
    Row = search_queue.TicketRow


def queue(
    desk: Desk,
    filters: Filters,
    words: list[str],
    view: tuple[Filters, dict[str, Any]] | None = None,
) -> Selection:
    """Return the selection of ``list``: open tickets that are not snoozed, most urgent first, unless filters differ.

    ``view``: the options of a saved view and its filters, which must match as well.
    """
    require(desk.actor, "list")
    chosen = _filters(desk, filters)
    said = [filters] if view is None else [view[0], filters]
    phases = [_phase(one) for one in said]
    if view is not None:
        chosen = both(view[1], chosen)
    if phases.count(None) == len(said) and all(one.status is None for one in said):
        phases = [desk.queue]
    for phase in phases:
        if phase not in (None, "all"):
            chosen[str(phase)] = None
    sort = filters.sort
    if sort is None and (any(one.closed or one.all for one in said) or "status" in chosen):
        sort = "-last_activity_at"
    selection = _selection(chosen, _sort(desk, sort))
    if not words and filters.title is None:
        return selection
    from tix.domain.search import parse_query
    from tix.store.search import fulltext

    asked: list[tuple[Query, str | None]] = [(parse_query(words), None)] if words else []
    titled = [] if filters.title is None else [(parse_query([filters.title]), "subject")]
    return selection._replace(words=fulltext.having(*asked, *titled))


def found(desk: Desk, filters: Filters) -> Selection:
    """Return the selection ``search`` looks through: tickets of every phase, unless a filter differs."""
    chosen = _filters(desk, filters)
    phase = _phase(filters)
    if phase not in (None, "all"):
        chosen[str(phase)] = None
    if filters.title is not None:
        chosen["ids"] = _titled(desk, chosen, filters.title)
    return _selection(chosen, _sort(desk, filters.sort))


def _selection(chosen: dict[str, Any], sort: str | None) -> Selection:
    from tix.store.search import queue

    return queue.Selection(chosen, sort)


def of_view(desk: Desk, filters: Filters) -> dict[str, Any]:
    """Return the filters of a saved view, without its phase. Raises as ``queue`` does."""
    chosen = _filters(desk, filters)
    _phase(filters)
    _sort(desk, filters.sort)
    if filters.title is not None:
        chosen["ids"] = _titled(desk, chosen, filters.title)
    return chosen


def _phase(filters: Filters) -> str | None:
    given = [name for name in ("open", "closed", "all") if getattr(filters, name)]
    if len(given) > 1:
        raise UsageError("--" + " and --".join(given) + " cannot be used together")
    return given[0] if given else None


def _filters(desk: Desk, filters: Filters) -> dict[str, Any]:
    """Return the compiled filters by name, with their values."""
    return {
        **_statuses(desk, filters),
        **_flags(desk, filters),
        **_people(desk, filters),
        **_places(desk, filters),
        **_values(desk, filters),
    }


def _statuses(desk: Desk, filters: Filters) -> dict[str, Any]:
    """Filter by status; where all of them are open ones, the index of the open queue is used."""
    if filters.status is None:
        return {}
    statuses = [status for word in split(filters.status) for status in desk.find_statuses(word)]
    all_open = all(status.phase == "open" for status in statuses)
    return {"open_status" if all_open else "status": list(dict.fromkeys(status.name for status in statuses))}


def _flags(desk: Desk, filters: Filters) -> dict[str, Any]:
    holders = split(filters.assignee)
    named = {
        # To a requester, all visible tickets are theirs.
        "mine_or_team" if desk.scope.teams else "mine": filters.mine and desk.actor.is_staff,
        "unassigned": filters.unassigned or (bool(holders) and _are_none(holders)),
        "overdue": filters.overdue,
        "answered": filters.answered is True,
        "unanswered": filters.answered is False,
    }
    return {name: None for name, wanted in named.items() if wanted}


def _are_none(words: list[str]) -> bool:
    from tix.domain.names import is_none

    return all(map(is_none, words))


def _people(desk: Desk, filters: Filters) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for name in ("assignee", "requester", "creator", "user"):
        given = split(getattr(filters, name))
        if not given:
            continue
        from tix.desk.queue import names
        from tix.domain.names import is_none

        logins = [names.login(desk, word) for word in given if not is_none(word)]
        if logins:
            or_nobody = name == "assignee" and any(map(is_none, given))
            chosen["assignee_or_nobody" if or_nobody else name] = logins
    return chosen


def _places(desk: Desk, filters: Filters) -> dict[str, Any]:
    """Filter by department, client, team, topic, asset and custom fields; inactive ones still have tickets."""
    chosen: dict[str, Any] = {}
    for name in ("department", "client", "team", "topic", "asset"):
        given = [word.strip() for word in getattr(filters, name) or ()]
        if name == "department" and len(given) == 1 and _are_none(given):
            chosen["no_department"] = None
        elif given and name == "team" and not desk.actor.is_staff:
            chosen[name] = []  # a requester does not see teams, so they cannot filter by one
        elif given:
            from tix.desk.queue import names

            chosen[name] = [names.noun(desk, name, word) for word in given]
    if filters.field:
        from tix.desk.queue import names

        chosen |= names.answers(desk, filters.field)
    return chosen


def _values(desk: Desk, filters: Filters) -> dict[str, Any]:
    from tix.domain.values import parse_about

    chosen: dict[str, Any] = {}
    if filters.type is not None:
        chosen["type"] = [_known_type(desk, word) for word in split(filters.type)]
    if filters.priority is not None:
        chosen["rank"] = [desk.priority(word).rank for word in split(filters.priority)]
    if filters.tag is not None:
        chosen |= _tagged(desk, [tag.lower() for tag in split(filters.tag)])
    if filters.about is not None:
        chosen["about"] = [parse_about(word) for word in filters.about]
    for name in ("since", "until"):
        value = getattr(filters, name)
        if value is not None:
            chosen[name] = desk.moment(value, past=True, ends=name == "until")
    return chosen


def _tagged(desk: Desk, tags: list[str]) -> dict[str, Any]:
    """Filter by tag. A requester does not see tags, so they cannot filter by them."""
    from tix.store.search import fulltext

    if not desk.scope.staff:
        return {"tag": []}
    few = fulltext.tagged(desk.store, tags)
    return {"tag": tags} if few is None else {"tag": tags, "ids": few}


def _known_type(desk: Desk, word: str) -> str:
    """Return a ticket type to filter by; an inactive one still has tickets."""
    from tix.domain.names import name_key
    from tix.store.setup import repository

    names: dict[str, str] = {name_key(kind.name): kind.name for kind in repository.TYPES.all(desk.store)}
    found = names.get(name_key(word))
    if found is None:
        raise InvalidValue(f"'{word}' is not a ticket type", hint="use one of " + ", ".join(names.values()))
    return found


# A requester cannot sort by what they do not see: the order would reveal it.
_PUBLIC_KEYS = {"updated_at": "last_activity_at", "version": "number", "team": "number"}


def sort_keys() -> list[str]:
    """Return the sort keys besides custom fields."""
    from tix.store.compiled import SORT_KEYS

    return sorted(SORT_KEYS)


def _sort(desk: Desk, key: str | None) -> str | None:
    if key is None:
        return None
    from tix.store.search import queue

    known_keys = sort_keys()
    name = key.removeprefix("-")
    if name.startswith(queue.ANSWER):
        from tix.desk.queue import names

        known = names.keys(desk)
        if name.removeprefix(queue.ANSWER) not in known:
            hint = ", ".join([*(queue.ANSWER + one for one in known), *known_keys])
            raise InvalidValue(f"cannot sort by '{key}'", hint=f"use one of {hint}")
    elif name not in known_keys:
        raise InvalidValue(f"cannot sort by '{key}'", hint="use one of " + ", ".join(known_keys))
    if not desk.scope.staff:
        name = _PUBLIC_KEYS.get(name, name)
    return f"-{name}" if key.startswith("-") else name


def _titled(desk: Desk, chosen: dict[str, Any], title: str) -> list[int]:
    """Return the ids of tickets with these words in the subject."""
    from tix.domain.search import parse_query
    from tix.store.search import fulltext

    found = fulltext.matching(desk.store, desk.scope, parse_query([title]), desk.now, "subject")
    known: list[int] | None = chosen.get("ids")
    return sorted(set(found) if known is None else set(found).intersection(known))


def limit(filters: Filters, default: int) -> int:
    """Return the most rows by ``--limit``, where 0 is all; -1 is no limit. Raises InvalidValue."""
    return default if filters.limit is None else parse_limit(filters.limit)


def page(desk: Desk, chosen: Selection) -> Iterator[Row]:
    """Yield the tickets of a selection visible to the actor, in its order."""
    from tix.store.search import queue

    return queue.page(desk.store, desk.scope, chosen, desk.now)


def count(desk: Desk, chosen: Selection) -> int:
    """Return the number of tickets in a selection."""
    from tix.store.search import queue

    return queue.count(desk.store, desk.scope, chosen, desk.now)


def left_out(desk: Desk, chosen: Selection, shown: int, most: int) -> tuple[int, int]:
    """Return the number of tickets in a selection and of overdue ones, where ``shown`` of at most ``most`` are not all.

    ``most`` is -1 for no limit. Where all are shown, return ``shown`` and 0.
    """
    if most < 0 or shown < most:
        return shown, 0
    from tix.store.search import queue

    chosen = queue.resolved(desk.store, desk.scope, chosen, desk.now)
    total = count(desk, chosen)
    if total <= shown:
        return shown, 0
    return total, count(desk, chosen._replace(filters={**chosen.filters, "overdue": None}))


def both(viewed: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Combine two sets of filters that must both match. A filter in both is applied twice; field filters are renumbered."""
    whole = dict(viewed)
    answers = sum(name.startswith("field_") and name.endswith("_name") for name in viewed)
    for name, value in typed.items():
        if name in ("ids", "status") and name in whole:
            shared = sorted(set(whole[name]).intersection(value))
            whole[name] = shared or whole[name]
            whole |= {} if shared else {"ids": []}
        elif name in ("since", "until") and name in whole:
            whole[name] = (max if name == "since" else min)(whole[name], value)
        elif name.startswith(("field_", "public_")):
            whole[_numbered(name, answers)] = value
        elif name not in whole:
            whole[name] = value
        elif whole[name] != value:
            from tix.store.search.plan import AGAIN

            whole[f"{name}{AGAIN}"] = value
    return whole


def _numbered(name: str, past: int) -> str:
    from tix.desk.queue.names import MOST_FIELDS

    kind, number, *rest = name.split("_")
    if int(number) + past >= MOST_FIELDS:
        raise InvalidValue(
            f"cannot filter by more than {MOST_FIELDS} fields at once, including those of the view"
        )
    return "_".join((kind, str(int(number) + past), *rest))
