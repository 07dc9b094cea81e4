"""tix's own export: tickets exactly as a desk had them.

A line is the object of ``show`` with ``row``, ``sets`` and ``data`` (``render.records.archive`` writes it); the first
one also has ``desk``. A line without ``row`` was exported by a requester or printed by ``list`` or ``show``: it
becomes an imported ticket (``ImportedTicket``), because what it does not contain cannot be restored.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from tix.domain.tickets.fields import ARCHIVED, DERIVED, names_of
from tix.domain.tickets.references import parse_prefix
from tix.domain.tickets.ticket import FIELDS, NEVER, Ticket, fold, tags_text
from tix.domain.tickets.timeline import Item
from tix.errors import BrokenRecord, InvalidValue
from tix.importers import fields as read
from tix.importers.archive_columns import TYPES, is_reference, typed
from tix.importers.archive_thread import MergedEntry, Thread, instant, login, thread
from tix.importers.fields import Record
from tix.importers.files import json_lines
from tix.importers.json_stream import elements
from tix.importers.record import Ending, Fault, ImportedComment, ImportedTicket
from tix.importers.tables.header import PLACES
from tix.typing import Any, BinaryIO, NamedTuple

# Far more than any desk needs; leaves room for numbers after the highest.
HIGHEST_NUMBER = 10**15
HIGHEST_ID = 2**43 - 1  # a search document's rowid is the ticket's id and twenty more bits

_INSTANTS = frozenset(names_of("instant"))
# Columns added by the second schema, with defaults for older exports.
_LATER = {name: Ticket._field_defaults[name] for name in FIELDS[FIELDS.index("sla_by_hand") :]}
# What fields say; the other columns are in `row`, or worked out here.
_FIELDS_READ = tuple(name for name in FIELDS if name not in ARCHIVED and name not in DERIVED)
_FILES = frozenset(("attachments", "internal_attachments"))
_PHASES = frozenset(("open", "resolved", "closed"))


class ArchiveRecord(NamedTuple):
    """A ticket as it was, and its line number; ``guests`` and ``aparts`` as in ``archive_thread.Thread``.

    ``data`` are the bytes of files by digest; ``missing`` counts files whose bytes the export left out, which are
    therefore not in the items either.
    """

    ticket: Ticket
    items: tuple[Item, ...]
    guests: tuple[MergedEntry, ...]
    aparts: dict[int, str]
    data: dict[str, bytes]
    missing: int
    line: int


class Facts(NamedTuple):
    """How the desk was set up; each a list or dictionary of plain values, checked by ``desk.transfer.setup``."""

    people: list[Record]
    types: list[Record]
    priorities: list[Record]
    settings: Record
    next_number: int
    tombstones: list[Record]
    nouns: Record
    invoices: list[Record]
    timers: list[Record]


def lines(stream: BinaryIO) -> Iterator[Facts | ArchiveRecord | ImportedTicket | Fault]:
    """Yield the desk's configuration if the file has it, then each ticket, in the file's order."""
    for place, value in _values(stream):
        if isinstance(value, Fault):
            yield value
            continue
        try:
            line = read.whole(value, "the line")
            if "desk" in line:
                yield _facts(read.whole(line["desk"], "'desk'"))
                if len(line) == 1:
                    continue
            yield _ticket(line, place) if "row" in line else _story(line)
        except (BrokenRecord, InvalidValue) as broken:
            yield Fault(place, f"{_label(value)}{broken.message}")


def _values(stream: BinaryIO) -> Iterator[tuple[int, object]]:
    """Yield each line with its number; of an array (``-o json``) each element."""
    first = stream.read(1)
    stream.seek(0)
    if first != b"[":
        yield from json_lines(stream, as_written=True)
        return
    yield from enumerate(elements(stream, as_written=True), start=1)


def _label(value: object) -> str:
    ref = value.get("ref") if isinstance(value, dict) else None
    return f"{read.one_line(ref)[:40]}: " if isinstance(ref, str) else ""


def _ticket(line: Record, place: int) -> ArchiveRecord:
    row = read.whole(line["row"], "'row'")
    # An older tix has exported later columns as null, if at all.
    values: dict[str, Any] = {
        name: _column(name, line.get(name))
        for name in _FIELDS_READ
        if name not in _LATER or line.get(name) is not None
    }
    for name, value in row.items():
        if name not in TYPES:
            raise BrokenRecord(
                f"'row' has a column unknown to this version of tix: '{read.one_line(name)[:40]}'"
            )
        values[name] = typed(name, value)
    for name, default in _LATER.items():
        values.setdefault(name, default)
    absent = [name for name in FIELDS if name not in values and name not in DERIVED]
    if absent:
        raise BrokenRecord(f"'row' has no column '{absent[0]}'")
    told = thread(line)
    values["internal_attachments"] -= told.missing_internal
    values["entries"] = _count(line, "entries") - values["notes"]
    missing = told.missing_public + told.missing_internal
    values["attachments"] = _count(line, "attachments") - missing - values["internal_attachments"]
    if missing:
        told = told._replace(items=tuple([_without_files(item) for item in told.items]))
    values["due_key"] = NEVER if values["due_at"] is None else values["due_at"]
    ticket = Ticket(**values)
    try:
        # By time: what an update brought later, its source may have written earlier.
        by_time = sorted(told.items, key=lambda item: item.at)
        replayed = fold(ticket.number, ticket.prefix, ticket.uid, by_time)
    except (TypeError, ValueError, LookupError, AttributeError, IndexError) as error:
        raise BrokenRecord("no ticket can be rebuilt from its thread") from error
    is_older = "clock_at" not in row
    if is_older:
        ticket = ticket._replace(clock_at=replayed.clock_at, pauses=replayed.pauses)
    _check(ticket, told)
    _compare(ticket, replayed, (_FILES if missing else frozenset()) | (_LATER.keys() if is_older else set()))
    return ArchiveRecord(ticket, told.items, told.guests, told.aparts, told.data, missing, place)


def _without_files(item: Item) -> Item:
    """Return an item without counts of files, since not all files came: those that did are counted."""
    sets = item.sets or {}
    if sets.keys().isdisjoint(_FILES):
        return item
    return item._replace(sets={name: value for name, value in sets.items() if name not in _FILES})


def _column(name: str, value: object) -> Any:
    """Return a field of ``show`` as the column it came from."""
    if name in _INSTANTS:
        return None if value is None and TYPES[name][1] else instant(value, name)
    if name == "tags":
        return tags_text(read.labels({"tags": value}, "tags"))
    if name == "answered":
        return int(value is True)
    return typed(name, value)


def _count(line: Record, name: str) -> int:
    value = line.get(name)
    if type(value) is not int or not 0 <= value < 2**53:
        raise BrokenRecord(f"'{name}' is not a count")
    return value


def _check(ticket: Ticket, told: Thread) -> None:
    """Check what the desk relies on for every ticket."""
    if not told.items or told.items[0].kind != "message":
        raise BrokenRecord("its own thread does not begin with a message")
    if ticket.merged_into is not None and not is_reference(ticket.merged_into):
        raise BrokenRecord("'merged_into' is not a ticket reference")
    if not 0 < ticket.number <= HIGHEST_NUMBER:
        raise BrokenRecord(f"{ticket.number} is not a ticket number")
    if ticket.id is not None and not 0 < ticket.id <= HIGHEST_ID:
        raise BrokenRecord(f"{ticket.id} is not a ticket id")
    parse_prefix(ticket.prefix)
    if ticket.phase not in _PHASES:
        raise BrokenRecord(f"'{ticket.phase}' is not a phase")
    if len(ticket.uid) != 36 or not ticket.uid.isascii():
        raise BrokenRecord("'uid' is not a UUID")
    if ticket.rating is not None and not 1 <= ticket.rating <= 5:
        raise BrokenRecord(f"{ticket.rating} is not a rating")
    for person in (ticket.requester, ticket.creator, ticket.assignee, ticket.closed_by, ticket.last_replier):
        login(person)
    _check_counts(ticket, told)


def _compare(ticket: Ticket, replayed: Ticket, unknown: AbstractSet[str]) -> None:
    """Raise BrokenRecord if a ticket differs from what replaying its thread gives; ``unknown`` are left out."""
    for name in FIELDS:
        if name != "id" and name not in unknown and getattr(ticket, name) != getattr(replayed, name):
            raise BrokenRecord(f"'{name}' does not match its thread")


def _check_counts(ticket: Ticket, told: Thread) -> None:
    own = [item.internal for item in told.items if item.kind != "event"]
    hidden = own + [one.item.internal or one.apart for one in told.guests if one.item.kind != "event"]
    if (hidden.count(False), hidden.count(True)) != (ticket.entries, ticket.notes):
        raise BrokenRecord("its counts do not match its thread")
    if ticket.documents < len(own):
        raise BrokenRecord("'documents' is less than the number of entries in its thread")
    # The time of a merged ticket is on the ticket it was merged into.
    hanging = [] if ticket.merged_into is not None else [*told.items, *(one.item for one in told.guests)]
    works = [item.work for item in hanging if item.work is not None]
    unbilled = sum(work.seconds for work in works if work.billable and work.invoice is None)
    if (sum(work.seconds for work in works), unbilled) != (ticket.time_seconds, ticket.unbilled_seconds):
        raise BrokenRecord("its time does not match the time entries in its thread")


def _facts(desk: Record) -> Facts:
    settings = desk.get("settings") or {}
    number = desk.get("next_number")
    if number is not None and (type(number) is not int or not 0 < number <= HIGHEST_NUMBER):
        raise BrokenRecord("'next_number' is not a ticket number")
    return Facts(
        list(read.records(desk, "people")),
        list(read.records(desk, "types")),
        list(read.records(desk, "priorities")),
        read.whole(settings, "'settings'"),
        number or 1,
        list(read.records(desk, "tombstones")),
        read.whole(desk.get("nouns") or {}, "'nouns'"),
        list(read.records(desk, "invoices")),
        list(read.records(desk, "timers")),
    )


def _story(line: Record) -> ImportedTicket:
    """Return an imported ticket from a line that does not contain everything."""
    opening, *others = _told(line)
    phase = line.get("phase")
    number = line.get("number")
    created_at = read.known_instant(line, "created_at")
    ending = Ending(
        read.instant(line, "resolved_at"),
        read.instant(line, "closed_at"),
        read.instant(line, "updated_at") or created_at,
        read.voice(line.get("closed_by")),
    )
    known = phase if phase in ("resolved", "closed") else None
    return ImportedTicket(
        key=read.text(line, "uid") or f"tix/{read.text(line, 'ref')}/{created_at}",
        about=read.text(line, "about") or None,
        subject=read.subject(line, "subject"),
        body=opening.body,
        author=opening.by or read.voice(line.get("creator")),
        created_at=created_at,
        remarks=tuple(others),
        turns=ending.turns(known, created_at),
        status=known or read.text(line, "status") or None,
        status_word=read.text(line, "status") or None,
        phase=phase if isinstance(phase, str) and phase in _PHASES else None,
        ending=ending,
        must_know=True,
        source=read.one_line(read.text(line, "source")) or None,
        priority=read.text(line, "priority") or None,
        type=read.text(line, "type") or None,
        assignee=read.voice(line.get("assignee")),
        tags=read.labels(line, "tags"),
        category=read.text(line, "category") or None,
        requester=read.voice(
            {
                "login": line.get("requester"),
                "name": line.get("requester_name"),
                "email": line.get("requester_email"),
            }
        ),
        due_at=read.instant(line, "due_at"),
        email=read.text(line, "email") or None,
        phone=read.text(line, "phone") or None,
        number=number if type(number) is int and 0 < number <= HIGHEST_NUMBER else None,
        places={name: word for name in PLACES if (word := read.one_line(read.text(line, name)))},
        assets=read.labels(line, "assets"),
        answers=read.answers(read.whole(line.get("fields") or {}, "'fields'")),
    )


def _told(line: Record) -> list[ImportedComment]:
    """Return what was written, the opening message first; a line of ``list`` contains nothing."""
    entries = [item for item in read.records(line, "thread") if item.get("kind") != "event"]
    remarks = [
        ImportedComment(
            read.known_instant(item, "at"),
            read.voice({"login": item.get("by"), "name": item.get("by_name")}),
            read.text(item, "body"),
            item.get("kind") == "note",
        )
        for item in entries
    ]
    return remarks or [ImportedComment(0, None, "")]
