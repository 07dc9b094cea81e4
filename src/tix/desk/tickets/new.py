"""Create a ticket, for oneself or, as staff, for somebody else; and what a form for it asks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

from tix.desk import idempotency, notifications
from tix.desk.context import Desk
from tix.desk.tickets.files import keep, policy
from tix.desk.tickets.outcome import Outcome, saved
from tix.desk.tickets.parties import ensure_requester
from tix.desk.tickets.read import find
from tix.desk.tickets.request import TicketRequest, needs_message
from tix.desk.tickets.routing import (
    Route,
    answered,
    asset_of,
    client_of_assets,
    refuse_foreign,
    routed,
    topic_of,
    topics,
    unanswered,
)
from tix.domain.json_columns import dumps
from tix.domain.people import Contact, Person
from tix.domain.permissions import require, require_answers, require_fields
from tix.domain.tickets import due_dates, edit, followers, lifecycle
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import opened, tags_text
from tix.domain.tickets.timeline import File, Item
from tix.domain.topics import Value, split
from tix.errors import NotAllowed
from tix.store.setup import settings
from tix.store.tickets import tickets
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.domain.files.attachments import FilePolicy
    from tix.domain.topics import Field


class Form(NamedTuple):
    """What to ask for a new ticket of which some values are known.

    ``topic`` is the topic it would get, ``fields`` are those questions of it that have no answer yet, and ``left_out`` is the
    login of its assignee where they cannot take tickets now. ``topics`` and ``priorities`` are names to choose from,
    ``default_topic`` and ``priority`` what is taken without a choice; ``files`` is which files the desk accepts.
    """

    topic: str | None
    topics: list[str]
    default_topic: str | None
    fields: list[Field]
    priorities: list[str]
    priority: str
    needs_message: bool
    files: FilePolicy
    left_out: str | None


def open_ticket(
    desk: Desk,
    request: TicketRequest,
    route: Route | None = None,
    answers: Mapping[str, Value] | None = None,
) -> Outcome:
    """Create the ticket of a request; the outcome is ``already`` where the idempotency key has created it before.

    ``route`` is its routing, by default that of the request; ``answers`` are its custom field values, by default
    those of the request, which must be complete. Raises NotAllowed for values only staff may set, however they
    came into the request; InvalidValue, UnknownName, Refused; KeyReused.
    """
    refuse(desk, request)
    if route is None:
        route = routed(desk, request)
    else:
        _refuse_route(desk, request, route)
    if answers is None:
        answers = answered(desk, route.topic, request.answers)
    key = request.idempotency_key
    with desk.store.writing():
        if key is not None:
            known = idempotency.created(desk, key, request.digest)
            first = None if known is None else tickets.by_id(desk.store, known)
            if first is not None:
                # Its requester may have changed since.
                return Outcome(find(desk, Reference(first.prefix, first.number)), already=True)
        requester = ensure_requester(desk, request.requester, request.values.get("client"))
        files = keep(desk, request.uploads)
        opening = opening_message(desk, request, route, requester, files, answers)
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
        if key is not None:
            idempotency.keep_created(desk, key, request.digest, ticket.id, ticket.created_at)
        if request.notify:
            notifications.of_new(desk, ticket, items)
    return Outcome(ticket, tuple(items), effect="created")


def refuse(desk: Desk, request: TicketRequest) -> None:
    """Refuse what the desk would refuse whatever the message: before anybody writes one, and in ``open_ticket``.

    Raises NotAllowed for values only staff may set (``domain.permissions``), UnknownName for an asset a requester
    may not use, Refused for an assignee who cannot take tickets.
    """
    require(desk.actor, "new")
    if not desk.actor.is_staff:
        _refuse_staff_fields(desk, request)
    if request.assignee is not None:
        edit.refuse_unassignable(request.assignee, desk.now)


def form(desk: Desk, request: TicketRequest) -> Form:
    """Return what to ask for the rest of a request.

    Raises what creating its ticket would be refused with, whatever is answered: NotAllowed, UnknownName, InvalidValue,
    Refused.
    """
    refuse(desk, request)
    route = routed(desk, request)
    fields = unanswered(desk, route.topic, request.answers, required=False)
    if request.topic is not None and not any(one.required and one.default is None for one in fields):
        answered(desk, route.topic, request.answers)
    return Form(
        route.topic,
        [one.name for one in topics(desk)],
        desk.settings.name("default_topic"),
        fields,
        [one.name for one in desk.priorities()],
        desk.settings.text("default_priority") if route.priority is None else route.priority.name,
        needs_message(desk),
        policy(desk),
        None if route.left_out is None else route.left_out.login,
    )


def _refuse_staff_fields(desk: Desk, request: TicketRequest) -> None:
    followers.check_number(len(request.watchers))
    said = {
        "requester": not _is_me(desk, request.requester),
        "assignee": request.assignee is not None or request.nobody,
        "team": request.team is not None,
        "sla": request.sla is not None,
        "tags": bool(request.tags),
        "notify": not request.notify,
    }
    theirs = said["requester"] and desk.actor.person.sees_others
    if theirs:
        said["requester"] = False
    require_fields(desk.actor, request.values.keys() | {name for name, is_said in said.items() if is_said})
    if theirs:
        _refuse_stranger(desk, request.requester)
    if request.answers:
        topic = topic_of(desk, request.topic)
        require_answers(desk.actor, request.answers, desk.asked(topic.name) if topic else ())
    for name in request.assets:
        asset_of(desk, name)


def _refuse_stranger(desk: Desk, contact: Contact | None) -> None:
    """Raise NotAllowed unless the actor is the person's manager or a contact of their client."""
    assert contact is not None
    try:
        desk.person(contact.email or contact.login or "", active=True)
    except NotAllowed as error:
        raise NotAllowed(
            Said(
                "{login} can use --for only for their reports and their client's people",
                login=desk.actor.login,
            )
        ) from error


