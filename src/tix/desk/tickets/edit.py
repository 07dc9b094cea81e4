"""Change the fields of a ticket, and what follows from them: routing, custom fields, due date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tix.desk import reconfigure
from tix.desk.context import Desk
from tix.desk.resources.registry import spelled
from tix.desk.tickets import routing
from tix.desk.tickets.assign import with_note
from tix.desk.tickets.change import change
from tix.desk.tickets.outcome import Action, Outcome
from tix.desk.tickets.parties import ensure_requester
from tix.desk.tickets.reply import refusal
from tix.domain import values
from tix.domain.names import is_none
from tix.domain.people import Contact, Person, parse_contact, parse_email
from tix.domain.tickets import edit as ticket_edit
from tix.domain.tickets.edit import Edit
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.domain.topics import Field, Value, completed, fitting, inherited, parse_value
from tix.errors import InvalidValue
from tix.store import people
from tix.store.setup import repository
from tix.store.setup import topics as topic_rows
from tix.typing import Any, NamedTuple
from tix.words.sentence import Said

Pair = tuple[str | None]


class NewPlaces(NamedTuple):
    """New values for a ticket: each a 1-tuple of the name (or None to clear), or None for "not mentioned".

    ``answers`` are custom field texts by key, empty to clear; ``status`` names a status of the workflow the ticket
    moves to.
    """

    topic: Pair | None = None
    department: Pair | None = None
    client: Pair | None = None
    sla: Pair | None = None
    answers: Mapping[str, str] = MappingProxyType({})
    status: str | None = None


def place(desk: Desk, name: str, word: str | None) -> Pair | None:
    """Return the name an option gives, as the desk spells it; ``(None,)`` for ``none``. Raises UnknownName."""
    if word is None:
        return None
    return (None if is_none(word) else spelled(desk, name, word),)


def parse(desk: Desk, words: Mapping[str, Any]) -> Edit:
    """Return the change that words ask for, by field; ``none`` clears one. Absent or None is not mentioned.

    Texts: subject, type, category, about, email, phone, notify_email, priority, due_at; lists of texts: tags,
    remove_tags. Raises InvalidValue. Names of resources are looked up later (``prepared``).
    """
    said = {name: word for name, word in words.items() if word is not None}
    parsers: dict[str, Callable[[str], Any]] = {
        "type": desk.ticket_type,
        "category": values.parse_line,
        "about": values.parse_about,
        "email": parse_email,
        "phone": values.parse_line,
        "notify_email": parse_email,
    }
    fields: dict[str, str | None] = {}
    if "subject" in said:
        fields["subject"] = values.parse_subject(said["subject"])
    for name, parser in parsers.items():
        if name in said:
            fields[name] = None if is_none(said[name]) else parser(said[name])
    due = said.get("due_at")
    return Edit(
        fields,
        priority=desk.priority(said["priority"]) if "priority" in said else None,
        due_at=None if due is None else (None if is_none(due) else desk.due(due),),
        tags=tuple(values.parse_tag(one) for one in values.split(said.get("tags"))),
        remove_tags=tuple(values.parse_tag(one) for one in values.split(said.get("remove_tags"))),
    )


class Names(NamedTuple):
    """Names in a change, as typed; each is looked up. None for what is not mentioned."""

    topic: str | None = None
    department: str | None = None
    client: str | None = None
    sla: str | None = None
    for_: str | None = None
    assets: tuple[str, ...] = ()
    remove_assets: tuple[str, ...] = ()


def prepared(
    desk: Desk,
    names: Names,
    wanted: Edit = Edit({}),  # noqa: B008  # an immutable value
    answers: Mapping[str, str] = MappingProxyType({}),
    status: str | None = None,
    internal: str | None = None,
    version: int | None = None,
    said: Callable[[str], None] = lambda words: None,
) -> Action:
    """Return the action that edits a ticket (``edit``); names are looked up once, for any number of tickets.

    Raises UnknownName and InvalidValue; who may not edit does not learn which names exist.
    """
    refused = refusal(desk, "edit")
    if refused is not None:
        return refused
    whole = wanted._replace(
        assets=tuple(routing.asset_of(desk, one) for one in names.assets),
        remove_assets=tuple(spelled(desk, "asset", one, inactive=True) for one in names.remove_assets),
    )
    moves = NewPlaces(
        place(desk, "topic", names.topic),
        place(desk, "department", names.department),
        place(desk, "client", names.client),
        place(desk, "sla", names.sla),
        answers,
        status,
    )
    requester = None
    if names.for_ is not None:
        requester = parse_contact(desk.actor.login if names.for_ == "@me" else names.for_)
        if requester.email is None:
            desk.person(requester.login or "", active=True)
    return lambda desk, reference: edit(
        desk, reference, whole, moves, requester, internal, version, said=said
    )


def edit(
    desk: Desk,
    reference: Reference,
    wanted: Edit,
    moves: NewPlaces = NewPlaces(),  # noqa: B008  # an immutable value
    requester: Contact | None = None,
    internal: str | None = None,
    version: int | None = None,
    said: Callable[[str], None] = lambda words: None,
) -> Outcome:
    """Change fields, one event each, and add an internal note. ``said`` gets a sentence for each value dropped.

    Raises InvalidValue for custom field values the topic rejects or lacks, Refused where the workflow of another
    department has no matching status.
    """
    if moves.status is not None:
        desk.find_statuses(moves.status)

    def decide(ticket: Ticket) -> list[Item]:
        ticket_edit.check_version(ticket, version)
        rules = desk.rules_of(ticket)
        fields = {**wanted.fields, **_places(moves)}
        if requester is not None:
            fields["requester"] = ensure_requester(desk, requester).login
        _refuse_foreign(desk, ticket, fields, wanted)
        after = _rules_after(desk, ticket, moves)
        values, hidden = _answers(ticket, moves, after, said)
        whole = wanted._replace(
            fields=fields, sla=moves.sla, plan=after.plan, values=values, internal=hidden, after=after.rules
        )
        whole = whole._replace(**_status(desk, ticket, moves, rules, after))
        items = ticket_edit.edit(ticket, rules, desk.author(), whole)
        return with_note(desk, ticket, items, internal)

    return change(desk, reference, "edit", decide)


class _After(NamedTuple):
    """The rules for the ticket after the change; ``plan`` where the SLA plan changes with it."""

    rules: TicketPolicy
    department: str | None
    topic: str | None
    plan: Pair | None


def _places(moves: NewPlaces) -> dict[str, str | None]:
    named = {"topic": moves.topic, "department": moves.department, "client": moves.client}
    return {name: pair[0] for name, pair in named.items() if pair is not None}


def _rules_after(desk: Desk, ticket: Ticket, moves: NewPlaces) -> _After:
    """Return the rules after the change: a new topic or department brings its SLA plan, unless one was chosen by hand."""
    topic = ticket.topic if moves.topic is None else moves.topic[0]
    department = ticket.department if moves.department is None else moves.department[0]
    sla, plan = ticket.sla, None
    if moves.sla is not None:
        (sla,) = moves.sla
    elif not ticket.sla_by_hand and (topic, department) != (ticket.topic, ticket.department):
        about = None if topic is None else topic_rows.TOPICS.get(desk.store, topic)
        if about is not None:
            about = inherited(about, topic_rows.TOPICS.all(desk.store))
        sla = routing.default_plan(desk, about, department)
        plan = (sla,)
    return _After(desk.rules_for(department, sla, topic), department, topic, plan)


def _status(
    desk: Desk, ticket: Ticket, moves: NewPlaces, rules: TicketPolicy, after: _After
) -> dict[str, Any]:
    workflow = after.rules.workflow
    wanted = None if moves.status is None else workflow.find_status(moves.status)
    if workflow.name == rules.workflow.name:
        return {"status": wanted}
    mapping: Mapping[str, str] = {}
    if after.department is not None:
        department = repository.DEPARTMENTS.get(desk.store, after.department)
        mapping = {} if department is None else dict(department.mapping)
    return {"place": reconfigure.place_in(workflow, ticket.status, mapping, after.department, wanted)}


def _refuse_foreign(desk: Desk, ticket: Ticket, fields: Mapping[str, str | None], wanted: Edit) -> None:
    """Raise InvalidValue for a requester or assets of another client, where client, requester or assets change."""
    client = fields.get("client", ticket.client)
    if "client" in fields or "requester" in fields or wanted.assets:
        login = fields.get("requester") or ticket.requester
        person: Person | None = people.by_login(desk.store, login)
        assert person is not None
        routing.refuse_foreign(desk, client, person, wanted.assets)


def _answers(
    ticket: Ticket, moves: NewPlaces, after: _After, said: Callable[[str], None]
) -> tuple[dict[str, Value | None], frozenset[str]]:
    """Return the custom field values that change, and the keys that only staff may read.

    Under another topic, values that still fit are kept; the others are dropped and reported.
    """
    if not moves.answers and moves.topic is None:
        return {}, frozenset()
    fields = [] if after.topic is None else list(after.rules.fields)
    known_fields = {field.key: field for field in fields}
    held = ticket.field_values()
    changes: dict[str, Value | None] = {}
    if moves.topic is not None and after.topic != ticket.topic:
        kept = fitting(fields, held)
        changes = {key: None for key in held if key not in kept}
        if changes:
            said(f"{ticket.ref}: the new topic has no field {', '.join(changes)}; removed the values")
        held = kept
    changes |= _given(known_fields, moves.answers, held)
    now = {key: value for key, value in {**held, **changes}.items() if value is not None}
    if after.topic != ticket.topic:
        whole = completed(fields, now, staff=True)
        changes |= {key: value for key, value in whole.items() if held.get(key) != value}
    hidden = {field.key for field in fields if field.staff_only}
    before = (
        {}
        if ticket.internal_fields is None
        else ticket.field_values().keys() - ticket.field_values(staff=False).keys()
    )
    return changes, frozenset(hidden | {key for key in before if changes.get(key) is None})


def _given(
    fields: Mapping[str, Field], answers: Mapping[str, str], held: Mapping[str, Value]
) -> dict[str, Value | None]:
    found: dict[str, Value | None] = {}
    for key, text in answers.items():
        field = fields.get(key)
        if field is None and not (text == "" and key in held):
            hint = (
                Said("known fields: {names}", names=", ".join(fields))
                if fields
                else "its topic has no fields"
            )
            raise InvalidValue(Said("the ticket has no field '{key}'", key=key), hint=hint)
        if field is not None and text == "" and field.required:
            raise InvalidValue(
                Said("field {key} is required and cannot be cleared", key=key),
                hint=f"--field {key}=…",
            )
        found[key] = None if text == "" or field is None else parse_value(field, text)
    return found
