"""How the desk is going: what is counted of the tickets somebody sees, as they are now. For staff.

Who sees everything reads counters; who sees a part has theirs counted. What time has done and nobody recorded is
counted as if it were. Each number's definition stands in ``DEFINITIONS`` and in docs/reports.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import FIELDS, Ticket
from tix.domain.times import instant
from tix.store.search import counts as search_counts
from tix.store.search import queue
from tix.store.tickets import tickets

Counts = Counter[tuple[str, str]]

# How old an open ticket is: the name of a band and its end, in days.
AGES = (
    ("under 1 day", 1),
    ("1 to 2 days", 3),
    ("3 to 6 days", 7),
    ("1 to 4 weeks", 28),
    ("1 to 3 months", 91),
)
OLDEST = "over 3 months"
_EVER = 2**40  # days

DEFINITIONS = {
    "since": "Tickets count by the day, UTC, they were raised; --since and --until choose those days, both included.",
    "open": "Counts by assignee, department, priority and age are of open tickets; age is in days, UTC.",
    "response": "First response: from raising to the first public staff reply.",
    "resolution": "Resolution: from raising to the last time it was resolved or closed; reopened ones wait again.",
    "quantile": "Half of the times are at most the median, nine of ten at most the p90; both are at most 9 % off.",
    "sla": "Met or missed: what a plan or a date promised, at the first response and at the resolution.",
    "ratings": "Ratings are the requesters', 1 to 5.",
    "time": "Time as it was put down, by the day it was worked; unbilled is what no invoice has yet.",
}


def stats(desk: Desk, since: int | None = None, until: int | None = None) -> dict[str, Any]:
    """Counts by status, assignee, department, priority and age, times, promises, ratings. Raises NotAllowed."""
    require(desk.actor, "stats")
    first, last = days_of(since, until)
    with desk.store.reading():
        counts, days, raised = _counted(desk, first, last)
        overdue = Counter(one.is_overdue(desk.now) for one in _overdue(desk, first, last))[True]
    return {
        "now": instant(desk.now),
        "since": None if since is None else instant(since),
        "until": None if until is None else instant(until),
        "tickets": sum(_of(counts, "status").values()),
        **{phase: _phase(counts, phase) for phase in ("open", "resolved", "closed")},
        "unassigned": counts["assignee", ""],
        "mine": counts["assignee", desk.actor.login],
        "overdue": overdue,
        "by_status": _statuses(counts),
        "by_assignee": _named(counts, "assignee"),
        "by_department": _named(counts, "department"),
        "by_priority": _of(counts, "priority"),
        "by_age": ages(days, desk.now),
        "raised_by_day": _last_days(raised, desk.now),
        "first_response": times(_of(counts, "response")),
        "resolution": times(_of(counts, "resolution")),
        "sla": {
            f"{name}_{said}": counts[f"{name}_met", value]
            for name in ("response", "resolution")
            for said, value in (("met", "1"), ("missed", "0"))
        },
        "ratings": ratings(_of(counts, "rating")),
    }


def days_of(since: int | None, until: int | None) -> tuple[int, int]:
    """The first and the last day between two moments, each open where it is None."""
    return (
        -_EVER if since is None else since // search_counts.DAY,
        _EVER if until is None else until // search_counts.DAY,
    )


def _counted(desk: Desk, first: int, last: int) -> tuple[Counts, Counter[int], Counter[int]]:
    """What is counted; open tickets and all by the day they were raised."""
    if desk.scope.kind != "all":
        counts: Counts = Counter()
        days: Counter[int] = Counter()
        raised: Counter[int] = Counter()
        for ticket in seen(desk, first, last):
            _count(ticket, 1, counts, days, raised)
        return counts, days, raised
    store = desk.store
    counts = search_counts.summed(store, first, last)
    days = search_counts.by_day(store, "priority", first, last)
    raised = search_counts.by_day(store, "status", max(first, desk.now // search_counts.DAY - _SPARK), last)
    for ticket in tickets.due(store, desk.now):
        if first <= ticket.created_at // search_counts.DAY <= last:
            _count(ticket, -1, counts, days, raised)
            _count(settled(ticket, desk.now), 1, counts, days, raised)
    return +counts, +days, +raised


def _count(ticket: Ticket, step: int, counts: Counts, days: Counter[int], raised: Counter[int]) -> None:
    for name, day, value in search_counts.of(ticket):
        counts[name, value] += step
        if name == "priority":
            days[day] += step
        elif name == "status":
            raised[day] += step


def seen(desk: Desk, first: int = -_EVER, last: int = _EVER) -> Iterator[Ticket]:
    """The tickets the actor sees, as they are now; those raised between two days."""
    for row in queue.rows(desk.store, desk.scope, queue.Selection({}, "number"), desk.now):
        ticket = Ticket(*row[: len(FIELDS)])
        if first <= ticket.created_at // search_counts.DAY <= last:
            yield settled(ticket, desk.now)


def _overdue(desk: Desk, first: int, last: int) -> Iterator[Ticket]:
    for row in queue.rows(desk.store, desk.scope, queue.Selection({"overdue": None}), desk.now):
        ticket = settled(Ticket(*row[: len(FIELDS)]), desk.now)
        if first <= ticket.created_at // search_counts.DAY <= last:
            yield ticket


# ------------------------------------------------------------------------------------------------- numbers

_SPARK = 29  # days before today


def _of(counts: Mapping[tuple[str, str], int], name: str) -> dict[str, int]:
    """The counts of one name, the largest first."""
    found = {value: count for (one, value), count in counts.items() if one == name and count}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _named(counts: Mapping[tuple[str, str], int], name: str) -> dict[str, int]:
    return {value or "none": count for value, count in _of(counts, name).items()}


def _phase(counts: Mapping[tuple[str, str], int], phase: str) -> int:
    return sum(count for value, count in _of(counts, "status").items() if value.startswith(f"{phase}:"))


def _statuses(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    found: Counts = Counter()
    for value, count in _of(counts, "status").items():
        found["status", value.partition(":")[2]] += count
    return _of(found, "status")


def ages(days: Mapping[int, int], now: int) -> dict[str, int]:
    """How many are how old."""
    today = now // search_counts.DAY
    found = {name: 0 for name, _ in AGES} | {OLDEST: 0}
    for day, count in days.items():
        found[band(today - day)] += count
    return found


def band(days: int) -> str:
    """The band an age falls in."""
    return next((name for name, end in AGES if days < end), OLDEST)


def _last_days(raised: Mapping[int, int], now: int) -> dict[str, int]:
    today = now // search_counts.DAY
    return {
        instant(day * search_counts.DAY)[:10]: raised.get(day, 0) for day in range(today - _SPARK, today + 1)
    }


def times(classes: Mapping[str, int]) -> dict[str, int | None]:
    """How many times there are, and their median and 90th percentile, from counts by class."""
    whole = sorted((int(number), count) for number, count in classes.items())
    total = sum(count for _, count in whole)
    return {
        "count": total,
        "median_seconds": _quantile(whole, total, 50),
        "p90_seconds": _quantile(whole, total, 90),
    }


def _quantile(classes: list[tuple[int, int]], total: int, percent: int) -> int | None:
    """The smallest class that so many of a hundred do not exceed."""
    passed = 0
    for number, count in classes:
        passed += count
        if passed * 100 >= total * percent:
            return search_counts.seconds_of(number)
    return None


def ratings(found: Mapping[str, int]) -> dict[str, Any]:
    """How many of each, and their mean to two places."""
    count = sum(found.values())
    mean = round(sum(int(stars) * many for stars, many in found.items()) / count, 2) if count else None
    return {"count": count, "average": mean, **{str(n): found.get(str(n), 0) for n in range(1, 6)}}
