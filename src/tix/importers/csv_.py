"""CSV tables whose column names are those of a ticket's fields (interface page, section 6).

They are written by tix's own CSV export or any spreadsheet: ``mapping`` (column → field, ``none`` leaves a column
out) names columns that are called otherwise. Decisions of people for which an imported ticket has no field (links,
rating …) become one internal comment; what the desk computes itself is not read. ``field.KEY`` is the value of one
custom field, ``fields`` an object of all of them.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from itertools import chain
from uuid import UUID

from tix.domain.spreadsheets import unguarded, unguarded_start
from tix.errors import BrokenRecord, InvalidValue
from tix.importers import csv_header, own_columns, vocabulary
from tix.importers import fields as read
from tix.importers.files import text_lines
from tix.importers.identities import IDENTITIES, identity
from tix.importers.record import Ending, Fault, ImportedAuthor, ImportedComment, ImportedTicket, Notice
from tix.typing import BinaryIO

_TIMES = ("closed_at", "resolved_at", "updated_at", "last_activity_at")
_OWN = frozenset({"ref", "uid"})  # column names by which tix's own export is recognised
_NOTHING = {"", "[]", "{}", "0"}
_TAG_ENDS = re.compile(r"[,;\n]")

Cells = Mapping[str, str]


def stories(
    stream: BinaryIO, mapping: Mapping[str, str], now: int
) -> Iterator[ImportedTicket | Fault | Notice]:
    """Yield one imported ticket or fault per row; a row without any time was created at ``now`` (UTC seconds).

    If a ticket has several rows, one per change or comment, its last row is the ticket.

    Raises InvalidValue if the header does not tell which column is what.
    """
    lines = text_lines(stream)
    head = next(lines, "")
    delimiter = csv_header.delimiter(head, mapping)
    csv.field_size_limit(2**31 - 1)  # the module's own limit, 128 KB, is less than a long message
    rows = csv.reader(chain([head], lines), delimiter=delimiter, strict=True)
    fields: list[str | None] | None = None
    cleaned = _cell
    last: dict[int, int] = {}
    earlier = 0
    seen: Counter[bytes] = Counter()
    for line, row in _numbered(rows):
        if isinstance(row, Fault):
            if fields is None:
                raise InvalidValue(f"the header line cannot be read: {row.message}")
            yield row
        elif not any(cell.strip() for cell in row):
            continue
        elif fields is None:
            fields = csv_header.columns(row, mapping)
            last = _last_rows(stream, fields, delimiter)
            cleaned = _cell if _OWN.isdisjoint(row) else _own_cell
        elif last and last.get(identity(row, fields), line) != line:
            earlier += 1
        else:
            yield _told(line, row, fields, cleaned, seen, now)
    if earlier:
        yield Notice(
            "skipped 1 row of a ticket that has another row below; the last row counts",
            "skipped {count:,} rows of tickets that have another row below; the last row counts",
            earlier,
        )
    if fields is None:
        raise InvalidValue("the file has no header line", hint="name the columns in its first line")


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | Fault]]:
    """Yield each row with the line it begins on; a quote that is never closed is a fault of that line."""
    line = 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Fault(line, f"not valid CSV: {error}")
        else:
            yield line, row
        line = rows.line_num + 1  # type: ignore[attr-defined]


def _last_rows(stream: BinaryIO, fields: list[str | None], delimiter: str) -> dict[int, int]:
    """Return the line of the last row of every ticket with several, by ``identity``; the stream's position is kept."""
    if IDENTITIES.isdisjoint(fields) or not stream.seekable():
        return {}
    place = stream.tell()
    stream.seek(0)
    seen: set[int] = set()
    last: dict[int, int] = {}
    rows = csv.reader(text_lines(stream), delimiter=delimiter, strict=True)
    for line, row in _numbered(rows):
        if not isinstance(row, Fault) and (found := identity(row, fields)):
            if found in seen:
                last[found] = line
            seen.add(found)
    stream.seek(place)
    return last


def _told(
    line: int,
    row: list[str],
    fields: list[str | None],
    cleaned: Callable[[str], str],
    seen: Counter[bytes],
    now: int,
) -> ImportedTicket | Fault:
    if len(row) > len(fields):
        return Fault(line, f"the row has {len(row)} cells, the header has {len(fields)}")
    row += [""] * (len(fields) - len(row))  # spreadsheets leave out empty cells at the end
    cells = {field: cleaned(text) for field, text in zip(fields, row, strict=True) if field is not None}
    if cells.pop(csv_header.HEADLESS, "").strip():
        return Fault(line, "the row has a cell in a column without a name")
    try:
        return _story(cells, seen, now)._replace(line=line)
    except BrokenRecord as broken:
        return Fault(line, broken.message)


def _cell(text: str) -> str:
    return read.clean(unguarded_start(text))


def _own_cell(text: str) -> str:
    return read.clean(unguarded(text))


# ------------------------------------------------------------------------------------------ one ticket


