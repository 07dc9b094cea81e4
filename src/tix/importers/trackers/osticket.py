"""A database dump of osTicket (``mysqldump``), read without a server. Version 1.10 and later.

Messages and responses become comments, internal notes notes; the text of a ticket is its first message. Departments,
topics and teams come by name. Times are those of the database, read as UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tix.errors import InvalidValue
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.companions import Companions
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import OVER, change, history
from tix.importers.assembly.origin import Origin
from tix.importers.fields import Record
from tix.importers.record import Ending, ImportedAuthor, ImportedChange, ImportedComment, ImportedTicket
from tix.importers.request import Request, Told
from tix.importers.sql_dump import Row, rows, tables
from tix.importers.trackers.tracker import Head, Tracker

_SIGN = re.compile(
    r"`(?P<prefix>\w*?)(?:thread_entry|ticket_thread|canned_response|api_key|draft|email_template_group)`",
    re.IGNORECASE,
)
_DUMP = re.compile(r"CREATE TABLE|INSERT INTO|MySQL dump|MariaDB dump|phpMyAdmin")
_SMALL = (
    "user", "user_email", "staff", "department", "help_topic", "team", "organization", "ticket_status",
    "ticket_priority", "event", "thread", "file", "form_field", "form_entry", "sla",
)  # fmt: skip
# Rows that belong to something: how they are called here, and the column that names it. ``H`` is an entry's attachment.
_PARTS = {
    "thread_entry": ("entry", "thread_id"),
    "thread_event": ("event", "thread_id"),
    "ticket__cdata": ("data", "ticket_id"),
    "form_entry_values": ("value", "entry_id"),
    "attachment": ("file", "object_id"),
}
# The columns of what is not called id.
_KEYS = {
    "staff": "staff_id",
    "help_topic": "topic_id",
    "team": "team_id",
    "ticket_priority": "priority_id",
    "department": "dept_id",
}
_ZERO = "0000-00-00"


def _likeness(head: Head) -> int:
    if head.text[0] in "[{" or not _DUMP.search(head.text):
        return 0
    found = _SIGN.search(head.text)
    return 0 if found is None else 95 if found["prefix"].lower().startswith("ost") else 60


def _stories(asked: Request) -> Iterator[Told]:
    prefix = next(
        (name.removesuffix("thread_entry") for name in tables(asked.stream) if name.endswith("thread_entry")),
        None,
    )
    asked.stream.seek(0)
    if prefix is None:
        raise InvalidValue(
            "the file is no dump of osTicket 1.10 or later: it has no table thread_entry",
            hint="dump the whole database: mysqldump osticket > osticket.sql",
        )
    with Companions() as parts:
        reader = _Reader(asked.now, parts)
        for table, row in rows(asked.stream, {prefix + name for name in (*_SMALL, *_PARTS)}):
            reader.learn(table.removeprefix(prefix), row)
        asked.stream.seek(0)
        tickets = (row for _, row in rows(asked.stream, {f"{prefix}ticket"}))
        yield from batch.told(tickets, reader.story, "number", "ticket_id")
        yield from reader.dates.notices()


class _Reader:
    """Reads tickets. ``dates`` are those when they were created."""

    def __init__(self, now: int, parts: Companions) -> None:
        self.dates = CreationDates(now)
        self._parts = parts
        self._rows: dict[str, dict[str, Row]] = {name: {} for name in _SMALL}
        self._threads: dict[str, str] = {}  # of tickets
        self._addresses: dict[str, str] = {}
        self._subject_fields: set[str] = set()
        self._entries: dict[str, str] = {}  # forms, to the tickets they were filled in for

    def learn(self, table: str, row: Row) -> None:
        """Keep a row that tickets refer to."""
        number = row.get("id") or row.get(_KEYS.get(table, "")) or ""
        if table in _PARTS:
            word, owner = _PARTS[table]
            if table != "attachment" or row.get("type") == "H":
                self._parts.put(f"{word} {row.get(owner)}", row)
        elif table in ("thread", "form_entry"):
            if row.get("object_type") == "T":
                (self._threads if table == "thread" else self._entries)[row.get("object_id") or ""] = number
        elif table == "user_email":
            self._addresses.setdefault(row.get("user_id") or "", row.get("address") or "")
        else:
            self._rows[table][number] = row
            if table == "form_field" and row.get("name") == "subject":
                self._subject_fields.add(number)

    def story(self, ticket: Record) -> ImportedTicket:
        """Return a ticket as an imported one. Raises BrokenRecord."""
        identity = batch.number(ticket, "ticket_id")
        number = asides.word(ticket, "number") or identity
        origin = Origin("osticket")
        closed_at, updated_at = _instant(ticket, "closed"), _instant(ticket, "lastupdate", "updated")
        created_at = self.dates.of(_instant(ticket, "created"), (closed_at, updated_at))
        word, status = self._status(asides.word(ticket, "status_id", "status"))
        thread = self._threads.get(identity, "")
        entries = [one for one in self._parts.of(f"entry {thread}") if isinstance(one, dict)]
        entries.sort(key=lambda one: _instant(one, "created") or created_at)
        first = next((one for one in entries if one.get("type") == "M"), entries[0] if entries else {})
        otherwise = created_at if updated_at is None else updated_at
        past = history(self._changes(thread), status, Ending(None, closed_at, otherwise), created_at)
        user = self._user(asides.word(ticket, "user_id"))
        data = next((one for one in self._parts.of(f"data {identity}") if isinstance(one, dict)), {})
        subject = read.one_line(
            read.text(data, "subject") or self._form(identity) or read.text(first, "title")
        )
        priority = self._rows["ticket_priority"].get(asides.word(data, "priority"), {})
        remarks = [*self._asides(ticket, data, created_at)]
        remarks += [one for entry in entries for one in self._said(entry, entry is first, created_at)]
        places = {
            "department": self._named("department", ticket, "dept_id", "name", "dept_name"),
            "topic": self._named("help_topic", ticket, "topic_id", "topic"),
            "team": self._named("team", ticket, "team_id", "name"),
            "client": self._organization(asides.word(ticket, "user_id")),
        }
        return ImportedTicket(
            key=origin.key(identity),
            about=origin.about(number),
            subject=subject or read.NO_SUBJECT,
            body=_text(first) if first else "",
            author=self._writer(first) if first else user,
            requester=user,
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=past.turns,
            ending=past.ending,
            status=status,
            status_word=word or None,
            priority=asides.word(priority, "priority") or None,
            assignee=self._staff(asides.word(ticket, "staff_id")),
            due_at=_instant(ticket, "duedate"),
            updated_at=updated_at,
            places={noun: name for noun, name in places.items() if name},
            is_unmistakable=False,
        )

    # ------------------------------------------------------------------------------------------- names

    def _named(self, table: str, ticket: Record, field: str, *names: str) -> str:
        return asides.word(self._rows[table].get(asides.word(ticket, field), {}), *names)

    def _organization(self, user: str) -> str:
        row = self._rows["user"].get(user, {})
        return asides.word(self._rows["organization"].get(asides.word(row, "org_id"), {}), "name")

    def _user(self, number: str) -> ImportedAuthor | None:
        row = self._rows["user"].get(number)
        if number in ("", "0"):
            return None
        name, email = asides.word(row or {}, "name") or None, self._addresses.get(number) or None
        return (
            ImportedAuthor(None, name, email) if name or email else ImportedAuthor(f"osticket-user-{number}")
        )

    def _staff(self, number: str) -> ImportedAuthor | None:
        if number in ("", "0"):
            return None
        row = self._rows["staff"].get(number, {})
        name = " ".join(
            part for part in (asides.word(row, "firstname"), asides.word(row, "lastname")) if part
        )
        login = asides.word(row, "username") or f"osticket-staff-{number}"
        return ImportedAuthor(login, name or None, asides.word(row, "email") or None)

    def _writer(self, entry: Record) -> ImportedAuthor | None:
        found = self._staff(asides.word(entry, "staff_id")) or self._user(asides.word(entry, "user_id"))
        poster = asides.word(entry, "poster")
        return found or (ImportedAuthor(None, poster) if poster else None)

    def _status(self, number: str) -> tuple[str, str | None]:
        row = self._rows["ticket_status"].get(number, {})
        word = asides.word(row, "name") or ("" if number.isdecimal() else number)
        state = asides.word(row, "state")
        status = vocabulary.status(word)
        if state and (state != "open") != (status in OVER):
            status = "open" if state == "open" else "closed"
        return word, status

    def _form(self, ticket: str) -> str:
        """Return the subject as it was filled in, where the dump has no table of it."""
        for one in self._parts.of(f"value {self._entries.get(ticket, '')}"):
            if isinstance(one, dict) and asides.word(one, "field_id") in self._subject_fields:
                return asides.word(one, "value")
        return ""

    # ------------------------------------------------------------------------------------------ thread

    def _said(self, entry: Record, is_first: bool, created_at: int) -> Iterator[ImportedComment]:
        files = self._files(asides.word(entry, "id"))
        body = "" if is_first else _text(entry)
        title = asides.word(entry, "title") if entry.get("type") == "N" else ""
        body = "\n\n".join(part for part in (title, body.rstrip(), "\n".join(files)) if part)
        at = _instant(entry, "created")
        if body.strip():
            is_internal = is_first or entry.get("type") == "N"
            yield ImportedComment(created_at if at is None else at, self._writer(entry), body, is_internal)

    def _files(self, entry: str) -> list[str]:
        lines = []
        for one in self._parts.of(f"file {entry}"):
            file = self._rows["file"].get(asides.word(one, "file_id"), {}) if isinstance(one, dict) else {}
            size = asides.word(file, "size")
            name = asides.word(one, "name") if isinstance(one, dict) else ""
            lines.append(
                asides.attachment(name or asides.word(file, "name"), int(size) if size.isdecimal() else None)
            )
        return [line for line in lines if line]

    def _changes(self, thread: str) -> Iterator[ImportedChange]:
        for one in self._parts.of(f"event {thread}"):
            if not isinstance(one, dict):
                continue
            event = self._rows["event"].get(asides.word(one, "event_id"), {})
            what = asides.word(event, "name") or asides.word(one, "state")
            at = _instant(one, "timestamp")
            if what in ("closed", "reopened") and at is not None:
                by = self._staff(asides.word(one, "uid")) if asides.word(one, "uid_type") == "S" else None
                yield change(at, by, "closed" if what == "closed" else "open")

    def _asides(self, ticket: Record, data: Record, created_at: int) -> Iterator[ImportedComment]:
        lines = [
            asides.line("Source", asides.word(ticket, "source")),
            asides.line("SLA plan", self._named("sla", ticket, "sla_id", "name")),
            *(
                asides.line(name.replace("_", " ").capitalize(), value)
                for name, value in data.items()
                if name not in ("ticket_id", "subject", "priority")
            ),
        ]
        yield from asides.aside(lines, created_at)


def _instant(record: Record, *names: str) -> int | None:
    value = read.text(record, *names)
    return None if not value.strip() or value.startswith(_ZERO) else read.parse_instant(value)


def _text(entry: Record) -> str:
    body = read.text(entry, "body")
    if asides.word(entry, "format") == "text":
        return body
    from tix.importers.markup import html

    return html.text(body)


TRACKER = Tracker("osticket", "osTicket, database dump", _likeness, _stories)
