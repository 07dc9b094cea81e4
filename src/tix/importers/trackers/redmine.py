"""Redmine's issues as its REST API gives them: a list, one issue, or one issue a line; with their journals."""

from __future__ import annotations

from collections.abc import Iterator

from tix.domain.tickets.links import INVERSE
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.attached import FileFinder
from tix.importers.assembly.companions import Companions, owned_by
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import OVER, change, history
from tix.importers.assembly.origin import Origin
from tix.importers.assembly.people import author
from tix.importers.fields import Record
from tix.importers.json_stream import REST, records
from tix.importers.record import Ending, ImportedAuthor, ImportedChange, ImportedComment, ImportedTicket
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

_LISTS = ("issues",)
# Only the addresses of files name the server, and most issues have none: --source does.
_ORIGIN = Origin("redmine")
# Those of a new Redmine; what the file says itself comes before them.
_STATUSES = {"1": "New", "2": "In Progress", "3": "Resolved", "4": "Feedback", "5": "Closed", "6": "Rejected"}
_WORDS = {"feedback": "on-hold", "rejected": "closed"}
_RELATIONS = {
    "blocks": "blocks",
    "blocked": "blocked-by",
    "duplicates": "duplicates",
    "duplicated": "duplicated-by",
    "precedes": "blocks",
    "follows": "blocked-by",
}
_ISSUE = frozenset({"subject", "tracker", "author", "project", "status"})


def _likeness(head: Head) -> int:
    if head.text[0] not in "[{":
        return 0
    if len(head.keys & _ISSUE) >= 4 and "subject" in head.keys | {*_if(head, '"subject"')}:
        return 90
    is_envelope = bool(head.keys & {"issues", "issue"})
    return 90 if is_envelope and '"tracker"' in head.text and '"subject"' in head.text else 0


def _if(head: Head, key: str) -> tuple[str, ...]:
    return (key.strip('"'),) if key in head.text else ()


def _stories(asked: Request) -> Iterator[Told]:
    with Companions() as journals:
        yield from journals.load(
            asked.path, ("journals",), ("journals",), owned_by("issue_id", lists=("journals",))
        )
        reader = _Reader(asked, journals)
        for item in _issues(asked):
            reader.learn(item)
        asked.stream.seek(0)
        yield from batch.told(_issues(asked), reader.story, "id")
        yield from reader.dates.notices()


def _issues(asked: Request) -> Iterator[object]:
    for name, value in records(asked.stream, _LISTS):
        if isinstance(value, dict) and isinstance(value.get("issue"), dict):
            yield value["issue"]
        elif name != REST:
            yield value


