"""``tix log --follow``: what happened last, then each thing as it is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from tix.cli.options import Output
from tix.cli.session import Session, store_path
from tix.cli.tickets import watch
from tix.desk.tickets import log
from tix.errors import StoreBusy, UsageError
from tix.render.records.tickets import item_record

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.tickets.timeline import ThreadLine

SHOWN_FIRST = 10
POLL_SECONDS = 1.0

Show = Callable[[list[dict[str, Any]]], None]


def lines(output: Output) -> Output:
    """The format of something without an end: an object a line, never an array. Raises UsageError."""
    if output.json and output.output in (None, "json", "jsonl"):
        return output._replace(output="jsonl", json=False)
    if output.output == "json":
        return output._replace(output="jsonl")
    if output.output == "csv":
        raise UsageError("--follow cannot write csv", hint="use -o jsonl or -o plain")
    return output


def follow(session: Session, ends: log.LogFilter, show: Show) -> NoReturn:
    """Shows what was there, oldest first, then what comes, until a signal ends it. Raises NotFound, NotAllowed."""
    file, desk = _opened(session)
    looked = desk.now
    seen, lines = log.there(desk, ends)
    found = _records(lines)
    while True:
        if found:
            show(found)
            sys.stdout.flush()
        session.close(failed=True)
        watch.wait(POLL_SECONDS)
        told = {(record["id"], record["at"]) for record in found}
        try:
            there, desk = _opened(session)
            if file in (None, there):
                seen, lines = log.after(desk, ends, seen)
                found = _records(lines)
            else:
                session.say("The desk's file was replaced; following the new file from here on.")
                since = looked if ends.since is None else max(looked, ends.since)
                seen, lines = log.there(desk, ends._replace(since=since, first=0))
                found = [record for record in _records(lines) if (record["id"], record["at"]) not in told]
            looked, file = desk.now, there
        except StoreBusy as error:
            session.say(error.message)
            found = []


def _opened(session: Session) -> tuple[tuple[int, int] | None, Desk]:
    """The desk, and the file it was opened from: device and inode, None where there is none yet."""
    while True:
        before = _file(session)
        desk = session.reader()
        if _file(session) == before:
            return before, desk
        session.close(failed=True)


def _file(session: Session) -> tuple[int, int] | None:
    try:
        status = store_path(session.options.store).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _records(lines: Iterable[ThreadLine]) -> list[dict[str, Any]]:
    return [item_record(line.item, line.by_name, line.ref) for line in lines]