def _refuse_route(desk: Desk, request: TicketRequest, route: Route) -> None:
    """Raise NotAllowed for routing a requester may not set: they choose topic and department, the rest follows."""
    if desk.actor.is_staff:
        return
    said = set()
    by_topic = routed(desk, TicketRequest(topic=route.topic or "none", department=route.department or "none"))
    for field in ("assignee", "team", "sla", "sla_by_hand", "status"):
        value = getattr(route, field)
        if value not in (None, False) and value != getattr(by_topic, field):
            said.add(field.removesuffix("_by_hand"))
    require_fields(desk.actor, said)
    if request.answers:
        require_answers(desk.actor, request.answers, desk.asked(route.topic) if route.topic else ())


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


def opening_message(
    desk: Desk,
    request: TicketRequest,
    route: Route,
    requester: Person,
    files: tuple[File, ...],
    answers: Mapping[str, Value] = MappingProxyType({}),
) -> Item:
    """Return the first item of a ticket; it holds the first value of every column.

    Raises InvalidValue for a requester or assets of another client, Refused for an assignee who cannot take tickets.
    """
    values = {name: value for name, value in request.values.items() if value is not None}
    priority = values.pop("priority", None) or route.priority
    if priority is None:
        priority = desk.priority(desk.settings.text("default_priority"))
    values.setdefault("client", requester.client or client_of_assets(desk, request.assets))
    refuse_foreign(desk, values["client"], requester, request.assets)
    rules = desk.rules_for(route.department, route.sla, route.topic)
    status = rules.workflow.first if route.status is None else rules.workflow.find_status(route.status)
    values |= {
        "subject": request.subject,
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
    values = {
        "email": requester.email,
        **({} if request.channel is None else {"source": request.channel}),
        **values,
    }
    assignee = request.assignee or route.assignee
    if assignee is not None:
        edit.refuse_unassignable(assignee, desk.now)
        values["assignee"] = assignee.login
    dates: dict[str, Any] = dict(due_dates.first_dates(rules.plan, rules.calendar, priority.name, desk.now))
    if values.get("due_at") is not None:
        values |= {"due_at": due_dates.by_hand(values["due_at"], rules, desk.now), "due_by_hand": 1}
        dates.pop("due_at", None)
    values |= {name: value for name, value in dates.items() if value is not None}
    if answers:
        public, internal = split(rules.fields, answers)
        values |= {"fields": dumps(public), "internal_fields": dumps(internal)}
    if request.assets:
        values["assets"] = dumps(request.assets)
    if request.watchers:
        values["watchers"] = dumps(request.watchers)
    if request.tags:
        values["tags"] = tags_text(request.tags)
    values["idempotency_key"] = request.idempotency_key
    given = {name: value for name, value in values.items() if value not in (None, 0) or name in _ALWAYS}
    return lifecycle.open_ticket(desk.author(), request.body, given, files)


_ALWAYS = frozenset({"due_at", "rank"})
