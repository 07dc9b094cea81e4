"""The thread of a line of tix's own export: items as they were, with the bytes of their files."""

from __future__ import annotations

from datetime import datetime

from tix.domain.billing.time_entries import LONGEST_SECONDS
from tix.domain.files.attachments import clean_name
from tix.domain.people import Side, kept_login
from tix.domain.tickets.timeline import EventType, File, Item, ItemKind, Work
from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers.archive_columns import TYPES, is_reference, typed
from tix.importers.fields import Record
from tix.typing import Any, NamedTuple, get_args

_KINDS = frozenset(get_args(ItemKind))
_SIDES = frozenset(get_args(Side))
_EVENTS = frozenset(get_args(EventType))


class MergedEntry(NamedTuple):
    """A merged-in entry: the reference of the ticket it was written on, and whether the merge hides it (``apart``)."""

    item: Item
    origin: str
    apart: bool


class Thread(NamedTuple):
    """The items that were written on a ticket, in order, and the merged-in entries (``guests``).

    ``aparts`` maps places of items to the tickets whose merge hides them where they now are. ``data`` are the
    bytes of files by digest. Files without bytes are counted and left out.
    """

    items: tuple[Item, ...]
    guests: tuple[MergedEntry, ...]
    aparts: dict[int, str]
    data: dict[str, bytes]
    missing_public: int
    missing_internal: int


def thread(line: Record) -> Thread:
    """Return the items in the order they were written, with their files."""
    items: list[Item] = []
    guests: list[MergedEntry] = []
    aparts: dict[int, str] = {}
    data: dict[str, bytes] = {}
    missing = [0, 0]
    listed = line.get("thread")
    if not isinstance(listed, list):
        raise BrokenRecord("'thread' is not a list")
    for value in listed:
        told = read.whole(value, "an item of 'thread'")
        files, without = _files(told, data)
        item = _item(told, files)
        apart, origin = _reference(told, "apart"), _reference(told, "origin")
        missing[item.internal or (origin is not None and apart is not None)] += without
        if origin is not None:
            guests.append(MergedEntry(item, origin, apart is not None))
            continue
        if apart is not None:
            aparts[len(items)] = apart
        items.append(item)
    if not items or items[0].kind != "message":
        raise BrokenRecord("its thread does not begin with a message")
    items, aparts = _as_written(items, aparts)
    return Thread(tuple(items), tuple(guests), aparts, data, missing[0], missing[1])


def _as_written(items: list[Item], aparts: dict[int, str]) -> tuple[list[Item], dict[int, str]]:
    """Return the items in the order they were written: by id, if all have one. A thread is read by time."""
    if any(item.id is None for item in items):
        return items, aparts
    order = sorted(range(len(items)), key=lambda place: items[place].id or 0)
    found = {new: aparts[old] for new, old in enumerate(order) if old in aparts}
    return [items[place] for place in order], found


def _reference(told: Record, name: str) -> str | None:
    """Return a ticket's reference, or None. Raises BrokenRecord."""
    value = told.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not is_reference(value):
        raise BrokenRecord(f"'{name}' is not a ticket reference")
    return value


def _item(told: Record, files: tuple[File, ...]) -> Item:
    kind: Any = told.get("kind")
    side: Any = told.get("side")
    internal = told.get("internal")
    if not _is_one(kind, _KINDS) or not _is_one(side, _SIDES) or not isinstance(internal, bool):
        raise BrokenRecord("an item has an unknown kind or side, or 'internal' is not true or false")
    happened = told.get("event")
    sets = told.get("sets")
    if (happened is None) is (kind == "event") or (kind == "note" and not internal):
        raise BrokenRecord(f"an item does not match its kind '{kind}'")
    event: Record = {} if happened is None else read.whole(happened, "'event'")
    if happened is not None and not _is_one(event.get("type"), _EVENTS):
        raise BrokenRecord(f"'{str(event.get('type'))[:40]}' is not an event type")
    if sets is not None and not isinstance(sets, dict):
        raise BrokenRecord("'sets' is not an object")
    if sets is not None and not sets.keys() <= TYPES.keys():
        raise BrokenRecord("'sets' has a column unknown to this version of tix")
    return Item(
        kind,
        instant(told.get("at"), "at"),
        login(told.get("by")),
        login(told.get("via")),
        side,
        internal,
        _words(told, "body") if kind == "event" else read.text(told, "body"),
        files,
        event.get("type"),
        _words(event, "field"),
        _words(event, "old"),
        _words(event, "new"),
        _words(event, "reason"),
        sets if sets is None else {name: typed(name, value) for name, value in sets.items()},
        None if told.get("id") is None else _whole_number(told, "id"),
        None if told.get("work") is None else _work(read.whole(told["work"], "'work'"), event),
    )


