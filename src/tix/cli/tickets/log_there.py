"""``tix log --follow`` on a server: what happened last, then each thing as the server tells it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator

from tix.cli.tickets import watch
from tix.errors import NotFound, Unreachable
from tix.typing import TYPE_CHECKING, Any, NoReturn
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.remote.connection import Event
    from tix.cli.remote.desk import Remote
    from tix.cli.session import Session
    from tix.domain.tickets.references import Reference

# Before a stream that has ended is opened again.
AGAIN_SECONDS = 2.0

Record = dict[str, Any]
Show = Callable[[list[Record]], None]


def follow(
    session: Session,
    remote: Remote,
    reference: Reference | None,
    since: str | None,
    first: int,
    show: Show,
    tell: Show,
) -> NoReturn:
    """Shows what was there, oldest first, then what comes, until a signal ends it. Raises NotFound, NotAllowed.

    ``tell`` gets what comes, once it is shown.
    """
    only = None
    if reference is not None:
        shown = remote.whole(reference)
        if shown is None:
            raise NotFound(f"no ticket {remote.called(reference)}")
        only = shown.record["ref"]
    last: str | None = None
    seen: set[tuple[str, int]] = set()
    is_first = True
    while True:
        try:
            events = remote.events(last)
            next(events)  # the stream is open: what comes from here on is told by it
            if is_first:
                found = [one for one in _there(remote, reference, since, first) if one["id"] is not None]
                seen = {(one["ref"], one["id"]) for one in found}
                _shown(show, found)
                is_first = False
            for event in events:
                last = event.id
                record = _told(remote, event)
                if record is None:
                    session.say(Said("The server has begun anew; following from here on."))
                elif only in (None, record["ref"]) and (record["ref"], record["id"]) not in seen:
                    _shown(show, [record])
                    tell([record])
        except Unreachable as error:
            if is_first:
                raise
            session.say(Said("{message}; connecting again", message=error.message))
        watch.wait(AGAIN_SECONDS)


def _there(remote: Remote, reference: Reference | None, since: str | None, first: int) -> Iterator[Record]:
    """What was there, oldest first."""
    found = list(remote.log(reference, since, None, first or -1))
    return iter(found if reference is not None else reversed(found))


def _told(remote: Remote, event: Event) -> Record | None:
    """The entry that an event tells of; None for one that says to begin anew."""
    if event.kind != "entry":
        return None
    try:
        return remote.entry(json.loads(event.data))
    except (ValueError, RecursionError) as error:
        raise remote.connection.malformed("an event") from error


def _shown(show: Show, found: list[Record]) -> None:
    if found:
        show(found)
        sys.stdout.flush()
