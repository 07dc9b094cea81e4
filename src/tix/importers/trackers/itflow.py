"""ITFlow's tickets as its API gives them: ``{"success": "True", "count": 2, "data": […]}``, or the rows alone.

Replies stand in a ticket (``replies``), or in ``ticket_replies.json`` beside; clients, contacts, users and assets in files
beside that are called after them. Times have no zone there: they are read as UTC.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.domain.billing.time_entries import LONGEST_SECONDS
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.companions import Companions, beside_records, owned_by
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import history
from tix.importers.assembly.origin import Origin
from tix.importers.fields import Record
from tix.importers.json_stream import REST, records
from tix.importers.record import (
    Ending,
    ImportedAuthor,
    ImportedComment,
    ImportedTicket,
    ImportedWork,
    Notice,
)
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

_LISTS = ("data",)
_STATUSES = {"1": "New", "2": "Open", "3": "On Hold", "4": "Resolved", "5": "Closed"}  # those of a new ITFlow
_ZERO = "0000-00-00"
_KINDS = ("client", "contact", "user", "asset", "location", "vendor")


def _likeness(head: Head) -> int:
    if head.text[0] not in "[{":
        return 0
    return 95 if '"ticket_subject"' in head.text and '"ticket_id"' in head.text else 0


def _stories(asked: Request) -> Iterator[Told]:
    with Companions() as replies:
        owned = owned_by("ticket_reply_ticket_id", "ticket_id", lists=("replies", "ticket_replies"))
        yield from replies.load(asked.path, ("ticket_replies", "replies"), _LISTS, owned)
        reader = _Reader(asked.now, replies)
        yield from reader.learn(asked)
        items = (value for name, value in records(asked.stream, _LISTS) if name != REST)
        yield from batch.told(items, reader.story, "ticket_id")
        yield from reader.notices()


class _Reader:
    def __init__(self, now: int, replies: Companions) -> None:
        self._dates = CreationDates(now)
        self._replies = replies
        self._rows: dict[str, dict[str, Record]] = {kind: {} for kind in _KINDS}

    def learn(self, asked: Request) -> Iterator[Notice]:
        """Read the files of clients, contacts and so on beside, and yield which were read."""
        for kind in _KINDS:
            read = set()
            for file, value in beside_records(asked.path, (f"{kind}s",), _LISTS):
                self._rows[kind][asides.word(value, f"{kind}_id")] = value
                read.add(file)
            yield from (Notice(f"also read {file}", f"also read {file}") for file in sorted(read))

    def notices(self) -> Iterator[Notice]:
        """Yield how many tickets had no creation date."""
        yield from self._dates.notices()

    def story(self, ticket: Record) -> ImportedTicket:
        """Return a ticket as an imported one. Raises BrokenRecord."""
        identity = batch.number(ticket, "ticket_id")
        origin = Origin("itflow")
        names = ("resolved", "closed", "updated")
        resolved_at, closed_at, updated_at = (_instant(ticket, f"ticket_{name}_at") for name in names)
        created_at = self._dates.of(
            _instant(ticket, "ticket_created_at"), (resolved_at, closed_at, updated_at)
        )
        word = asides.word(ticket, "ticket_status_name") or asides.word(ticket, "ticket_status")
        word = _STATUSES.get(word, word)
        status = vocabulary.status(word)
        if status is None and (closed_at is not None or resolved_at is not None):
            status = "closed" if closed_at is not None else "resolved"
        otherwise = created_at if updated_at is None else updated_at
        ender = self._person("user", ticket, "ticket_closed_by")
        past = history((), status, Ending(resolved_at, closed_at, otherwise, ender), created_at)
        contact = self._person("contact", ticket, "ticket_contact_id")
        row = self._rows["contact"].get(asides.word(ticket, "ticket_contact_id"), {})
        asset = self._named("asset", ticket, "ticket_asset_id")
        client = self._named("client", ticket, "ticket_client_id")
        number = asides.word(ticket, "ticket_prefix") + asides.word(ticket, "ticket_number")
        remarks = [*self._asides(ticket, created_at), *self._thread(ticket, identity, created_at)]
        return ImportedTicket(
            key=origin.key(identity),
            about=origin.about(number or identity),
            subject=read.subject(ticket, "ticket_subject"),
            body=_text(ticket, "ticket_details"),
            author=self._person("user", ticket, "ticket_created_by") or contact,
            requester=contact,
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=past.turns,
            ending=past.ending,
            status=status,
            status_word=word or None,
            priority=asides.word(ticket, "ticket_priority") or None,
            assignee=self._person("user", ticket, "ticket_assigned_to"),
            category=self._category(ticket),
            due_at=_instant(ticket, "ticket_due_at"),
            phone=asides.word(row, "contact_phone") or None,
            updated_at=updated_at,
            places={"client": client} if client else {},
            assets=(asset,) if asset else (),
            is_unmistakable=False,
            work=tuple(self._work(ticket, identity, created_at)),
        )

    def _category(self, ticket: Record) -> str | None:
        """Return its category; a number is that of a row which the API does not give."""
        word = asides.word(ticket, "ticket_category_name", "ticket_category")
        return None if not word or word.isdecimal() else word

    def _named(self, kind: str, ticket: Record, field: str) -> str:
        number = asides.word(ticket, field)
        if number in ("", "0"):
            return ""
        return (
            asides.word(ticket, f"{kind}_name")
            or asides.word(self._rows[kind].get(number, {}), f"{kind}_name")
            or f"ITFlow {kind} {number}"
        )

    def _person(self, kind: str, ticket: Record, field: str) -> ImportedAuthor | None:
        number = asides.word(ticket, field)
        if number in ("", "0"):
            return None
        row = self._rows[kind].get(number, {})
        name, email = (asides.word(row, f"{kind}_{one}") or None for one in ("name", "email"))
        return (
            ImportedAuthor(None, name, email) if name or email else ImportedAuthor(f"itflow-{kind}-{number}")
        )

    def _thread(self, ticket: Record, identity: str, created_at: int) -> Iterator[ImportedComment]:
        for reply in self._replies_of(ticket, identity):
            kind = asides.word(reply, "ticket_reply_type").lower()
            at = _instant(reply, "ticket_reply_created_at")
            body = _text(reply, "ticket_reply")
            by = self._writer(reply)
            if body.strip():
                yield ImportedComment(created_at if at is None else at, by, body, kind == "internal")

    def _work(self, ticket: Record, identity: str, created_at: int) -> Iterator[ImportedWork]:
        for reply in self._replies_of(ticket, identity):
            at = _instant(reply, "ticket_reply_created_at")
            parts = asides.word(reply, "ticket_reply_time_worked").split(":")
            if len(parts) == 3 and all(part.isdecimal() for part in parts):
                hours, minutes, seconds = map(int, parts)
                worked = hours * 3600 + minutes * 60 + seconds
                if 0 < worked <= LONGEST_SECONDS:
                    yield ImportedWork(created_at if at is None else at, self._writer(reply), worked)

    def _replies_of(self, ticket: Record, identity: str) -> list[Record]:
        replies = [*read.records(ticket, "replies", "ticket_replies")]
        return replies or [one for one in self._replies.of(identity) if isinstance(one, dict)]

    def _writer(self, reply: Record) -> ImportedAuthor | None:
        name = asides.word(reply, "ticket_reply_by_name") or None
        is_client = asides.word(reply, "ticket_reply_type").lower() == "client"
        by = ImportedAuthor(None, name) if name else None
        return by or self._person("contact" if is_client else "user", reply, "ticket_reply_by")

    def _asides(self, ticket: Record, created_at: int) -> Iterator[ImportedComment]:
        lines = [
            asides.line("Source", asides.word(ticket, "ticket_source")),
            asides.line("Scheduled", _date(ticket, "ticket_schedule")),
            asides.line("On site", True) if asides.word(ticket, "ticket_onsite") == "1" else "",
            asides.line("Billable", True) if asides.word(ticket, "ticket_billable") == "1" else "",
            asides.line("Vendor", self._named("vendor", ticket, "ticket_vendor_id")),
            asides.line("Vendor's ticket", asides.word(ticket, "ticket_vendor_ticket_number")),
            asides.line("Location", self._named("location", ticket, "ticket_location_id")),
            asides.line("Feedback", asides.word(ticket, "ticket_feedback")),
            asides.line("Archived", _date(ticket, "ticket_archived_at")),
        ]
        yield from asides.aside(lines, created_at)


def _date(record: Record, name: str) -> str:
    value = asides.word(record, name)
    return "" if value.startswith(_ZERO) else value


def _instant(record: Record, name: str) -> int | None:
    value = read.text(record, name)
    return None if not value.strip() or value.startswith(_ZERO) else read.parse_instant(value)


def _text(record: Record, name: str) -> str:
    """Return a text, which is HTML where it was written in a browser."""
    value = read.text(record, name)
    if "<" not in value and "&" not in value:
        return value
    from tix.importers.markup import html

    return html.text(value)


TRACKER = Tracker("itflow", "ITFlow, API", _likeness, _stories)
