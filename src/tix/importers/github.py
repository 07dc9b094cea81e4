"""Issues and pull requests as printed by the GitHub CLI (camelCase) and the REST API (snake_case).

Bodies and comments are imported unchanged. How a record ended, if its state alone does not say (``merged``,
``not-planned``, ``duplicate``), and that it is a ``draft``, become tags; further assignees and the milestone become
one internal comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly.companions import Companions
from tix.importers.fields import Record
from tix.importers.github_notices import notices
from tix.importers.github_shapes import comments_elsewhere, issues, plain
from tix.importers.json_stream import elements
from tix.importers.record import (
    Fault,
    ImportedAuthor,
    ImportedChange,
    ImportedComment,
    ImportedTicket,
    Notice,
)
from tix.typing import BinaryIO

# https://github.com/o/r/pull/1, https://api.github.com/repos/o/r, https://ghe.example/api/v3/repos/o/r
_ADDRESS = re.compile(
    r"https?://(?:api\.)?(?P<host>[^/]+)/(?:api/v3/)?(?:repos/)?(?P<path>[^/]+/[^/?#]+)", re.IGNORECASE
)
# Prefix of keys of records whose file names no repository: another repository has the same keys.
NAMELESS = "github.com/?/"
_TIMES = (("closedAt", "closed_at"), ("mergedAt", "merged_at"), ("updatedAt", "updated_at"))
_PULL_KEYS = ("mergedAt", "merged_at", "headRefName", "isDraft", "head")
_VERDICTS = {
    "APPROVED": "Approved.",
    "CHANGES_REQUESTED": "Changes requested.",
    "DISMISSED": "Review dismissed.",
}


def stories(
    stream: BinaryIO, now: int | None = None, source: str | None = None, path: Path | None = None
) -> Iterator[ImportedTicket | Fault | Notice]:
    """Yield every issue, then notices about what the file does not contain.

    The file is an array, arrays in an array (``gh api --paginate --slurp``) or one after another, one issue, one
    issue per line, a page of a search, or an answer of the GraphQL API. A record without any time was created at
    ``now`` (UTC seconds); with None it is a fault. ``source`` is the repository if the file does not say it. Comments
    in a file beside ``path`` (``gh api repos/o/r/issues/comments``) are read as well.
    """
    undated = elsewhere = 0
    repository = _named_repository(source) if source else None
    with Companions() as comments:
        yield from comments.load(path, ("comments",), (), _owner)
        for place, one in enumerate(issues(elements(stream)), start=1):
            item = _with_comments(one, comments, repository)
            found = told(item, f"record {place}", None, otherwise=repository, now=now)
            if isinstance(found, ImportedTicket):
                undated += not _is_dated(item)
                elsewhere += comments_elsewhere(item)
            yield found
    yield from notices(elsewhere, undated)


def told(
    item: object,
    place: str,
    repository: str | None,
    *,
    pull: bool = False,
    otherwise: str | None = None,
    now: int | None = None,
) -> ImportedTicket | Fault:
    """Return ``item`` as an imported ticket, or what is wrong with it.

    ``repository`` is ``host/owner/name`` if known, ``otherwise`` if the record itself does not say it.
    """
    try:
        issue = plain(read.whole(item, place))
        known = repository or _repository(issue) or otherwise
        return _story(issue, known, is_pull=pull or _is_pull(issue), now=now)
    except BrokenRecord as broken:
        return Fault(None, f"{_label(item, place)}: {broken.message}")


def _is_dated(item: object) -> bool:
    return isinstance(item, dict) and read.first(item, "createdAt", "created_at") is not None


def _owner(comment: Record) -> Iterator[tuple[str, object]]:
    """Yield a comment of the REST API with the key of the issue it belongs to, if it says it."""
    address = read.text(comment, "issue_url", "pull_request_url", "html_url")
    found = _ADDRESS.match(address)
    number = plain({"url": address.partition("#")[0]}).get("number")
    if found and number is not None:
        yield f"{found['host']}/{found['path']}/{number}".lower(), comment


def _with_comments(item: object, comments: Companions, otherwise: str | None) -> object:
    if comments.is_empty or not isinstance(item, dict) or isinstance(item.get("comments"), list):
        return item
    try:
        issue = plain(item)
        found = comments.of(f"{_repository(issue) or otherwise}/{issue.get('number')}")
    except BrokenRecord:
        return item
    return {**issue, "comments": found} if found else item


def _label(item: object, place: str) -> str:
    number = item.get("number") if isinstance(item, dict) else None
    return place if number is None else f"{place} (number {number})"


def _story(issue: Record, repository: str | None, *, is_pull: bool, now: int | None = None) -> ImportedTicket:
    number = _number(issue)
    created_at = _created_at(issue, now)
    assignees = _assignees(issue)
    closed = _is_closed(issue)
    remarks = [*_asides(issue, assignees, created_at), *_comments(issue, created_at)]
    remarks += _reviews(issue, created_at)
    remarks.sort(key=lambda remark: remark.at)
    return ImportedTicket(
        key=_key(issue, repository, number, created_at),
        about=f"github:{number}" if repository is None else f"github:{_short(repository)}#{number}",
        subject=read.subject(issue, "title"),
        body=read.text(issue, "body"),
        author=read.voice(read.first(issue, "author", "user")),
        created_at=created_at,
        remarks=tuple(remarks),
        turns=_turns(issue, created_at, closed=closed),
        status="closed" if closed else "open",
        type=_type(issue, is_pull=is_pull),
        assignee=assignees[0] if assignees else None,
        tags=read.distinct((*read.labels(issue, "labels"), *_endings(issue))),
        updated_at=read.instant(issue, "updatedAt", "updated_at"),
        is_unmistakable=repository is not None or isinstance(read.first(issue, "node_id", "id"), str),
    )


def _created_at(issue: Record, now: int | None) -> int:
    """Return when it was created; if that is missing, the earliest time in it, at the latest ``now``."""
    at = read.instant(issue, "createdAt", "created_at")
    if at is not None:
        return at
    if now is None:
        raise BrokenRecord("'createdAt' is missing")
    times = [read.instant(issue, one, other) for one, other in _TIMES]
    times += [
        read.instant(said, "createdAt", "created_at", "submittedAt", "submitted_at")
        for name in ("comments", "reviews", "timeline", "events")
        for said in read.records(issue, name)
    ]
    return min([now, *(time for time in times if time is not None)])


# ------------------------------------------------------------------------------------ which one it is


def _number(issue: Record) -> int:
    number = issue.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise BrokenRecord("'number' is missing or not a number")
    return number


def _named_repository(word: str) -> str:
    """Return ``o/r`` as github.com's; any other name as it is.

    So a file that says it and one that does not agree.
    """
    name = word.strip().lower()
    return f"github.com/{name}" if name.count("/") == 1 else name


def _short(repository: str) -> str:
    """Return the repository as ``about`` has it: without github.com, and without spaces."""
    return "-".join(repository.removeprefix("github.com/").split())


def _repository(issue: Record) -> str | None:
    address = read.text(issue, "html_url") or read.text(issue, "repository_url") or read.text(issue, "url")
    found = _ADDRESS.match(address)
    if found:
        return f"{found['host']}/{found['path']}".lower()  # GitHub's names are case-insensitive
    repository = issue.get("repository")
    name = repository if isinstance(repository, str) else _named(repository, "nameWithOwner", "full_name")
    return f"github.com/{name}".lower() if name else None


def _key(issue: Record, repository: str | None, number: int, created_at: int) -> str:
    if repository:
        return f"{repository}/{number}"
    node = read.first(issue, "node_id", "id")  # `gh --json id` gives the global id, even without `url`
    if isinstance(node, str):
        return f"github.com/node/{node}"
    # Without a time in the file, the creation time here differs in every run.
    return f"{NAMELESS}{number}/{created_at}" if _is_dated(issue) else f"{NAMELESS}{number}"


def _is_pull(issue: Record) -> bool:
    address = read.text(issue, "html_url") or read.text(issue, "url")
    named = any(name in issue for name in _PULL_KEYS)
    kind = issue.get("isPullRequest") is True or issue.get("__typename") == "PullRequest"
    return named or kind or "/pull/" in address or issue.get("pull_request") is not None


# ------------------------------------------------------------------------------------------ its fields


def _named(value: object, *names: str) -> str:
    return read.one_line(read.text(value, *names)) if isinstance(value, dict) else ""


def _type(issue: Record, *, is_pull: bool) -> str:
    if is_pull:
        return "pull-request"
    kind = read.first(issue, "issueType", "type")
    name = kind if isinstance(kind, str) else _named(kind, "name")
    return vocabulary.slug(name) or "issue"


def _assignees(issue: Record) -> list[ImportedAuthor]:
    several = issue.get("assignees") or []
    if not isinstance(several, list):
        raise BrokenRecord("'assignees' is not a list")
    voices = [read.voice(person) for person in (issue.get("assignee"), *several)]
    return list(dict.fromkeys(voice for voice in voices if voice))


def _endings(issue: Record) -> Iterator[str]:
    reason = vocabulary.slug(read.text(issue, "stateReason", "state_reason"))
    if reason not in {"", "completed", "reopened"}:
        yield reason
    if _merged_at(issue) is not None:
        yield "merged"
    if read.first(issue, "isDraft", "draft") is True:
        yield "draft"


def _asides(issue: Record, assignees: list[ImportedAuthor], created_at: int) -> Iterator[ImportedComment]:
    """Yield what a ticket has no field for, as one internal comment."""
    others = ", ".join(person.login or person.name or person.email or "" for person in assignees[1:])
    milestone = issue.get("milestone")
    title = read.one_line(milestone) if isinstance(milestone, str) else _named(milestone, "title")
    prose = read.text(milestone, "description") if isinstance(milestone, dict) else ""
    lines = [f"Also assigned: {others}" if others else "", f"Milestone: {title}" if title else "", prose]
    body = "\n".join(line for line in lines if line)
    if body:
        yield ImportedComment(created_at, None, body, internal=True)


# ---------------------------------------------------------------------------------------- comments


def _comments(
    record: Record, otherwise_at: int, by: ImportedAuthor | None = None
) -> Iterator[ImportedComment]:
    """Yield the comments that have text.

    One without a time gets ``otherwise_at``, one without an author is ``by``'s.
    """
    for comment in read.records(record, "comments"):
        body = read.text(comment, "body")
        at = read.instant(comment, "createdAt", "created_at")
        if body.strip():
            author = read.voice(read.first(comment, "author", "user"))
            yield ImportedComment(otherwise_at if at is None else at, author or by, body)


def _reviews(issue: Record, created_at: int) -> Iterator[ImportedComment]:
    for review in read.records(issue, "reviews"):
        said_at = read.instant(review, "submittedAt", "submitted_at", "createdAt", "created_at")
        at = created_at if said_at is None else said_at
        by = read.voice(read.first(review, "author", "user"))
        verdict = _VERDICTS.get(read.text(review, "state").upper(), "")
        body = "\n\n".join(part for part in (verdict, read.text(review, "body")) if part)
        if body:  # an empty review without a verdict only wraps its comments
            yield ImportedComment(at, by, body)
        yield from _comments(review, at, by)


# -------------------------------------------------------------------------------- when it was closed


def _is_closed(issue: Record) -> bool:
    state = vocabulary.status(read.text(issue, "state"))
    if state is None:  # `gh --json` prints only the requested fields
        over = read.first(issue, "closed", "closedAt", "closed_at")
        return over is not None and over is not False
    return state == "closed"


def _merged_at(issue: Record) -> int | None:
    at = read.instant(issue, "mergedAt", "merged_at")
    pull = issue.get("pull_request")
    return read.instant(pull, "merged_at") if at is None and isinstance(pull, dict) else at


def _turns(issue: Record, created_at: int, *, closed: bool) -> tuple[ImportedChange, ...]:
    """Return the status changes of the timeline if there is one; the last agrees with the state of the record."""
    turns: list[ImportedChange] = []
    for turn in sorted(_told_turns(issue), key=lambda turn: turn.at):
        if turn.closed != bool(turns and turns[-1].closed):
            turns.append(turn._replace(at=max(turn.at, created_at)))
    if closed != bool(turns and turns[-1].closed):
        turns.append(_last_turn(issue, turns[-1].at if turns else created_at, closed=closed))
    return tuple(turns)


def _told_turns(issue: Record) -> Iterator[ImportedChange]:
    for event in (*read.records(issue, "timeline"), *read.records(issue, "events")):
        what = event.get("event")
        at = read.instant(event, "createdAt", "created_at")
        if what in ("closed", "reopened") and at is not None:
            yield ImportedChange(at, read.voice(event.get("actor")), closed=what == "closed")


def _last_turn(issue: Record, earliest: int, *, closed: bool) -> ImportedChange:
    by = read.voice(read.first(issue, "mergedBy", "merged_by", "closedBy", "closed_by")) if closed else None
    at = read.instant(issue, "closedAt", "closed_at") if closed else None
    at = _merged_at(issue) if at is None and closed else at
    at = read.instant(issue, "updatedAt", "updated_at") if at is None else at
    return ImportedChange(max(earliest, earliest if at is None else at), by, closed)
