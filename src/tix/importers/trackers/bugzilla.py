"""Bugzilla's bugs as its REST API gives them, with comments and history in the bugs, or in files beside.

The text of a bug is its first comment: save ``/rest/bug/ID/comment`` as ``comments.json``, ``/rest/bug/ID/history`` as
``history.json``.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.attached import FileFinder
from tix.importers.assembly.companions import Companions, Owned, owned_by
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

_LISTS = ("bugs",)
_SIGNS = frozenset(
    "creation_time last_change_time assigned_to product component is_open summary resolution classification".split()
)
_STATUSES = {
    "unconfirmed": "open",
    "confirmed": "open",
    "new": "open",
    "assigned": "in-progress",
    "in_progress": "in-progress",
    "reopened": "open",
    "needinfo": "on-hold",
    "resolved": "resolved",
    "verified": "closed",
    "closed": "closed",
}
_NO_VALUE = frozenset({"", "---", "--", "unspecified", "Unspecified", "All", "Other", "nobody@mozilla.org"})
_PLACED = frozenset(
    """
    id summary status resolution is_open product component severity priority creator creator_detail assigned_to
    assigned_to_detail creation_time last_change_time cf_last_resolved keywords depends_on blocks dupe_of cc cc_detail
    deadline alias comments history attachments flags groups is_cc_accessible is_confirmed is_creator_accessible see_also
    qa_contact qa_contact_detail mentors mentors_detail regressed_by regressions duplicates comment_count votes
    update_token actual_time remaining_time classification type triage_owner triage_owner_detail
    """.split()
)


def _likeness(head: Head) -> int:
    if head.text[0] not in "[{":
        return 0
    if "bugs" in head.keys and '"summary"' in head.text:
        return 95 if '"creation_time"' in head.text or '"component"' in head.text else 60
    if len(head.keys & _SIGNS) >= 4 and "creation_time" in head.keys:
        return 90
    return 80 if "assigned_to_detail" in head.keys else 0


def _stories(asked: Request) -> Iterator[Told]:
    with Companions() as comments, Companions() as changes:
        owned = owned_by("bug_id", "id", lists=("comments",))
        yield from comments.load(asked.path, ("comments",), _LISTS, lambda value: _unwrapped(value, owned))
        yield from changes.load(asked.path, ("history",), _LISTS, owned_by("id", lists=("history",)))
        reader = _Reader(asked, comments, changes)
        items = (value for name, value in records(asked.stream, _LISTS) if name != REST)
        yield from batch.told(items, reader.story, "id")
        yield from reader.notices()


def _unwrapped(value: Record, owned: Owned) -> Iterator[tuple[str, object]]:
    """Yield the comments of ``{"bugs": {"7": {"comments": […]}}}``, and of other shapes as ``owned`` gives them."""
    inside = value.get("bugs")
    yield from owned(inside if isinstance(inside, dict) else value)


class _Reader:
    def __init__(self, asked: Request, comments: Companions, changes: Companions) -> None:
        self._dates = CreationDates(asked.now)
        self._files = FileFinder(asked.path)
        self._comments = comments
        self._history = changes
        self._textless = 0

    def notices(self) -> Iterator[Notice]:
        """Yield what the file does not hold."""
        if self._textless:
            yield Notice(
                "1 bug has no comments in this file, and so no text; save /rest/bug/ID/comment as comments.json beside it",
                "{count:,} bugs have no comments in this file, and so no text; save /rest/bug/ID/comment as comments.json "
                "beside it",
                self._textless,
            )
        yield from self._dates.notices()

    def story(self, bug: Record) -> ImportedTicket:
        """Return a bug as an imported ticket. Raises BrokenRecord."""
        number = batch.number(bug, "id")
        origin = Origin("bugzilla", host_of(asides.word(bug, "self", "web_url")))
        resolved_at, updated_at = read.instant(bug, "cf_last_resolved"), read.instant(bug, "last_change_time")
        created_at = self._dates.of(read.instant(bug, "creation_time"), (resolved_at, updated_at))
        word, resolution = asides.word(bug, "status"), asides.word(bug, "resolution")
        status = _status(word)
        if bug.get("is_open") is False and status not in ("resolved", "closed"):
            status = "closed"
        changes = [*read.records(bug, "history")] or _dicts(self._history.of(number))
        otherwise = next((at for at in (resolved_at, updated_at) if at is not None), created_at)
        past = history(_changes(changes), status, Ending(resolved_at, None, otherwise), created_at)
        comments = [*read.records(bug, "comments")] or _dicts(self._comments.of(number))
        comments.sort(key=lambda one: read.instant(one, "creation_time", "time") or created_at)
        body = read.text(comments[0], "text", "raw_text") if comments else read.text(bug, "description")
        if not comments and not body:
            self._textless += 1
        files = self._files.of(bug, "attachments", ("file_name", "summary"), ("url",), number)
        remarks = [*_asides(bug, resolution, files.lines, created_at), *_said(comments[1:], created_at)]
        copied = (_worded(asides.word({"cc": one}, "cc")) for one in _list(bug, "cc"))
        creator = _person(bug, "creator")
        severity = asides.word(bug, "severity")
        priority = asides.word(bug, "priority")
        ended = vocabulary.slug(resolution)
        return ImportedTicket(
            key=origin.key(number),
            about=origin.about(number),
            subject=read.subject(bug, "summary"),
            body=body,
            author=creator or (_writer(comments[0]) if comments else None),
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=past.turns,
            ending=past.ending,
            status=status,
            status_word=word or None,
            priority=next((one for one in (priority, severity) if one not in _NO_VALUE), None),
            type=vocabulary.slug(asides.word(bug, "type")) or "bug",
            assignee=_person(bug, "assigned_to"),
            tags=read.distinct(
                (*read.labels(bug, "keywords"), *((ended,) if ended not in ("", "fixed") else ()))
            ),
            category=asides.word(bug, "component") or None,
            due_at=read.due(bug, "deadline"),
            updated_at=updated_at,
            links=tuple(_links(bug, origin)),
            is_unmistakable=origin.host is not None,
            watchers=tuple(one for one in copied if one is not None),
            files=files.files,
        )


def _dicts(values: list[object]) -> list[Record]:
    return [one for one in values if isinstance(one, dict)]


def _status(word: str) -> str | None:
    return _STATUSES.get(word.lower().replace(" ", "_")) or vocabulary.status(word)


def _person(bug: Record, name: str) -> ImportedAuthor | None:
    """Return a person: who they are in detail, else the address or login."""
    detail = bug.get(f"{name}_detail")
    if isinstance(detail, dict):
        email = asides.word(detail, "email")
        login = asides.word(detail, "name")
        if login in _NO_VALUE:
            return None
        found = author(
            {"real_name": asides.word(detail, "real_name"), "email": email if "@" in email else ""}
        )
        return found if found and found.email else _worded(login, asides.word(detail, "real_name"))
    return None if asides.word(bug, name) in _NO_VALUE else _worded(asides.word(bug, name))


def _worded(login: str, name: str = "") -> ImportedAuthor | None:
    if not login:
        return ImportedAuthor(None, name) if name else None
    return ImportedAuthor(None, name or None, login) if "@" in login else ImportedAuthor(login, name or None)


def _writer(comment: Record) -> ImportedAuthor | None:
    return _worded(asides.word(comment, "creator", "author"))


def _said(comments: list[Record], created_at: int) -> Iterator[ImportedComment]:
    for comment in comments:
        body = read.text(comment, "text", "raw_text")
        if body.strip():
            at = read.instant(comment, "creation_time", "time")
            yield ImportedComment(
                created_at if at is None else at,
                _writer(comment),
                body,
                comment.get("is_private") in (True, 1),
            )


def _changes(entries: list[Record]) -> Iterator[ImportedChange]:
    for entry in entries:
        at = read.instant(entry, "when")
        for one in read.records(entry, "changes"):
            if asides.word(one, "field_name") in ("status", "bug_status") and at is not None:
                word = asides.word(one, "added")
                yield change(at, _worded(asides.word(entry, "who")), _status(word) or "open", word)


def _links(bug: Record, origin: Origin) -> Iterator[tuple[str, str]]:
    for name, relation in (("depends_on", "blocked-by"), ("blocks", "blocks"), ("regressed_by", "relates")):
        value = bug.get(name)
        for one in value if isinstance(value, list) else ():
            if number := asides.word({"id": one}, "id"):
                yield relation, origin.key(number)
    if number := asides.word(bug, "dupe_of"):
        yield "duplicates", origin.key(number)


def _asides(
    bug: Record, resolution: str, files: tuple[str, ...], created_at: int
) -> Iterator[ImportedComment]:
    lines = [
        asides.line("Resolution", resolution if resolution not in _NO_VALUE else ""),
        asides.line("Product", asides.word(bug, "product")),
        asides.line(
            "Severity", asides.word(bug, "severity") if asides.word(bug, "severity") not in _NO_VALUE else ""
        ),
        asides.line("See also", ", ".join(asides.word({"a": one}, "a") for one in _list(bug, "see_also"))),
    ]
    for name, value in bug.items():
        if name not in _PLACED and not isinstance(value, bool | dict) and value:
            words = (
                ", ".join(str(one) for one in value if isinstance(one, str))
                if isinstance(value, list)
                else value
            )
            if isinstance(words, str) and words not in _NO_VALUE:
                lines.append(asides.line(name.removeprefix("cf_").replace("_", " ").capitalize(), words))
    lines += files
    yield from asides.aside(lines, created_at)


def _list(bug: Record, name: str) -> list[object]:
    value = bug.get(name)
    return value if isinstance(value, list) else []


TRACKER = Tracker("bugzilla", "Bugzilla, REST", _likeness, _stories)
