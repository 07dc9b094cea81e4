"""Counts for reports, of the tickets somebody sees, as they are now.

For those who see everything they come from the daily counts (``store.search.counts``), corrected by the index of
automatic closing for tickets whose closing is not recorded yet. The daily counts are of whole days in UTC: the rest
of a period, and a day that two months of the reader's zone share, are counted from the tickets themselves, found by
their creation time. For those who see a part, everything is counted from their tickets, found as in the queue
(``store.search.plan``). What depends on the present time, age and being overdue, comes from the index of open tickets
for both.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from tix.domain.permissions import Scope
from tix.domain.times import month_number, month_start
from tix.store.connection import Store, scope_values
from tix.store.search import plan
from tix.store.search.counts import DAY
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import tzinfo

# Name and value, as in ``counts.of``.
Counts = Counter[tuple[str, str]]

# Two times in UTC seconds, the second one not included.
Range = tuple[int, int]

_EVER = 2**40 * DAY
_NO_MONTHS: Mapping[int, int] = MappingProxyType({})


class ReportWindow(NamedTuple):
    """Whose tickets are counted, as of when, and created when: from ``begin``, before ``end`` (UTC seconds)."""

    store: Store
    scope: Scope
    now: int
    begin: int = -_EVER
    end: int = _EVER

    @property
    def first(self) -> int:
        """Return the first whole UTC day on which they may have been created; after ``last`` there is none."""
        return -(-self.begin // DAY)

    @property
    def last(self) -> int:
        """Return the last whole day in UTC."""
        return self.end // DAY - 1

    @property
    def edges(self) -> list[Range]:
        """Return the parts of the period outside its whole days."""
        if self.first > self.last:
            parts = [(self.begin, self.end)]
        else:
            parts = [(self.begin, self.first * DAY), ((self.last + 1) * DAY, self.end)]
        return [(begin, end) for begin, end in parts if begin < end]

    @property
    def values(self) -> dict[str, int]:
        """Return the bounds of the creation time, the end not included; and now. In UTC seconds."""
        return {"now": self.now, "begin": self.begin, "end": self.end}


class AgeBand(NamedTuple):
    """The open tickets in one range of age; ``oldest`` is when the oldest was created (UTC seconds)."""

    band: int
    open: int
    unassigned: int
    unanswered: int
    overdue: int
    oldest: int


def asked(store: Store, scope: Scope, now: int, since: int | None, until: int | None) -> ReportWindow:
    """Return the request for the period between two times, both included, each unbounded if it is None."""
    return ReportWindow(
        store, scope, now, -_EVER if since is None else since, _EVER if until is None else until + 1
    )


def summed(asked: ReportWindow, *names: str) -> Counts:
    """Return how many tickets have each value of some names."""
    found: Counts = Counter()
    if asked.scope.kind != "all":
        for name, _, value, count in _of_part(asked, names):
            found[name, value] += count
        return found
    for name in names:
        for value, count in asked.store.run("tally_summed", name=name, first=asked.first, last=asked.last):
            found[name, value] += count
    if "status" in names:
        for _, before, after, count in _lapsed(asked):
            found["status", before] -= count
            found["status", after] += count
    for name, _, value, count in _in_ranges(asked, names, asked.edges):
        found[name, value] += count
    return +found


def by_month(asked: ReportWindow, zone: tzinfo, *names: str) -> dict[str, Counts]:
    """Return the same by the month of creation in a zone (``2026-11``), in order."""
    found: dict[int, Counts] = {}
    for name, month, value, count in _monthly(asked, _months(asked, zone), names):
        found.setdefault(month, Counter())[name, value] += count
    return {
        f"{month // 12:04}-{month % 12 + 1:02}": +found[month] for month in sorted(found) if +found[month]
    }


def by_range(asked: ReportWindow, ranges: Sequence[Range]) -> list[int]:
    """Return how many of the tickets were created in each of some ranges."""
    within = [(max(begin, asked.begin), min(end, asked.end)) for begin, end in ranges]
    if asked.scope.kind == "all" and all(begin % DAY == end % DAY == 0 for begin, end in within):
        first, last = min(begin for begin, _ in within) // DAY, max(end for _, end in within) // DAY - 1
        rows = asked.store.run("tally_by_day", name="status", first=first, last=last)
        days = dict(rows.fetchall())
        return [sum(days.get(day, 0) for day in range(begin // DAY, end // DAY)) for begin, end in within]
    sql = asked.store.seen_by("raised_counted", asked.scope)
    spelled = asked.store.texts.SPELLINGS
    sql = sql.replace(f"FROM ticket, {spelled['ranges']}", f"FROM {spelled['raised']}")
    values = {**scope_values(asked.scope), "ranges": _array(within)}
    raised = dict(asked.store.execute(sql, values).fetchall())
    return [raised.get(place, 0) for place in range(len(ranges))]


def solved_from(asked: ReportWindow, starts: Sequence[int]) -> list[int]:
    """Return how many tickets, whenever created, were last resolved or closed from each start to the next one.

    The last start has no end. Only tickets that were active since the first start are read.
    """
    sql = asked.store.seen_by("solved_counted", asked.scope)
    sql = sql.replace("FROM ticket", f"FROM {_in_index(asked.store, 'by_activity')}", 1)
    sql = sql.replace("<<month>>", _search("ticket.resolved_at", {at: n for n, at in enumerate(starts)}))
    values = {**scope_values(asked.scope), "now": asked.now, "begin": starts[0]}
    found = dict(asked.store.execute(sql, values).fetchall())
    return [found.get(place, 0) for place in range(len(starts))]


def first_created(asked: ReportWindow) -> int | None:
    """Return when the first ticket of the window was created, anybody's; None where there is none."""
    at: int | None = asked.store.value("raised_first", begin=asked.begin, end=asked.end)
    return at