def _story(cells: Cells, seen: Counter[bytes], now: int) -> ImportedTicket:
    created_at = _created_at(cells, now)
    status = _status(cells)
    number = _number(cells)
    origin = cells.get("ref", "").strip() or ("" if number is None else str(number))
    requester = _requester(cells)
    phase = _word(cells, "phase")
    ending = _ending(cells, created_at)
    own = own_columns.own_columns(cells) if own_columns.is_own(cells) else None
    return ImportedTicket(
        key=_key(cells, seen),
        about=_word(cells, "about") or (f"csv:{origin}" if origin and own is None else None),
        subject=read.subject(cells, "subject"),
        body=read.text(cells, "body"),
        author=read.parse_voice(cells.get("creator", "")) or requester,
        created_at=created_at,
        remarks=_asides(cells, created_at, own) if own is None else _remarks(cells, created_at, own),
        turns=ending.turns(status, created_at),
        status=status,
        status_word=_word(cells, "status"),
        phase=phase if phase in ("open", "resolved", "closed") else None,
        ending=ending,
        must_know=True,
        priority=_word(cells, "priority"),
        source=_word(cells, "source"),
        is_unmistakable=_uuid(cells.get("uid", "").strip()) is not None,
        type=vocabulary.slug(cells.get("type", "")) or None,
        assignee=read.parse_voice(cells.get("assignee", "")),
        tags=_tags(cells.get("tags", "")),
        category=_word(cells, "category"),
        requester=requester,
        due_at=read.instant(cells, "due_at"),
        email=_word(cells, "email"),
        phone=_word(cells, "phone"),
        updated_at=read.instant(cells, "updated_at"),
        number=number,
        places={name: word for name in csv_header.PLACES if (word := _word(cells, name)) is not None},
        assets=_names(cells.get("assets", "")),
        answers=_answers(cells),
        own=own,
    )


def _word(cells: Cells, name: str) -> str | None:
    return read.one_line(cells.get(name, "")) or None


def _number(cells: Cells) -> int | None:
    word = cells.get("number", "").strip()
    if not word:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", word):
        raise BrokenRecord(f"'{word}' is not a ticket number")
    return int(word)


def _key(cells: Cells, seen: Counter[bytes]) -> str:
    """Return the uid; else the ref, with what distinguishes the refs of two desks; else the row's hash and a count."""
    uid = cells.get("uid", "").strip()
    if uid:
        return _uuid(uid) or f"csv/uid/{uid}"
    ref = cells.get("ref", "").strip()
    if ref:
        return f"csv/{ref}/{cells.get('created_at', '').strip() or read.subject(cells, 'subject')}"
    filled = sorted((field, cell) for field, cell in cells.items() if cell)
    digest = hashlib.sha256(json.dumps(filled).encode()).digest()[:16]
    seen[digest] += 1
    return f"csv/row/{digest.hex()}/{seen[digest]}"


def _uuid(word: str) -> str | None:
    try:
        return str(UUID(word))
    except ValueError:
        return None


def _created_at(cells: Cells, now: int) -> int:
    """Return when it was created; without that, the earliest time in the row, at the latest now."""
    at = read.instant(cells, "created_at")
    later = (read.instant(cells, name) for name in _TIMES)
    return min((now, *(time for time in later if time is not None))) if at is None else at


def _status(cells: Cells) -> str | None:
    """Return the status; for a word of a user-defined workflow the phase; without either, derive it from the dates."""
    phase = vocabulary.status(cells.get("phase", ""))
    if phase and vocabulary.status(cells.get("status", "")) is None:
        return phase
    status = vocabulary.status(cells.get("status", ""))
    if status is None and not cells.get("status", "").strip():
        if read.instant(cells, "closed_at") is not None:
            return "closed"
        return "resolved" if read.instant(cells, "resolved_at") is not None else None
    return status


def _ending(cells: Cells, created_at: int) -> Ending:
    others = (read.instant(cells, name) for name in ("updated_at", "last_activity_at"))
    return Ending(
        read.instant(cells, "resolved_at"),
        read.instant(cells, "closed_at"),
        next((at for at in others if at is not None), created_at),
        read.parse_voice(cells.get("closed_by", "")),
    )


def _requester(cells: Cells) -> ImportedAuthor | None:
    spoken = read.parse_voice(cells.get("requester", "")) or ImportedAuthor(None)
    name = _word(cells, "requester_name") or spoken.name
    email = _word(cells, "requester_email") or spoken.email
    return ImportedAuthor(spoken.login, name, email) if spoken.login or name or email else None


def _tags(cell: str) -> tuple[str, ...]:
    """Return tags separated by commas, semicolons or line ends, or given as a JSON list."""
    if cell.lstrip().startswith("["):
        try:
            return read.labels({"tags": json.loads(cell)}, "tags")
        except (ValueError, RecursionError):
            pass  # a tag that begins with a bracket
    return read.distinct(tag.strip() for tag in _TAG_ENDS.split(cell))


def _names(cell: str) -> tuple[str, ...]:
    """Return names separated by commas: a name has none, but may have a semicolon."""
    return read.distinct(read.one_line(name) for name in cell.split(","))


def _answers(cells: Cells) -> dict[str, str]:
    """Return custom field values: the object in ``fields``, overridden by the columns ``field.KEY``."""
    found: dict[str, str] = {}
    whole = cells.get("fields", "").strip()
    if whole:
        try:
            told = json.loads(whole)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise BrokenRecord(
                f'\'{whole[:40]}\' is not an object of custom fields; write it as {{"key": "value"}}'
            )
        found = read.answers(told)
    for name, cell in cells.items():
        if name.startswith(csv_header.ANSWER) and cell.strip():
            found[name.removeprefix(csv_header.ANSWER)] = cell.strip()
    return found


def _remarks(cells: Cells, created_at: int, own: Mapping[str, object]) -> tuple[ImportedComment, ...]:
    """Return the thread of a row of our own, and what else has no field."""
    return (*_asides(cells, created_at, {*own, "thread"}), *own_columns.own_thread(cells))


def _asides(cells: Cells, created_at: int, kept: Container[str] | None) -> tuple[ImportedComment, ...]:
    lines = [
        f"{name}: {cells[name]}"
        for name in csv_header.REMARKED
        if name not in (kept or ()) and cells.get(name, "").strip() not in _NOTHING
    ]
    return (ImportedComment(created_at, None, "\n".join(lines), internal=True),) if lines else ()
