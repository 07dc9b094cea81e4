"""What is written to a ticket from its page; each goes back to the ticket, and a failure to the form it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tix.api.problems import status_of
from tix.desk.tickets import assign as assignments
from tix.desk.tickets import attachments, edit, reply, status
from tix.domain.texts import is_blank
from tix.domain.tickets.lifecycle import parse_stars
from tix.domain.values import parse_body
from tix.domain.workflows.workflow import VERBS
from tix.errors import InvalidValue, NotFound, TixError
from tix.web import ticket
from tix.web.once import once
from tix.web.problems import fault, required
from tix.web.visit import Redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tix.domain.workflows.workflow import Trigger
    from tix.web.visit import Answer, Visit


def reply_(visit: Visit) -> Answer:
    """Write a message or a reply with its files; then close, or reopen, where that button was pressed."""
    form, desk = visit.form, visit.desk
    text, uploads, trigger = form.text("message"), form.uploads(), _trigger(form.line("then"))
    if is_blank(text) and not trigger and (desk.actor.is_staff or not uploads):
        return ticket.page(visit, [required(visit.words, "message")], 422)

    def write() -> None:
        body = None if is_blank(text) else parse_body(text, "message")
        if trigger:
            status.pull(desk, visit.reference, trigger, body, uploads=uploads)
        elif body is None:
            attachments.add(desk, visit.reference, uploads)
        else:
            reply.reply(desk, visit.reference, body, uploads, form.given("status"))

    return _written(visit, write, "sent" if not trigger else "changed", "message")


def note(visit: Visit) -> Answer:
    """Write an internal note with its files."""
    form = visit.form
    text, uploads = form.text("note"), form.uploads()
    if is_blank(text):
        return ticket.page(visit, [required(visit.words, "note")], 422)
    return _written(
        visit,
        lambda: reply.note(visit.desk, visit.reference, parse_body(text, "note"), uploads),
        "noted",
        "note",
    )


def assign(visit: Visit) -> Answer:
    """Assign the ticket to a person, a team or nobody; or take it."""
    if visit.form.line("claim"):
        return _written(visit, lambda: assignments.claim(visit.desk, visit.reference), "assigned")
    who = visit.form.line("assignee") or "none"
    return _written(
        visit, lambda: reply.assignment(visit.desk, who)(visit.desk, visit.reference), "assigned", "assignee"
    )


def change_status(visit: Visit) -> Answer:
    """Start, hold, resolve, close or reopen the ticket, or set its status by name."""
    form, desk = visit.form, visit.desk
    trigger = _trigger(form.line("then"))
    if trigger:
        return _written(visit, lambda: status.pull(desk, visit.reference, trigger), "changed")
    wanted = form.line("status")
    if not wanted:
        return ticket.page(visit, [required(visit.words, "status")], 422)
    return _written(
        visit,
        lambda: edit.prepared(desk, edit.Names(), status=wanted)(desk, visit.reference),
        "changed",
        "status",
    )


def rate(visit: Visit) -> Answer:
    """Rate the ticket with 1 to 5 stars."""
    form = visit.form
    if not form.line("stars"):
        return ticket.page(visit, [required(visit.words, "stars-1")], 422)
    comment = None if is_blank(form.text("comment")) else form.text("comment")
    return _written(
        visit,
        lambda: status.rate(visit.desk, visit.reference, parse_stars(form.line("stars")), comment),
        "rated",
        "stars-1",
    )


def _trigger(word: str) -> Trigger | None:
    return next((verb for verb in VERBS if verb == word), None)


def _written(visit: Visit, write: Callable[[], object], said: str, field: str = "") -> Answer:
    """Do it and go back to the ticket; a failure is shown with the form as it was typed. Raises NotFound."""
    try:
        once(visit, write)
    except NotFound:
        raise
    except TixError as error:
        where = field if isinstance(error, InvalidValue) else ""
        found = fault(visit.words, error, "files" if where and visit.form.sent else where, "value")
        return ticket.page(visit, [found], status_of(error))
    return Redirect(f"/tickets/{visit.reference.number}?said={said}#end")
