"""What each route does: the same use cases as the verbs of the command line, and their records."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from tix.api import requests
from tix.desk.billing import time_entries
from tix.desk.queue import search, select
from tix.desk.queue.filters import Filters
from tix.desk.tickets import assign, attachments, delete, edit, new, read, reply, request, status, unchanged
from tix.domain.billing.time_entries import parse_worked
from tix.domain.tickets.timeline import Work
from tix.domain.values import parse_body, parse_subject
from tix.errors import InvalidValue
from tix.render.records import queue, show

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tix.desk.context import Desk
    from tix.desk.tickets.files import Upload
    from tix.desk.tickets.outcome import Action, Outcome
    from tix.domain.tickets.references import Reference
    from tix.domain.workflows.workflow import Trigger


class Call(NamedTuple):
    """One request, parsed: who asks (``desk``), which ticket, and what the query and the body say.

    ``version`` is that of ``If-Match``; ``key`` is the ``Idempotency-Key``; ``file`` is the id of the attachment that
    the path names, ``uploads`` are the files that came with the request.
    """

    desk: Desk
    reference: Reference | None = None
    query: Any = None
    body: Any = None
    version: int | None = None
    key: str | None = None
    file: int | None = None
    uploads: Sequence[Upload] = ()

    @property
    def ticket(self) -> Reference:
        """The ticket that the path names."""
        assert self.reference is not None
        return self.reference


class Answer(NamedTuple):
    """The record to send, the ``version`` of its ticket, and the HTTP status if it is not that of the route."""

    record: Any
    version: int | None = None
    status: int | None = None


# ----------------------------------------------------------------------------------------------- reading


def list_(call: Call) -> Answer:
    """The queue, or what the filters select."""
    chosen = select.queue(call.desk, _filters(call.query), _words(call.query.q))
    return Answer(list(queue.records(call.desk, chosen._replace(limit=call.query.limit))))


def search_(call: Call) -> Answer:
    """Tickets that contain all words, best first."""
    asked = call.query
    wanted = search.query(call.desk, _words(asked.q), asked.without)
    chosen = select.found(call.desk, _filters(asked))._replace(limit=asked.limit)
    hits = search.hits(call.desk, wanted, chosen, snippets=True)
    return Answer(list(queue.found(call.desk, itertools.islice(hits, asked.limit))))


def _words(text: str | None) -> list[str]:
    """Return the words as one argument of the command line, in which a phrase has quotes."""
    return [] if text is None else [text]


def _filters(query: Any) -> Filters:
    return Filters(**{name: getattr(query, name) for name, *_ in requests.FILTERS})


def show_(call: Call) -> Answer:
    """The whole ticket with its thread."""
    record = _record(call.desk, call.ticket)
    return Answer(record, record["version"])


def thread(call: Call) -> Answer:
    """The thread alone: what people wrote, and what happened."""
    return Answer(_record(call.desk, call.ticket)["thread"])


def events(call: Call) -> Answer:
    """What happened to the ticket, without what people wrote."""
    return Answer([one for one in _record(call.desk, call.ticket)["thread"] if one["kind"] == "event"])


def _record(desk: Desk, reference: Reference) -> dict[str, Any]:
    return show.record(desk, read.whole(desk, reference))


# ----------------------------------------------------------------------------------------------- writing


def create(call: Call) -> Answer:
    """Create a ticket; with the Idempotency-Key of an earlier one, return that."""
    desk, body = call.desk, call.body
    names = set(requests.NewTicket.__struct_fields__) - {"subject", "message", "fields"}
    words = {name: getattr(body, name) for name in names}
    words |= {"answers": body.fields, "idempotency_key": call.key}
    asked = request.parse(desk, words)
    text = request.parse_message(desk, body.message)
    asked = asked._replace(
        subject=parse_subject(body.subject), body=text, channel="api", uploads=call.uploads
    )
    outcome = new.open_ticket(desk, asked)
    return _answer(desk, outcome)._replace(status=200 if outcome.already else 201)


def change(call: Call) -> Answer:
    """Change fields of a ticket that is still at the version of If-Match."""
    desk, body = call.desk, call.body
    words = {name: getattr(body, name) for name in _PLAIN}
    words |= {"tags": body.add_tags or None, "remove_tags": body.remove_tags or None}
    wanted = edit.parse(desk, words)
    if body.status is not None:
        desk.find_statuses(body.status)
    names = edit.Names(
        body.topic,
        body.department,
        body.client,
        body.sla,
        body.requester,
        tuple(body.add_assets),
        tuple(body.remove_assets),
    )
    internal = None if body.note is None else parse_body(body.note, "note")
    if body == requests.TicketChange(note=body.note):
        raise InvalidValue("the request changes no field", hint='for example {"priority": "high"}')
    action = edit.prepared(desk, names, wanted, body.fields, body.status, internal, call.version)
    return _answer(desk, action(desk, call.ticket))


_PLAIN = "subject priority type category due_at about email phone notify_email".split()


def delete_(call: Call) -> Answer:
    """Delete a ticket permanently, if it is still at the version of If-Match."""
    _checked(call, delete.delete)
    return Answer(None)


def reply_(call: Call) -> Answer:
    """Write a public reply, or a message as the requester."""
    from tix.desk.tickets.followers import copied

    body = call.body
    text = parse_body(body.message, "message")
    work = _work(call.desk, body.time)
    watchers = copied(call.desk, body.watchers) if body.watchers else ()
    return _written(
        call,
        lambda desk, reference: reply.reply(
            desk, reference, text, call.uploads, body.status, notify=body.notify, work=work, watchers=watchers
        ),
        201,
    )


def note(call: Call) -> Answer:
    """Write an internal note."""
    text, work = parse_body(call.body.message, "message"), _work(call.desk, call.body.time)
    return _written(call, lambda desk, reference: reply.note(desk, reference, text, call.uploads, work), 201)


def attach(call: Call) -> Answer:
    """Attach files without a message."""
    if not call.uploads:
        raise InvalidValue(
            "the request has no file",
            hint="send multipart/form-data, or the bytes with Content-Disposition: attachment; filename=NAME",
        )
    return _written(call, lambda desk, reference: attachments.add(desk, reference, call.uploads), 201)


def time(call: Call) -> Answer:
    """Record time spent."""
    work = _work(call.desk, call.body.time)
    assert work is not None
    text = None if call.body.note is None else parse_body(call.body.note, "note")
    return _written(call, lambda desk, reference: time_entries.add(desk, reference, work, text), 201)


def _work(desk: Desk, text: str | None) -> Work | None:
    return None if text is None else Work(desk.now, parse_worked(text))


def assign_(call: Call) -> Answer:
    """Assign the ticket."""
    internal = None if call.body.note is None else parse_body(call.body.note, "note")
    return _written(call, reply.assignment(call.desk, call.body.assignee, internal))


def claim(call: Call) -> Answer:
    """Take the ticket, if nobody has it."""
    return _written(call, assign.claim)


def transition(trigger: Trigger) -> Callable[[Call], Answer]:
    """Return what the route of a trigger does: the change of status, with a reply or a note."""

    def pull(call: Call) -> Answer:
        body = call.body
        message = None if body.message is None else parse_body(body.message, "message")
        internal = None if body.note is None else parse_body(body.note, "note")
        return _written(
            call, lambda desk, reference: status.pull(desk, reference, trigger, message, internal)
        )

    return pull


def rate(call: Call) -> Answer:
    """Rate the ticket."""
    comment = None if call.body.comment is None else parse_body(call.body.comment, "comment")
    return _written(call, lambda desk, reference: status.rate(desk, reference, call.body.stars, comment), 201)


def _written(call: Call, action: Action, status: int | None = None) -> Answer:
    return _answer(call.desk, _checked(call, action))._replace(status=status)


def _checked(call: Call, action: Action) -> Outcome:
    """Do it, unless the ticket has changed since the version of If-Match."""
    if call.version is None:
        return action(call.desk, call.ticket)
    return unchanged.at_version(call.desk, call.ticket, call.version, action)


def _answer(desk: Desk, outcome: Outcome) -> Answer:
    record = show.record(desk, read.of(desk, outcome.ticket, desk.scope))
    return Answer(record, record["version"])
