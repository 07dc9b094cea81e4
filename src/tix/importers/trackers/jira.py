"""Jira's answers over REST: a search (``/rest/api/2/search``, ``/3/search/jql``), one issue, or a list of issues.

Comments, status changes (``expand=changelog``), links, subtasks and work logs come along; attachments are named in a
note. Texts of Jira Cloud, which are documents, become Markdown; the wiki markup of Jira Server stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tix.domain.billing.time_entries import LONGEST_SECONDS
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.attached import FileFinder
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import change, history
from tix.importers.assembly.origin import Origin, host_of
from tix.importers.fields import Record
from tix.importers.json_stream import REST, records
from tix.importers.markup import adf
from tix.importers.record import (
    Ending,
    ImportedAuthor,
    ImportedChange,
    ImportedComment,
    ImportedTicket,
    ImportedWork,
    Notice,
)
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker
from tix.typing import Any

_KEY = re.compile(r'"key"\s*:\s*"[A-Z][A-Z0-9_]*-[0-9]+"')
_FIELDS = re.compile(r'"fields"\s*:\s*\{')
_CATEGORIES = {"new": "open", "indeterminate": "in-progress", "done": "closed", "undefined": None}
_LINKS = {
    "blocks": "blocks",
    "is blocked by": "blocked-by",
    "duplicates": "duplicates",
    "is duplicated by": "duplicated-by",
    "clones": "relates",
    "is cloned by": "relates",
    "is parent of": "parent",
    "is child of": "child",
}
_RANK = re.compile(r"[0-9]\|[0-9a-z]+:[0-9a-z]*")
_SPRINT = re.compile(r"\bSprint@[0-9a-f]+\[.{0,2000}?\bname=(?P<name>[^,\]]{0,200})")
_NO_VALUE = frozenset({"", "{}", "[]"})


def _likeness(head: Head) -> int:
    if head.text[0] not in "[{" or not _FIELDS.search(head.text):
        return 0
    return 95 if _KEY.search(head.text) else 0


def _stories(asked: Request) -> Iterator[Told]:
    """Yield every issue of a search, a list, or one after another."""
    reader = _Reader(asked.now, _names(asked), FileFinder(asked.path))
    issues = (value for name, value in records(asked.stream, ("issues",)) if name != REST)
    yield from batch.told(issues, reader.story, "key")
    if reader.elsewhere:
        yield Notice(
            "1 comment is not in this file; ask for fields=*all, which has up to 100 comments of an issue",
            "{count:,} comments are not in this file; ask for fields=*all, which has up to 100 comments of an issue",
            reader.elsewhere,
        )
    yield from reader.dates.notices()


def _names(asked: Request) -> dict[str, Any]:
    """Return the names of custom fields (``expand=names``), which may come after the issues."""
    names: dict[str, Any] = {}
    for name, value in records(asked.stream, ("issues",)):
        if name == REST and isinstance(value, dict) and isinstance(value.get("names"), dict):
            names.update(value["names"])
    asked.stream.seek(0)
    return names


class _Reader:
    """Reads issues. ``names`` are those of custom fields; ``elsewhere`` counts comments that a file does not hold."""

    def __init__(self, now: int, names: dict[str, Any], files: FileFinder) -> None:
        self.dates = CreationDates(now)
        self._files = files
        self._names = names
        self.elsewhere = 0
        self._phases: dict[str, str] = {}  # the statuses of the issues so far

    def story(self, issue: Record) -> ImportedTicket:
        """Return an issue as an imported ticket. Raises BrokenRecord."""
        key = batch.number(issue, "key")
        fields = read.whole(issue.get("fields"), "'fields'")
        names = {**self._names, **batch.inner(issue, "names")}
        created_at = self._created_at(fields)
        origin = Origin("jira", host_of(asides.word(issue, "self")))
        word, status = self._status(fields)
        resolution = asides.word(batch.inner(fields, "resolution"), "name")
        over_at = read.instant(fields, "resolutiondate")
        updated_at = read.instant(fields, "updated")
        ending = Ending(
            over_at, None, next((at for at in (over_at, updated_at) if at is not None), created_at)
        )
        past = history(self._changes(issue), status, ending, created_at)
        reporter = _person(fields.get("reporter"))
        attached = self._files.of(fields, "attachment", ("filename",), ("content",), key)
        work, unclear = _work(fields, created_at)
        remarks = [*_asides(fields, names, resolution, attached.lines, created_at), *unclear]
        remarks += self._comments(fields, created_at)
        components = read.labels(fields, "components")
        return ImportedTicket(
            key=origin.key(key),
            about=origin.about(key),
            subject=read.subject(fields, "summary"),
            body=_text(fields.get("description")) or "",
            author=_person(fields.get("creator")) or reporter,
            requester=reporter,
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=past.turns,
            ending=past.ending,
            status=status,
            status_word=word or None,
            priority=asides.word(batch.inner(fields, "priority"), "name") or None,
            type=vocabulary.slug(asides.word(batch.inner(fields, "issuetype"), "name")) or None,
            assignee=_person(fields.get("assignee")),
            tags=read.labels(fields, "labels"),
            category=components[0] if components else None,
            due_at=read.due(fields, "duedate"),
            updated_at=updated_at,
            links=tuple(_links(fields, origin)),
            is_unmistakable=origin.host is not None,
            watchers=tuple(_watchers(fields)),
            work=tuple(work),
            files=attached.files,
        )

    def _created_at(self, fields: Record) -> int:
        told = batch.inner(fields, "comment")
        later = [read.instant(fields, name) for name in ("resolutiondate", "updated")]
        later += [read.instant(one, "created") for one in read.records(told, "comments")]
        return self.dates.of(read.instant(fields, "created"), later)

    def _status(self, fields: Record) -> tuple[str, str | None]:
        """Return the source's word for the status, and tix's: by the word where the category agrees."""
        told = batch.inner(fields, "status")
        word = asides.word(told, "name")
        category = batch.inner(told, "statusCategory")
        key = asides.word(category, "key") or _category(asides.word(category, "name"))
        status = vocabulary.status(word)
        phase = _CATEGORIES.get(key)
        if status is None or (phase is not None and _phase(status) != _phase(phase)):
            status = phase
        if status is None and fields.get("resolutiondate"):
            status = "closed"
        if word and status:
            self._phases[word] = status
        return word, status

    def _changes(self, issue: Record) -> Iterator[ImportedChange]:
        log = batch.inner(issue, "changelog")
        for one in read.records(log, "histories", "values"):
            by = _person(one.get("author"))
            at = read.instant(one, "created")
            items = list(read.records(one, "items"))
            resolved = next((item for item in items if asides.word(item, "field") == "resolution"), None)
            for item in items:
                word = asides.word(item, "toString")
                if asides.word(item, "field") == "status" and at is not None:
                    status = vocabulary.status(word) or self._phases.get(word)
                    if resolved is not None:
                        is_over = bool(asides.word(resolved, "to", "toString"))
                        if is_over != (_phase(status) == "over"):
                            status = "closed" if is_over else "open"
                    yield change(at, by, status or "open", word)

    def _comments(self, fields: Record, created_at: int) -> Iterator[ImportedComment]:
        told = fields.get("comment")
        if isinstance(told, list):
            told = {"comments": told}
        if not isinstance(told, dict):
            return
        found = list(read.records(told, "comments"))
        total = told.get("total")
        if isinstance(total, int) and total > len(found):
            self.elsewhere += total - len(found)
        for comment in found:
            body = _text(comment.get("body")) or ""
            at = read.instant(comment, "created")
            is_internal = bool(comment.get("visibility")) or comment.get("jsdPublic") is False
            if body.strip():
                yield ImportedComment(
                    created_at if at is None else at, _person(comment.get("author")), body, is_internal
                )


def _category(name: str) -> str:
    return {"done": "done", "complete": "done", "to-do": "new", "new": "new"}.get(
        vocabulary.slug(name), "indeterminate" if name else ""
    )


def _phase(status: str | None) -> str | None:
    return None if status is None else "over" if status in ("resolved", "closed") else "open"


def _person(value: object) -> ImportedAuthor | None:
    """Return a user: the login of Jira Server, the name and address of both; an account id is nobody's name."""
    if not isinstance(value, dict):
        return read.voice(value) if isinstance(value, str) else None
    name = asides.word(value, "displayName") or None
    email = asides.word(value, "emailAddress") or None
    login = asides.word(value, "name") or None
    if login is None and name is None and email is None:
        login = asides.word(value, "accountId", "key") or None
    return ImportedAuthor(login, name, email) if login or name or email else None


