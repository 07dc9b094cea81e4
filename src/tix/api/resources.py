"""People and the desk's setup, to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from msgspec import Meta

from tix.api.requests import PageQuery, Query, Words
from tix.api.tickets import Answer, Call
from tix.desk import people, workflows
from tix.desk.queue import pages
from tix.desk.resources import canned, catalog, organisation, resource, sla, topics
from tix.desk.tickets import canned as canned_replies
from tix.domain.tickets.references import parse_reference
from tix.render.records import people as people_records
from tix.render.records import workflows as workflow_records
from tix.render.records.resources import record, whole_record

# By the last part of their path.
RESOURCES: dict[str, resource.Resource[Any]] = {
    "assets": catalog.ASSET,
    "calendars": sla.CALENDAR,
    "canned": canned.CANNED,
    "clients": organisation.CLIENT,
    "departments": organisation.DEPARTMENT,
    "priorities": catalog.PRIORITY,
    "slas": sla.PLAN,
    "teams": organisation.TEAM,
    "topics": topics.TOPIC,
    "types": catalog.TYPE,
}
PERSON = people_records.FIELDS
WHOLE_PERSON = (*PERSON, "reports", "open_tickets", "tickets")
WORKFLOW = ("name", "current", "title", "statuses")
WHOLE_WORKFLOW = (*WORKFLOW, "rules", "rated_in", "auto_close_after_seconds", "claims")
TOPIC_FIELD = tuple(topics.FIELD_COLUMNS)


class PeopleQuery(PageQuery):
    """Parameters of the list of people."""

    role: Words | None = None
    client: Words | None = None


class ClientQuery(Query):
    """The parameter of a client: so many of its tickets are named at most."""

    tickets: Annotated[int, Meta(ge=1, le=1000)] = 50


class CannedQuery(Query):
    """The parameter of a canned reply: the ticket that it is filled in for."""

    ticket: Words | None = None


class TopicFieldsQuery(PageQuery, kw_only=True):
    """Parameters of the custom fields of a topic."""

    topic: Words


def columns(noun: resource.Resource[Any]) -> tuple[str, ...]:
    """Return the fields of one of a resource."""
    counts = () if noun.tickets is None else ("open_tickets", "tickets")
    return (*noun.fields, *noun.shown, *counts)


def query(noun: resource.Resource[Any]) -> type[Query]:
    """Return the parameters of one of a resource."""
    return CannedQuery if noun is canned.CANNED else ClientQuery if noun.names_tickets else Query


def _name(one: Any) -> str:
    return str(one.name)


def listed(noun: resource.Resource[Any]) -> Callable[[Call], Answer]:
    """Return what the route of a resource does: list what the key's owner may list."""

    def list_(call: Call) -> Answer:
        fields = tuple(noun.fields)
        page = pages.cut(resource.listed(call.desk, noun), _name, call.query.limit, call.after)
        return call.page(page, [record(noun, call.desk, one, fields) for one in page.found])

    return list_


def shown(noun: resource.Resource[Any]) -> Callable[[Call], Answer]:
    """Return what the route of one of a resource does."""

    def show(call: Call) -> Answer:
        found = whole_record(noun, call.desk, call.name, getattr(call.query, "tickets", -1))
        if noun is canned.CANNED and call.query.ticket is not None:
            reference = parse_reference(call.query.ticket)
            found["body"] = canned_replies.rendered(call.desk, found["body"], reference)
        return Answer(found)

    return show


def persons(call: Call) -> Answer:
    """List people."""
    role = None if call.query.role is None else people.parse_role(call.query.role)
    found = people.listed(call.desk, role, call.query.client)
    page = pages.cut(found, lambda one: one.login, call.query.limit, call.after)
    return call.page(page, [people_records.record(one) for one in page.found])


def person(call: Call) -> Answer:
    """One person, by login or address, with who answers to them and how many tickets they have."""
    return Answer(people_records.whole_record(people.whole(call.desk, call.name)))


def topic_fields(call: Call) -> Answer:
    """The custom fields of a topic, inherited ones first."""
    found = topics.fields(call.desk, call.query.topic)
    page = pages.cut(found, lambda one: one.key, call.query.limit, call.after)
    return call.page(page, [topics.field_record(one) for one in page.found])


def flows(call: Call) -> Answer:
    """List the workflows."""
    page = pages.cut(workflows.listed(call.desk), _name, call.query.limit, call.after)
    current = call.desk.rules.workflow.name
    return call.page(page, [workflow_records.record(one, current) for one in page.found])


def flow(call: Call) -> Answer:
    """All of a workflow: its statuses and rules."""
    found = workflows.shown(call.desk, call.name)
    return Answer(workflow_records.whole_record(found, call.desk.rules.workflow.name))
