"""What the formats of other programs are made of: tickets as their reader sees them, with people, entries and files.

The records are those of ``tix export`` as JSON Lines, so that nothing gets in that the reader may not see, and a desk and
a server give the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tix.domain.files.attachments import file_name
from tix.typing import Any, NamedTuple

Record = Mapping[str, Any]

_LONGEST_NAME = 255  # bytes of a file name, on every file system we meet


class Person(NamedTuple):
    """Somebody on a ticket; ``email`` is None where the reader may not know it."""

    login: str
    name: str
    email: str | None = None

    @property
    def address(self) -> str:
        """Return the e-mail address, else the login: by this other programs find people."""
        return self.email or self.login


class Attached(NamedTuple):
    """A file of an entry; ``path`` is its place in the folder that is written, None where files are not written.

    ``record`` has the file's ``data`` where a server sent it.
    """

    name: str
    size: int
    mime: str
    sha256: str
    path: str | None
    record: Record


class Entry(NamedTuple):
    """Something that was written or attached. ``at`` is an ISO time in UTC; ``by`` is None for what no person did."""

    id: int | None
    at: str
    by: Person | None
    kind: str
    internal: bool
    body: str
    files: tuple[Attached, ...]


class ExportedTicket(NamedTuple):
    """A ticket: the fields of ``show``, the first message, and what followed, oldest first."""

    fields: Record
    requester: Person
    creator: Person
    assignee: Person | None
    opening: Entry | None
    replies: tuple[Entry, ...]

    @property
    def body(self) -> str:
        """Return the text of the first message."""
        return self.opening.body if self.opening else ""

    @property
    def is_open(self) -> bool:
        """Return whether there is still something to do."""
        return bool(self.fields["phase"] == "open")

    @property
    def ended_at(self) -> str | None:
        """Return when it was resolved, or closed."""
        ended: str | None = self.fields["resolved_at"] or self.fields["closed_at"]
        return None if self.is_open else ended

    @property
    def entries(self) -> Iterator[Entry]:
        """Yield the first message, and what followed."""
        if self.opening is not None:
            yield self.opening
        yield from self.replies


class Tickets:
    """The tickets of an export, which can be read several times; ``read`` gives the records.

    ``facts`` is the object ``desk`` of the export. ``notes``: internal notes are included; otherwise they are left out and
    counted. ``beside``: the files are written into a folder, so that a format can name their paths. ``count`` and
    ``left_out`` (internal notes and files) are those of the last reading.
    """

    def __init__(
        self, read: Callable[[], Iterable[Record]], facts: Record, *, notes: bool, beside: bool = False
    ) -> None:
        self._read = read
        self._notes = notes
        self._beside = beside
        self._known = {one["login"]: one for one in facts.get("people") or ()}
        settings = facts.get("settings") or {}
        self.url: str | None = settings.get("web.url") or None
        self.count = 0
        self.left_out = 0

    def __iter__(self) -> Iterator[ExportedTicket]:
        self.count = self.left_out = 0
        for record in self._read():
            self.count += 1
            yield self._ticket(record)

    def person(self, login: str | None, name: str | None = None) -> Person | None:
        """Return somebody by login."""
        if login is None:
            return None
        known = self._known.get(login, {})
        return Person(login, name or known.get("name") or login, known.get("email"))

    def _ticket(self, record: Record) -> ExportedTicket:
        names = FileNames()
        entries: list[Entry] = []
        opening: Entry | None = None
        for item in record["thread"]:
            found = self._entry(record, item, names)
            if found is None:
                continue
            # What a merge has brought may be older than the ticket itself.
            if opening is None and found.kind == "message" and item.get("origin") is None:
                opening = found
            else:
                entries.append(found)
        requester = Person(
            record["requester"], record["requester_name"] or record["requester"], record["requester_email"]
        )
        creator = self.person(record["creator"]) or requester
        assignee = self.person(record["assignee"])
        return ExportedTicket(record, requester, creator, assignee, opening, tuple(entries))

    def _entry(self, record: Record, item: Record, names: FileNames) -> Entry | None:
        files = item["attachments"]
        if item["kind"] == "event" and not files:
            return None
        # What a merge keeps from the readers of this ticket is internal here.
        internal = item["internal"] or (item.get("origin") is not None and item.get("apart") is not None)
        if internal and not self._notes:
            self.left_out += 1
            return None
        kind = "attachment" if item["kind"] == "event" else item["kind"]
        return Entry(
            item["id"],
            item["at"],
            self.person(item["by"], item["by_name"]),
            kind,
            internal,
            item["body"] or "",
            tuple(self._attached(record, one, names) for one in files),
        )

    def _attached(self, record: Record, one: Record, names: FileNames) -> Attached:
        path = f"{record['ref']}/{names.free(one['name'])}" if self._beside else None
        return Attached(one["name"], one["size"], one["mime"], one["sha256"], path, one)


class FileNames:
    """The names of files in one folder: each once, also where capitals make no difference."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, name: str) -> str:
        """Return the name to write a file under, with a number where another file has it."""
        wanted = candidate = file_name(name)
        stem, dot, ending = wanted.rpartition(".")
        number = 1
        while candidate.casefold() in self._taken:
            number += 1
            after = f" ({number}).{ending}" if dot else f" ({number})"
            room = _LONGEST_NAME - len(after.encode())
            candidate = (stem if dot else wanted).encode()[:room].decode(errors="ignore") + after
        self._taken.add(candidate.casefold())
        return candidate


def with_files(entry: Entry, named: Callable[[Attached], str]) -> str:
    """Return the text of an entry with a last line that names its files."""
    if not entry.files:
        return entry.body
    line = f"{'Attachment' if len(entry.files) == 1 else 'Attachments'}: " + ", ".join(
        map(named, entry.files)
    )
    return f"{entry.body}\n\n{line}" if entry.body else line


def linked(record: Record, relation: str) -> Sequence[str]:
    """Return the references of the tickets to which a ticket has a link of this kind."""
    return [one["ref"] for one in record["links"] if one["relation"] == relation]