def _text(value: object) -> str | None:
    """Return a text, whichever of the two ways it is kept; None for anything else."""
    if isinstance(value, dict):
        return adf.text(value) if adf.is_document(value) else None
    return read.clean(value) if isinstance(value, str) else None


# ---------------------------------------------------------------------------------------------- the rest


def _links(fields: Record, origin: Origin) -> Iterator[tuple[str, str]]:
    """Yield its relations to other issues, each with the key of the other."""
    for link in read.records(fields, "issuelinks"):
        kind = batch.inner(link, "type")
        for side, way in (("outwardIssue", "outward"), ("inwardIssue", "inward")):
            other = asides.word(batch.inner(link, side), "key")
            if other:
                yield _LINKS.get(asides.word(kind, way).lower(), "relates"), origin.key(other)
    parent = asides.word(batch.inner(fields, "parent"), "key")
    if parent:
        yield "child", origin.key(parent)
    for sub in read.records(fields, "subtasks"):
        if asides.word(sub, "key"):
            yield "parent", origin.key(asides.word(sub, "key"))


def _asides(
    fields: Record, names: Mapping[str, object], resolution: str, files: tuple[str, ...], created_at: int
) -> Iterator[ImportedComment]:
    environment = _text(fields.get("environment"))
    lines = [
        asides.line("Resolution", resolution),
        asides.line("Components", ", ".join(read.labels(fields, "components")[1:])),
        asides.line("Fix versions", ", ".join(read.labels(fields, "fixVersions"))),
        asides.line("Affects versions", ", ".join(read.labels(fields, "versions"))),
        asides.line("Environment", environment),
        *_custom(fields, names),
        *files,
    ]
    yield from asides.aside(lines, created_at)


