"""Saved views."""

from __future__ import annotations

from typing import Any

from tix.api.requests import Query
from tix.api.tickets import Answer, Call, filters_of
from tix.desk.queue import pages, views
from tix.render.records.views import record

VIEW = ("name", "shared", "owner", "filters", "columns", "sort", "limit")


class ViewQuery(Query):
    """The parameter of a view: the one that staff share, though one's own has the same name."""

    shared: bool = False


def listed(call: Call) -> Answer:
    """The key owner's views, then those that staff share."""
    page = pages.cut(views.visible(call.desk), lambda one: one.key, call.query.limit, call.after)
    return call.page(page, list(map(record, page.found)))


def view(call: Call) -> Answer:
    """One view, one's own before a shared one."""
    return Answer(record(views.get(call.desk, call.name, shared=call.query.shared)))


def add(call: Call) -> Answer:
    """Save filters, columns, sort order and limit under a name."""
    made = views.add(call.desk, call.body.name, _options(call), shared=call.body.shared)
    return Answer(record(made), kept=[made.name, made.owner is None])


def edit(call: Call) -> Answer:
    """Change options of a view; the others stay, unless they are cleared."""
    body = call.body
    _, new = views.edit(call.desk, call.name, _options(call), shared=body.shared, clear=body.clear)
    return Answer(record(new), kept=[new.name, new.owner is None])


def again(call: Call, kept: list[Any]) -> Answer:
    """Answer a request that has written a view before: with the view as it is now."""
    name, shared = kept
    return Answer(record(views.get(call.desk, name, shared=shared)), status=200)


def remove(call: Call) -> Answer:
    """Remove a view."""
    views.remove(call.desk, call.name, shared=call.query.shared)
    return Answer(None)


def _options(call: Call) -> dict[str, Any]:
    filters = filters_of(call.body)._replace(limit=call.body.limit)
    return views.parse(call.desk, filters, call.body.columns)
