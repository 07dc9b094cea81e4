"""How the desk is going: what is counted of the tickets somebody sees, as they are now. For staff.

Who sees everything reads counters; who sees a part has theirs counted. What time has done and nobody recorded is
counted as if it were. Each number's definition stands in ``DEFINITIONS`` and in docs/reports.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, TypeAlias

from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import FIELDS, Ticket
from tix.domain.times import day_number, day_start, instant
from tix.store.search import counts as search_counts
from tix.store.search import queue
from tix.store.tickets import tickets

Counts: TypeAlias = Counter[tuple[str, str]]
# The first and the last second, UTC, of the time that is asked for.
Window: TypeAlias = tuple[int, int]
# How many tickets were raised between two seconds, both included.
Raised: TypeAlias = Callable[[int, int], int]

# How old an open ticket is: the name of a band and its end, in days.
AGES = (
    ("under 1 day", 1),
    ("1 to 2 days", 3),
    ("3 to 6 days", 7),
    ("1 to 4 weeks", 28),
    ("1 to 3 months", 91),
)
OLDEST = "over 3 months"
_EVER = 2**50  # seconds, further than any day

DEFINITIONS = {
    "since": "Tickets count by the day they were raised, in your time zone; --since and --until choose days, both included.",
    "open": "Counts by assignee, department, priority and age are of open tickets; age is in days of your time zone.",
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
    window = window_of(since, until)
    with desk.store.reading():
        counts, opened, raised = _counted(desk, window)
        overdue = Counter(one.is_overdue(desk.now) for one in _overdue(desk, window))[True]
        by_day = _last_days(desk, window, raised)
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
        "by_age": ages(desk, opened),
        "raised_by_day": by_day,
        "first_response": times(_of(counts, "response")),
        "resolution": times(_of(counts, "resolution")),
        "sla": {
            f"{name}_{said}": counts[f"{name}_met", value]
            for name in ("response", "resolution")
            for said, value in (("met", "1"), ("missed", "0"))
        },
        "ratings": ratings(_of(counts, "rating")),
    }


def window_of(since: int | None, until: int | None) -> Window:
    """The first and the last second between two moments, each open where it is None."""
    return (-_EVER if since is None else since, _EVER if until is None else until)


def _counted(desk: Desk, window: Window) -> tuple[Counts, Counter[int], Raised]:
    """What is counted; how many open tickets were raised at an instant; and how many were between two of them.

    The instant of a ticket from the counters is the start of its day, UTC, unless an age changes within that day.
    """
    counts: Counts = Counter()
    opened: Counter[int] = Counter()
    if desk.scope.kind != "all":
        at = []
        for ticket in seen(desk, window):
            _count(ticket, 1, ticket.created_at, counts, opened)
            at.append(ticket.created_at)
        at.sort()
        return counts, opened, lambda since, until: bisect_right(at, until) - bisect_left(at, since)
    store = desk.store
    first, last = -(-window[0] // search_counts.DAY), (window[1] + 1) // search_counts.DAY - 1
    counts.update(search_counts.summed(store, first, last))
    opened.update(
        {
            day * search_counts.DAY: n
            for day, n in search_counts.by_day(store, "priority", first, last).items()
        }
    )
    for ticket in _outside(desk, window, first, last):
        _count(ticket, 1, ticket.created_at, counts, opened)
    for ticket in tickets.due(store, desk.now):
        if window[0] <= ticket.created_at <= window[1]:
            day = ticket.created_at // search_counts.DAY
            at_day = day * search_counts.DAY if first <= day <= last else ticket.created_at
            _count(ticket, -1, at_day, counts, opened)
            _count(settled(ticket, desk.now), 1, at_day, counts, opened)
    _divide(desk, opened, first, last)
    return +counts, +opened, lambda since, until: tickets.count_raised(store, since, until)


def _outside(desk: Desk, window: Window, first: int, last: int) -> Iterator[Ticket]:
    """The tickets of a window that were raised on no whole day, UTC, in it."""
    if first > last:
        yield from tickets.raised(desk.store, *window)
        return
    yield from tickets.raised(desk.store, window[0], first * search_counts.DAY - 1)
    yield from tickets.raised(desk.store, (last + 1) * search_counts.DAY, window[1])


def _divide(desk: Desk, opened: Counter[int], first: int, last: int) -> None:
    """Counts the open tickets of a day, UTC, one by one where an age changes within it."""
    for start in _age_starts(desk):
        day = start // search_counts.DAY
        if start % search_counts.DAY and first <= day <= last and opened.pop(day * search_counts.DAY, 0):
            for ticket in tickets.raised(
                desk.store, day * search_counts.DAY, (day + 1) * search_counts.DAY - 1
            ):
                opened[ticket.created_at] += settled(ticket, desk.now).phase == "open"


def _count(ticket: Ticket, step: int, at: int, counts: Counts, opened: Counter[int]) -> None:
    for name, _, value in search_counts.of(ticket):
        counts[name, value] += step
        opened[at] += step if name == "priority" else 0


def seen(desk: Desk, window: Window = (-_EVER, _EVER)) -> Iterator[Ticket]:
    """The tickets the actor sees, as they are now; those raised in a window."""
    for row in queue.rows(desk.store, desk.scope, queue.Selection({}, "number"), desk.now):
        ticket = Ticket(*row[: len(FIELDS)])
        if window[0] <= ticket.created_at <= window[1]:
            yield settled(ticket, desk.now)


def _overdue(desk: Desk, window: Window) -> Iterator[Ticket]:
    for row in queue.rows(desk.store, desk.scope, queue.Selection({"overdue": None}), desk.now):
        ticket = settled(Ticket(*row[: len(FIELDS)]), desk.now)
        if window[0] <= ticket.created_at <= window[1]:
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


def _age_starts(desk: Desk) -> list[int]:
    """When the first day of each age began, the youngest first."""
    today = day_number(desk.now, desk.zone)
    return [day_start(today - end + 1, desk.zone) for _, end in AGES]


def ages(desk: Desk, opened: Mapping[int, int]) -> dict[str, int]:
    """How many are how old, in days of the reader's; they are counted by when they were raised."""
    found = {name: 0 for name, _ in AGES} | {OLDEST: 0}
    age_of = age_finder(desk)
    for at, count in opened.items():
        found[age_of(at)] += count
    return found


def age_finder(desk: Desk) -> Callable[[int], str]:
    """What names the age of a ticket by when it was raised."""
    ages = [(start, name) for start, (name, _) in zip(_age_starts(desk), AGES, strict=True)]
    return lambda at: next((name for start, name in ages if at >= start), OLDEST)


def _last_days(desk: Desk, window: Window, raised: Raised) -> dict[str, int]:
    """How many of a window were raised on each of the last days of the reader's."""
    today = day_number(desk.now, desk.zone)
    days = range(today - _SPARK, today + 1)
    starts = [day_start(day, desk.zone) for day in (*days, today + 1)]
    return {
        date.fromordinal(day).isoformat(): raised(max(start, window[0]), min(end - 1, window[1]))
        for day, (start, end) in zip(days, pairwise(starts), strict=True)
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
