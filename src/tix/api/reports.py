"""Key figures and reports, as ``tix stats`` and ``tix report`` print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tix.api.requests import Query, Words
from tix.api.tickets import Answer, Call
from tix.desk.context import Desk
from tix.desk.reports import reports
from tix.desk.reports import stats as figures

if TYPE_CHECKING:
    from typing import Any

STATS = tuple(
    "now since until tickets open resolved closed unassigned mine overdue by_status by_assignee by_department "
    "by_priority by_age raised_by_day first_response resolution sla ratings".split()
)


class ReportQuery(Query):
    """Parameters of key figures: tickets created ``since`` and ``until``; days are those of ``zone``.

    ``zone`` is a name such as Europe/Berlin, or an offset such as +02:00; by default that of the server.
    """

    since: Words | None = None
    until: Words | None = None
    zone: Words | None = None


def stats(call: Call) -> Answer:
    """Counts, times and ratings of the tickets that the key's owner may see."""
    desk, since, until = _window(call)
    return Answer(figures.stats(desk, since, until))


def report(call: Call) -> Answer:
    """The rows of a report."""
    desk, since, until = _window(call)
    rows: list[dict[str, Any]] = reports.report(desk, call.name, since, until)
    return Answer(rows)


def _window(call: Call) -> tuple[Desk, int | None, int | None]:
    """Return the desk as it is where the asker is, and the two moments. Raises InvalidValue."""
    desk, asked = call.desk, call.query
    if asked.zone is not None:
        from tix.domain.schedules.recurrence import zone_of

        zone = zone_of(asked.zone)
        desk = Desk(desk.store, desk.actor, desk.now, lambda: zone)
    return (
        desk,
        None if asked.since is None else desk.moment(asked.since, past=True),
        None if asked.until is None else desk.moment(asked.until, past=True, ends=True),
    )
