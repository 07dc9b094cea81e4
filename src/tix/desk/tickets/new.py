"""Create a ticket, for oneself or, as staff, for somebody else."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.tickets.files import Upload, keep
from tix.desk.tickets.outcome import Outcome, saved
from tix.desk.tickets.parties import ensure_requester
from tix.desk.tickets.read import find
from tix.desk.tickets.routing import Route, Wanted, asset_of, refuse_foreign, routed
from tix.domain.json_columns import dumps
from tix.domain.people import Contact, Person
from tix.domain.permissions import require, require_answers, require_fields
from tix.domain.tickets import due_dates, edit, lifecycle
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import opened, tags_text
from tix.domain.tickets.timeline import File, Item
from tix.domain.topics import Value, split
from tix.store.setup import settings
from tix.store.tickets import tickets

# How long an idempotency key is kept.
KEY_SECONDS = 30 * 86400


class Draft(NamedTuple):
    """A ticket to create: the given columns (parsed), its requester, text and files.

    ``route`` is its routing by the given values and the defaults; ``answers`` are the custom field values.
    """

    subject: str
    body: str
    values: dict[str, Any]
    requester: Contact | None = None
    assignee: Person | None = None
    tags: tuple[str, ...] = ()
    uploads: Sequence[Upload] = ()
    idempotency_key: str | None = None
    route: Route = Route()
    answers: Mapping[str, Value] = MappingProxyType({})
    assets: tuple[str, ...] = ()
    notify: bool = True
    watchers: tuple[str, ...] = ()


def open_ticket(desk: Desk, draft: Draft) -> Outcome:
    """Create a ticket; the outcome is ``already`` where the idempotency key has created it before.

    Raises NotAllowed for values only staff may set, however they came into the draft.
    """
    require(desk.actor, "new")
    refuse_staff_fields(desk, draft)
    with desk.store.writing():
        if draft.idempotency_key is not None:
            first = tickets.idempotent(
                desk.store, desk.actor.login, draft.idempotency_key, desk.now - KEY_SECONDS
            )
            if first is not None:
                # Its requester may have changed since.
                return Outcome(find(desk, Reference(first.prefix, first.number)), already=True)
        requester = ensure_requester(desk, draft.requester, draft.values.get("client"))
        opening = opening_message(desk, draft, requester, keep(desk, draft.uploads))
        number = settings.take_numbers(desk.store)
        prefix = desk.settings.text("prefix")
        ticket, kept = tickets.add(
            desk.store, opened(number, prefix, new_uid(), opening), opening, desk.deed("new")
        )
        items = [kept]
        late = ticket.due_at is not None and ticket.due_at <= desk.now
        if late:
            mark = edit.overdue_already(desk.now)
            ticket, marks = saved(desk, ticket, [mark])
            items += marks
        if draft.idempotency_key is not None:
            tickets.remember_key(
                desk.store, desk.actor.login, draft.idempotency_key, ticket, desk.now - KEY_SECONDS
            )
        if draft.notify:
            notifications.of_new(desk, ticket, items)
    return Outcome(ticket, tuple(items))


def refuse_staff_fields(desk: Desk, draft: Draft) -> None:
    """Raise NotAllowed for values only staff may set; UnknownName for names a requester may not use.

    A requester chooses topic and department; the rest of the routing follows from these two.
    """
    if desk.actor.is_staff:
        return
    named = {name for name, value in draft.values.items() if value is not None}
    other = draft.requester is not None and not desk.actor.person.sees_others
    said = {
        "requester": other and not _is_me(desk, draft.requester),
        "assignee": draft.assignee is not None,
        "tags": bool(draft.tags),
        "notify": not draft.notify,
    }
    route = draft.route
    by_topic = routed(desk, Wanted(route.topic or "none", route.department or "none"))
    for field in ("assignee", "team", "sla", "sla_by_hand", "status"):
        value = getattr(route, field)
        if value not in (None, False) and value != getattr(by_topic, field):
            said[field.removesuffix("_by_hand")] = True
    require_fields(desk.actor, named | {name for name, is_said in said.items() if is_said})
    if draft.answers:
        require_answers(desk.actor, draft.answers, desk.asked(route.topic) if route.topic else ())
    for name in draft.assets:
        asset_of(desk, name)


def _is_me(desk: Desk, contact: Contact | None) -> bool:
    me = desk.actor.person
    return contact is None or (contact.login or contact.email) in (me.login, me.email)


def new_uid() -> str:
    """Return a random UUID (version 4). Importing ``uuid`` costs 4 ms; this does the same."""
    digits = bytearray(os.urandom(16))
    digits[6] = digits[6] & 0x0F | 0x40
    digits[8] = digits[8] & 0x3F | 0x80
    text = digits.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def opening_message(desk: Desk, draft: Draft, requester: Person, files: tuple[File, ...]) -> Item:
    """Return the first item of a ticket; it holds the first value of every column.

    Raises InvalidValue for a requester or assets of another client, Refused for an assignee who cannot take tickets.
    """
    route = draft.route
    values = {name: value for name, value in draft.values.items() if value is not None}
    priority = values.pop("priority", None) or route.priority
    if priority is None:
        priority = desk.priority(desk.settings.text("default_priority"))
    values.setdefault("client", requester.client)
    refuse_foreign(desk, values["client"], requester, draft.assets)
    rules = desk.rules_for(route.department, route.sla, route.topic)
    status = rules.workflow.first if route.status is None else rules.workflow.find_status(route.status)
    values |= {
        "subject": draft.subject,
        "status": status.name,
        "phase": status.phase,
        "priority": priority.name,
        "rank": priority.rank,
        "requester": requester.login,
        "creator": desk.actor.login,
        "topic": route.topic,
        "department": route.department,
        "team": route.team,
        "sla": route.sla,
        "sla_by_hand": int(route.sla_by_hand),
    }
    if status.pauses:
        values["paused_at"] = desk.now
    values.setdefault("email", requester.email)
    assignee = draft.assignee or route.assignee
    if assignee is not None:
        edit.refuse_unassignable(assignee, desk.now)
        values["assignee"] = assignee.login
    dates: dict[str, Any] = dict(due_dates.first_dates(rules.plan, rules.calendar, priority.name, desk.now))
    if values.get("due_at") is not None:
        values |= {"due_at": due_dates.by_hand(values["due_at"], rules, desk.now), "due_by_hand": 1}
        dates.pop("due_at", None)
    values |= {name: value for name, value in dates.items() if value is not None}
    if draft.answers:
        public, internal = split(rules.fields, draft.answers)
        values |= {"fields": dumps(public), "internal_fields": dumps(internal)}
    if draft.assets:
        values["assets"] = dumps(draft.assets)
    if draft.watchers:
        values["watchers"] = dumps(draft.watchers)
    if draft.tags:
        values["tags"] = tags_text(draft.tags)
    if draft.idempotency_key is not None:
        values["idempotency_key"] = draft.idempotency_key
    given = {name: value for name, value in values.items() if value not in (None, 0) or name in _ALWAYS}
    return lifecycle.open_ticket(desk.author(), draft.body, given, files)


_ALWAYS = frozenset({"due_at", "rank"})
