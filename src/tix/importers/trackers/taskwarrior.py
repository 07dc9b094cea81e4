"""Taskwarrior's ``task export``: an array, or one task a line.

A recurring task is a pattern and no task: it is described with the ``tix schedule add`` command that makes it here; the
tasks it has made so far are tickets.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.dates import CreationDates, compact
from tix.importers.fields import Record
from tix.importers.json_stream import elements
from tix.importers.record import Ending, ImportedChange, ImportedComment, ImportedTicket, Notice
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

_STATUSES = {
    "pending": "open",
    "waiting": "on-hold",
    "completed": "closed",
    "deleted": "closed",
    "recurring": None,
}
_PRIORITIES = {"H": "high", "M": "medium", "L": "low"}
_PLACED = frozenset(
    """
    id uuid description entry modified end status project tags priority due wait start annotations depends urgency
    scheduled until recur mask imask parent rtype last template
    """.split()
)
_WORDS = {
    "daily": "FREQ=DAILY",
    "day": "FREQ=DAILY",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekly": "FREQ=WEEKLY",
    "sennight": "FREQ=WEEKLY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "fortnight": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
    "bimonthly": "FREQ=MONTHLY;INTERVAL=2",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "semiannual": "FREQ=MONTHLY;INTERVAL=6",
    "annual": "FREQ=YEARLY",
    "yearly": "FREQ=YEARLY",
    "biannual": "FREQ=YEARLY;INTERVAL=2",
    "biyearly": "FREQ=YEARLY;INTERVAL=2",
}
_SPAN = re.compile(r"p?(?P<count>[0-9]{0,4})\s*(?P<unit>[a-z]+)", re.IGNORECASE)
_UNITS = {
    "DAILY": "d day days",
    "WEEKLY": "w wk wks week weeks",
    "MONTHLY": "m mo mos mth mths mon month months",
    "YEARLY": "y yr yrs year years",
}
_FREQUENCY = {word: name for name, words in _UNITS.items() for word in words.split()}


def _likeness(head: Head) -> int:
    if head.text[0] not in "[{" or not {"description", "uuid", "status"} <= head.keys:
        return 0
    return 95 if head.keys & {"entry", "urgency"} else 60


def _stories(asked: Request) -> Iterator[Told]:
    dates = CreationDates(asked.now)
    patterns = []
    for place, item in enumerate(elements(asked.stream), start=1):
        if isinstance(item, dict) and item.get("status") == "recurring":
            patterns.append(_pattern(item))
        else:
            yield batch.one(item, f"record {place}", lambda task: _story(task, dates), "uuid")
    for pattern in patterns:
        yield Notice(pattern, pattern)
    yield from dates.notices()


def _story(task: Record, dates: CreationDates) -> ImportedTicket:
    uuid = batch.number(task, "uuid")
    end, modified, start = (compact(task.get(name)) for name in ("end", "modified", "start"))
    created_at = dates.of(compact(task.get("entry")), (end, modified))
    word = asides.word(task, "status")
    status = _STATUSES.get(word, vocabulary.status(word))
    wait = compact(task.get("wait"))
    if status == "open" and wait is not None and modified is not None and wait > modified:
        status = "on-hold"  # since version 2.6 a waiting task is pending with a date
    if status == "open" and start is not None:
        status = "in-progress"
    ending = Ending(None, end, created_at if modified is None else modified)
    turns = ending.turns(status, created_at)
    if start is not None and status in ("in-progress", "closed"):
        began = ImportedChange(max(start, created_at), None, closed=False, status="in-progress")
        turns = (began, *turns) if not turns or began.at <= turns[0].at else turns
    remarks = [*_asides(task, created_at), *_notes(task, created_at)]
    project = read.one_line(read.text(task, "project"))
    gone = ("deleted",) if word == "deleted" else ()
    return ImportedTicket(
        key=f"taskwarrior/{uuid}",
        about=f"taskwarrior:{uuid}",
        subject=read.subject(task, "description"),
        body="",
        author=None,
        created_at=created_at,
        remarks=tuple(sorted(remarks, key=lambda said: said.at)),
        turns=turns,
        ending=None if len(turns) > 1 else ending,
        status=status,
        status_word=None if word in _STATUSES else word or None,
        priority=_PRIORITIES.get(asides.word(task, "priority"), asides.word(task, "priority") or None),
        tags=read.distinct((*read.labels(task, "tags"), *gone)),
        category=project or None,
        due_at=compact(task.get("due")),
        updated_at=modified,
        links=tuple(_links(task)),
    )


def _links(task: Record) -> Iterator[tuple[str, str]]:
    """Yield what it depends on: a list, or in older versions names with commas between."""
    value = task.get("depends")
    names = value.split(",") if isinstance(value, str) else value
    if names is not None and not isinstance(names, list):
        raise BrokenRecord("'depends' is not a list")
    for name in names or ():
        if isinstance(name, str) and name.strip():
            yield "blocked-by", f"taskwarrior/{read.one_line(name)}"


def _notes(task: Record, created_at: int) -> Iterator[ImportedComment]:
    for note in read.records(task, "annotations"):
        at = compact(note.get("entry"))
        body = read.text(note, "description")
        if body.strip():
            yield ImportedComment(created_at if at is None else at, None, body, internal=True)


def _asides(task: Record, created_at: int) -> Iterator[ImportedComment]:
    lines = [
        asides.line("Waiting until", _date(task, "wait")),
        asides.line("Scheduled", _date(task, "scheduled")),
        asides.line("Until", _date(task, "until")),
        asides.line("Recurs", asides.word(task, "recur")),
    ]
    for name, value in task.items():
        if name not in _PLACED:
            lines.append(asides.line(name.replace("_", " ").capitalize(), value))
    yield from asides.aside(lines, created_at)


def _date(task: Record, name: str) -> str:
    from datetime import UTC, datetime

    at = compact(task.get(name))
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


# ------------------------------------------------------------------------------------------- recurrence


def _pattern(task: Record) -> str:
    """Return a sentence about a recurring task, with the command that makes it a schedule here."""
    try:
        subject = read.subject(task, "description")
        recur = asides.word(task, "recur")
        rule = _rule(recur)
        start = _date(task, "due") or _date(task, "entry")
        until = compact(task.get("until"))
    except BrokenRecord as broken:
        return f"a recurring task is left out: {broken.message}"
    told = f"'{subject[:60]}' recurs ({recur or 'no period'})"
    if rule is None:
        return f"{told}, which is no rule of tix; see: tix help schedule add"
    if until is not None:
        rule += f";UNTIL={asides.word(task, 'until')}"
    words = [
        "tix",
        "schedule",
        "add",
        _name(subject, task),
        "--subject",
        subject,
        "-m",
        subject,
        "--every",
        rule,
    ]
    if start:
        words += ["--start", start.removesuffix(" UTC"), "--zone", "UTC"]
    if asides.word(task, "project"):
        words += ["--category", asides.word(task, "project")]
    priority = _PRIORITIES.get(asides.word(task, "priority"))
    words += ["-p", priority] if priority else []
    tags = read.labels(task, "tags")
    words += ["--tag", ",".join(tags)] if tags else []
    return f"{told}; to go on with it: {shlex.join(words)}"


def _rule(recur: str) -> str | None:
    """Return an RRULE for Taskwarrior's word or span: ``weekly``, ``3days``, ``2w``, ``P1M``."""
    word = recur.strip().lower()
    if word in _WORDS:
        return _WORDS[word]
    span = _SPAN.fullmatch(word)
    if span is None or span["unit"] not in _FREQUENCY or span["count"] in ("0", "00"):
        return None
    count = int(span["count"] or 1)
    return f"FREQ={_FREQUENCY[span['unit']]}" + (f";INTERVAL={count}" if count > 1 else "")


def _name(subject: str, task: Record) -> str:
    words = "-".join(re.findall(r"[a-z0-9]+", subject.lower()))[:30].strip("-")
    return words or f"task-{asides.word(task, 'uuid')[:8]}"


TRACKER = Tracker("taskwarrior", "Taskwarrior, task export", _likeness, _stories)
