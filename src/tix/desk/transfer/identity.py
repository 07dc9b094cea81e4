"""Which entries and events of a ticket are those of a record in a newer file of its source.

An imported entry has no id of its own here: its time, its author and its text identify it, which every store and
every export of tix holds, however old. The same time and text are the same entry; the same time and author are an
entry whose text was changed in the source since. What an import itself changes has no author and names who ran it
(``via``), or has the reason ``imported``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

from tix.domain.tickets.timeline import IMPORTED, Item
from tix.typing import NamedTuple


class Pair(NamedTuple):
    """An entry here, and the same one as the file has it."""

    here: Item
    told: Item


class Matches(NamedTuple):
    """What the timeline of a ticket and the one of its record have in common.

    ``entries`` are pairs whose texts may differ. ``new`` are the items that only the file has, ``known`` the places of
    events here that are the source's or were made by an import.
    """

    entries: list[Pair]
    new: list[Item]
    known: frozenset[int]


def is_imported(item: Item) -> bool:
    """Return whether an event was made by an import, and not by a person or by time alone."""
    return item.reason == IMPORTED or (item.side == "system" and item.by is None and item.via is not None)


def dated(items: Sequence[Item], created_at: int) -> list[Item]:
    """Return the items of a record with its first time as ``created_at``, and none before it.

    A record without a time was created whenever it is read, and a newer file may say that it was created otherwise.
    """
    first = items[0].at
    return [
        item._replace(at=created_at) if item.at == first or item.at < created_at else item for item in items
    ]


def matches(here: Sequence[Item], told: Sequence[Item], importer: str) -> Matches:
    """Match the timeline of a ticket (by time) with the one of its record, whose opening is the same entry."""
    entries = [Pair(here[0], told[0])]
    ours = {place: item for place, item in enumerate(here) if place and item.kind != "event"}
    theirs = {place: item for place, item in enumerate(told) if place and item.kind != "event"}
    for key in (_text_key, _author_key, _minute_key, lambda item: _note_key(item, importer)):
        pairs = _paired(ours, theirs, key)
        entries += [Pair(here[one], told[other]) for one, other in pairs]
    events = {place: item for place, item in enumerate(here) if item.kind == "event"}
    known = {place for place, item in events.items() if is_imported(item)}
    happened = {place: item for place, item in enumerate(told) if item.kind == "event"}
    for key in (_change_key, _deed_key, _work_key):
        known |= {one for one, _ in _paired(events, happened, key)}
    left = sorted(theirs.keys() | happened.keys())
    return Matches(entries, [told[place] for place in left], frozenset(known))


Key = Callable[[Item], Hashable]


def _paired(ours: dict[int, Item], theirs: dict[int, Item], key: Key) -> list[tuple[int, int]]:
    """Remove from both what has the same key, each once and in order; return the places. A key of None is no key."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, item in ours.items():
        places[key(item)].append(place)
    found = []
    for place, item in list(theirs.items()):
        wanted = key(item)
        if wanted is not None and places.get(wanted):
            one = places[wanted].pop(0)
            found.append((one, place))
            del ours[one], theirs[place]
    return found


def _text_key(item: Item) -> Hashable:
    return item.at, item.body


def _author_key(item: Item) -> Hashable:
    return item.at, item.by, item.internal


def _minute_key(item: Item) -> Hashable:
    """Return the key of an entry in a file whose times have no seconds."""
    return item.at // 60, item.body, item.internal


def _note_key(item: Item, importer: str) -> Hashable:
    """Return the key of a note that an import wrote itself, whoever ran it."""
    return item.at if item.kind == "note" and (item.via is None or item.by == importer) else None


def _change_key(item: Item) -> Hashable:
    return item.at, item.type, item.field, item.old, item.new


def _work_key(item: Item) -> Hashable:
    """Return the key of a time entry, which may be logged here later than it was there."""
    return (item.by, item.new, item.reason) if item.type == "time-added" else None


def _deed_key(item: Item) -> Hashable:
    return item.at, item.type, item.field, item.by, item.new
