"""Reports: rows of numbers about the tickets somebody sees, as they are now. For staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from tix.desk.context import Desk
from tix.desk.reports.stats import AGES, OLDEST, age_finder, ratings, seen, times, window_of
from tix.domain.permissions import require
from tix.domain.tickets.ticket import Ticket
from tix.errors import InvalidValue
from tix.store import billing
from tix.store.search import counts as search_counts

Row = dict[str, Any]


def report(desk: Desk, name: str, since: int | None, until: int | None) -> list[Row]:
    """The rows of a report. Raises InvalidValue naming those there are, NotAllowed."""
    if name not in REPORTS:
        raise InvalidValue(f"there is no report '{name}'", hint="one of " + ", ".join(REPORTS))
    require(desk.actor, "stats")
    with desk.store.reading():
        if name == "time":
            return _time(desk, since, until)
        return _GROUPED[name](desk, seen(desk, window_of(since, until)))


def _groups(found: Iterable[Ticket], key: Callable[[Ticket], str | None]) -> dict[str, list[Ticket]]:
    groups: dict[str, list[Ticket]] = {}
    for ticket in found:
        groups.setdefault(key(ticket) or "none", []).append(ticket)
    return dict(sorted(groups.items()))


def _classes(of: list[Ticket], column: str) -> dict[str, int | None]:
    spans = [getattr(one, column) - one.created_at for one in of if getattr(one, column) is not None]
    return times(Counter(str(search_counts.class_of(span)) for span in spans))


def _summary(desk: Desk, found: Iterable[Ticket]) -> list[Row]:
    return [
        {
            "month": month,
            "raised": len(group),
            **{phase: sum(one.phase == phase for one in group) for phase in ("open", "resolved", "closed")},
            "reopened": sum(one.reopened > 0 for one in group),
            "median_response_seconds": _classes(group, "first_response_at")["median_seconds"],
            "median_resolution_seconds": _classes(group, "resolved_at")["median_seconds"],
        }
        for month, group in _groups(found, lambda one: _month(desk, one.created_at)).items()
    ]


def _month(desk: Desk, at: int) -> str:
    return f"{datetime.fromtimestamp(at, desk.zone):%Y-%m}"


def _met(group: list[Ticket], name: str) -> Row:
    met = Counter(getattr(one, f"{name}_met") for one in group)
    judged = met[0] + met[1]
    percent = round(100 * met[1] / judged, 1) if judged else None
    return {f"{name}_met": met[1], f"{name}_missed": met[0], f"{name}_percent": percent}


def _sla(desk: Desk, found: Iterable[Ticket]) -> list[Row]:
    promised = (one for one in found if one.sla or one.due_at is not None or one.resolution_met is not None)
    return [
        {
            "plan": plan,
            "tickets": len(group),
            **_met(group, "response"),
            **_met(group, "resolution"),
            "overdue": sum(one.is_overdue(desk.now) for one in group),
        }
        for plan, group in _groups(promised, lambda one: one.sla).items()
    ]


def _agents(desk: Desk, found: Iterable[Ticket]) -> list[Row]:
    return [
        {
            "assignee": login,
            "open": sum(one.phase == "open" for one in group),
            "overdue": sum(one.is_overdue(desk.now) for one in group),
            "over": sum(one.phase != "open" for one in group),
            "median_response_seconds": _classes(group, "first_response_at")["median_seconds"],
            "median_resolution_seconds": _classes(group, "resolved_at")["median_seconds"],
            "rating": ratings(Counter(str(one.rating) for one in group if one.rating))["average"],
        }
        for login, group in _groups(found, lambda one: one.assignee).items()
    ]


def _aging(desk: Desk, found: Iterable[Ticket]) -> list[Row]:
    is_open = [one for one in found if one.phase == "open"]
    age_of = age_finder(desk)
    groups = _groups(is_open, lambda one: age_of(one.created_at))
    return [
        {
            "age": name,
            "open": len(group),
            "unassigned": sum(one.assignee is None for one in group),
            "unanswered": sum(not one.answered for one in group),
            "overdue": sum(one.is_overdue(desk.now) for one in group),
            "oldest": min(group, key=lambda one: (one.created_at, one.number)).ref if group else None,
        }
        for name, group in ((name, groups.get(name, [])) for name in (*(one for one, _ in AGES), OLDEST))
    ]


def _ratings(desk: Desk, found: Iterable[Ticket]) -> list[Row]:
    rated = [one for one in found if one.rating is not None]
    rows = []
    for login, group in _groups(rated, lambda one: one.assignee).items():
        counts = ratings(Counter(str(one.rating) for one in group))
        rows.append({"assignee": login, **counts})
    return rows


def _time(desk: Desk, since: int | None, until: int | None) -> list[Row]:
    """What was worked between two moments, by who worked it."""
    sums: dict[str, Row] = {}
    for entry in billing.entries(desk.store, desk.scope, since=since, until=until):
        row = sums.setdefault(entry.by, {"by": entry.by, **dict.fromkeys(_WORKED, 0)})
        row["entries"] += 1
        row["seconds"] += entry.work.seconds
        if entry.work.billable:
            row["billable_seconds"] += entry.work.seconds
            row["unbilled_seconds"] += entry.work.seconds if entry.work.invoice is None else 0
    return [sums[login] for login in sorted(sums)]


_WORKED = ("entries", "seconds", "billable_seconds", "unbilled_seconds")

_GROUPED: Mapping[str, Callable[[Desk, Iterable[Ticket]], list[Row]]] = {
    "summary": _summary,
    "sla": _sla,
    "agents": _agents,
    "aging": _aging,
    "ratings": _ratings,
}
# Each report and which definitions stand under it.
REPORTS: Mapping[str, tuple[str, ...]] = {
    "summary": ("since", "response", "resolution", "quantile"),
    "sla": ("since", "sla"),
    "agents": ("since", "response", "resolution", "quantile", "ratings"),
    "aging": ("since", "open"),
    "ratings": ("since", "ratings"),
    "time": ("time",),
}
