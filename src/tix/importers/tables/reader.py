"""Tickets of a table: a row each, or several rows one after another or apart, one for each comment or change."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from uuid import UUID

from tix.errors import BrokenRecord, InvalidValue
from tix.importers import fields as read
from tix.importers import own_columns, vocabulary
from tix.importers.record import Ending, Fault, ImportedAuthor, ImportedComment, ImportedTicket, Notice
from tix.importers.tables import absent, encoding, groups, header
from tix.importers.tables.cells import CellReader, Row, is_link
from tix.importers.tables.dates import DateRules
from tix.importers.tables.header import Columns
from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset
from tix.typing import BinaryIO, NamedTuple

_TIMES = ("closed_at", "resolved_at", "updated_at", "last_activity_at")
_OWN = frozenset({"ref", "uid"})  # column names by which tix's own export is recognised
_NOTHING = {"", "[]", "{}", "0"}
_TAG_ENDS = re.compile(r"[,;\n]")

Cells = Mapping[str, str]


class Table(NamedTuple):
    """A table that has been opened: its columns, and how its text is read."""

    columns: Columns
    encoding: str
    delimiter: str


def stories(
    stream: BinaryIO, layout: Layout, now: int, preset: Preset | None = None
) -> Iterator[ImportedTicket | Fault | Notice]:
    """Yield one imported ticket or fault per row, or per group of rows; one without any time was created at ``now``.

    ``now`` is UTC seconds. Raises InvalidValue if the header does not tell which column is what, and where rows have
    the same number or reference and nobody said that they are one ticket.
    """
    table = opened(stream, layout, preset)
    dates = layout.over(Layout() if preset is None else preset.layout).dates
    reader = CellReader(table.columns, dates, own=preset is None and not _OWN.isdisjoint(table.columns.heads))
    teller = _Teller(preset, dates, now, table.columns)
    if table.columns.group is None:
        groups.refuse_repeated(lambda: rows(stream, table), table.columns)
        for line, row in rows(stream, table):
            yield row if isinstance(row, Fault) else teller.told(reader, [(line, row)])
    else:
        for found in groups.groups(lambda: rows(stream, table), table.columns.group):
            yield found if isinstance(found, Fault) else teller.told(reader, found)
    if teller.has_any:
        yield from absent.notices(table.columns)
    if table.encoding not in ("utf-8", "utf-8-sig"):
        yield Notice(f"read as {table.encoding}; if letters are wrong, name another: --encoding NAME", "", 1)


def opened(stream: BinaryIO, layout: Layout, preset: Preset | None = None) -> Table:
    """Read the header of a table. Raises InvalidValue where there is none, or it does not say what is what."""
    name, mark, heads = head(stream, layout, preset)
    return Table(header.columns(heads, layout, preset), name, mark)


def head(stream: BinaryIO, layout: Layout, preset: Preset | None = None) -> tuple[str, str, list[str]]:
    """Return the encoding and the delimiter of a table, and the names of its columns.

    Raises InvalidValue, also for an encoding that nobody named and that is not certain.
    """
    name = layout.encoding
    if name is None:
        guess = encoding.guessed(stream)
        if guess.readings:
            raise guess.doubt()
        name = guess.name
    stream.seek(0)
    lines = encoding.lines(stream, name)
    first = next(lines, "")
    known = {**({} if preset is None else preset.columns), **layout.columns}
    mark = layout.delimiter or header.delimiter(first, known)
    for _, row in _numbered(_csv(chain([first], lines), mark)):
        if isinstance(row, Fault):
            raise InvalidValue(f"the header line cannot be read: {row.message}")
        if any(cell.strip() for cell in row):
            return name, mark, row
    raise InvalidValue("the file has no header line", hint="name the columns in its first line")


def rows(stream: BinaryIO, table: Table) -> Iterator[tuple[int, list[str] | Fault]]:
    """Yield each row below the header with the line it begins on, without empty ones."""
    stream.seek(0)
    found = _numbered(_csv(encoding.lines(stream, table.encoding), table.delimiter))
    is_header = True
    for line, row in found:
        if isinstance(row, Fault):
            yield line, row
        elif any(cell.strip() for cell in row):
            if not is_header:
                yield line, row
            is_header = False


def _csv(lines: Iterator[str], mark: str) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)  # the module's own limit, 128 KB, is less than a long message
    return csv.reader(lines, delimiter=mark, strict=True)


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


class _Teller:
    """Makes tickets of rows."""

    def __init__(self, preset: Preset | None, dates: DateRules, now: int, columns: Columns) -> None:
        self._preset, self._dates, self._now = preset, dates, now
        fields = [field for field in columns.fields if field]
        self._has_links = any(map(is_link, fields))
        self._has_answers = any(field == "fields" or field.startswith(header.ANSWER) for field in fields)
        self._places = [name for name in header.PLACES if name in fields]
        self._remarked = [name for name in header.REMARKED if name in fields]
        self._is_own = preset is None and {"uid", "ref", "version"} <= set(fields)
        self._seen: Counter[bytes] = Counter()
        self.has_any = False

    def told(self, reader: CellReader, found: list[tuple[int, list[str]]]) -> ImportedTicket | Fault:
        first = found[0][0]
        try:
            several = [reader.row(line, row) for line, row in found]
            row = several[0] if len(several) == 1 else groups.merged(several)
            return self._story(row, several, first)
        except BrokenRecord as broken:
            return Fault(first, broken.message)

    def _story(self, row: Row, several: list[Row], line: int) -> ImportedTicket:
        cells, preset = row.cells, self._preset
        self.has_any = True
        created_at = _created_at(cells, self._now)
        status = _status(cells)
        number = _number(cells) if preset is None else None
        origin = cells.get("ref", "").strip() or cells.get("number", "").strip()
        requester = _requester(cells)
        phase = _word(cells, "phase")
        ending = _ending(cells, created_at)
        changes = groups.changes(several) if len(several) > 1 else ()
        links, left = self._links(cells)
        own = own_columns.own_columns(cells) if self._is_own and own_columns.is_own(cells) else None
        story = ImportedTicket(
            key=self._key(cells, origin),
            about=_word(cells, "about") or (f"{self._origin}:{origin}" if origin and own is None else None),
            subject=read.subject(cells, "subject"),
            body=read.text(cells, "body"),
            author=read.parse_voice(cells.get("creator", "")) or requester,
            created_at=created_at,
            remarks=self._remarks(several, created_at, left, own),
            turns=changes or ending.turns(status, created_at),
            status=status,
            status_word=_word(cells, "status"),
            phase=phase if phase in ("open", "resolved", "closed") else None,
            ending=None if changes else ending,
            must_know=True,
            priority=_word(cells, "priority"),
            source=_word(cells, "source"),
            links=links,
            is_unmistakable=bool(cells.get("uid", "").strip()) and _uuid(cells["uid"].strip()) is not None,
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
            places={name: word for name in self._places if (word := _word(cells, name)) is not None},
            assets=_names(cells.get("assets", "")),
            answers=_answers(cells) if self._has_answers else {},
            line=line,
            own=own,
        )
        return story if preset is None or preset.finish is None else preset.finish(story, cells)

    @property
    def _origin(self) -> str:
        return "csv" if self._preset is None else self._preset.origin

    def _key(self, cells: Cells, origin: str) -> str:
        """Return the uid; else the ref, with what distinguishes the refs of two desks; else the row's hash and a count."""
        uid = cells.get("uid", "").strip()
        if uid:
            return _uuid(uid) or f"{self._origin}/uid/{uid}"
        if self._preset is not None and origin:
            return f"{self._origin}/{origin}"
        ref = cells.get("ref", "").strip()
        if ref:
            return f"csv/{ref}/{cells.get('created_at', '').strip() or read.subject(cells, 'subject')}"
        filled = sorted((field, cell) for field, cell in cells.items() if cell)
        digest = hashlib.sha256(json.dumps(filled).encode()).digest()[:16]
        self._seen[digest] += 1
        return f"csv/row/{digest.hex()}/{self._seen[digest]}"

    def _links(self, cells: Cells) -> tuple[tuple[tuple[str, str], ...], list[str]]:
        """Return links to other records of the file, and as lines those that cannot be followed."""
        if not self._has_links:
            return (), []
        links: list[tuple[str, str]] = []
        left: list[str] = []
        for field, cell in cells.items():
            if is_link(field) and cell.strip():
                relation = field.removeprefix(header.LINK)
                if self._preset is None:
                    left.append(f"{relation}: {cell.strip()}")
                else:
                    links += [
                        (relation, f"{self._origin}/{word}") for word in re.split(r"[\s,;]+", cell.strip())
                    ]
        return tuple(dict.fromkeys(links)), left

    def _remarks(
        self, several: list[Row], created_at: int, left: list[str], own: Mapping[str, object] | None
    ) -> tuple[ImportedComment, ...]:
        """Return the comments of all rows, and one internal note with what a ticket has no field for."""
        kept = () if own is None else (*own, "thread")
        notes = [line for row in several for line in row.notes]
        notes += left
        notes += [
            f"{name}: {several[-1].cells[name]}"
            for name in self._remarked
            if name not in kept and several[-1].cells.get(name, "").strip() not in _NOTHING
        ]
        told = (
            [ImportedComment(created_at, None, "\n".join(dict.fromkeys(notes)), internal=True)]
            if notes
            else []
        )
        if own is not None:
            told += own_columns.own_thread(several[-1].cells)
        said: set[tuple[bool, str]] = set()
        for row in several:
            told += [
                comment
                for internal, cell in row.comments
                if (internal, cell) not in said
                and (comment := self._comment(row, cell, internal, created_at))
            ]
            said |= set(row.comments)
        return tuple(sorted(told, key=lambda one: one.at))

    def _comment(self, row: Row, cell: str, internal: bool, created_at: int) -> ImportedComment | None:
        if self._preset is not None and self._preset.comment is not None:
            found = self._preset.comment(cell, self._dates, created_at)
            return None if found is None else found._replace(internal=internal or found.internal)
        at = next(
            (
                at
                for name in (header.COMMENT_AT, "updated_at")
                if (at := read.instant(row.cells, name)) is not None
            ),
            created_at,
        )
        by = read.parse_voice(row.cells.get(header.COMMENT_BY, ""))
        return ImportedComment(max(at, created_at), by, cell, internal)


# ------------------------------------------------------------------------------------------ one ticket


def _word(cells: Cells, name: str) -> str | None:
    cell = cells.get(name, "")
    return read.one_line(cell) or None if cell else None


def _number(cells: Cells) -> int | None:
    word = cells.get("number", "").strip()
    if not word:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", word):
        raise BrokenRecord(f"'{word}' is not a ticket number")
    return int(word)


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
        if name.startswith(header.ANSWER) and cell.strip():
            found[name.removeprefix(header.ANSWER)] = cell.strip()
    return found
