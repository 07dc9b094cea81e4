"""Zendesk's tickets as JSON: the export of an account, one ticket a line, and the answers of its REST API.

Comments stand in a ticket, in a list of their own, or in ``comments.json`` beside; people in a ticket, in ``users``, or in
``users.json`` beside.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.attached import FileFinder
from tix.importers.assembly.companions import Companions, beside_records, owned_by
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import change, history
from tix.importers.assembly.origin import Origin, host_of
from tix.importers.assembly.people import Directory
from tix.importers.fields import Record
from tix.importers.json_stream import REST, records
from tix.importers.record import (
    Ending,
    ImportedAuthor,
    ImportedChange,
    ImportedComment,
    ImportedFile,
    ImportedTicket,
    Notice,
)
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

_LISTS = ("tickets", "results", "comments", "users", "groups", "organizations", "ticket_fields")
_TICKETS = (None, "tickets", "results")
_STATUSES = {
    "new": "open",
    "open": "open",
    "pending": "on-hold",
    "hold": "on-hold",
    "solved": "resolved",
    "closed": "closed",
    "deleted": "closed",
}
_SIGNS = frozenset(
    "requester_id submitter_id assignee_id raw_subject has_incidents via organization_id group_id".split()
)
_OWNED = owned_by("ticket_id", "ticketId")


def _likeness(head: Head) -> int:
    keys = head.keys
    if head.text[0] not in "[{":
        return 0
    if keys & {"tickets", "ticket", "results"} and ".zendesk.com/" in head.text:
        return 95
    if keys & {"tickets", "ticket", "results"} and '"requester_id"' in head.text and '"subject"' in head.text:
        return 90 if '"raw_subject"' in head.text or '"submitter_id"' in head.text else 60
    if "subject" in keys or "raw_subject" in keys:
        if ".zendesk.com/" in head.text:
            return 95
        return 90 if len(keys & _SIGNS) >= 3 and not keys & {"description_text", "spam"} else 0
    return 0


def _stories(asked: Request) -> Iterator[Told]:
    with Companions() as comments:
        reader = _Reader(asked, comments)
        yield from comments.load(asked.path, ("comments", "ticket_comments"), ("comments", "tickets"), _OWNED)
        yield from reader.learn_beside(asked)
        reader.learn(asked)
        yield from batch.told(_tickets(asked), reader.story, "id", "_id")
        yield from reader.notices()


def _tickets(asked: Request) -> Iterator[object]:
    for name, value in records(asked.stream, _LISTS):
        if name not in _TICKETS:
            continue
        if isinstance(value, dict) and isinstance(value.get("ticket"), dict):
            yield value["ticket"] | {"comments": value.get("comments", value["ticket"].get("comments"))}
        elif (
            name != "results" or not isinstance(value, dict) or value.get("result_type", "ticket") == "ticket"
        ):
            yield value


class _Reader:
    def __init__(self, asked: Request, comments: Companions) -> None:
        self._comments = comments
        self._files = FileFinder(asked.path)
        self._dates = CreationDates(asked.now)
        self._people = Directory("zendesk")
        self._names: dict[str, dict[str, str]] = {"groups": {}, "organizations": {}, "ticket_fields": {}}
        self._without_thread = 0

    def learn(self, asked: Request) -> None:
        """Read the lists beside the tickets first: they may follow them."""
        for name, value in records(asked.stream, _LISTS):
            if isinstance(value, dict) and name not in (REST, *_TICKETS):
                self._learn(name or "", value)
        asked.stream.seek(0)

    def learn_beside(self, asked: Request) -> Iterator[Notice]:
        """Read the files of people, groups and organizations beside, and yield which were read."""
        for kind in ("users", "groups", "organizations"):
            read = set()
            for file, value in beside_records(asked.path, (kind,), (kind,)):
                self._learn(kind, value)
                read.add(file)
            yield from (Notice(f"also read {file}", f"also read {file}") for file in sorted(read))

    def _learn(self, kind: str, value: Record) -> None:
        if kind == "users":
            self._people.put(value)
        elif kind == "comments":
            for key, one in _OWNED(value):
                self._comments.put(key, one)
        elif kind in self._names:
            self._names[kind][asides.word(value, "id", "_id")] = asides.word(value, "name", "title")

    def notices(self) -> Iterator[Notice]:
        """Yield what the file does not hold."""
        yield from self._people.notices("save /api/v2/users.json as users.json beside it")
        if self._without_thread:
            yield Notice(
                "1 ticket has no comments in this file; save them with their ticket_id as comments.json beside it",
                "{count:,} tickets have no comments in this file; save them with their ticket_id as comments.json "
                "beside it",
                self._without_thread,
            )
        yield from self._dates.notices()

    def story(self, ticket: Record) -> ImportedTicket:
        """Return a ticket as an imported one. Raises BrokenRecord."""
        number = batch.number(ticket, "id", "_id", "nice_id")
        origin = Origin("zendesk", host_of(asides.word(ticket, "url")))
        updated_at = read.instant(ticket, "updated_at")
        solved_at = read.instant(batch.inner(ticket, "metric_set", "metrics"), "solved_at")
        solved_at = read.instant(ticket, "solved_at") if solved_at is None else solved_at
        created_at = self._dates.of(read.instant(ticket, "created_at"), (solved_at, updated_at))
        requester, submitter, assignee = (
            self._people.person(ticket, role) for role in ("requester", "submitter", "assignee")
        )
        word = asides.word(ticket, "status")
        status = _STATUSES.get(word.lower()) or vocabulary.status(word)
        ending = Ending(solved_at, None, created_at if updated_at is None else updated_at)
        past = history(self._changes(ticket), status, ending, created_at)
        body = read.text(ticket, "description")
        thread = list(self._thread(ticket, number, created_at))
        remarks, files, attached = _without_first(thread, body)
        followers = list(dict.fromkeys(self._watchers(ticket)))
        unnamed = [one for one in followers if not (one.name or one.email)]
        remarks = [*self._asides(ticket, unnamed, files, created_at), *remarks]
        places = {"client": self._name(ticket, "organization"), "team": self._name(ticket, "group")}
        problem = asides.word(ticket, "problem_id")
        return ImportedTicket(
            key=origin.key(number),
            about=origin.about(number),
            subject=read.one_line(read.text(ticket, "subject") or read.text(ticket, "raw_subject"))
            or read.one_line(body)[:80]
            or read.NO_SUBJECT,
            body=body,
            author=submitter or requester,
            requester=requester,
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=past.turns,
            ending=past.ending,
            status=status,
            status_word=word or None,
            priority=asides.word(ticket, "priority") or None,
            type=vocabulary.slug(asides.word(ticket, "type")) or None,
            assignee=assignee,
            tags=read.labels(ticket, "tags"),
            due_at=read.due(ticket, "due_at"),
            updated_at=updated_at,
            places={noun: name for noun, name in places.items() if name},
            links=(("relates", origin.key(problem)),) if problem else (),
            is_unmistakable=origin.host is not None,
            watchers=tuple(one for one in followers if one.name or one.email),
            files=attached,
        )

    def _name(self, ticket: Record, noun: str) -> str:
        told = ticket.get(noun)
        if isinstance(told, dict):
            return asides.word(told, "name")
        return self._names[f"{noun}s"].get(asides.word(ticket, f"{noun}_id"), "")

    def _thread(
        self, ticket: Record, number: str, created_at: int
    ) -> Iterator[tuple[ImportedComment, list[str]]]:
        """Yield the comments, each with the lines that name its files."""
        told = [*read.records(ticket, "comments"), *self._audited(ticket)]
        told += [one for one in self._comments.of(number) if isinstance(one, dict)]
        if not told:
            self._without_thread += 1
        seen = set()
        for one in told:
            name = asides.word(one, "id")
            if name and name in seen:
                continue
            seen.add(name)
            body = read.text(one, "plain_body") or read.text(one, "body")
            if not body.strip() and read.text(one, "html_body"):
                from tix.importers.markup import html

                body = html.text(read.text(one, "html_body"))
            at = read.instant(one, "created_at")
            by = self._people.person(one, "author")
            found = self._files.of(one, "attachments", ("file_name", "name"), ("content_url", "url"), number)
            at = created_at if at is None else at
            yield (
                ImportedComment(at, by, body, one.get("public") is False, found.files),
                list(found.lines),
            )

    def _audited(self, ticket: Record) -> Iterator[Record]:
        """Yield the comments in the audits of a ticket, where it has no list of comments."""
        if isinstance(ticket.get("comments"), list):
            return
        for audit in read.records(ticket, "audits"):
            for event in read.records(audit, "events"):
                if asides.word(event, "type") == "Comment":
                    yield {
                        "created_at": audit.get("created_at"),
                        "author_id": audit.get("author_id"),
                        **event,
                    }

    def _changes(self, ticket: Record) -> Iterator[ImportedChange]:
        for audit in read.records(ticket, "audits"):
            at = read.instant(audit, "created_at")
            by = self._people.person(audit, "author")
            for event in read.records(audit, "events"):
                word = asides.word(event, "value")
                if (
                    asides.word(event, "field_name") == "status"
                    and event.get("type") == "Change"
                    and at is not None
                ):
                    yield change(at, by, _STATUSES.get(word, "open"), word)

    def _asides(
        self, ticket: Record, others: list[ImportedAuthor], files: list[str], created_at: int
    ) -> Iterator[ImportedComment]:
        rating = batch.inner(ticket, "satisfaction_rating")
        score = asides.word(rating, "score")
        score = "" if score in ("unoffered", "offered") else score
        lines = [
            *self._custom(ticket),
            asides.line("External id", asides.word(ticket, "external_id")),
            asides.line(
                "Satisfaction", ": ".join(one for one in (score, read.text(rating, "comment")) if one)
            ),
            asides.people("Followers", others),
            *files,
        ]
        yield from asides.aside(lines, created_at)

    def _watchers(self, ticket: Record) -> Iterator[ImportedAuthor]:
        for field in ("collaborator", "follower", "email_cc"):
            value = ticket.get(f"{field}_ids") or ticket.get(f"{field}s")
            for one in value if isinstance(value, list) else ():
                if (found := self._people.person({field: one}, field)) is not None:
                    yield found

    def _custom(self, ticket: Record) -> Iterator[str]:
        for field in read.records(ticket, "custom_fields", "fields"):
            number = asides.word(field, "id")
            value = field.get("value")
            if isinstance(value, list):
                value = ", ".join(str(one) for one in value if isinstance(one, str | int))
            name = self._names["ticket_fields"].get(number) or asides.word(field, "title", "name")
            yield asides.line(name or f"Custom field {number}", value)


def _without_first(
    thread: list[tuple[ImportedComment, list[str]]], body: str
) -> tuple[list[ImportedComment], list[str], tuple[ImportedFile, ...]]:
    """Return the comments with the names of their files below, and the files of the first: names, and those with bytes.

    The first comment of a ticket is its description, which is the body already.
    """
    remarks, first = [], []
    attached: tuple[ImportedFile, ...] = ()
    thread.sort(key=lambda one: one[0].at)
    for place, (remark, files) in enumerate(thread):
        if place == 0 and remark.body.strip() == body.strip() and body.strip():
            first, attached = files, remark.files
            continue
        text = "\n\n".join(part for part in (remark.body.rstrip(), "\n".join(files)) if part)
        if text.strip() or remark.files:
            remarks.append(remark._replace(body=text if files else remark.body))
    return remarks, first, attached


TRACKER = Tracker("zendesk", "Zendesk, JSON", _likeness, _stories)
