"""A ticket is raised: by its requester, or by staff for somebody."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from tix.desk.context import Desk
from tix.desk.files import Upload, keep
from tix.desk.tickets import Outcome, ensure_requester, saved
from tix.domain import handling, lifecycle
from tix.domain.events import File, Item
from tix.domain.people import Contact, Person
from tix.domain.policy import require
from tix.domain.ticket import opened, tags_text
from tix.store import catalog, tickets

# How long an idempotency key is kept (interface page).
KEY_SECONDS = 30 * 86400


class Draft(NamedTuple):
    """A ticket to be: the columns somebody gave (parsed), who it is for, the text, the files."""

    subject: str
    body: str
    values: dict[str, Any]
    requester: Contact | None = None
    assignee: Person | None = None
    tags: tuple[str, ...] = ()
    uploads: Sequence[Upload] = ()
    idempotency_key: str | None = None


def open_ticket(desk: Desk, draft: Draft) -> Outcome:
    """Raises a ticket. ``already`` when the idempotency key has made it before."""
    require(desk.actor, "new")
    with desk.store.writing():
        if draft.idempotency_key is not None:
            first = tickets.idempotent(
                desk.store, desk.actor.login, draft.idempotency_key, desk.now - KEY_SECONDS
            )
            if first is not None:
                return Outcome(first, already=True)
        requester = ensure_requester(desk, draft.requester)
        opening = _opening(desk, draft, requester, keep(desk, draft.uploads))
        number = catalog.take_numbers(desk.store)
        prefix = desk.settings.text("prefix")
        ticket = tickets.add(desk.store, opened(number, prefix, new_uid(), opening), opening)
        late = ticket.due_at is not None and ticket.due_at <= desk.now
        if late:
            mark = handling.overdue_already(desk.now)
            ticket = saved(desk, ticket, [mark])
        if draft.idempotency_key is not None:
            tickets.remember_key(
                desk.store, desk.actor.login, draft.idempotency_key, ticket, desk.now - KEY_SECONDS
            )
    return Outcome(ticket, (opening,))


def new_uid() -> str:
    """A random UUID (version 4). Importing ``uuid`` costs 4 ms; this is what it does."""
    digits = bytearray(os.urandom(16))
    digits[6] = digits[6] & 0x0F | 0x40
    digits[8] = digits[8] & 0x3F | 0x80
    text = digits.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _opening(desk: Desk, draft: Draft, requester: Person, files: tuple[File, ...]) -> Item:
    values = {name: value for name, value in draft.values.items() if value is not None}
    if "priority" in values:
        priority = values.pop("priority")
    else:
        priority = desk.priority(desk.settings.text("default_priority"))
    first = desk.rules.workflow.first
    values |= {
        "subject": draft.subject,
        "status": first.name,
        "phase": first.phase,
        "priority": priority.name,
        "rank": priority.rank,
        "requester": requester.login,
        "creator": desk.actor.login,
    }
    values.setdefault("email", requester.email)
    if draft.assignee is not None:
        handling.refuse_unassignable(draft.assignee)
        values["assignee"] = draft.assignee.login
    if values.get("due_at") is not None:
        values["due_by_hand"] = 1
    if draft.tags:
        values["tags"] = tags_text(draft.tags)
    if draft.idempotency_key is not None:
        values["idempotency_key"] = draft.idempotency_key
    return lifecycle.open_ticket(desk.author(), draft.body, values, files)
