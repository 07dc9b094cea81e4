"""Turn filters into a selection of tickets, as far as the actor may filter by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tix.domain.permissions import require
from tix.domain.values import parse_limit
from tix.errors import InvalidValue, UsageError
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

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

    ``view``: the options of a saved view and its filters, which must match as well. Among ``words`` references, people
    and clients are filters (``known_words``); named tickets are found in every phase.
    """
    require(desk.actor, "list")
    chosen = _filters(desk, filters)
    if words:
        from tix.desk.queue import known_words

        named, words = known_words.understood(desk, words)
        chosen = both(named, chosen)
        if "ids" in named and _phase(filters) is None:
            filters = filters._replace(all=True, sort=filters.sort or "number")
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
    if sort is None and (any(one.closed or one.all for one in said) or not _ANY_PHASE.isdisjoint(chosen)):
        sort = "-last_activity_at"
    selection = _selection(chosen, _sort(desk, sort))
    if not words and filters.title is None:
        return selection
    from tix.desk.queue.word_forms import inflected
    from tix.domain.search import parse_query
    from tix.store.search import fulltext

    asked: list[tuple[Query, str | None]] = [(inflected(desk, parse_query(words)), None)] if words else []
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


# Filters that look in every phase.
_ANY_PHASE = frozenset({"status", "not_status"})


def _phase(filters: Filters) -> str | None:
    given = [name for name in ("open", "closed", "all") if getattr(filters, name)]
    if len(given) > 1:
        raise UsageError("--" + " and --".join(given) + " cannot be used together")
    return given[0] if given else None


def _filters(desk: Desk, filters: Filters) -> dict[str, Any]:
    """Return the compiled filters by name, with their values."""
    if filters._replace(**_NEUTRAL) == type(filters)():
        return {}
    from tix.desk.queue import criteria

    return criteria.compiled(desk, filters)


# What is not a clause of its own, with its default.
_NEUTRAL: dict[str, Any] = {
    "open": False,
    "closed": False,
    "all": False,
    "title": None,
    "sort": None,
    "limit": None,
    "only_count": False,
}


# A requester cannot sort by what they do not see: the order would reveal it.
_PUBLIC_KEYS = {"updated_at": "last_activity_at", "version": "number", "team": "number"}


def sort_keys() -> list[str]:
    """Return the sort keys besides custom fields."""
    from tix.store.compiled.sqlite import SORT_KEYS

    return sorted(SORT_KEYS)


def _sort(desk: Desk, given: str | None) -> str | None:
    """Return the sort keys, separated by commas, as far as the actor may sort by them. Raises InvalidValue."""
    if given is None:
        return None
    found = [_sort_key(desk, key.strip()) for key in given.split(",")]
    return ",".join(dict.fromkeys(found))


def _sort_key(desk: Desk, key: str) -> str:
    from tix.store.search import queue

    known_keys = sort_keys()
    name = key.removeprefix("-")
    if name.startswith(queue.ANSWER):
        from tix.desk.queue import names

        known = names.keys(desk)
        if name.removeprefix(queue.ANSWER) not in known:
            hint = ", ".join([*(queue.ANSWER + one for one in known), *known_keys])
            raise InvalidValue(
                Said("cannot sort by '{key}'", key=key), hint=Said("use one of {names}", names=hint)
            )
    elif name not in known_keys:
        raise InvalidValue(
            Said("cannot sort by '{key}'", key=key),
            hint=Said("use one of {names}", names=", ".join(known_keys)),
        )
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


def snoozed(desk: Desk, chosen: Selection) -> int:
    """Return how many tickets the queue leaves out because they are snoozed; 0 where snoozed ones are included."""
    if "queue" not in chosen.filters:
        return 0
    rest = {name: value for name, value in chosen.filters.items() if name != "queue"}
    return count(desk, chosen._replace(filters={**rest, "snoozed": None}))


def unread(desk: Desk, numbers: Sequence[int]) -> dict[str, int]:
    """Return when (UTC seconds) the actor was last notified of tickets without having read it or written there since.

    By reference; of the tickets with these numbers.
    """
    values = {"numbers": f"[{','.join(map(str, numbers))}]", "login": desk.actor.login}
    rows = desk.store.run("notices_unread_on", staff=int(desk.scope.staff), **values)
    return {f"{prefix}{number}": at for prefix, number, at in rows}


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
    answers = len({name.split("_")[1] for name in viewed if name.startswith(_ANSWERS)})
    for name, value in typed.items():
        if name in ("ids", "status") and name in whole:
            shared = sorted(set(whole[name]).intersection(value))
            whole[name] = shared or whole[name]
            whole |= {} if shared else {"ids": []}
        elif name in ("since", "until") and name in whole:
            whole[name] = (max if name == "since" else min)(whole[name], value)
        elif name.startswith(_ANSWERS):
            whole[_numbered(name, answers)] = value
        elif name not in whole:
            whole[name] = value
        elif whole[name] != value:
            from tix.store.search.plan import AGAIN

            whole[f"{name}{AGAIN}"] = value
    return whole


_ANSWERS = ("field_", "public_", "nofield_", "nopublic_")


def _numbered(name: str, past: int) -> str:
    from tix.desk.queue.names import MOST_FIELDS

    kind, number, *rest = name.split("_")
    if int(number) + past >= MOST_FIELDS:
        raise InvalidValue(
            Said(
                "cannot filter by more than {most_fields} fields at once, including those of the view",
                most_fields=MOST_FIELDS,
            )
        )
    return "_".join((kind, str(int(number) + past), *rest))