def _is_one(value: object, words: frozenset[str]) -> bool:
    """Return whether a value of any type is one of some words."""
    return isinstance(value, str) and value in words


def _work(told: Record, event: Record) -> Work:
    """Return a logged time entry. Raises BrokenRecord."""
    seconds, billable, invoice = told.get("seconds"), told.get("billable"), told.get("invoice")
    if event.get("type") != "time-added" or event.get("new") != str(seconds):
        raise BrokenRecord("'work' does not match the time its item added")
    if type(seconds) is not int or not 0 < abs(seconds) <= LONGEST_SECONDS:
        raise BrokenRecord("'seconds' of 'work' is not a working time")
    if not isinstance(billable, bool):
        raise BrokenRecord("'billable' of 'work' is neither true nor false")
    number = None if invoice is None else _whole_number(told, "invoice")
    return Work(instant(told.get("at"), "at"), seconds, billable, number)


def _words(record: Record, name: str) -> str | None:
    return None if record.get(name) is None else read.text(record, name)


def _whole_number(record: Record, name: str) -> int:
    value = record.get(name)
    if type(value) is not int or not 0 < value < 2**53:
        raise BrokenRecord(f"'{name}' is not an id")
    return value


def _files(told: Record, data: dict[str, bytes]) -> tuple[tuple[File, ...], int]:
    """Return the files of an item whose bytes are included, and the number of the others."""
    hung = told.get("attachments")
    if not hung:
        return (), 0
    if not isinstance(hung, list):
        raise BrokenRecord("'attachments' is not a list")
    files = []
    for value in read.records(told, "attachments"):
        digest = read.text(value, "sha256")
        if value.get("data") is not None:
            data[digest] = _bytes(value, digest)
        if digest in data:
            id = None if value.get("id") is None else _whole_number(value, "id")
            name, kind = (
                clean_name(read.text(value, "name")),
                read.one_line(read.text(value, "kind")) or "bin",
            )
            files.append(
                File(name, len(data[digest]), read.one_line(read.text(value, "mime")), digest, kind, id)
            )
    return tuple(files), len(hung) - len(files)


def _bytes(value: Record, digest: str) -> bytes:
    from base64 import b64decode
    from hashlib import sha256

    try:
        found = b64decode(read.text(value, "data"), validate=True)
    except ValueError:
        raise BrokenRecord("'data' of a file is not base64") from None
    if sha256(found).hexdigest() != digest:
        raise BrokenRecord("a file does not match its sha256")
    return found


# ------------------------------------------------------------------------------------ single values


def login(value: object) -> str | None:
    """Return a login as it may be stored, or None. Raises BrokenRecord, InvalidValue."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise BrokenRecord("a person is not a login")
    return kept_login(value)


def instant(value: object, name: str) -> int:
    """Return the UTC seconds of an ISO 8601 time. Raises BrokenRecord."""
    if not isinstance(value, str):
        raise BrokenRecord(f"'{name}' is not a time")
    try:
        return int(datetime.fromisoformat(value).timestamp())
    except (ValueError, OverflowError):
        raise BrokenRecord(f"'{name}' is not a time: '{value[:40]}'") from None
