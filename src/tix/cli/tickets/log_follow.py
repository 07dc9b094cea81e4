"""``tix log --follow``: what happened last, then each thing as it is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

from tix.cli.options import Output
from tix.cli.parser import ALONE
from tix.cli.session import Session
from tix.cli.tickets import watch
from tix.desk.tickets import log
from tix.domain.databases import is_database
from tix.errors import StoreBusy, UsageError
from tix.render.records.tickets import item_record
from tix.typing import TYPE_CHECKING, Any, NoReturn
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.tickets.timeline import ThreadLine

SHOWN_FIRST = 10
POLL_SECONDS = 1.0

Show = Callable[[list[dict[str, Any]]], None]
Key = tuple[Any, ...]


def lines(output: Output) -> Output:
    """The format of something without an end: an object a line, never an array. Raises UsageError."""
    if output.jq is not None or output.template is not None:
        raise UsageError(
            Said("--jq and --template wait for the end, and --follow has none"), hint=Said("use -o jsonl")
        )
    if output.json is not None and output.output in (None, "json", "jsonl"):
        columns = output.columns if output.json == ALONE else [output.json]
        return output._replace(output="jsonl", json=None, columns=columns)
    if output.output == "json":
        return output._replace(output="jsonl")
    if output.output in ("csv", "md"):
        raise UsageError(
            Said("--follow cannot write {output}", output=output.output),
            hint=Said("use -o jsonl or -o plain"),
        )
    return output


def follow(session: Session, ends: log.LogFilter, show: Show, tell: Show) -> NoReturn:
    """Shows what was there, oldest first, then what comes, until a signal ends it. Raises NotFound, NotAllowed.

    ``tell`` gets what comes, once it is shown.
    """
    file, desk = _opened(session)
    looked = desk.now
    # Every line that was there at the second of the last look, shown or not: those are not new when another file
    # with the same lines takes the place of this one within that second.
    known = _keys(log.there(desk, _since(ends, looked))[1])
    seen, found = log.there(desk, ends)
    is_first = True
    while True:
        if found:
            records = [item_record(line.item, line.by_name, line.ref) for line in found]
            show(records)
            sys.stdout.flush()
            if not is_first:
                tell(records)
        is_first = False
        session.close(failed=True)
        watch.wait(POLL_SECONDS)
        known |= _keys(found)
        try:
            there, desk = _opened(session)
            if file in (None, there):
                seen, found = log.after(desk, ends, seen)
            else:
                if is_database(session.store_place()):
                    session.say(Said("The desk was replaced; following the new one from here on."))
                else:
                    session.say(Said("The desk's file was replaced; following the new file from here on."))
                seen, lines = log.there(desk, _since(ends, looked))
                found = [line for line in lines if _key(line) not in known]
            looked, file = desk.now, there
            known = {key for key in known if key[0] >= looked}
        except StoreBusy as error:
            session.say(error.message)
            found = []


def _opened(session: Session) -> tuple[tuple[int, int] | None, Desk]:
    """The desk, and the file it was opened from: device and inode, None where there is none yet; of a database its tables."""
    if is_database(session.store_place()):
        desk = session.reader()
        tables = desk.store.identity
        return (None if tables is None else (0, tables)), desk
    while True:
        before = _file(session)
        desk = session.reader()
        if _file(session) == before:
            return before, desk
        session.close(failed=True)


def _file(session: Session) -> tuple[int, int] | None:
    place = session.store_place()
    try:
        status = os.stat(place)  # noqa: PTH116  # looked at again and again
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _keys(lines: Iterable[ThreadLine]) -> set[Key]:
    return {_key(line) for line in lines}


def _key(line: ThreadLine) -> Key:
    """What a line says and when. Its id alone would not do: in a restored file another line can have the same one."""
    item = line.item
    return item.at, item.id, item.by, item.kind, item.type, item.field, item.old, item.new, item.body


def _since(ends: log.LogFilter, looked: int) -> log.LogFilter:
    return ends._replace(since=looked if ends.since is None else max(looked, ends.since), first=0)