class _Reader:
    """Reads issues. ``dates`` are those when they were created."""

    def __init__(self, asked: Request, journals: Companions) -> None:
        self.dates = CreationDates(asked.now)
        self._files = FileFinder(asked.path)
        self._journals = journals
        self._statuses = dict(_STATUSES)
        self._over: set[str] = set()  # numbers of statuses in which issues are closed

    def learn(self, issue: object) -> None:
        """Learn the names of statuses, which journals name by their numbers."""
        told = issue.get("status") if isinstance(issue, dict) else None
        if isinstance(told, dict) and (number := asides.word(told, "id")):
            self._statuses[number] = asides.word(told, "name")
            if told.get("is_closed") is True:
                self._over.add(number)

    def story(self, issue: Record) -> ImportedTicket:
        """Return an issue as an imported ticket. Raises BrokenRecord."""
        number = batch.number(issue, "id")
        closed_at, updated_at = read.instant(issue, "closed_on"), read.instant(issue, "updated_on")
        created_at = self.dates.of(read.instant(issue, "created_on"), (closed_at, updated_at))
        told = batch.inner(issue, "status")
        word = asides.word(told, "name")
        status = self._phased(asides.word(told, "id"), word, is_over=closed_at is not None)
        journals = [*read.records(issue, "journals")]
        journals = journals or [one for one in self._journals.of(number) if isinstance(one, dict)]
        otherwise = next((at for at in (closed_at, updated_at) if at is not None), created_at)
        past = history(self._changes(journals), status, Ending(None, closed_at, otherwise), created_at)
        files = self._files.of(issue, "attachments", ("filename",), ("content_url",), number)
        remarks = [*_asides(issue, files.lines, created_at), *_said(journals, created_at)]
        watchers = (_person(one) for one in read.records(issue, "watchers"))
        return ImportedTicket(
            key=_ORIGIN.key(number),
            about=_ORIGIN.about(number),
            subject=read.subject(issue, "subject"),
            body=read.text(issue, "description"),
            author=_person(issue.get("author")),
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=past.turns,
            ending=past.ending,
            status=status,
            status_word=word or None,
            priority=asides.word(batch.inner(issue, "priority"), "name") or None,
            type=vocabulary.slug(asides.word(batch.inner(issue, "tracker"), "name")) or None,
            assignee=_person(issue.get("assigned_to")),
            tags=read.labels(issue, "tags"),
            category=asides.word(batch.inner(issue, "category"), "name") or None,
            due_at=read.due(issue, "due_date"),
            updated_at=updated_at,
            links=tuple(_links(issue, number)),
            is_unmistakable=False,
            watchers=tuple(one for one in watchers if one is not None),
            files=files.files,
        )

    def _phased(self, number: str, word: str, *, is_over: bool) -> str | None:
        key = vocabulary.slug(word)
        status = _WORDS.get(key) or vocabulary.status(word)
        if number in self._over:
            return status if status in OVER else "closed"
        return status if status is not None else "closed" if is_over else "open" if word else None

    def _changes(self, journals: list[Record]) -> Iterator[ImportedChange]:
        for journal in journals:
            at = read.instant(journal, "created_on")
            for detail in read.records(journal, "details"):
                number = asides.word(detail, "new_value")
                if asides.word(detail, "name") == "status_id" and at is not None:
                    word = self._statuses.get(number, "")
                    status = self._phased(number, word, is_over=False) or "open"
                    yield change(at, _person(journal.get("user")), status, word)


def _person(value: object) -> ImportedAuthor | None:
    return author(value) if isinstance(value, dict) else None


def _said(journals: list[Record], created_at: int) -> Iterator[ImportedComment]:
    for journal in journals:
        notes = read.text(journal, "notes")
        if notes.strip():
            at = read.instant(journal, "created_on")
            is_internal = journal.get("private_notes") is True
            yield ImportedComment(
                created_at if at is None else at, _person(journal.get("user")), notes, is_internal
            )


def _links(issue: Record, number: str) -> Iterator[tuple[str, str]]:
    parent = asides.word(batch.inner(issue, "parent"), "id")
    if parent:
        yield "child", _ORIGIN.key(parent)
    for child in read.records(issue, "children"):
        yield "parent", _ORIGIN.key(asides.word(child, "id"))
    for relation in read.records(issue, "relations"):
        kind = asides.word(relation, "relation_type")
        start, end = asides.word(relation, "issue_id"), asides.word(relation, "issue_to_id")
        if start == number and end:
            yield _RELATIONS.get(kind, "relates"), _ORIGIN.key(end)
        elif start:
            yield INVERSE[_RELATIONS.get(kind, "relates")], _ORIGIN.key(start)


def _asides(issue: Record, files: tuple[str, ...], created_at: int) -> Iterator[ImportedComment]:
    done = asides.word(issue, "done_ratio")
    custom = []
    for field in read.records(issue, "custom_fields"):
        value = field.get("value")
        words = (
            ", ".join(str(one) for one in value if isinstance(one, str)) if isinstance(value, list) else value
        )
        custom.append(asides.line(asides.word(field, "name") or "Custom field", words))
    lines = [
        asides.line("Project", asides.word(batch.inner(issue, "project"), "name")),
        asides.line("Version", asides.word(batch.inner(issue, "fixed_version"), "name")),
        asides.line("Start date", asides.word(issue, "start_date")),
        asides.line("Done", f"{done}%" if done not in ("", "0") else ""),
        asides.line("Estimated hours", asides.word(issue, "estimated_hours")),
        asides.line("Spent hours", _hours(issue)),
        asides.line("Private", True) if issue.get("is_private") is True else "",
        *custom,
        *files,
    ]
    yield from asides.aside(lines, created_at)


def _hours(issue: Record) -> str:
    spent = asides.word(issue, "spent_hours")
    return "" if spent in ("0", "0.0") else spent


TRACKER = Tracker("redmine", "Redmine, JSON", _likeness, _stories)
