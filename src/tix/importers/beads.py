"""Issues of beads, a tracker that keeps JSON lines beside the code.

Texts for which a ticket has only one field (description, design, acceptance criteria, notes) become its body, each
under its heading; dependencies and everything else without a field are lines at its end, including unknown keys. The
reasons for closing and deleting are comments at their time. A ``tombstone`` is an issue that was deleted: it becomes
a closed ticket.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.fields import Record
from tix.importers.files import json_lines
from tix.importers.json_stream import elements
from tix.importers.record import Ending, Fault, ImportedComment, ImportedTicket, Notice
from tix.typing import BinaryIO

_START = 4096  # bytes in which a file begins
_SECTIONS = ("design", "acceptance_criteria", "notes")
_PRIORITIES = ("urgent", "high", "medium", "low", "low")  # 0 to 4; 4 is beads' backlog
_RELATIONS = {
    "blocks": "Blocked by",  # the other issue blocks this one
    "parent-child": "Child of",
    "discovered-from": "Discovered from",
    "tracks": "Tracks",
    "related": "Related to",
    "relates-to": "Related to",
    "supersedes": "Supersedes",
    "replies-to": "Reply to",
    "duplicates": "Duplicate of",
}
_LINKS = {"blocks": "blocked-by", "parent-child": "child", "duplicates": "duplicates"}
_PLACED = frozenset(_SECTIONS) | {
    "id", "title", "description", "status", "priority", "issue_type", "original_type", "assignee",
    "created_at", "created_by", "updated_at", "closed_at", "close_reason", "deleted_at", "deleted_by",
    "delete_reason", "due_at", "labels", "comments", "dependencies",
}  # fmt: skip


def stories(stream: BinaryIO) -> Iterator[ImportedTicket | Fault | Notice]:
    """Yield one imported ticket or fault per line, one line in memory at a time; or per element of an array.

    Lines that are not issues are skipped and counted. Arrays are what ``bd list --json`` prints.
    """
    others = 0
    for line, value in _values(stream):
        if isinstance(value, dict) and value.get("_type", "issue") != "issue":
            others += 1
        else:
            yield value if isinstance(value, Fault) else _told(line, value)
    if others:
        yield Notice(
            "skipped 1 line that is not an issue", "skipped {count:,} lines that are not issues", others
        )


def _values(stream: BinaryIO) -> Iterator[tuple[int | None, object]]:
    start = stream.read(_START).lstrip(b"\xef\xbb\xbf \t\r\n")
    stream.seek(0)
    if start.startswith(b"["):
        yield from ((None, one) for one in elements(stream))
    else:
        yield from json_lines(stream)


def _told(line: int | None, value: object) -> ImportedTicket | Fault:
    try:
        return _story(read.whole(value, "the line"))
    except BrokenRecord as broken:
        return Fault(line, broken.message)


def _story(issue: Record) -> ImportedTicket:
    name = read.one_line(read.text(issue, "id"))
    if not name:
        raise BrokenRecord("'id' is missing")
    created_at = read.known_instant(issue, "created_at")
    status = vocabulary.status(read.text(issue, "status"))
    ending = Ending(None, None, _over_at(issue, created_at))
    over_at = ending.otherwise_at
    remarks = sorted([*_comments(issue, created_at), *_reasons(issue, over_at)], key=lambda said: said.at)
    return ImportedTicket(
        key=f"beads/{name}",
        about=f"beads:{name}",
        subject=read.subject(issue, "title"),
        body=_body(issue),
        author=read.voice(read.first(issue, "created_by", "owner")),
        created_at=created_at,
        remarks=tuple(remarks),
        turns=ending.turns("closed" if status == "closed" else None, created_at),
        status=status,
        status_word=read.text(issue, "status") or None,
        ending=ending,
        links=tuple(_links(issue)),
        is_unmistakable=False,
        priority=_priority(issue),
        type=vocabulary.slug(read.text(issue, "original_type") or read.text(issue, "issue_type")) or None,
        assignee=read.voice(issue.get("assignee")),
        tags=read.labels(issue, "labels"),
        due_at=read.instant(issue, "due_at"),
        updated_at=read.instant(issue, "updated_at"),
    )


def _over_at(issue: Record, created_at: int) -> int:
    times = (read.instant(issue, name) for name in ("closed_at", "deleted_at", "updated_at"))
    return max(created_at, next((at for at in times if at is not None), created_at))


def _priority(issue: Record) -> str | None:
    value = issue.get("priority")
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < len(_PRIORITIES):
        raise BrokenRecord("'priority' is not a number from 0 to 4")
    return _PRIORITIES[value]


# ---------------------------------------------------------------------------------------- comments


def _comments(issue: Record, created_at: int) -> Iterator[ImportedComment]:
    for comment in read.records(issue, "comments"):
        at = read.instant(comment, "created_at")
        body = read.text(comment, "text", "body")
        if body.strip():
            yield ImportedComment(created_at if at is None else at, read.voice(comment.get("author")), body)


def _reasons(issue: Record, over_at: int) -> Iterator[ImportedComment]:
    """Yield why it was closed, and that and why it was deleted. Beads does not say who closed an issue."""
    reason = read.text(issue, "close_reason")
    if reason.strip():
        yield ImportedComment(over_at, None, f"Close reason: {reason}")
    by = read.text(issue, "deleted_by")
    why = read.text(issue, "delete_reason")
    deleted_at = read.instant(issue, "deleted_at")
    if deleted_at is not None or by or why:
        words_of_it = "Deleted" + (f" by {by}" if by else "") + (f": {why}" if why else "")
        yield ImportedComment(over_at if deleted_at is None else deleted_at, None, words_of_it, internal=True)


# ------------------------------------------------------------------------------------------ the body


def _body(issue: Record) -> str:
    parts = [read.text(issue, "description")]
    parts += [f"## {_heading(name)}\n\n{value}" for name in _SECTIONS if (value := read.text(issue, name))]
    others = [(name, _printed(value)) for name, value in _others(issue)]
    parts += [f"## {_heading(name)}\n\n{value}" for name, value in others if "\n" in value]
    lines = [f"{_heading(name)}: {value}" for name, value in others if "\n" not in value]
    parts.append("\n".join([*lines, *_dependencies(issue)]))
    return "\n\n".join(part for part in parts if part)


def _others(issue: Record) -> Iterator[tuple[str, object]]:
    """Yield what has no field: words whose translation loses something, the owner, unknown keys."""
    status = read.text(issue, "status")
    if vocabulary.slug(status) not in {"", "tombstone", vocabulary.status(status)}:
        yield "status", status
    if issue.get("priority") == 4:
        yield "priority", "4 (backlog)"
    for name, value in issue.items():
        by_author = name == "owner" and not issue.get("created_by")
        if name not in _PLACED and value not in (None, "", [], {}) and not by_author:
            yield name, value


def _heading(name: str) -> str:
    return read.one_line(name.replace("_", " ")).capitalize()


def _printed(value: object) -> str:
    return read.clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _links(issue: Record) -> Iterator[tuple[str, str]]:
    """Yield its dependencies on other issues, as relations of tickets; the body has all of them in words."""
    for dependency in read.records(issue, "dependencies"):
        other = read.one_line(read.text(dependency, "depends_on_id", "id"))
        relation = _LINKS.get(read.one_line(read.text(dependency, "type", "dependency_type")), "relates")
        if other:
            yield relation, f"beads/{other}"


def _dependencies(issue: Record) -> Iterator[str]:
    for dependency in read.records(issue, "dependencies"):
        other = read.one_line(read.text(dependency, "depends_on_id", "id"))
        kind = read.one_line(read.text(dependency, "type", "dependency_type"))
        since = [read.one_line(read.text(dependency, key)) for key in ("created_at", "created_by")]
        by = ", ".join(part for part in since if part)
        yield f"{_RELATIONS.get(kind) or f'Depends ({kind}) on'} {other}" + (f" ({by})" if by else "")