def by_age(asked: ReportWindow, starts: Sequence[int]) -> list[AgeBand]:
    """Return the open tickets by age; range n holds those created from ``starts[n]`` on, the last one all others."""
    bands = {f"band_{place}": start for place, start in enumerate(starts)}
    return [AgeBand(*row) for row in _open(asked, "open_by_age", **bands).fetchall()]


def oldest(asked: ReportWindow, at: int) -> str:
    """Return the reference of the first open ticket created at an instant."""
    prefix, number = asked.store.scoped("open_of_instant", asked.scope, at=at).fetchone()
    return f"{prefix}{number}"


def overdue(asked: ReportWindow) -> list[tuple[str | None, str | None, int]]:
    """Return the number of overdue tickets, by assignee and by plan."""
    return list(_open(asked, "overdue_counted").fetchall())


def worked(
    store: Store, scope: Scope, since: int | None, until: int | None
) -> list[tuple[str, int, int, int, int]]:
    """Return who worked between two times: number of entries, seconds, billable seconds, unbilled seconds."""
    values = {
        "since": -_EVER if since is None else since,
        "until": _EVER if until is None else until,
    }
    if scope.kind == "all":
        sql = store.texts.SQL["work_totals"].replace(
            "FROM work", f"FROM {_in_index(store, 'work_by', 'work')}"
        )
        return store.execute(sql, values).fetchall()
    return store.scoped("work_totals_seen", scope, **values).fetchall()


# ------------------------------------------------------------------------------------------------ sources


def _open(asked: ReportWindow, name: str, **values: int) -> Any:
    """Run a statement about open tickets, all of whose columns are in their index.

    The index is named, because the planner takes another one (tried).
    """
    sql = asked.store.seen_by(name, asked.scope)
    sql = sql.replace("FROM ticket WHERE", f"FROM {_in_index(asked.store, 'open_queue')} WHERE")
    return asked.store.execute(sql, {**scope_values(asked.scope), **asked.values, **values})


def _lapsed(asked: ReportWindow) -> Iterator[tuple[int, str, str, int]]:
    """Yield for whole days: the day, the recorded status, the present one, and the number of tickets."""
    sql = asked.store.texts.SQL["lapsed_counted"].replace(
        "FROM ticket", f"FROM {_in_index(asked.store, 'lapsing')}"
    )
    values = {"now": asked.now, "begin": asked.first * DAY, "end": (asked.last + 1) * DAY}
    for day, status, lapses_to, count in asked.store.execute(sql, values).fetchall():
        yield day, f"resolved:{status}", f"closed:{lapses_to}", count


def _months(asked: ReportWindow, zone: tzinfo) -> dict[int, int]:
    """Return when each month with new tickets, anybody's, began, and its number (``month_number``)."""
    found: dict[int, int] = {}
    number, begin = -1, asked.begin
    while (at := asked.store.value("raised_first", begin=begin, end=asked.end)) is not None:
        # A clock set back over midnight is in the previous month for an hour.
        number = max(month_number(at, zone), number + 1)
        found[month_start(number, zone)] = number
        begin = month_start(number + 1, zone)
    return found


def _days(months: Mapping[int, int]) -> dict[int, int]:
    """Return the first UTC day of each month, and its number; 0 for a day it shares with the month before."""
    found: dict[int, int] = {}
    for start, number in months.items():
        day, rest = divmod(start, DAY)
        found[day + (rest > 0)] = number
        if rest:
            found[day] = 0
    return dict(sorted(found.items()))


def _search(column: str, begins: Mapping[int, int]) -> str:
    """Return the SQL that finds a number by where each begins, in order; it is 0 before the first."""
    pairs = list(begins.items())

    def within(low: int, high: int, below: int) -> str:
        if low == high:
            return str(below)
        middle = (low + high) // 2
        begin, number = pairs[middle]
        lower, upper = within(low, middle, below), within(middle + 1, high, number)
        return f"CASE WHEN {column} < {begin} THEN {lower} ELSE {upper} END"

    return within(0, len(pairs), 0)


