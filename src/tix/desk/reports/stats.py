"""Statistics about the tickets visible to the actor. For staff.

For who sees everything they come from stored counters; for others, their tickets are counted. What is due but not
recorded yet counts as if it were. Each number is defined in ``DEFINITIONS`` and in docs/reports.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.domain.times import day_number, day_start, instant
from tix.store import reports
from tix.store.reports import Counts, ReportWindow
from tix.store.search import counts as search_counts
from tix.typing import Any

# Age bands of open tickets: name, and end in days.
AGES = (
    ("under 1 day", 1),
    ("1 to 2 days", 3),
    ("3 to 6 days", 7),
    ("1 to 4 weeks", 28),
    ("1 to 3 months", 91),
)
BANDS = (*(name for name, _ in AGES), "over 3 months")

DEFINITIONS = {
    "since": "Tickets count by the day they were created, in your time zone; --since and --until are inclusive.",
    "weeks": "A row is a week of your time zone, Monday to Sunday; --since and --until choose the weeks.",
    "solved": "Solved: tickets last resolved or closed in that week, whenever they were created.",
    "backlog": "Backlog: tickets that were open at the end of the week, or are now.",
    "open": "Counts by assignee, department, priority and age include open tickets only; age is in days of your time zone.",
    "response": "First response: time from creation to the first public staff reply.",
    "resolution": "Resolution: time from creation to the last resolve or close; reopened tickets do not count until resolved again.",
    "quantile": "Half of the times are at most the median, 90 % at most the p90; both are accurate to 9 %.",
    "sla": "Met or missed: the SLA plan's response and resolution times, or the due date.",
    "ratings": "Ratings are given by requesters, 1 to 5.",
    "time": "Time as logged, by the day it was worked; unbilled time is not on an invoice yet.",
}


def stats(desk: Desk, since: int | None = None, until: int | None = None) -> dict[str, Any]:
    """Return counts by status, assignee, department, priority and age, times, SLA results and ratings. Raises NotAllowed."""
    require(desk.actor, "stats")
    asked = reports.asked(desk.store, desk.scope, desk.now, since, until)
    with desk.store.reading():
        found = reports.summed(asked, *_COUNTED)
        aged = reports.by_age(asked, age_starts(desk))
        raised = _last_days(desk, asked)
    return {
        "now": instant(desk.now),
        "since": None if since is None else instant(since),
        "until": None if until is None else instant(until),
        "tickets": sum(_of(found, "status").values()),
        **{phase: _phase(found, phase) for phase in ("open", "resolved", "closed")},
        "unassigned": found["assignee", ""],
        "mine": found["assignee", desk.actor.login],
        "overdue": sum(band.overdue for band in aged),
        "by_status": _statuses(found),
        "by_assignee": _named(found, "assignee"),
        "by_department": _named(found, "department"),
        "by_priority": _of(found, "priority"),
        "by_age": {
            name: sum(one.open for one in aged if one.band == band) for band, name in enumerate(BANDS)
        },
        "raised_by_day": raised,
        "first_response": times(_of(found, "response")),
        "resolution": times(_of(found, "resolution")),
        "sla": {
            f"{name}_{said}": sum(
                count for value, count in _of(found, "promise").items() if value[place] == met
            )
            for place, name in enumerate(("response", "resolution"))
            for said, met in (("met", "1"), ("missed", "0"))
        },
        "ratings": ratings(stars(_of(found, "rating"))),
    }


_COUNTED = ("status", "assignee", "department", "priority", "response", "resolution", "promise", "rating")


# ------------------------------------------------------------------------------------------------- numbers

_SPARK = 29  # days before today


def _of(found: Mapping[tuple[str, str], int], name: str) -> dict[str, int]:
    """Return the counts of one name, largest first."""
    named = {value: count for (one, value), count in found.items() if one == name and count}
    return dict(sorted(named.items(), key=lambda pair: (-pair[1], pair[0])))


def _named(found: Mapping[tuple[str, str], int], name: str) -> dict[str, int]:
    return {value or "none": count for value, count in _of(found, name).items()}


def _phase(found: Mapping[tuple[str, str], int], phase: str) -> int:
    return sum(count for value, count in _of(found, "status").items() if value.startswith(f"{phase}:"))


def _statuses(found: Mapping[tuple[str, str], int]) -> dict[str, int]:
    statuses: Counts = Counter()
    for value, count in _of(found, "status").items():
        statuses["status", value.partition(":")[2]] += count
    return _of(statuses, "status")


def age_starts(desk: Desk) -> list[int]:
    """Return the start of each age band in the reader's time zone, youngest first, UTC seconds."""
    today = day_number(desk.now, desk.zone)
    return [day_start(today - end + 1, desk.zone) for _, end in AGES]


def _last_days(desk: Desk, asked: ReportWindow) -> dict[str, int]:
    """Return the number of tickets created on each of the last days, in the reader's time zone."""
    today = day_number(desk.now, desk.zone)
    days = range(today - _SPARK, today + 1)
    starts = [day_start(day, desk.zone) for day in (*days, today + 1)]
    counts = reports.by_range(asked, list(pairwise(starts)))
    return {date.fromordinal(day).isoformat(): count for day, count in zip(days, counts, strict=True)}


def times(classes: Mapping[str, int]) -> dict[str, int | None]:
    """Return the number of times, their median and 90th percentile (seconds), from counts by class."""
    whole = sorted((int(number), count) for number, count in classes.items())
    total = sum(count for _, count in whole)
    return {
        "count": total,
        "median_seconds": _quantile(whole, total, 50),
        "p90_seconds": _quantile(whole, total, 90),
    }


def _quantile(classes: list[tuple[int, int]], total: int, percent: int) -> int | None:
    """Return the smallest class that ``percent`` of the times do not exceed."""
    passed = 0
    for number, count in classes:
        passed += count
        if passed * 100 >= total * percent:
            return search_counts.seconds_of(number)
    return None


def stars(found: Mapping[str, int]) -> Counter[str]:
    """Count ratings by stars, for all assignees together."""
    summed: Counter[str] = Counter()
    for value, count in found.items():
        summed[value.partition(":")[0]] += count
    return summed


def ratings(found: Mapping[str, int]) -> dict[str, Any]:
    """Return the count of each rating, and the mean to two decimal places."""
    count = sum(found.values())
    mean = round(sum(int(stars) * many for stars, many in found.items()) / count, 2) if count else None
    return {"count": count, "average": mean, **{str(n): found.get(str(n), 0) for n in range(1, 6)}}
