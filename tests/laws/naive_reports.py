"""Each report and ``stats`` by counting: one ticket after another, each as it is now, and nothing kept.

What docs/reports.md defines, spelled as plainly as it can be.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from tix.desk.context import Desk
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import Ticket
from tix.store import billing
from tix.store.tickets import tickets

AGES = {"under 1 day": 1, "1 to 2 days": 3, "3 to 6 days": 7, "1 to 4 weeks": 28, "1 to 3 months": 91}
OLDEST = "over 3 months"


def seen(desk: Desk) -> list[Ticket]:
    """The tickets somebody sees, asked for one by one, as they are now."""
    numbers = [number for (number,) in desk.store.execute("SELECT number FROM ticket").fetchall()]
    found = [tickets.get(desk.store, number, desk.scope) for number in numbers]
    return [settled(one, desk.now) for one in found if one is not None]


def everything(
    desk: Desk, since: int | None = None, until: int | None = None, known: list[Ticket] | None = None
) -> dict[str, Any]:
    """The rows of each report by its name, and ``stats``, of the tickets raised between two seconds, both included.

    The moments those are about aside. ``known`` is what ``seen`` says.
    """
    every = seen(desk) if known is None else known
    found = [
        one
        for one in every
        if (since is None or one.created_at >= since) and (until is None or one.created_at <= until)
    ]
    by_name = {"summary": _summary, "sla": _sla, "agents": _agents, "aging": _aging, "ratings": _ratings}
    rows = {name: report(found, desk) for name, report in by_name.items()}
    return {
        **rows,
        "weeks": _weeks(every, desk, since, until),
        "time": _time(desk, since, until),
        "stats": _stats(desk, found),
    }


def _local(at: int, desk: Desk) -> datetime:
    return datetime.fromtimestamp(at, desk.zone)


def _stats(desk: Desk, found: list[Ticket]) -> dict[str, Any]:
    still_open = [one for one in found if one.phase == "open"]
    days = Counter(_local(one.created_at, desk).date() for one in found)
    today = _local(desk.now, desk).date()
    shown = [today - timedelta(days=ago) for ago in range(29, -1, -1)]
    return {
        "tickets": len(found),
        **{phase: sum(one.phase == phase for one in found) for phase in ("open", "resolved", "closed")},
        "unassigned": sum(one.assignee is None for one in still_open),
        "mine": sum(one.assignee == desk.actor.login for one in still_open),
        "overdue": sum(one.is_overdue(desk.now) for one in found),
        "by_status": Counter(one.status for one in found),
        "by_assignee": Counter(one.assignee or "none" for one in still_open),
        "by_department": Counter(one.department or "none" for one in still_open),
        "by_priority": Counter(one.priority for one in still_open),
        "by_age": dict.fromkeys((*AGES, OLDEST), 0) | Counter(_band(one, desk) for one in still_open),
        "raised_by_day": {day.isoformat(): days[day] for day in shown},
        "first_response": _times(found, "first_response_at"),
        "resolution": _times(found, "resolved_at"),
        "sla": {
            f"{name}_{said}": sum(getattr(one, f"{name}_met") == met for one in found)
            for name in ("response", "resolution")
            for said, met in (("met", 1), ("missed", 0))
        },
        "ratings": _stars(found),
    }


def _groups(found: Iterable[Ticket], key: Callable[[Ticket], str | None]) -> dict[str, list[Ticket]]:
    groups: dict[str, list[Ticket]] = {}
    for ticket in found:
        groups.setdefault(key(ticket) or "none", []).append(ticket)
    return dict(sorted(groups.items()))


def _quantile(spans: list[int], percent: int) -> int | None:
    """The time that so many of a hundred do not exceed, as the middle of its class."""
    if not spans:
        return None
    span = sorted(spans)[-(-len(spans) * percent // 100) - 1]
    return 0 if span <= 1 else round(2 ** ((1 + int(math.log2(span) * 4) - 0.5) / 4))


def _times(found: list[Ticket], column: str) -> dict[str, int | None]:
    spans = [getattr(one, column) - one.created_at for one in found if getattr(one, column) is not None]
    return {
        "count": len(spans),
        "median_seconds": _quantile(spans, 50),
        "p90_seconds": _quantile(spans, 90),
    }


def _stars(found: list[Ticket]) -> dict[str, Any]:
    given = [one.rating for one in found if one.rating is not None]
    mean = round(sum(given) / len(given), 2) if given else None
    return {"count": len(given), "average": mean, **{str(n): given.count(n) for n in range(1, 6)}}


def _band(ticket: Ticket, desk: Desk) -> str:
    days = (_local(desk.now, desk).date() - _local(ticket.created_at, desk).date()).days
    return next((name for name, end in AGES.items() if days < end), OLDEST)


def _summary(found: list[Ticket], desk: Desk) -> list[dict[str, Any]]:
    return [
        {
            "month": month,
            "raised": len(group),
            **{phase: sum(one.phase == phase for one in group) for phase in ("open", "resolved", "closed")},
            "reopened": sum(one.reopened > 0 for one in group),
            "median_response_seconds": _times(group, "first_response_at")["median_seconds"],
            "median_resolution_seconds": _times(group, "resolved_at")["median_seconds"],
        }
        for month, group in _groups(found, lambda one: f"{_local(one.created_at, desk):%Y-%m}").items()
    ]


def _met(group: list[Ticket], name: str) -> dict[str, Any]:
    met = Counter(getattr(one, f"{name}_met") for one in group)
    judged = met[0] + met[1]
    percent = round(100 * met[1] / judged, 1) if judged else None
    return {f"{name}_met": met[1], f"{name}_missed": met[0], f"{name}_percent": percent}


def _sla(found: list[Ticket], desk: Desk) -> list[dict[str, Any]]:
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


def _weeks(every: list[Ticket], desk: Desk, since: int | None, until: int | None) -> list[dict[str, Any]]:
    """Each week in which there were tickets, of the last twelve or those of the window."""
    first = min(
        (at for (at,) in desk.store.execute("SELECT created_at FROM ticket").fetchall()), default=None
    )
    if first is None:
        return []
    week = _monday(first, desk)
    begin = _monday(desk.now, desk) - timedelta(weeks=11) if since is None else _monday(since, desk)
    end = _monday(min(desk.now, desk.now if until is None else until), desk)
    rows = []
    while week <= end:
        after = datetime.combine(week + timedelta(weeks=1), datetime.min.time(), desk.zone).timestamp()
        solved = [one for one in every if one.resolved_at is not None]
        row = {
            "week": week.isoformat(),
            "created": sum(_monday(one.created_at, desk) == week for one in every),
            "solved": sum(
                _monday(one.resolved_at, desk) == week for one in solved if one.resolved_at is not None
            ),
            "backlog": sum(
                one.created_at < after and (one.resolved_at is None or one.resolved_at >= after)
                for one in every
            ),
        }
        if week >= begin:
            rows.append(row)
        week += timedelta(weeks=1)
    return rows


def _monday(at: int, desk: Desk) -> date:
    day = _local(at, desk).date()
    return day - timedelta(days=day.weekday())


def _agents(found: list[Ticket], desk: Desk) -> list[dict[str, Any]]:
    return [
        {
            "assignee": login,
            "open": sum(one.phase == "open" for one in group),
            "overdue": sum(one.is_overdue(desk.now) for one in group),
            "over": sum(one.phase != "open" for one in group),
            "median_response_seconds": _times(group, "first_response_at")["median_seconds"],
            "median_resolution_seconds": _times(group, "resolved_at")["median_seconds"],
            "rating": _stars(group)["average"],
        }
        for login, group in _groups(found, lambda one: one.assignee).items()
    ]


def _aging(found: list[Ticket], desk: Desk) -> list[dict[str, Any]]:
    still_open = [one for one in found if one.phase == "open"]
    groups = _groups(still_open, lambda one: _band(one, desk))
    return [
        {
            "age": name,
            "open": len(group),
            "unassigned": sum(one.assignee is None for one in group),
            "unanswered": sum(not one.answered for one in group),
            "overdue": sum(one.is_overdue(desk.now) for one in group),
            "oldest": min(group, key=lambda one: (one.created_at, one.number)).ref if group else None,
        }
        for name, group in ((name, groups.get(name, [])) for name in (*AGES, OLDEST))
    ]


def _ratings(found: list[Ticket], desk: Desk) -> list[dict[str, Any]]:
    rated = [one for one in found if one.rating is not None]
    return [
        {"assignee": login, **_stars(group)}
        for login, group in _groups(rated, lambda one: one.assignee).items()
    ]


def _time(desk: Desk, since: int | None, until: int | None) -> list[dict[str, Any]]:
    sums: dict[str, dict[str, Any]] = {}
    for entry in billing.entries(desk.store, desk.scope, since=since, until=until):
        row = sums.setdefault(
            entry.by,
            {"by": entry.by, "entries": 0, "seconds": 0, "billable_seconds": 0, "unbilled_seconds": 0},
        )
        row["entries"] += 1
        row["seconds"] += entry.work.seconds
        if entry.work.billable:
            row["billable_seconds"] += entry.work.seconds
            row["unbilled_seconds"] += entry.work.seconds if entry.work.invoice is None else 0
    return [sums[login] for login in sorted(sums)]