def _monthly(
    asked: ReportWindow, months: Mapping[int, int], names: Sequence[str]
) -> Iterator[tuple[str, int, str, int]]:
    if asked.scope.kind != "all":
        yield from _of_part(asked, names, months)
        return
    days = _days(months)
    sql = asked.store.texts.SQL["tally_by_month"].replace("<<month>>", _search("tally.day", days))
    for name in names:
        values = {"name": name, "first": asked.first, "last": asked.last}
        for month, value, count in asked.store.execute(sql, values).fetchall():
            if month:
                yield name, month, value, count
    if "status" in names:
        begins = list(days)
        for day, before, after, count in _lapsed(asked):
            if month := days[begins[bisect_right(begins, day) - 1]]:
                yield "status", month, before, -count
                yield "status", month, after, count
    shared = [day for day, month in days.items() if month == 0 and asked.first <= day <= asked.last]
    ranges = [*asked.edges, *((day * DAY, (day + 1) * DAY) for day in shared)]
    yield from _in_ranges(asked, names, ranges, months)


def _in_index(store: Store, index: str, table: str = "ticket") -> str:
    """Return a table as it is found in an index, where the engine is told which."""
    return store.texts.SPELLINGS["indexed"].format(table=table, index=index)


def _in_ranges(
    asked: ReportWindow, names: Sequence[str], ranges: Sequence[Range], months: Mapping[int, int] = _NO_MONTHS
) -> Iterator[tuple[str, int, str, int]]:
    """Yield the same as ``_of_part`` for all tickets created in some ranges."""
    if ranges:
        texts = asked.store.texts
        raised = f"{texts.SPELLINGS['raised']} WHERE {texts.EXPRESSIONS['in_range']}"
        sql = _counting(asked.store, [raised], names, months)
        rows = asked.store.execute(sql, {"now": asked.now, "ranges": _array(ranges)})
        for name, month, value, count in rows.fetchall():
            yield name, month, str(value), count


def _array(ranges: Sequence[Range]) -> str:
    return f"[{','.join(f'[{begin},{end}]' for begin, end in ranges)}]"


def _of_part(
    asked: ReportWindow, names: Sequence[str], months: Mapping[int, int] = _NO_MONTHS
) -> Iterator[tuple[str, int, str, int]]:
    """Yield name, month (0 if it does not matter), value, and the number of the tickets somebody sees."""
    sql, values = counting(asked, names, months)
    for name, month, value, count in asked.store.execute(sql, values).fetchall():
        yield name, month, str(value), count


def counting(
    asked: ReportWindow, names: Sequence[str], months: Mapping[int, int] = _NO_MONTHS
) -> tuple[str, plan.Values]:
    """The text that counts the tickets of a part of the desk, each read once, and its values.

    They are found by whose they are; where that is much, in a walk of all that were raised in that time.
    """
    arms, more = plan.arms(asked.store.texts, asked.scope, {})
    clauses, values = plan.clauses(asked.store.texts, asked.scope, {}, asked.now)
    values = {**values, **more, **asked.values}
    raised = _raised(asked)
    if _exceed(asked, arms, values, int(raised / WALKED_MEANWHILE)):
        most = raised * 2 > _raised(ReportWindow(asked.store, asked.scope, asked.now))
        unindexed = asked.store.texts.SPELLINGS["unindexed"].format(table="ticket")
        walked = unindexed if most else _in_index(asked.store, "by_created")
        parts = [f"{walked} WHERE {' AND '.join(clauses)}"]
    else:
        streams = [plan.stream(asked.store.texts, clauses, arm) for arm in plan.apart(arms)]
        parts = [f"{part.source} WHERE {part.where}" for part in streams]
    window = "ticket.created_at >= :begin AND ticket.created_at < :end"
    return _counting(asked.store, [f"{part} AND {window}" for part in parts], names, months), values


# So many tickets are read one after another while one is found in an index and read (measured: 0.8 µs and 6.5).
WALKED_MEANWHILE = 8


def _raised(asked: ReportWindow) -> int:
    """How many tickets were raised on the days that are asked for in UTC, whole or not; anybody's."""
    rows = asked.store.run(
        "tally_summed", name="status", first=asked.begin // DAY, last=(asked.end - 1) // DAY
    )
    return sum(count for _, count in rows.fetchall())


def _exceed(asked: ReportWindow, arms: Sequence[plan.Branch], values: plan.Values, limit: int) -> bool:
    """Whether the arms find more than so many tickets, by their indexes alone."""
    found = 0
    for arm in arms:
        part = plan.stream(asked.store.texts, [], arm)
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {part.source} WHERE {part.where} LIMIT {limit + 1 - found}) AS few"
        (many,) = asked.store.execute(sql, values).fetchone()
        found += many
        if found > limit:
            return True
    return False


def _counting(store: Store, parts: Sequence[str], names: Sequence[str], months: Mapping[int, int]) -> str:
    """Return the text that counts the tickets of some parts that do not overlap."""
    head = store.texts.HEADS["seen"].removesuffix("FROM ticket")
    head = head.replace("<<month>>", _search("ticket.created_at", months))
    seen = " UNION ALL ".join(f"{head} FROM {part}" for part in parts)
    counted = " UNION ALL ".join(store.texts.TALLIES[name] for name in names)
    return f"WITH seen AS MATERIALIZED ({seen}) {counted}"
