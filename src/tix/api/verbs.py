"""The verbs that write to one ticket, by the last part of their path: the one table for single and bulk requests.

Each makes an action of the desk from a body, once, however many tickets it is for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tix.api import requests
from tix.desk.billing import time_entries
from tix.desk.tickets import (
    assign,
    attachments,
    canned,
    delete,
    edit,
    followers,
    links,
    merge,
    reply,
    split,
    status,
)
from tix.desk.tickets.change import refuse
from tix.desk.tickets.outcome import Outcome
from tix.domain.billing.time_entries import check_at, parse_worked
from tix.domain.tickets.links import parse_relation
from tix.domain.tickets.references import parse_reference
from tix.domain.tickets.split import parse_entries
from tix.domain.tickets.timeline import Work
from tix.domain.values import parse_body, parse_line, parse_subject
from tix.domain.workflows.workflow import VERBS as TRIGGERS
from tix.errors import InvalidValue

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.files import Upload
    from tix.desk.tickets.outcome import Action
    from tix.domain.tickets.references import Reference
    from tix.domain.workflows.workflow import Trigger

    _Act = Callable[[Desk, Any, Sequence[Upload]], Action]


class Verb(NamedTuple):
    """A write to a ticket. ``act`` parses a body into an action, with the files that came with it."""

    name: str
    summary: str
    body: type[requests.Body]
    act: _Act
    status: int = 200
    takes_files: bool = False


def _text(text: str | None, name: str = "message") -> str | None:
    return None if text is None else parse_body(text, name)


def _work(desk: Desk, text: str | None) -> Work | None:
    return None if text is None else Work(desk.now, parse_worked(text))


def _edit(desk: Desk, body: requests.TicketChange, _files: Sequence[Upload]) -> Action:
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
    internal = _text(body.note, "note")
    if body == requests.TicketChange(note=body.note):
        raise InvalidValue("the request changes no field", hint='for example {"priority": "high"}')
    return edit.prepared(desk, names, wanted, body.fields, body.status, internal)


_PLAIN = "subject priority type category due_at about email phone notify_email".split()


def _reply(desk: Desk, body: requests.Reply, files: Sequence[Upload]) -> Action:
    if body.status is not None:
        desk.find_statuses(body.status)
    ready = None if body.canned is None else canned.named(desk, body.canned)
    text = parse_body(body.message, "message") if body.message or ready is None else ""
    work = _work(desk, body.time)
    watchers = followers.copied(desk, body.watchers) if body.watchers else ()
    return lambda desk, reference: reply.reply(
        desk,
        reference,
        canned.whole(desk, reference, ready, text),
        files,
        body.status,
        notify=body.notify,
        work=work,
        watchers=watchers,
    )


def _note(desk: Desk, body: requests.Note, files: Sequence[Upload]) -> Action:
    text, work = parse_body(body.message, "message"), _work(desk, body.time)
    return lambda desk, reference: reply.note(desk, reference, text, files, work)


def _time(desk: Desk, body: requests.TimeSpent, _files: Sequence[Upload]) -> Action:
    seconds = parse_worked(body.time)
    at = desk.now if body.at is None else desk.moment(body.at, past=True)
    check_at(at, desk.now, body.at)
    work = Work(at, -seconds if body.minus else seconds, body.billable)
    text = None if body.note is None else parse_line(body.note)
    return lambda desk, reference: time_entries.add(desk, reference, work, text)


def _start_timer(_desk: Desk, _body: requests.Body, _files: Sequence[Upload]) -> Action:
    def start(desk: Desk, reference: Reference) -> Outcome:
        ticket, is_new = time_entries.start(desk, reference)
        return Outcome(ticket, already=not is_new)

    return start


def _stop_timer(_desk: Desk, body: requests.TimerStop, _files: Sequence[Upload]) -> Action:
    text = None if body.note is None else parse_line(body.note)
    return lambda desk, reference: time_entries.stop(
        desk, reference, text, billable=body.billable, discard=body.discard
    )[0]


def _assign(desk: Desk, body: requests.Assignment, _files: Sequence[Upload]) -> Action:
    return reply.assignment(desk, body.assignee, _text(body.note, "note"))


def _pull(trigger: Trigger) -> _Act:
    """What a trigger does: the change of status, with a reply or a note."""

    def pull(_desk: Desk, body: requests.Transition, files: Sequence[Upload]) -> Action:
        message, internal = _text(body.message), _text(body.note, "note")
        return lambda desk, reference: status.pull(desk, reference, trigger, message, internal, files)

    return pull


def _rate(_desk: Desk, body: requests.Rating, _files: Sequence[Upload]) -> Action:
    comment = _text(body.comment, "comment")
    return lambda desk, reference: status.rate(desk, reference, body.stars, comment)


def _snooze(desk: Desk, body: requests.Snooze, _files: Sequence[Upload]) -> Action:
    until = status.parse_until(desk, body.until)
    return lambda desk, reference: status.snooze(desk, reference, until)


def _merge(_desk: Desk, body: requests.Merge, _files: Sequence[Upload]) -> Action:
    return merge.into(parse_reference(body.into), _text(body.note, "note"), agreed=body.yes)


def _split(_desk: Desk, body: requests.Split, _files: Sequence[Upload]) -> Action:
    if sum(str(word).count(",") + 1 for word in body.entries) > requests.MOST_WRITTEN:
        raise InvalidValue(f"a split is for at most {requests.MOST_WRITTEN:,} entries and ranges")
    spans = [span for word in body.entries for span in parse_entries(str(word))]
    title = None if body.subject is None else parse_subject(body.subject)
    return lambda desk, reference: split.split(desk, reference, spans, title)


def _link(write: Callable[[Desk, Reference, str, Reference], Outcome]) -> _Act:
    def link(_desk: Desk, body: requests.Link, _files: Sequence[Upload]) -> Action:
        relation, other = parse_relation(body.relation), parse_reference(body.ticket)
        return lambda desk, reference: write(desk, reference, relation, other)

    return link


def _follow(desk: Desk, body: requests.Follow, _files: Sequence[Upload]) -> Action:
    login = followers.named(desk, body.who)
    if login is None:
        return lambda desk, reference: refuse(desk, reference, "follow others")
    write = followers.leave if body.stop else followers.follow
    return lambda desk, reference: write(desk, reference, login)


def _attach(_desk: Desk, _body: requests.Body, files: Sequence[Upload]) -> Action:
    if not files:
        raise InvalidValue(
            "the request has no file",
            hint="send multipart/form-data, or the bytes with Content-Disposition: attachment; filename=NAME",
        )
    return lambda desk, reference: attachments.add(desk, reference, files)


def _remove_files(_desk: Desk, body: requests.FilesRemoved, _files: Sequence[Upload]) -> Action:
    return lambda desk, reference: attachments.remove(desk, reference, body.files)


_SENTENCES = {
    "start": "Mark a ticket as in progress.",
    "hold": "Put a ticket on hold.",
    "resolve": "Resolve a ticket.",
    "close": "Close a ticket.",
    "reopen": "Reopen a ticket.",
}

EDIT = Verb("edit", "Change fields of a ticket.", requests.TicketChange, _edit)
DELETE = Verb(
    "delete", "Delete a ticket permanently.", requests.Body, lambda _desk, _body, _files: delete.delete
)
ATTACH = Verb("attachments", "Attach files to a ticket.", requests.Body, _attach, 201, takes_files=True)
REMOVE_FILES = Verb(
    "attachments/remove", "Remove files of a ticket permanently.", requests.FilesRemoved, _remove_files
)
# Those with a route of their own: POST /tickets/{id}/NAME.
POSTED = (
    Verb("replies", "Write a public reply, or a message.", requests.Reply, _reply, 201, takes_files=True),
    Verb("notes", "Write an internal note.", requests.Note, _note, 201, takes_files=True),
    Verb("time", "Record time spent.", requests.TimeSpent, _time, 201),
    Verb("time/start", "Start my timer on a ticket.", requests.Body, _start_timer),
    Verb("time/stop", "Stop my timer, and record its time.", requests.TimerStop, _stop_timer),
    Verb("rating", "Rate a ticket.", requests.Rating, _rate, 201),
    Verb("assign", "Assign a ticket.", requests.Assignment, _assign),
    Verb("claim", "Take a ticket that nobody has.", requests.Body, lambda _desk, _body, _files: assign.claim),
    *(Verb(one, _SENTENCES[one], requests.Transition, _pull(one), takes_files=True) for one in TRIGGERS),
    Verb("snooze", "Hide a ticket from the queue for a while.", requests.Snooze, _snooze),
    Verb("merge", "Merge a ticket into another.", requests.Merge, _merge),
    Verb("unmerge", "Undo a merge.", requests.Body, lambda _desk, _body, _files: merge.unmerge),
    Verb("split", "Split entries of a ticket into a new ticket.", requests.Split, _split, 201),
    Verb("link", "Link a ticket to another.", requests.Link, _link(links.link)),
    Verb("unlink", "Remove a link.", requests.Link, _link(links.unlink)),
    Verb("follow", "Follow the public updates of a ticket, or stop.", requests.Follow, _follow),
)
# Of many tickets at once.
BULK = {one.name: one for one in (EDIT, DELETE, *POSTED, ATTACH, REMOVE_FILES)}