def _custom(fields: Record, names: Mapping[str, object]) -> Iterator[str]:
    for key, value in fields.items():
        if key.startswith("customfield_"):
            told = names.get(key)
            yield asides.line(told if isinstance(told, str) else key, _value(value, 0))


def _value(value: object, depth: int) -> str:
    """Return the value of a custom field as text; empty for what only Jira understands (ranks, clocks)."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not value:
        return ""
    if isinstance(value, list):
        return ", ".join(read.distinct(_value(one, depth + 1) for one in value)) if depth < 2 else ""
    if isinstance(value, dict):
        if adf.is_document(value):
            return adf.text(value)
        if depth > 2:
            return ""
        chosen = asides.word(value, "displayName", "name")
        chosen = _value(value["value"], depth + 1) if "value" in value else chosen
        inside = _value(value["child"], depth + 1) if "child" in value else ""
        return f"{chosen} - {inside}" if inside else chosen
    words = str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if words.strip() in _NO_VALUE or _RANK.fullmatch(words):
        return ""
    sprint = _SPRINT.search(words)
    return sprint["name"] if sprint else words


def _work(fields: Record, created_at: int) -> tuple[list[ImportedWork], list[ImportedComment]]:
    """Return the time that was logged, and notes of what says only in words how long."""
    work: list[ImportedWork] = []
    unclear: list[ImportedComment] = []
    for log in read.records(batch.inner(fields, "worklog"), "worklogs"):
        at = read.instant(log, "started", "created")
        at = created_at if at is None else at
        by = _person(log.get("author"))
        seconds = log.get("timeSpentSeconds")
        words = _text(log.get("comment")) or ""
        if isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds <= LONGEST_SECONDS:
            work.append(ImportedWork(at, by, seconds, words.strip() or None))
        else:
            lines = [asides.line("Worked", asides.word(log, "timeSpent")), words]
            unclear += asides.aside(lines, at, by)
    return work, unclear


def _watchers(fields: Record) -> Iterator[ImportedAuthor]:
    """Yield who watches, where the watchers stand in the issue and are not only counted."""
    for name in ("watches", "watcher"):
        for one in read.records(batch.inner(fields, name), "watchers"):
            if (found := _person(one)) is not None:
                yield found


TRACKER = Tracker("jira-rest", "Jira, answer of its REST API", _likeness, _stories)
