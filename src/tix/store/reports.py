"""Counts for reports, of the tickets somebody sees, as they are now.

For those who see everything they come from the daily counts (``store.search.counts``), corrected by the index of
automatic closing for tickets whose closing is not recorded yet. For those who see a part, the same is counted of
their tickets, found as in the queue (``store.search.plan``). What depends on the present time, age and being overdue,
comes from the index of open tickets for both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tix.domain.permissions import Scope
from tix.store import compiled
from tix.store.connection import Store, scope_values
from tix.store.search import plan
from tix.store.search.counts import DAY

# Name and value, as in ``counts.of``.
Counts = Counter[tuple[str, str]]

_EVER = 2**40  # days


class Asked(NamedTuple):
    """Whose tickets are counted, as of which time, and created between which days, both included (days since 1970)."""

    store: Store
    scope: Scope
    now: int
    first: int = -_EVER
    last: int = _EVER

    @property
    def values(self) -> dict[str, int]:
        """Return the bounds of the creation time, the end not included; and now. In UTC seconds."""
        return {"now": self.now, "begin": self.first * DAY, "end": (self.last + 1) * DAY}


class Aged(NamedTuple):
    """The open tickets in one range of age; ``oldest`` is when the oldest was created (UTC seconds)."""

    band: int
    open: int
    unassigned: int
    unanswered: int
    overdue: int
    oldest: int


def asked(store: Store, scope: Scope, now: int, since: int | None, until: int | None) -> Asked:
    """Return the request for the days of two times, each unbounded if it is None."""
    first = -_EVER if since is None else since // DAY
    return Asked(store, scope, now, first, _EVER if until is None else until // DAY)


def summed(asked: Asked, *names: str) -> Counts:
    """Return how many tickets have each value of some names."""
    found: Counts = Counter()
    if asked.scope.kind != "all":
        for name, _, value, count in _of_part(asked, names, monthly=False):
            found[name, value] += count
        return found
    for name in names:
        for value, count in asked.store.run("tally_summed", name=name, first=asked.first, last=asked.last):
            found[name, value] = count
    if "status" in names:
        for _, before, after, count in _lapsed(asked):
            found["status", before] -= count
            found["status", after] += count
    return +found


def by_month(asked: Asked, *names: str) -> dict[str, Counts]:
    """Return the same by the month of creation (``2026-11``), in order."""
    found: dict[str, Counts] = {}
    for name, month, value, count in _monthly(asked, names):
        found.setdefault(month, Counter())[name, value] += count
    return {month: +found[month] for month in sorted(found) if +found[month]}


def by_day(asked: Asked) -> dict[int, int]:
    """Return how many tickets were created on each of the days."""
    if asked.scope.kind == "all":
        rows = asked.store.run("tally_by_day", name="status", first=asked.first, last=asked.last)
        return dict(rows.fetchall())
    rows = asked.store.scoped(
        "raised_by_day", asked.scope, begin=asked.values["begin"], end=asked.values["end"]
    )
    return {asked.first + day: count for day, count in rows.fetchall()}


def by_age(asked: Asked, ends: Sequence[int]) -> list[Aged]:
    """Return the open tickets by age; range n holds those less than ``ends[n]`` days old, the last one all others."""
    today = asked.now // DAY
    bands = {f"band_{place}": (today - end + 1) * DAY for place, end in enumerate(ends)}
    return [Aged(*row) for row in _open(asked, "open_by_age", **bands).fetchall()]


def oldest(asked: Asked, at: int) -> str:
    """Return the reference of the first open ticket created at an instant."""
    prefix, number = asked.store.scoped("open_of_instant", asked.scope, at=at).fetchone()
    return f"{prefix}{number}"


def overdue(asked: Asked) -> list[tuple[str | None, str | None, int]]:
    """Return the number of overdue tickets, by assignee and by plan."""
    return list(_open(asked, "overdue_counted").fetchall())


def worked(
    store: Store, scope: Scope, since: int | None, until: int | None
) -> list[tuple[str, int, int, int, int]]:
    """Return who worked between two times: number of entries, seconds, billable seconds, unbilled seconds."""
    values = {
        "since": -DAY * _EVER if since is None else since,
        "until": DAY * _EVER if until is None else until,
    }
    if scope.kind == "all":
        sql = compiled.SQL["work_totals"].replace("FROM work", "FROM work INDEXED BY work_by")
        return store.execute(sql, values).fetchall()
    return store.scoped("work_totals_seen", scope, **values).fetchall()


# ------------------------------------------------------------------------------------------------ sources


def _open(asked: Asked, name: str, **values: int) -> Any:
    """Run a statement about open tickets, all of whose columns are in their index: the planner takes another (tried)."""
    sql = compiled.SQL[name].replace("<<visible>>", compiled.SCOPES[asked.scope.kind])
    sql = sql.replace("FROM ticket WHERE", "FROM ticket INDEXED BY open_queue WHERE")
    return asked.store.execute(sql, {**scope_values(asked.scope), **asked.values, **values})


def _lapsed(asked: Asked) -> Iterator[tuple[str, str, str, int]]:
    """Yield month, recorded status, present status, and number of the tickets that have closed unrecorded."""
    sql = compiled.SQL["lapsed_counted"].replace("FROM ticket", "FROM ticket INDEXED BY lapsing")
    for month, status, lapses_to, count in asked.store.execute(sql, asked.values).fetchall():
        yield month, f"resolved:{status}", f"closed:{lapses_to}", count


def _monthly(asked: Asked, names: Sequence[str]) -> Iterator[tuple[str, str, str, int]]:
    if asked.scope.kind != "all":
        yield from _of_part(asked, names, monthly=True)
        return
    for name in names:
        rows = asked.store.run("tally_by_month", name=name, first=asked.first, last=asked.last)
        for month, value, count in rows.fetchall():
            yield name, month, value, count
    if "status" in names:
        for month, before, after, count in _lapsed(asked):
            yield "status", month, before, -count
            yield "status", month, after, count


def _of_part(asked: Asked, names: Sequence[str], *, monthly: bool) -> Iterator[tuple[str, str, str, int]]:
    """Yield name, month ("" if it does not matter), value, and the number of the tickets somebody sees."""
    sql, values = counting(asked, names, monthly=monthly)
    for name, month, value, count in asked.store.execute(sql, values).fetchall():
        yield name, month, str(value), count


def counting(asked: Asked, names: Sequence[str], *, monthly: bool) -> tuple[str, plan.Values]:
    """Return the text that counts the tickets of a part of the desk, reading each once, and its values."""
    arms, more = plan.arms(asked.scope, {})
    clauses, values = plan.clauses(asked.scope, {}, asked.now)
    head = compiled.HEADS["seen"].removesuffix("FROM ticket")
    parts = [
        f"{head} FROM {part.source} WHERE {part.where} "
        "AND ticket.created_at >= :begin AND ticket.created_at < :end"
        for part in (plan.stream(clauses, arm) for arm in plan.apart(arms))
    ]
    counted = " UNION ALL ".join(compiled.TALLIES[name] for name in names)
    sql = f"WITH seen AS MATERIALIZED ({' UNION ALL '.join(parts)}) {counted}"
    return sql, {**values, **more, **asked.values, "monthly": int(monthly)}
