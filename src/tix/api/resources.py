"""People and the desk's setup, to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tix.api.tickets import Answer, Call
from tix.desk import people
from tix.desk.queue import pages
from tix.desk.resources import canned, catalog, organisation, resource, sla, topics
from tix.render.records import people as people_records
from tix.render.records.resources import record

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


def _name(one: Any) -> str:
    return str(one.name)


def listed(noun: resource.Resource[Any]) -> Callable[[Call], Answer]:
    """Return what the route of a resource does: list what the key's owner may list."""

    def list_(call: Call) -> Answer:
        fields = tuple(noun.fields)
        page = pages.cut(resource.listed(call.desk, noun), _name, call.query.limit, call.after)
        return call.page(page, [record(noun, call.desk, one, fields) for one in page.found])

    return list_


def persons(call: Call) -> Answer:
    """List people."""
    page = pages.cut(people.listed(call.desk), lambda one: one.login, call.query.limit, call.after)
    return call.page(page, [people_records.record(one) for one in page.found])
