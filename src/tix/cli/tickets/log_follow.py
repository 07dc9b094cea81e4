"""``tix log --follow``: what happened last, then each thing as it is written.

Ids are given in the order of the commits, since one process writes at a time: what has a larger id than all that
was seen is new, and nothing can come in below it. So nothing is missed and nothing is told twice.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from tix.cli.options import Output
from tix.cli.session import Session, store_path
from tix.cli.tickets import watch
from tix.errors import StoreBusy, UsageError
from tix.render.records.tickets import item_record

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.tickets.references import Reference
    from tix.store.tickets.timeline import Line

SHOWN_FIRST = 10
POLL_SECONDS = 1.0

Show = Callable[[list[dict[str, Any]]], None]


class Ends(NamedTuple):
    """What to follow: one ticket or all, from when, by whom; ``first`` are shown of what was there (0: all)."""

    reference: Reference | None
    since: int | None
    by: str | None
    first: int


def lines(output: Output) -> Output:
    """The format of something without an end: an object a line, never an array. Raises UsageError."""
    if output.json and output.output in (None, "json", "jsonl"):
        return output._replace(output="jsonl", json=False)
    if output.output == "json":
        return output._replace(output="jsonl")
    if output.output == "csv":
        raise UsageError("--follow cannot write csv", hint="use -o jsonl or -o plain")
    return output


def follow(session: Session, ends: Ends, show: Show) -> NoReturn:
    """Shows what was there, oldest first, then what comes, until a signal ends it. Raises NotFound, NotAllowed."""
    file, desk = _opened(session)
    looked = desk.now
    seen, found = _there(desk, ends)
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
                seen, found = _new(desk, ends, seen)
            else:
                session.say("The desk's file was replaced; following the new file from here on.")
                since = looked if ends.since is None else max(looked, ends.since)
                seen, found = _there(desk, ends._replace(since=since, first=0))
                found = [record for record in found if (record["id"], record["at"]) not in told]
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


def _there(desk: Desk, ends: Ends) -> tuple[int, list[dict[str, Any]]]:
    """The last id and what there is up to it, in one snapshot."""
    from tix.desk.tickets import read
    from tix.domain.permissions import require
    from tix.store.tickets import timeline

    with desk.store.reading():
        last = timeline.last_id(desk.store)
        if ends.reference is None:
            newest = read.log(desk, ends.since, ends.by, ends.first or -1)
            return last, _records(reversed(list(newest)))
        require(desk.actor, "log")
        whole = read.of(desk, read.find(desk, ends.reference), desk.scope)
        found = [
            line._replace(ref=whole.ticket.ref)
            for line in whole.lines
            if (ends.since is None or line.item.at >= ends.since) and ends.by in (None, line.item.by)
        ]
        return last, _records(found[-ends.first :])


def _new(desk: Desk, ends: Ends, seen: int) -> tuple[int, list[dict[str, Any]]]:
    from tix.desk.tickets import read
    from tix.domain.permissions import require
    from tix.store.tickets import timeline

    require(desk.actor, "log")
    with desk.store.reading():
        last = timeline.last_id(desk.store)
        if last <= seen:
            return last, []
        ticket = None if ends.reference is None else read.find(desk, ends.reference).id
        found = timeline.log_after(desk.store, desk.scope, seen, last, ticket=ticket, by=ends.by)
        return last, _records(map(read.Named(desk.store, desk.scope).line, found))


def _records(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """What is recorded; what time has done and nobody has recorded yet comes when it is."""
    return [item_record(line.item, line.by_name, line.ref) for line in lines if line.item.id is not None]
