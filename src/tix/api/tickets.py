"""What each route does: the same use cases as the verbs of the command line, and their records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tix.api import requests
from tix.api.verbs import DELETE, REMOVE_FILES
from tix.desk.billing import time_entries
from tix.desk.queue import pages, search, select, views
from tix.desk.queue.filters import Filters
from tix.desk.tickets import new, read, request, split, unchanged, why
from tix.domain.tickets.references import Reference
from tix.domain.values import parse_subject
from tix.render.records import queue, show
from tix.render.records.effects import UNCHANGED
from tix.render.records.why import record as why_record
from tix.words.sentence import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tix.api.verbs import Verb
    from tix.desk.context import Desk
    from tix.desk.idempotency import Keyed
    from tix.desk.tickets.files import Upload
    from tix.desk.tickets.outcome import Action, Outcome


_encode = msgspec.json.Encoder(enc_hook=as_text).encode


class Call(NamedTuple):
    """One request, parsed: who asks (``desk``), which ticket, and what the query and the body say.

    ``version`` is that of ``If-Match``; ``key`` is the ``Idempotency-Key``; ``file`` is the id of the attachment
    that the path names, ``entry`` that of the time entry, ``name`` what else it names; ``uploads`` are the files that came with the request. ``keyed`` is the key with the digest of the
    request; ``query_text`` is what a cursor belongs to.
    """

    desk: Desk
    reference: Reference | None = None
    query: Any = None
    body: Any = None
    version: int | None = None
    key: str | None = None
    file: int | None = None
    uploads: Sequence[Upload] = ()
    keyed: Keyed | None = None
    query_text: bytes = b""
    entry: int | None = None
    name: str = ""

    @property
    def after(self) -> pages.Place | None:
        """Where the page begins. Raises InvalidCursor."""
        return pages.read(self.query.cursor, self.query_text)

    def page(self, found: pages.Page, records: list[dict[str, Any]]) -> Answer:
        """Answer with a page of records, and the cursor of the next one."""
        return Answer(records, next=None if found.next is None else pages.write(found.next, self.query_text))

    @property
    def ticket(self) -> Reference:
        """The ticket that the path names."""
        assert self.reference is not None
        return self.reference


class Answer(NamedTuple):
    """The record to send, the ``version`` of its ticket, and the HTTP status if it is not that of the route.

    ``next`` is the cursor of the next page of a list. ``about`` are the numbers of the tickets that a write was about,
    ``is_repeated`` says that its key has written them before. ``kept`` is what a repetition is answered from, by default
    these numbers: values of JSON, without anybody's words.
    """

    record: Any
    version: int | None = None
    status: int | None = None
    next: str | None = None
    about: tuple[int, ...] = ()
    is_repeated: bool = False
    kept: Any = None


# ----------------------------------------------------------------------------------------------- reading


def list_(call: Call) -> Answer:
    """The queue, or what the filters select."""
    found = pages.tickets(call.desk, selected(call), call.query.limit or requests.LISTED, call.after)
    return call.page(found, list(queue.of_rows(call.desk, found.found, answers=call.query.answers)))


def lines(call: Call) -> Answer:
    """The same as JSON Lines: all of it, unless there is a limit."""
    chosen = selected(call)._replace(limit=call.query.limit or -1)
    if call.query.cursor is not None:
        raise pages.invalid()
    if call.query.answers:
        records = queue.records(call.desk, chosen, answers=True)
        return Answer(f"{_encode(one).decode()}\n" for one in records)
    return Answer(queue.lines(call.desk, chosen))


def selected(call: Call) -> select.Selection:
    """Return the tickets that the parameters select, and with ``view`` a saved view as well."""
    desk, asked, filters = call.desk, call.query, filters_of(call.query)
    seen = None if asked.view is None else views.through(desk, views.known(desk, asked.view))
    if seen is not None:
        filters = filters._replace(sort=filters.sort or seen[0].sort)
    return select.queue(desk, filters, words_of(asked.q), seen)


def search_(call: Call) -> Answer:
    """Tickets that contain all words, best first."""
    asked = call.query
    wanted = search.query(call.desk, words_of(asked.q), asked.without)
    column = "subject" if asked.only_subject else None
    chosen = select.found(call.desk, filters_of(asked))
    found = pages.hits(call.desk, wanted, chosen, asked.limit, call.after, column)
    return call.page(found, list(queue.found(call.desk, found.found, answers=asked.answers)))


def words_of(text: str | None) -> list[str]:
    """Return the words as one argument of the command line, in which a phrase has quotes."""
    return [] if text is None else [text]


def filters_of(query: Any) -> Filters:
    """Return the filters among the parameters."""
    return Filters(**{name: getattr(query, name) for name, *_ in requests.FILTERS})


def show_(call: Call) -> Answer:
    """The whole ticket with its thread."""
    whole = read.whole(call.desk, call.ticket)
    if call.query.as_requester:
        whole = read.as_requester(call.desk, whole)
    record = show.record(call.desk, whole)
    return Answer(record, record["version"])


def thread(call: Call) -> Answer:
    """The thread alone: what people wrote, and what happened."""
    return _items(call, _record(call.desk, call.ticket)["thread"])


def events(call: Call) -> Answer:
    """What happened to the ticket, without what people wrote."""
    items = _record(call.desk, call.ticket)["thread"]
    return _items(call, [one for one in items if one["kind"] == "event"])


def splittable(call: Call) -> Answer:
    """The entries that can be split off."""
    some = {item.id for item in split.offered(call.desk, call.ticket)}
    return _items(call, [one for one in _record(call.desk, call.ticket)["thread"] if one["id"] in some])


def _items(call: Call, items: list[dict[str, Any]]) -> Answer:
    found = pages.cut(items, _place, call.query.limit, call.after)
    return call.page(found, found.found)


def _place(item: dict[str, Any]) -> list[Any]:
    """Where an item is: its id, or of what time alone did its moment and kind."""
    return [item["at"], item["id"], None if item["event"] is None else item["event"]["type"]]


def why_(call: Call) -> Answer:
    """Why the ticket is due when it is."""
    return Answer(why_record(why.why(call.desk, call.ticket), call.desk.now))


def _record(desk: Desk, reference: Reference) -> dict[str, Any]:
    return show.record(desk, read.whole(desk, reference))


# ----------------------------------------------------------------------------------------------- writing


def create(call: Call) -> Answer:
    """Create a ticket; with the Idempotency-Key of an earlier one, return that."""
    desk, body = call.desk, call.body
    asked = request.parse(desk, body.words() | {"idempotency_key": call.key})
    text = request.parse_message(desk, body.message)
    asked = asked._replace(
        subject=parse_subject(body.subject),
        body=text,
        channel="api",
        uploads=call.uploads,
        digest=None if call.keyed is None else call.keyed.digest,
    )
    outcome = new.open_ticket(desk, asked)
    return _answer(desk, outcome)._replace(
        status=200 if outcome.already else 201, is_repeated=outcome.already
    )


def written(verb: Verb) -> Callable[[Call], Answer]:
    """Return what the route of a verb does: write to one ticket, and answer with it."""

    def write(call: Call) -> Answer:
        body = verb.body() if call.body is None else call.body
        outcome = _checked(call, verb.act(call.desk, body, call.uploads))
        if verb is DELETE:
            return Answer(None)
        return _answer(call.desk, outcome)._replace(status=verb.status)

    return write


def remove_file(call: Call) -> Answer:
    """Remove the file that the path names, and answer with its ticket."""
    assert call.file is not None
    body = requests.FilesRemoved(files=[call.file])
    return _answer(call.desk, _checked(call, REMOVE_FILES.act(call.desk, body, ())))


def remove_time(call: Call) -> Answer:
    """Delete the time entry that the path names, and answer with its ticket."""
    assert call.entry is not None
    return _answer(call.desk, time_entries.remove(call.desk, call.entry))


def _checked(call: Call, action: Action) -> Outcome:
    """Do it, unless the ticket has changed since the version of If-Match."""
    if call.version is None:
        return action(call.desk, call.ticket)
    return unchanged.at_version(call.desk, call.ticket, call.version, action)


def _answer(desk: Desk, outcome: Outcome) -> Answer:
    record = show.written(desk, outcome)
    return Answer(record, record["version"], about=(outcome.ticket.number,))


def again(call: Call, numbers: list[int]) -> Answer:
    """Answer a write that has happened before: with its ticket as it is now."""
    record = _record(call.desk, Reference(None, numbers[0])) | UNCHANGED
    return Answer(record, record["version"], 200)
