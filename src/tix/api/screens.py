"""What a screen shows beside records: how many there are, what to do next, what concerns the key's owner."""

from __future__ import annotations

from typing import Any

from tix.api import requests
from tix.api.tickets import Answer, Call, filters_of, selected, words_of
from tix.desk import aside as beside
from tix.desk import notifications
from tix.desk.queue import home, names, search, select
from tix.desk.queue.triage import choices
from tix.desk.tickets import new, read, request
from tix.domain.permissions import rank_of
from tix.domain.tickets.references import parse_reference
from tix.render.records import queue
from tix.render.records.form import record as form_record
from tix.render.records.notifications import record as notice_record

# So many tickets and notifications of an inbox.
LISTED = 50


def count(call: Call) -> Answer:
    """How many tickets the parameters select, and how many of them are overdue."""
    chosen = selected(call)
    late = chosen._replace(filters={**chosen.filters, "overdue": None})
    return Answer(_counted(select.count(call.desk, chosen), select.count(call.desk, late)))


def found(call: Call) -> Answer:
    """How many tickets a search finds."""
    asked = call.query
    wanted = search.query(call.desk, words_of(asked.q), asked.without)
    chosen = select.found(call.desk, filters_of(asked))
    return Answer(
        {"tickets": search.count(call.desk, wanted, chosen, "subject" if asked.only_subject else None)}
    )


def aside(call: Call) -> Answer:
    """What a screen shows beside the ticket."""
    whole = read.whole(call.desk, call.ticket)
    if call.query.as_requester:
        whole = read.as_requester(call.desk, whole)
    return Answer(beside.aside(call.desk, whole)._asdict())


def inbox(call: Call) -> Answer:
    """The tickets and the unread notifications of the key's owner: the first of them, and how many there are."""
    desk, most = call.desk, call.query.limit or LISTED
    chosen = home.inbox(desk)
    with desk.store.reading():
        tickets = list(queue.records(desk, chosen._replace(limit=most)))
        news = list(map(notice_record, notifications.listed(desk, limit=most)))
        total, late = select.left_out(desk, chosen, len(tickets), most)
        waiting = notifications.unread(desk)
    return Answer(
        {"tickets": tickets, "notifications": news, "counts": {**_counted(total, late), "unread": waiting}}
    )


def form(call: Call) -> Answer:
    """What to ask for a new ticket of which the parameters are known."""
    words = {**requests.said_of(call.query), "answers": request.pairs(call.query.answers)}
    return Answer(form_record(new.form(call.desk, request.parse(call.desk, words))))


def triage(call: Call) -> Answer:
    """What may be chosen in triage, with a ticket its statuses too."""
    asked = call.query.ticket
    return Answer(choices(call.desk, None if asked is None else parse_reference(asked))._asdict())


def questions(call: Call) -> Answer:
    """The keys of custom fields whose answers the key's owner may read."""
    return Answer([{"key": key} for key in names.keys(call.desk)])


def whoami(call: Call) -> Answer:
    """Who the key acts as, their column of ``tix whoami --permissions``, and what a client has to know of the desk."""
    person = call.desk.actor.person
    who = {"login": person.login, "name": person.name, "email": person.email, "role": person.role}
    settings = call.desk.settings
    desk = {"prefix": settings.text("prefix"), "message_required": settings.flag("message_required")}
    return Answer({**who, "rank": rank_of(person), **desk})


def _counted(tickets: int, overdue: int) -> dict[str, Any]:
    return {"tickets": tickets, "overdue": overdue}
