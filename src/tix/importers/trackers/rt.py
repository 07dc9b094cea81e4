"""Request Tracker: what ``rt show -l`` prints, and the answers of its REST2 interface.

The text has blocks of ``Name: value`` between lines of ``--``: tickets (``id: ticket/7``), and the entries of their history
(``rt show -l ticket/7/history``). In JSON, transactions stand in a ticket, or in ``transactions.json`` beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from tix.domain.billing.time_entries import LONGEST_SECONDS
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.companions import Companions
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import change, history
from tix.importers.assembly.origin import Origin, host_of
from tix.importers.fields import Record
from tix.importers.files import text_lines
from tix.importers.json_stream import REST, records
from tix.importers.record import (
    Ending,
    ImportedAuthor,
    ImportedChange,
    ImportedComment,
    ImportedTicket,
    ImportedWork,
)
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

# How such a text begins, with the answer's first line where it was saved with it.
BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:RT/[0-9.]+ 200 Ok\s+)?(?:# [0-9]+/[0-9]+ \(.*\)\s+)?id: ticket/[0-9]+\s"
)
_FIELD = re.compile(r"(?P<name>[A-Za-z][\w.{}() -]{0,80}?):(?:[ \t](?P<value>.*))?")
_NUMBER = re.compile(r"(?:ticket/|^)(?P<number>[0-9]+)\s*$")
_STATUSES = {"new": "open", "open": "open", "stalled": "on-hold", "rejected": "closed", "deleted": "closed"}
_LINKS = {
    "dependson": "blocked-by",
    "dependedonby": "blocks",
    "refersto": "relates",
    "referredtoby": "relates",
    "memberof": "child",
    "members": "parent",
}
_NOBODY = frozenset({"", "nobody", "rt_system"})
_PLACED = frozenset(
    """
    id queue owner creator subject status created resolved lastupdated lastupdatedby due told started starts requestors
    requestor type effectiveid priority initialpriority finalpriority history transactions cc admincc customfields sla
    timeestimated timeworked timeleft _hyperlinks _url content files
    """.split()
)
_SIGNS = frozenset(
    "AdminCc FinalPriority InitialPriority LastUpdated Requestor Started Starts TimeLeft TimeWorked".split()
)
# The first line of an answer, where several were saved in one file.
_ANSWER = re.compile(r"RT/[0-9.]+ 200 Ok")
_CONTENT = frozenset({"content", "data"})


def _likeness(head: Head) -> int:
    if head.text[0] in "[{":
        is_ticket = (
            '"EffectiveId"' in head.text or '"LastUpdatedBy"' in head.text or len(head.keys & _SIGNS) >= 5
        )
        return 95 if is_ticket and '"Subject"' in head.text else 0
    return 95 if BEGINS.match(head.text[:400].encode(errors="replace")) else 0


def _stories(asked: Request) -> Iterator[Told]:
    with Companions() as past:
        reader = _Reader(asked, past)
        start = asked.stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
        asked.stream.seek(0)
        if start.startswith((b"{", b"[")):
            yield from past.load(asked.path, ("transactions", "history"), ("items",), _owned)
            items = (value for name, value in records(asked.stream, ("items",)) if name != REST)
            yield from batch.told(items, reader.story, "id")
        else:
            for block in _blocks(asked):
                if "ticket" in block:
                    past.put(block["ticket"], block)
            asked.stream.seek(0)
            tickets = (block for block in _blocks(asked) if "ticket" not in block and "subject" in block)
            yield from batch.told(tickets, reader.story, "id")
        yield from reader.dates.notices()


def _owned(transaction: Record) -> Iterator[tuple[str, object]]:
    owner = batch.inner(transaction, "Object")
    number = asides.word(owner, "id") or asides.word(transaction, "ObjectId", "Ticket")
    if number and asides.word(owner, "type").lower() in ("", "ticket"):
        yield number, transaction


def _blocks(asked: Request) -> Iterator[dict[str, str]]:
    """Yield the blocks of a text, the names of their fields in lower case; a line that is indented goes on."""
    found: dict[str, list[str]] = {}
    last = ""
    for raw in text_lines(asked.stream):
        line = raw.rstrip("\r\n")
        if line == "--" or _ANSWER.fullmatch(line):
            if found:
                yield _joined(found)
            found, last = {}, ""
            continue
        field = _FIELD.fullmatch(line) if not line[:1].isspace() else None
        if field is not None:
            last = field["name"].lower()
            found[last] = [field["value"] or ""]
        elif last and (line[:1].isspace() or last in _CONTENT):
            found[last].append(line if last in _CONTENT else line.strip())
    if found:
        yield _joined(found)


def _joined(found: dict[str, list[str]]) -> dict[str, str]:
    return {name: "\n".join(lines) for name, lines in found.items()}


class _Reader:
    """Reads tickets. ``dates`` are those when they were created."""

    def __init__(self, asked: Request, past: Companions) -> None:
        self.dates = CreationDates(asked.now)
        self._past = past

    def story(self, told: Record) -> ImportedTicket:
        """Return a ticket, of the text or of JSON, as an imported one. Raises BrokenRecord."""
        ticket = {name.lower(): value for name, value in told.items()}
        number = _number(batch.number(ticket, "id"))
        links = ticket.get("_hyperlinks")
        address = (
            asides.word(links[0], "_url")
            if isinstance(links, list) and links and isinstance(links[0], dict)
            else asides.word(ticket, "_url")
        )
        origin = Origin("rt", host_of(address))
        resolved_at, updated_at = _instant(ticket, "resolved"), _instant(ticket, "lastupdated")
        created_at = self.dates.of(_instant(ticket, "created"), (resolved_at, updated_at))
        word = asides.word(ticket, "status")
        status = _status(word)
        if status not in ("resolved", "closed"):
            resolved_at = None
        past = [*_lower(read.records(ticket, "history", "transactions"))]
        past = past or [*_lower(one for one in self._past.of(number) if isinstance(one, dict))]
        born = next((one for one in past if asides.word(one, "type") == "Create"), {})
        otherwise = created_at if updated_at is None else updated_at
        turns = history(_changes(past), status, Ending(resolved_at, None, otherwise), created_at)
        requesters = _people(ticket.get("requestors") or ticket.get("requestor"))
        creator = _person(ticket.get("creator"))
        queue = _name(ticket.get("queue"))
        worked = list(_worked(past, created_at))
        remarks = [*_asides(ticket, requesters, created_at, timed=bool(worked)), *_said(past, created_at)]
        return ImportedTicket(
            key=origin.key(number),
            about=origin.about(number),
            subject=read.one_line(read.text(ticket, "subject")) or read.NO_SUBJECT,
            body=_content(born) or _content(ticket),
            author=creator or (requesters[0] if requesters else None),
            requester=requesters[0] if requesters else None,
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=turns.turns,
            ending=turns.ending,
            status=status,
            status_word=word or None,
            assignee=_person(ticket.get("owner")),
            due_at=_instant(ticket, "due"),
            updated_at=updated_at,
            places={"department": queue} if queue else {},
            links=tuple(_links(ticket, origin)),
            is_unmistakable=origin.host is not None,
            watchers=tuple(_people(ticket.get("cc"))),
            work=tuple(worked),
        )


def _lower(transactions: Iterator[Record]) -> Iterator[Record]:
    for one in transactions:
        yield {name.lower(): value for name, value in one.items()}


def _number(word: str) -> str:
    found = _NUMBER.search(word)
    return found["number"] if found else word


def _status(word: str) -> str | None:
    return _STATUSES.get(word.lower()) or vocabulary.status(word) or ("open" if word else None)


def _instant(record: Record, name: str) -> int | None:
    """Return a time: as C prints it (``Mon Jan 05 10:00:00 2026``, UTC), or ISO 8601; None for one that is not set."""
    value = record.get(name)
    words = value.strip() if isinstance(value, str) else read.text(record, name)
    if words.lower() in ("", "not set") or words.startswith("1970-01-01T00:00:00"):
        return None
    try:
        return int(datetime.strptime(words, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return read.parse_instant(words)


def _name(value: object) -> str:
    if isinstance(value, dict):
        found = asides.word(value, "Name", "name")
        return found or (f"RT queue {asides.word(value, 'id')}" if asides.word(value, "id") else "")
    return asides.word({"queue": value}, "queue")


def _person(value: object) -> ImportedAuthor | None:
    if isinstance(value, dict):
        login, name = asides.word(value, "id", "Name", "name"), asides.word(value, "RealName") or None
        email = asides.word(value, "EmailAddress") or (login if "@" in login else None)
        if login.lower() in _NOBODY:
            return None
        return ImportedAuthor(None if "@" in login else login, name, email)
    if not isinstance(value, str) or value.strip().lower() in _NOBODY:
        return None
    return read.parse_voice(value)


def _people(value: object) -> list[ImportedAuthor]:
    values = re.split(r"[,\n]", value) if isinstance(value, str) else value if isinstance(value, list) else []
    return [found for one in values if (found := _person(one)) is not None]


def _content(record: Record) -> str:
    """Return the text of an entry; in the text form its further lines are indented under the first."""
    value = read.text(record, "content")
    lines = value.split("\n")
    if len(lines) > 1:
        lines = [lines[0], *(line.removeprefix("         ") for line in lines[1:])]
    text = "\n".join(lines).strip("\n")
    return "" if text.strip() == "This transaction appears to have no content" else text


def _said(past: list[Record], created_at: int) -> Iterator[ImportedComment]:
    for one in past:
        kind = asides.word(one, "type")
        body = _content(one)
        if kind in ("Correspond", "Comment") and body.strip():
            at = _instant(one, "created")
            yield ImportedComment(
                created_at if at is None else at, _person(one.get("creator")), body, kind == "Comment"
            )


def _changes(past: list[Record]) -> Iterator[ImportedChange]:
    for one in past:
        is_status = asides.word(one, "type") == "Status" or asides.word(one, "field") == "Status"
        at = _instant(one, "created")
        if is_status and at is not None:
            word = asides.word(one, "newvalue")
            yield change(at, _person(one.get("creator")), _status(word) or "open", word)


def _links(ticket: Record, origin: Origin) -> Iterator[tuple[str, str]]:
    for name, relation in _LINKS.items():
        value = ticket.get(name)
        for word in re.split(r"[,\n]", value) if isinstance(value, str) else ():
            if found := re.search(r"ticket/([0-9]+)\s*$", word):
                yield relation, origin.key(found[1])
    for link in ticket.get("_hyperlinks") or ():
        if isinstance(link, dict) and asides.word(link, "type") == "ticket":
            relation = _LINKS.get(asides.word(link, "ref").replace("-", ""), "")
            if relation and asides.word(link, "id"):
                yield relation, origin.key(asides.word(link, "id"))


def _worked(past: list[Record], created_at: int) -> Iterator[ImportedWork]:
    """Yield the time that was logged with transactions, in minutes."""
    for one in past:
        minutes = asides.word(one, "timetaken")
        if minutes.isdecimal() and 0 < int(minutes[:9]) * 60 <= LONGEST_SECONDS:
            at = _instant(one, "created")
            by = _person(one.get("creator"))
            yield ImportedWork(created_at if at is None else at, by, int(minutes) * 60)


def _asides(
    ticket: Record, requesters: list[ImportedAuthor], created_at: int, *, timed: bool
) -> Iterator[ImportedComment]:
    def filled(name: str) -> str:
        value = asides.word(ticket, name)
        return "" if value in ("0", "0 minutes", "Not set") else value

    lines = [
        asides.people("Further requesters", requesters[1:]),
        asides.people("AdminCc", _people(ticket.get("admincc"))),
        asides.line("Priority", filled("priority")),
        "" if timed else asides.line("Time worked", filled("timeworked")),
    ]
    for field in read.records(ticket, "customfields") if ticket.get("customfields") else ():
        value = field.get("values")
        words = ", ".join(one for one in value if isinstance(one, str)) if isinstance(value, list) else ""
        lines.append(asides.line(asides.word(field, "name"), words))
    for name, value in ticket.items():
        if name not in _PLACED and name not in _LINKS and isinstance(value, str) and value.strip():
            label = name.removeprefix("cf.").removeprefix("cf-").strip("{}")
            lines.append(asides.line(label[:1].upper() + label[1:], value))
    yield from asides.aside(lines, created_at)


TRACKER = Tracker("rt", "Request Tracker, rt show and REST2", _likeness, _stories)
