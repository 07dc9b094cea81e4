"""Linear's issues as JSON: answers of its GraphQL API, a list of issues, or one issue a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import OVER, change, history
from tix.importers.assembly.origin import Origin
from tix.importers.assembly.people import author
from tix.importers.fields import Record
from tix.importers.github_shapes import connected
from tix.importers.json_stream import elements
from tix.importers.record import Ending, ImportedAuthor, ImportedChange, ImportedComment, ImportedTicket
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

_PHASES = {
    "triage": "open",
    "backlog": "open",
    "unstarted": "open",
    "started": "in-progress",
    "completed": "closed",
    "canceled": "closed",
    "duplicate": "closed",
}
_PRIORITIES = {"0": None, "1": "urgent", "2": "high", "3": "medium", "4": "low"}
_RELATIONS = {"blocks": "blocks", "duplicate": "duplicates", "related": "relates"}
_DEEPEST = 8


def _likeness(head: Head) -> int:
    if head.text[0] not in "[{" or '"identifier"' not in head.text or '"title"' not in head.text:
        return 0
    if {"identifier", "title"} <= head.keys:
        return 90
    return 90 if "data" in head.keys and ('"linear.app/' in head.text or '"state"' in head.text) else 0


def _stories(asked: Request) -> Iterator[Told]:
    dates = CreationDates(asked.now)
    yield from batch.told(
        _issues(elements(asked.stream), 0), lambda issue: _story(_plain(issue), dates), "identifier"
    )
    yield from dates.notices()


def _issues(items: Iterable[object], depth: int) -> Iterator[object]:
    """Yield the issues in answers, however deep they stand in them."""
    for item in items:
        if isinstance(item, dict) and "identifier" not in item and "title" not in item and depth < _DEEPEST:
            lists = [
                one for value in item.values() for one in (value if isinstance(value, list) else (value,))
            ]
            yield from _issues((one for one in lists if isinstance(one, dict)), depth + 1)
        else:
            yield item


def _plain(issue: Record) -> Record:
    return {name: connected(value) for name, value in issue.items()}


def _story(issue: Record, dates: CreationDates) -> ImportedTicket:
    number = batch.number(issue, "identifier")
    origin = Origin("linear", _workspace(asides.word(issue, "url")))
    over_at = next(
        (
            at
            for at in (read.instant(issue, name) for name in ("completedAt", "canceledAt"))
            if at is not None
        ),
        None,
    )
    updated_at = read.instant(issue, "updatedAt")
    created_at = dates.of(read.instant(issue, "createdAt"), (over_at, updated_at))
    word, status = _status(issue.get("state"))
    if status is None and over_at is not None:
        status = "closed"
    otherwise = created_at if updated_at is None else updated_at
    past = history(_changes(issue), status, Ending(None, over_at, otherwise), created_at)
    remarks = [*_asides(issue, created_at), *_said(issue, created_at)]
    canceled = ("canceled",) if read.instant(issue, "canceledAt") is not None else ()
    labels = read.labels(issue, "labels")
    return ImportedTicket(
        key=origin.key(number),
        about=origin.about(number),
        subject=read.subject(issue, "title"),
        body=read.text(issue, "description"),
        author=_person(issue.get("creator")),
        created_at=created_at,
        remarks=tuple(sorted(remarks, key=lambda said: said.at)),
        turns=past.turns,
        ending=past.ending,
        status=status,
        status_word=word or None,
        priority=_PRIORITIES.get(asides.word(issue, "priority"), asides.word(issue, "priorityLabel") or None),
        assignee=_person(issue.get("assignee")),
        tags=read.distinct((*labels, *canceled)),
        due_at=read.due(issue, "dueDate"),
        updated_at=updated_at,
        links=tuple(_links(issue, origin)),
        is_unmistakable=origin.host is not None,
    )


def _workspace(address: str) -> str | None:
    """Return ``linear.app/acme`` of an issue's address."""
    path = address.partition("://")[2].split("/")
    return f"linear.app/{path[1]}".lower() if len(path) > 2 and path[0] == "linear.app" else None


def _status(state: object) -> tuple[str, str | None]:
    if not isinstance(state, dict):
        word = asides.word({"state": state}, "state")
        return word, vocabulary.status(word)
    word = asides.word(state, "name")
    phase = _PHASES.get(asides.word(state, "type"))
    status = vocabulary.status(word)
    if phase is not None and (status is None or (status in OVER) != (phase in OVER)):
        status = phase
    return word, status


def _person(value: object) -> ImportedAuthor | None:
    if isinstance(value, str):
        return read.parse_voice(value)
    return (
        author({"name": value.get("name"), "email": value.get("email")}) if isinstance(value, dict) else None
    )


def _said(issue: Record, created_at: int) -> Iterator[ImportedComment]:
    for comment in read.records(issue, "comments"):
        body = read.text(comment, "body")
        if body.strip():
            at = read.instant(comment, "createdAt")
            yield ImportedComment(created_at if at is None else at, _person(comment.get("user")), body)


def _changes(issue: Record) -> Iterator[ImportedChange]:
    for one in read.records(issue, "history"):
        word, status = _status(one.get("toState"))
        at = read.instant(one, "createdAt")
        if word and at is not None:
            yield change(at, _person(one.get("actor")), status or "open", word)


def _links(issue: Record, origin: Origin) -> Iterator[tuple[str, str]]:
    parent = asides.word(batch.inner(issue, "parent"), "identifier")
    if parent:
        yield "child", origin.key(parent)
    for child in read.records(issue, "children"):
        if asides.word(child, "identifier"):
            yield "parent", origin.key(asides.word(child, "identifier"))
    for relation in read.records(issue, "relations"):
        other = asides.word(batch.inner(relation, "relatedIssue"), "identifier")
        if other:
            yield _RELATIONS.get(asides.word(relation, "type"), "relates"), origin.key(other)


def _asides(issue: Record, created_at: int) -> Iterator[ImportedComment]:
    lines = [
        asides.line("Team", asides.word(batch.inner(issue, "team"), "name")),
        asides.line("Project", asides.word(batch.inner(issue, "project"), "name")),
        asides.line("Milestone", asides.word(batch.inner(issue, "projectMilestone"), "name")),
        asides.line("Cycle", asides.word(batch.inner(issue, "cycle"), "name", "number")),
        asides.line("Estimate", asides.word(issue, "estimate")),
        *(
            asides.attachment(asides.word(one, "title"), None, asides.word(one, "url"))
            for one in read.records(issue, "attachments")
        ),
    ]
    yield from asides.aside(lines, created_at)


TRACKER = Tracker("linear-json", "Linear, JSON", _likeness, _stories)
