"""Freshdesk's tickets as JSON: answers of its REST API (v2), and the export of an account (``helpdesk_ticket``).

Conversations stand in a ticket (``include=conversations``), or in ``conversations.json`` beside; people in a ticket, or in
``contacts.json`` and ``agents.json`` beside. Freshservice writes the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.attached import FileFinder
from tix.importers.assembly.companions import Companions, beside_records, owned_by
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import history
from tix.importers.assembly.origin import Origin
from tix.importers.assembly.people import Directory, author
from tix.importers.fields import Record
from tix.importers.json_stream import REST, records
from tix.importers.record import Ending, ImportedAuthor, ImportedComment, ImportedTicket, Notice
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

_LISTS = ("tickets", "results")
_STATUSES = {
    "2": ("Open", "open"),
    "3": ("Pending", "on-hold"),
    "4": ("Resolved", "resolved"),
    "5": ("Closed", "closed"),
    "6": ("Waiting on Customer", "on-hold"),
    "7": ("Waiting on Third Party", "on-hold"),
}
_SOURCES = {"1": "email", "2": "web", "3": "phone"}
# Fields of Freshservice.
_ASIDE = ("sub_category", "item_category", "impact", "urgency", "resolution_notes")
_FILES = (("name", "content_file_name"), ("attachment_url",))
_PRIORITIES = {"1": "low", "2": "medium", "3": "high", "4": "urgent"}
_SIGNS = frozenset(
    "responder_id requester_id description_text fr_due_by due_by fr_escalated is_escalated cc_emails spam display_id".split()
)


def _likeness(head: Head) -> int:
    if head.text[0] not in "[{":
        return 0
    if '"helpdesk_ticket"' in head.text and '"subject"' in head.text:
        return 95
    if "subject" in head.keys and len(head.keys & _SIGNS) >= 3:
        return 95
    is_envelope = bool(head.keys & {"tickets", "ticket", "results"})
    return 93 if is_envelope and '"responder_id"' in head.text and '"fr_due_by"' in head.text else 0


def _stories(asked: Request) -> Iterator[Told]:
    with Companions() as conversations:
        owned = owned_by("ticket_id", "id", lists=("conversations", "notes"))
        yield from conversations.load(asked.path, ("conversations",), ("conversations",), owned)
        reader = _Reader(asked, conversations)
        yield from reader.learn(asked)
        yield from batch.told(_tickets(asked), reader.story, "display_id", "id")
        yield from reader.notices()


def _tickets(asked: Request) -> Iterator[object]:
    for name, value in records(asked.stream, _LISTS):
        if name == REST:
            continue
        inside = value
        for key in ("helpdesk_ticket", "ticket"):
            if isinstance(inside, dict) and isinstance(inside.get(key), dict):
                inside = inside[key]
        yield inside


class _Reader:
    def __init__(self, asked: Request, conversations: Companions) -> None:
        self._dates = CreationDates(asked.now)
        self._files = FileFinder(asked.path)
        self._conversations = conversations
        self._people = Directory("freshdesk")
        self._without_thread = 0

    def learn(self, asked: Request) -> Iterator[Notice]:
        """Read the files of people beside, and yield which were read."""
        kinds = ("contacts", "agents", "users")
        read = set()
        for file, value in beside_records(asked.path, kinds, kinds):
            inside = next((value[key] for key in ("contact", "user", "agent") if key in value), value)
            if isinstance(inside, dict):
                self._people.put({"id": value.get("id"), **inside})
            read.add(file)
        yield from (Notice(f"also read {file}", f"also read {file}") for file in sorted(read))

    def notices(self) -> Iterator[Notice]:
        """Yield what the file does not hold."""
        yield from self._people.notices(
            "save /api/v2/contacts and /api/v2/agents as contacts.json and agents.json beside it"
        )
        if self._without_thread:
            yield Notice(
                "1 ticket has no conversations in this file; ask for it with include=conversations",
                "{count:,} tickets have no conversations in this file; ask for each with include=conversations",
                self._without_thread,
            )
        yield from self._dates.notices()

    def story(self, ticket: Record) -> ImportedTicket:
        """Return a ticket as an imported one. Raises BrokenRecord."""
        number = batch.number(ticket, "display_id", "id")
        origin = Origin("freshdesk")
        stats = {**batch.inner(ticket, "ticket_states"), **batch.inner(ticket, "stats")}
        resolved_at, closed_at = (read.instant(stats, name) for name in ("resolved_at", "closed_at"))
        updated_at = read.instant(ticket, "updated_at")
        created_at = self._dates.of(read.instant(ticket, "created_at"), (resolved_at, closed_at, updated_at))
        word, status = _status(ticket)
        if status not in ("resolved", "closed"):
            resolved_at = closed_at = None  # of a time before it was opened again
        otherwise = created_at if updated_at is None else updated_at
        past = history((), status, Ending(resolved_at, closed_at, otherwise), created_at)
        requester = self._person(ticket, "requester")
        assignee = self._person(ticket, "responder")
        priority = asides.word(ticket, "priority_name") or asides.word(ticket, "priority")
        company = asides.word(batch.inner(ticket, "company"), "name") or asides.word(ticket, "company_name")
        group = asides.word(batch.inner(ticket, "group"), "name") or asides.word(ticket, "group_name")
        places = {"client": company, "team": group}
        files = self._files.of(ticket, "attachments", *_FILES, number)
        remarks = [*self._asides(ticket, files.lines, created_at), *self._thread(ticket, number, created_at)]
        return ImportedTicket(
            key=origin.key(number),
            about=origin.about(number),
            subject=read.one_line(read.text(ticket, "subject")) or read.NO_SUBJECT,
            body=_text(ticket, "description_text", "description", "description_html"),
            author=requester,
            requester=requester,
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=past.turns,
            ending=past.ending,
            status=status,
            status_word=word or None,
            priority=_PRIORITIES.get(priority, priority) or None,
            type=vocabulary.slug(asides.word(ticket, "type", "ticket_type")) or None,
            assignee=assignee,
            tags=read.labels(ticket, "tags"),
            category=asides.word(ticket, "category") or None,
            due_at=read.due(ticket, "due_by"),
            source=_SOURCES.get(asides.word(ticket, "source")),
            phone=asides.word(ticket, "phone") or None,
            updated_at=updated_at,
            places={noun: name for noun, name in places.items() if name},
            is_unmistakable=False,
            watchers=tuple(_copied(ticket)),
            files=files.files,
        )

    def _person(self, record: Record, role: str) -> ImportedAuthor | None:
        """Return a person: an object, a name in a field of its own, an address, else a number."""
        told = record.get(role)
        if isinstance(told, dict):
            self._people.put(told)
            return author(told)
        name = asides.word(record, f"{role}_name")
        if name and name != "No Agent":
            self._people.name(record.get(f"{role}_id"), name)
        if role == "requester":
            found = author({"name": name, "email": asides.word(record, "email")})
            if found is not None:
                return found
        elif name and name != "No Agent":
            return ImportedAuthor(None, name)
        return self._people.of(record.get(f"{role}_id"))

    def _thread(self, ticket: Record, number: str, created_at: int) -> Iterator[ImportedComment]:
        told = [*read.records(ticket, "conversations", "notes", "helpdesk_notes")]
        told = told or [one for one in self._conversations.of(number) if isinstance(one, dict)]
        if not told:
            self._without_thread += 1
        for one in told:
            inside = one.get("note")
            note = inside if isinstance(inside, dict) else one
            body = _text(note, "body_text", "body", "body_html")
            found = self._files.of(note, "attachments", *_FILES, number)
            if found.lines:
                body = "\n\n".join(part for part in (body.rstrip(), "\n".join(found.lines)) if part)
            at = read.instant(note, "created_at")
            by = self._people.person(note, "user")
            if body.strip() or found.files:
                at = created_at if at is None else at
                yield ImportedComment(at, by, body, note.get("private") is True, found.files)

    def _asides(self, ticket: Record, files: tuple[str, ...], created_at: int) -> Iterator[ImportedComment]:
        told = ticket.get("custom_fields") or ticket.get("custom_field")
        custom = told if isinstance(told, dict) else {}
        lines = [
            *(
                asides.line(name.removeprefix("cf_").replace("_", " ").capitalize(), value)
                for name, value in custom.items()
            ),
            *(asides.line(name.replace("_", " ").capitalize(), ticket.get(name)) for name in _ASIDE),
            asides.line("Spam", True) if ticket.get("spam") is True else "",
            asides.line("Deleted", True) if ticket.get("deleted") is True else "",
            *files,
        ]
        yield from asides.aside(lines, created_at)


def _copied(ticket: Record) -> Iterator[ImportedAuthor]:
    """Yield who gets copies."""
    copies = ticket.get("cc_emails")
    copies = copies if isinstance(copies, list) else batch.inner(ticket, "cc_email").get("cc_emails")
    for one in copies if isinstance(copies, list) else ():
        if isinstance(one, str) and (found := read.parse_voice(one)) is not None:
            yield found


def _status(ticket: Record) -> tuple[str, str | None]:
    """Return the source's word for the status and tix's; a number of the account's own stands for an open one."""
    word = asides.word(ticket, "status_name")
    number = asides.word(ticket, "status")
    if not word and number in _STATUSES:
        return _STATUSES[number]
    word = word or number
    status = vocabulary.status(word)
    if status is None and vocabulary.slug(word).startswith("waiting"):
        status = "on-hold"
    return ("" if word.isdecimal() else word), status or ("open" if word else None)


def _text(record: Record, *names: str) -> str:
    """Return the first text that there is, as plain text."""
    for name in names:
        value = read.text(record, name)
        if value.strip():
            if name.endswith("_text") or not ("<" in value or "&" in value):
                return value
            from tix.importers.markup import html

            return html.text(value)
    return ""


TRACKER = Tracker("freshdesk", "Freshdesk, JSON", _likeness, _stories)
