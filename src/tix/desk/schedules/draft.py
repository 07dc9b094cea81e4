"""Build the ticket of a schedule, from what still exists.

A schedule was valid when it was created. What has gone since (a person left, a topic is inactive) is left out of
the ticket and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from tix.desk.context import Desk
from tix.desk.resources.registry import spelled
from tix.desk.tickets import new, routing
from tix.desk.tickets.outcome import Outcome
from tix.desk.tickets.request import TicketRequest
from tix.desk.tickets.routing import Route
from tix.domain.moments import parse_when
from tix.domain.people import Contact, Person
from tix.domain.schedules import recurrence
from tix.domain.schedules.schedule import Schedule
from tix.domain.tickets.edit import refuse_unassignable
from tix.domain.topics import Value, completed, parse_value
from tix.errors import TixError
from tix.typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class LeftOut(list[str]):
    """Values left out of the ticket, a line for each."""

    def unless(self, what: str, look: Callable[[], T]) -> T | None:
        """Return what ``look`` returns; where it raises TixError, None, and add a line."""
        try:
            return look()
        except TixError as error:
            self.append(f"{what}: {error.message}")
            return None


class _Who(NamedTuple):
    requester: Person
    client: str | None


def raised(desk: Desk, one: Schedule, *, notify: bool) -> tuple[Outcome, list[str]]:
    """Create the ticket of a schedule; return the outcome, and the lines about what was left out."""
    left = LeftOut()
    values = plain_values(one)
    who = _who(desk, one, left)
    if one.type is not None:
        values["type"] = left.unless("the type", lambda: desk.ticket_type(one.type or ""))
    if one.priority is not None:
        values["priority"] = left.unless("the priority", lambda: desk.priority(one.priority or ""))
    if one.due is not None:
        zone = recurrence.zone_of(one.zone)
        values["due_at"] = left.unless("the due date", lambda: parse_when(one.due or "", desk.now, zone))
    values["client"] = who.client
    assignee = _holder(desk, one, left)
    route = _route(desk, one, assignee, left)
    answers = _answers(desk, one, route.topic, left)
    is_maker = who.requester.login == desk.actor.login
    request = TicketRequest(
        subject=one.subject,
        body=one.body,
        values=values,
        requester=None if is_maker else Contact(who.requester.login, None, None),
        assignee=assignee,
        tags=one.tags,
        assets=_assets(desk, one, who, left),
        notify=notify,
    )
    return new.open_ticket(desk, request, route, answers), left


def plain_values(one: Schedule) -> dict[str, Any]:
    """Return the columns that refer to nothing that could be gone."""
    plain = {name: getattr(one, name) for name in ("category", "email", "phone", "notify_email", "about")}
    return {**plain, "source": "other"}


def _who(desk: Desk, one: Schedule, left: LeftOut) -> _Who:
    requester = left.unless("the requester", lambda: desk.person(one.requester, active=True))
    requester = desk.actor.person if requester is None else requester
    client = None
    if one.client is not None:
        client = left.unless("the client", lambda: spelled(desk, "client", one.client or ""))
    if client is not None and requester.client not in (None, client):
        left.append(f"the client: {requester.login} now belongs to client {requester.client}, not {client}")
        client = None
    return _Who(requester, client)


def _holder(desk: Desk, one: Schedule, left: LeftOut) -> Person | None:
    if one.assignee in (None, "none"):
        return None

    def look() -> Person:
        found = desk.person(one.assignee or "", active=True)
        refuse_unassignable(found, desk.now)
        return found

    return left.unless("the assignee", look)


def _route(desk: Desk, one: Schedule, assignee: Person | None, left: LeftOut) -> Route:
    """Return the routing; a missing department, team or plan counts as not given, a missing topic as none."""
    request = TicketRequest(assignee=assignee, nobody=one.assignee == "none")
    for name in ("topic", "department", "team", "sla"):
        word = getattr(one, name)
        tried = TicketRequest(**{name: word})
        if word is not None and left.unless(f"the {name}", partial(routing.routed, desk, tried)) is None:
            word = "none" if name == "topic" else None
        request = request._replace(**{name: word})
    route = routing.routed(desk, request)
    if route.left_out is not None:
        left.append(f"the topic's assignee: {route.left_out.login} cannot take tickets now; left unassigned")
    if route.status is not None:
        workflow = desk.rules_for(route.department, route.sla, route.topic).workflow
        if left.unless("the status of the topic", lambda: workflow.find_status(route.status or "")) is None:
            route = route._replace(status=None)
    return route


def _answers(desk: Desk, one: Schedule, topic: str | None, left: LeftOut) -> Mapping[str, Value]:
    fields = {field.key: field for field in (() if topic is None else desk.asked(topic))}
    found: dict[str, Value] = {}
    for key, text in one.fields:
        if key not in fields:
            left.append(f"{key}: the topic has no such field")
        else:
            value = left.unless(key, partial(parse_value, fields[key], text))
            found |= {} if value is None else {key: value}
    asked = [field._replace(required=False) for field in fields.values()]
    whole = completed(asked, found, staff=True)
    missing = [field.key for field in fields.values() if field.required and field.key not in whole]
    left += [f"{key}: the topic requires it, but the schedule has no value" for key in missing]
    return whole


def _assets(desk: Desk, one: Schedule, who: _Who, left: LeftOut) -> tuple[str, ...]:
    client = who.client or who.requester.client
    found = []
    for word in one.assets:

        def look(word: str = word) -> str:
            name = routing.asset_of(desk, word)
            routing.refuse_foreign(desk, client, who.requester, (name,))
            return name

        name = left.unless(f"the asset {word}", look)
        found += [] if name is None else [name]
    return tuple(found)
