"""GitLab's issues as JSON: the answers of its REST API, and the issues in the export of a project.

Notes stand in an issue (``notes``, ``discussions``) or in ``notes.json`` beside.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.companions import Companions
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import change, history
from tix.importers.assembly.origin import Origin, host_of
from tix.importers.assembly.people import author
from tix.importers.fields import Record
from tix.importers.json_stream import REST, records
from tix.importers.record import (
    Ending,
    ImportedAuthor,
    ImportedChange,
    ImportedComment,
    ImportedTicket,
    Notice,
)
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

_LISTS = ("issues", "merge_requests")
_SIGNS = frozenset(
    "project_id label_links web_url user_notes_count notes time_stats state_id author_id issue_type milestone".split()
)
_CHANGES = {"closed": "closed", "reopened": "open", "merged": "closed"}
_RELATIONS = {"blocks": "blocks", "is_blocked_by": "blocked-by", "relates_to": "relates"}
# Lists that GitLab puts before the issues of a project's export.
_PROJECT = frozenset("project_tree visibility_level description_html issues_enabled snippets_enabled".split())


def _likeness(head: Head) -> int:
    if head.text[0] not in "[{":
        return 0
    if {"iid", "title"} <= head.keys:
        return 90 if head.keys & _SIGNS else 70
    if head.keys & {*_LISTS, *_PROJECT} and '"iid"' in head.text:
        return 85
    return 0


def _stories(asked: Request) -> Iterator[Told]:
    with Companions() as notes:
        reader = _Reader(asked.now, notes)
        yield from notes.load(asked.path, ("notes", "comments"), ("notes",), _owned)
        items = ((value, name) for name, value in records(asked.stream, _LISTS) if name != REST)
        for place, (item, name) in enumerate(items, start=1):
            reader.is_request = name == "merge_requests"
            yield batch.one(item, f"record {place}", reader.story, "iid")
        yield from reader.notices()


def _owned(note: Record) -> Iterator[tuple[str, object]]:
    number = asides.word(note, "noteable_iid", "issue_iid")
    if number and isinstance(note.get("notes"), list):
        yield from ((number, one) for one in note["notes"])
    elif number:
        yield number, note


class _Reader:
    def __init__(self, now: int, notes: Companions) -> None:
        self.is_request = False
        self._dates = CreationDates(now)
        self._notes = notes
        self._elsewhere = 0

    def notices(self) -> Iterator[Notice]:
        """Yield what the file does not hold."""
        if self._elsewhere:
            yield Notice(
                "1 note is not in this file; save the notes of the issues as notes.json beside it",
                "{count:,} notes are not in this file; save the notes of the issues as notes.json beside it",
                self._elsewhere,
            )
        yield from self._dates.notices()

    def story(self, issue: Record) -> ImportedTicket:
        """Return an issue as an imported ticket. Raises BrokenRecord."""
        number = batch.number(issue, "iid")
        address = asides.word(issue, "web_url")
        host, project = host_of(address), _project(issue, address)
        origin = Origin("gitlab", f"{host}/{project}" if host and project else None)
        is_request = self.is_request or "source_branch" in issue
        mark = f"!{number}" if is_request else number
        closed_at = read.instant(issue, "closed_at")
        merged_at = read.instant(issue, "merged_at")
        over_at = merged_at if closed_at is None else closed_at
        updated_at = read.instant(issue, "updated_at")
        created_at = self._dates.of(read.instant(issue, "created_at"), (over_at, updated_at))
        state = asides.word(issue, "state") or {"1": "opened", "2": "closed", "3": "merged"}.get(
            asides.word(issue, "state_id"), ""
        )
        status = {"opened": "open", "closed": "closed", "merged": "closed", "locked": "closed"}.get(state)
        if status is None:
            status = vocabulary.status(state) or ("open" if over_at is None else "closed")
        ender = _person(issue.get("closed_by")) or _person(issue.get("merged_by"))
        otherwise = created_at if updated_at is None else updated_at
        notes = self._all_notes(issue, number)
        past = history(_changes(issue, notes), status, Ending(None, over_at, otherwise, ender), created_at)
        assignees = _assignees(issue)
        remarks = [*_asides(issue, assignees, created_at), *_said(notes, created_at)]
        count = issue.get("user_notes_count")
        if isinstance(count, int) and count > 0 and not notes:
            self._elsewhere += count
        kind = vocabulary.slug(asides.word(issue, "issue_type", "type"))
        return ImportedTicket(
            key=origin.key(mark),
            about=origin.about(mark),
            subject=read.subject(issue, "title"),
            body=read.text(issue, "description"),
            author=_person(issue.get("author")) or _numbered(issue.get("author_id")),
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=past.turns,
            ending=past.ending,
            status=status,
            type="merge-request" if is_request else kind or "issue",
            assignee=assignees[0] if assignees else None,
            tags=read.distinct((*_labels(issue), *(("merged",) if merged_at is not None else ()))),
            due_at=read.due(issue, "due_date"),
            updated_at=updated_at,
            links=tuple(_links(issue, origin)),
            is_unmistakable=origin.host is not None,
        )

    def _all_notes(self, issue: Record, number: str) -> list[Record]:
        found = [*read.records(issue, "notes", "notes_data")]
        for thread in read.records(issue, "discussions"):
            found += read.records(thread, "notes")
        return found or [one for one in self._notes.of(number) if isinstance(one, dict)]


def _project(issue: Record, address: str) -> str:
    full = asides.word(batch.inner(issue, "references"), "full")
    path = address.partition("://")[2].partition("/")[2]
    for mark in ("/-/", "/issues/", "/merge_requests/"):
        path = path.partition(mark)[0]
    return (path or full.partition("#")[0]).lower()


def _person(value: object) -> ImportedAuthor | None:
    return author(value) if isinstance(value, dict) else None


def _numbered(number: object) -> ImportedAuthor | None:
    word = asides.word({"id": number}, "id")
    return ImportedAuthor(f"gitlab-{word}") if word not in ("", "0") else None


def _assignees(issue: Record) -> list[ImportedAuthor]:
    found = [_person(issue.get("assignee")), *(_person(one) for one in read.records(issue, "assignees"))]
    found += [_numbered(one.get("user_id")) for one in read.records(issue, "issue_assignees")]
    return list(dict.fromkeys(one for one in found if one is not None))


def _labels(issue: Record) -> Iterator[str]:
    yield from read.labels(issue, "labels")
    for link in read.records(issue, "label_links"):
        yield asides.word(batch.inner(link, "label"), "title", "name")


def _said(notes: list[Record], created_at: int) -> Iterator[ImportedComment]:
    for note in notes:
        body = read.text(note, "body", "note")
        if body.strip() and note.get("system") is not True:
            at = read.instant(note, "created_at")
            by = _person(note.get("author")) or _numbered(note.get("author_id"))
            is_internal = note.get("internal") is True or note.get("confidential") is True
            yield ImportedComment(created_at if at is None else at, by, body, is_internal)


def _changes(issue: Record, notes: list[Record]) -> Iterator[ImportedChange]:
    """Yield when it was closed and opened: by its events, else by the notes that GitLab wrote itself."""
    events = [*read.records(issue, "resource_state_events")]
    for event in events:
        at = read.instant(event, "created_at")
        status = _CHANGES.get(asides.word(event, "state"))
        if at is not None and status is not None:
            yield change(at, _person(event.get("user")) or _numbered(event.get("user_id")), status)
    for note in notes if not events else ():
        if note.get("system") is True:
            verb = read.text(note, "body", "note").strip().lower().removeprefix("status changed to ")
            status = _CHANGES.get(verb.split(" ")[0] if verb else "")
            at = read.instant(note, "created_at")
            if status is not None and at is not None:
                yield change(at, _person(note.get("author")) or _numbered(note.get("author_id")), status)


def _links(issue: Record, origin: Origin) -> Iterator[tuple[str, str]]:
    for link in read.records(issue, "issue_links", "links"):
        number = asides.word(batch.inner(link, "target"), "iid") or asides.word(link, "iid")
        if number:
            yield _RELATIONS.get(asides.word(link, "link_type"), "relates"), origin.key(number)


def _asides(issue: Record, assignees: list[ImportedAuthor], created_at: int) -> Iterator[ImportedComment]:
    spent = batch.inner(issue, "time_stats")
    lines = [
        asides.people("Also assigned", assignees[1:]),
        asides.line("Milestone", asides.word(batch.inner(issue, "milestone"), "title")),
        asides.line("Epic", asides.word(batch.inner(issue, "epic"), "title")),
        asides.line("Weight", asides.word(issue, "weight")),
        asides.line("Confidential", True) if issue.get("confidential") is True else "",
        asides.line("Estimated", asides.word(spent, "human_time_estimate")),
        asides.line("Time spent", asides.word(spent, "human_total_time_spent")),
        asides.line("Branch", asides.word(issue, "source_branch")),
    ]
    yield from asides.aside(lines, created_at)


TRACKER = Tracker("gitlab", "GitLab, JSON", _likeness, _stories)
