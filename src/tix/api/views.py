"""Saved views, to read."""

from __future__ import annotations

from tix.api.requests import Query
from tix.api.tickets import Answer, Call
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
