"""todo.txt: a task a line, with priority, dates, ``+project``, ``@context`` and ``key:value``."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator

from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers.assembly import asides
from tix.importers.assembly.dates import CreationDates
from tix.importers.files import text_lines
from tix.importers.record import Ending, Fault, ImportedAuthor, ImportedTicket
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TASK = re.compile(
    rf"(?P<done>x )?\s*(?:\((?P<priority>[A-Z])\) )?\s*(?:(?P<first>{_DATE}) )?(?:(?P<second>{_DATE}) )?(?P<rest>.*)"
)
_MARK = re.compile(r"(?:^|(?<=\s))(?P<sign>[+@])(?P<word>\S+)")
_PAIR = re.compile(r"(?:^|(?<=\s))(?P<key>[A-Za-z][A-Za-z0-9_-]*):(?P<value>[^\s:/][^\s]*)")
_BEGINS = re.compile(rf"(?:x {_DATE} |\([A-Z]\) |{_DATE} \S)")
_ENOUGH = 0.6
_PRIORITIES = {"A": "urgent", "B": "high", "C": "medium"}  # the others are low
_NAMES = ("todo.txt", "done.txt")


def _likeness(head: Head) -> int:
    if head.text[0] in "[{":
        return 0
    lines = [line for line in head.text.splitlines()[:200] if line.strip()]
    named = head.name.lower().endswith(_NAMES)
    if named:
        return 80
    begun = sum(1 for line in lines if _BEGINS.match(line))
    marked = sum(1 for line in lines if _BEGINS.match(line) or _MARK.search(line))
    if not begun or max(line.count(",") + line.count("\t") + line.count(";") for line in lines) > 20:
        return 0
    return 60 if marked >= _ENOUGH * len(lines) and begun * 3 >= len(lines) else 0


def _stories(asked: Request) -> Iterator[Told]:
    dates = CreationDates(asked.now)
    seen: Counter[str] = Counter()
    for number, line in enumerate(text_lines(asked.stream), start=1):
        if not line.strip():
            continue
        try:
            yield _story(read.one_line(line), dates, seen)._replace(line=number)
        except BrokenRecord as broken:
            yield Fault(number, broken.message)
    yield from dates.notices()


def _story(line: str, dates: CreationDates, seen: Counter[str]) -> ImportedTicket:
    task = _TASK.fullmatch(line)
    if task is None:
        raise BrokenRecord("the line is no task")
    is_done = task["done"] is not None
    first, second = (read.parse_instant(word) if word else None for word in (task["first"], task["second"]))
    ended_at, begun_at = (first, second) if is_done else (None, first)
    rest = task["rest"] if is_done or task["second"] is None else f"{task['second']} {task['rest']}"
    created_at = dates.of(begun_at, (ended_at,))
    pairs = {found["key"].lower(): found["value"] for found in _PAIR.finditer(rest)}
    marks = [(found["sign"], found["word"]) for found in _MARK.finditer(rest)]
    projects = [word for sign, word in marks if sign == "+"]
    subject = " ".join(_PAIR.sub("", _MARK.sub("", rest)).split())
    digest = hashlib.sha256(
        f"{task['second' if is_done else 'first']} {subject} {marks}".encode()
    ).hexdigest()[:16]
    seen[digest] += 1
    letter = task["priority"] or pairs.get("pri", "").upper()[:1]
    ending = Ending(None, ended_at, created_at)
    status = "closed" if is_done else "open"
    lines = [asides.line(key, value) for key, value in pairs.items() if key not in ("due", "pri")]
    lines.append(asides.line("Projects", ", ".join(projects[1:])))
    return ImportedTicket(
        key=f"todo.txt/{digest}/{seen[digest]}",
        about=None,
        subject=subject or read.one_line(rest) or read.NO_SUBJECT,
        body=rest,
        author=None,
        created_at=created_at,
        remarks=tuple(asides.aside(lines, created_at)),
        turns=ending.turns(status, created_at),
        ending=ending,
        status=status,
        priority=(_PRIORITIES.get(letter, "low") if letter.isalpha() else None),
        assignee=ImportedAuthor(pairs["assignee"]) if pairs.get("assignee") else None,
        tags=read.distinct(word for sign, word in marks if sign == "@"),
        category=projects[0] if projects else None,
        due_at=read.parse_due(pairs.get("due", "")),
        is_unmistakable=False,
    )


TRACKER = Tracker("todo.txt", "todo.txt", _likeness, _stories)
