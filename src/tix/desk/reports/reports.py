"""Reports: rows of numbers about the tickets visible to the actor. For staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from itertools import dropwhile, pairwise

from tix.desk.context import Desk
from tix.desk.reports.stats import BANDS, age_starts, ratings, times
from tix.domain.permissions import require
from tix.domain.times import day_number, day_start
from tix.errors import InvalidValue
from tix.store import reports
from tix.store.reports import Counts, ReportWindow
from tix.typing import Any

Row = dict[str, Any]


def report(desk: Desk, name: str, since: int | None, until: int | None) -> list[Row]:
    """Return the rows of a report. Raises InvalidValue with the known reports, NotAllowed."""
    if name not in REPORTS:
        raise InvalidValue(f"no report named '{name}'", hint="known reports: " + ", ".join(REPORTS))
    require(desk.actor, "stats")
    with desk.store.reading():
        if name == "time":
            return _time(desk, since, until)
        if name == "weeks":
            return _weeks(desk, since, until)
        return _COUNTED[name](desk, reports.asked(desk.store, desk.scope, desk.now, since, until))


def _grouped(found: Counts) -> dict[str, Counts]:
    """Group counts by assignee or plan (``none`` for no one), sorted; keys are (name, part before the colon)."""
    groups: dict[str, Counts] = {}
    for (name, value), count in found.items():
        before, _, key = value.partition(":") if name in _OF_SOMEBODY else ("", "", value)
        groups.setdefault(key or "none", Counter())[name, before] += count
    return dict(sorted(groups.items()))


_OF_SOMEBODY = frozenset({"response_of", "resolution_of", "rating", "promise"})


def _of(found: Counts, name: str) -> Counter[str]:
    return Counter({value: count for (one, value), count in found.items() if one == name})


def _median(found: Counts, name: str) -> int | None:
    return times(_of(found, name))["median_seconds"]


def _overdue(asked: ReportWindow, place: int) -> Counter[str]:
    """Count overdue tickets by assignee (0) or by SLA plan (1)."""
    found: Counter[str] = Counter()
    for *keys, count in reports.overdue(asked):
        found[keys[place] or "none"] += count
    return found


def _summary(desk: Desk, asked: ReportWindow) -> list[Row]:
    months = reports.by_month(asked, desk.zone, "status", "reopened", "response", "resolution")
    rows = []
    for month, found in months.items():
        phases: Counter[str] = Counter()
        for status, count in _of(found, "status").items():
            phases[status.partition(":")[0]] += count
        rows.append(
            {
                "month": month,
                "raised": phases.total(),
                **{phase: phases[phase] for phase in ("open", "resolved", "closed")},
                "reopened": _of(found, "reopened").total(),
                "median_response_seconds": _median(found, "response"),
                "median_resolution_seconds": _median(found, "resolution"),
            }
        )
    return rows


def _met(judged: Counter[str], place: int, name: str) -> Row:
    said: Counter[str] = Counter()
    for value, count in judged.items():
        said[value[place]] += count
    settled = said["0"] + said["1"]
    percent = round(100 * said["1"] / settled, 1) if settled else None
    return {f"{name}_met": said["1"], f"{name}_missed": said["0"], f"{name}_percent": percent}


def _sla(desk: Desk, asked: ReportWindow) -> list[Row]:
    found = reports.summed(asked, "promise")
    # Tickets without an SLA or due date name no plan, not even none.
    promised = Counter({(name, value): count for (name, value), count in found.items() if ":" in value})
    overdue = _overdue(asked, 1)
    return [
        {
            "plan": plan,
            "tickets": group.total(),
            **_met(_of(group, "promise"), 0, "response"),
            **_met(_of(group, "promise"), 1, "resolution"),
            "overdue": overdue[plan],
        }
        for plan, group in _grouped(promised).items()
    ]


def _agents(desk: Desk, asked: ReportWindow) -> list[Row]:
    found = reports.summed(asked, "assignee", "over", "response_of", "resolution_of", "rating")
    overdue = _overdue(asked, 0)
    return [
        {
            "assignee": login,
            "open": _of(group, "assignee").total(),
            "overdue": overdue[login],
            "over": _of(group, "over").total(),
            "median_response_seconds": _median(group, "response_of"),
            "median_resolution_seconds": _median(group, "resolution_of"),
            "rating": ratings(_of(group, "rating"))["average"],
        }
        for login, group in _grouped(found).items()
    ]


def _aging(desk: Desk, asked: ReportWindow) -> list[Row]:
    aged = {one.band: one for one in reports.by_age(asked, age_starts(desk))}
    rows = []
    for place, name in enumerate(BANDS):
        band = aged.get(place)
        found = {one: 0 if band is None else getattr(band, one) for one in _AGED}
        rows.append(
            {"age": name, **found, "oldest": None if band is None else reports.oldest(asked, band.oldest)}
        )
    return rows


_AGED = ("open", "unassigned", "unanswered", "overdue")


_WEEKS = 12  # where nobody says since when
_DAYS = 7


def _weeks(desk: Desk, since: int | None, until: int | None) -> list[Row]:
    """Return whole weeks, from that of ``since`` to that of ``until``; the backlog is as of the end of each.

    They are counted back from what is open now, so no more is read than the tickets active since then.
    """
    asked = reports.asked(desk.store, desk.scope, desk.now, None, None)
    first = reports.first_created(asked)
    if first is None:
        return []
    last = _monday(desk, min(desk.now, desk.now if until is None else until))
    start = _monday(desk, desk.now) - _DAYS * (_WEEKS - 1) if since is None else _monday(desk, since)
    mondays = range(max(start, _monday(desk, first)), last + 1, _DAYS)
    if not mondays:
        return []
    starts = [day_start(day, desk.zone) for day in (*mondays, mondays[-1] + _DAYS)]
    created = reports.by_range(asked, list(pairwise(starts)))
    *solved, later_solved = reports.solved_from(asked, starts)
    later = reports.summed(asked._replace(begin=starts[-1]), "status").total()
    backlog = sum(band.open for band in reports.by_age(asked, age_starts(desk))) - later + later_solved
    rows: list[Row] = []
    for day, came, went in reversed(list(zip(mondays, created, solved, strict=True))):
        week = date.fromordinal(day).isoformat()
        rows.append({"week": week, "created": came, "solved": went, "backlog": backlog})
        backlog += went - came
    # Whole empty weeks at the beginning would tell of tickets that somebody else sees.
    return list(dropwhile(lambda row: not any((row["created"], row["solved"], row["backlog"])), rows[::-1]))


def _monday(desk: Desk, at: int) -> int:
    day = day_number(at, desk.zone)
    return day - (day - 1) % _DAYS  # day 1 was a Monday


def _ratings(desk: Desk, asked: ReportWindow) -> list[Row]:
    found = _grouped(reports.summed(asked, "rating"))
    return [{"assignee": login, **ratings(_of(group, "rating"))} for login, group in found.items()]


def _time(desk: Desk, since: int | None, until: int | None) -> list[Row]:
    """Return the time worked between two moments, by person."""
    found = reports.worked(desk.store, desk.scope, since, until)
    return [dict(zip(("by", *_WORKED), row, strict=True)) for row in sorted(found)]


_WORKED = ("entries", "seconds", "billable_seconds", "unbilled_seconds")

_COUNTED: Mapping[str, Callable[[Desk, ReportWindow], list[Row]]] = {
    "summary": _summary,
    "sla": _sla,
    "agents": _agents,
    "aging": _aging,
    "ratings": _ratings,
}
# Each report and the definitions printed under it.
REPORTS: Mapping[str, tuple[str, ...]] = {
    "weeks": ("weeks", "solved", "backlog"),
    "summary": ("since", "response", "resolution", "quantile"),
    "sla": ("since", "sla"),
    "agents": ("since", "response", "resolution", "quantile", "ratings"),
    "aging": ("since", "open"),
    "ratings": ("since", "ratings"),
    "time": ("time",),
}
