"""Due dates are those of counting minute by minute."""

import datetime as dt
import os
import random
from collections import Counter
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from tests.laws.minutes import DAY, HOLIDAY, HOUR, KINDS, QUIET, WINDOWS, Oracle, some_calendar, walls
from tix.domain.sla import plans
from tix.domain.sla.calendars import after, working
from tix.domain.sla.plans import Segment, moved, segments

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
CASES = 10_000 if SOAK else 1_000  # of each window
CALENDARS = 10

# ---------------------------------------------------------------------------------------------- the cases


class Case(NamedTuple):
    """A ticket's clock, its grace, and when it stood still."""

    clock_at: int
    seconds: int
    pauses: list[tuple[int, int]]
    due_at: int
    late: bool  # whether a pause began when the date had passed


def some_case(draw: random.Random, oracle: Oracle) -> Case:
    """A clock that starts mostly near a change, a grace of a second to three days, up to four pauses."""
    wall = oracle.wall
    middle = wall.start + 21 * DAY
    if draw.random() < 0.7:
        near = min(wall.changes, key=lambda at: abs(at - middle), default=middle)
        clock_at = near - int(4 * DAY * draw.random() ** 2) + draw.randrange(5 * HOUR)
    else:
        clock_at = middle + draw.randrange(-14 * DAY, 7 * DAY)
    size = draw.choice((1, 60, 60, 900, HOUR))
    clock_at -= clock_at % size
    seconds = draw.choice((1, 1, 2, 10, 72)) * HOUR
    seconds = max(draw.choice((1, 60)), draw.randrange(0, seconds + 1, size))
    due_at = oracle.after(clock_at, seconds)
    pauses: list[tuple[int, int]] = []
    at, late = clock_at, False
    for _ in range(draw.choice((0, 1, 2, 3, 4))):
        ahead = max(due_at - at, 1)
        kind = draw.random()
        if kind < 0.5:
            since = at + draw.randrange(ahead)
        elif kind < 0.85:  # shortly before the date
            since = max(at, due_at - draw.randrange(1, 2 * HOUR))
        else:
            since = max(at, due_at) + draw.randrange(5 * HOUR)
        since -= (since - clock_at) % size
        at = since + draw.randrange(0, draw.choice((1, 8, 48)) * HOUR, size)
        pauses.append((since, at))
        late = late or since >= due_at
        due_at = oracle.after(due_at, oracle.working(since, at))
    return Case(clock_at, seconds, pauses, due_at, late)


# ------------------------------------------------------------------------------------------------ the law


def check(name: str, count: int, due_at=plans.due_at) -> Counter[str]:
    """``count`` cases of a window, each as the oracle says; what there was in them."""
    draw = random.Random(name)  # the same cases every time
    wall = walls(name)
    seen: Counter[str] = Counter()
    for number in range(count):
        if number % (count // CALENDARS) == 0:
            calendar = some_calendar(draw, wall)
            oracle = Oracle(wall, calendar)
        case = some_case(draw, oracle)
        assert due_at(calendar, case.clock_at, case.seconds, case.pauses) == case.due_at, (calendar, case)
        seen.update(happened(case, oracle))
        if due_at is plans.due_at:
            check_parts(draw, case, oracle)
            seen.update(check_why(case, oracle))
    return seen


def check_why(case: Case, oracle: Oracle) -> set[str]:
    """The segments up to the date add up to the grace, also while it stands still; their kinds."""
    start, end = case.clock_at, case.due_at
    found = segments(oracle.calendar, start, end, case.pauses)
    check_segments(found, start, end, case.pauses, oracle)
    running = sum(segment.seconds for segment in found if segment.kind == "running")
    assert running == case.seconds or (case.late and running > case.seconds)
    paused_at = end - case.seconds // 2
    standing = segments(oracle.calendar, start, end, case.pauses, paused_at)
    check_segments(standing, start, end, [*case.pauses, (paused_at, end)], oracle)
    return {f"a segment {segment.kind}" for segment in found}


def happened(case: Case, oracle: Oracle) -> set[str]:
    span = range(case.clock_at, case.due_at)
    found = {"case"}
    if any(at in span for at in oracle.wall.changes):
        found.add("a change of the clocks")
    if HOLIDAY in oracle.kinds[oracle.place(case.clock_at) : oracle.place(case.due_at)]:
        found.add("a holiday")
    if case.pauses:
        found.add("a pause")
        if not case.late:
            found.add("a pause begun in time")
    if case.late:
        found.add("a pause begun too late")
    return found


def check_parts(draw: random.Random, case: Case, oracle: Oracle) -> None:
    """The arithmetic below, and a date that was set by hand."""
    calendar = oracle.calendar
    worked = oracle.working(case.clock_at, case.due_at)
    assert working(calendar, case.clock_at, case.due_at) == worked
    assert after(calendar, case.clock_at, case.seconds) == oracle.after(case.clock_at, case.seconds)
    by_hand = case.clock_at + draw.randrange(3 * DAY)
    for since, until in case.pauses[:1]:
        paused_seconds = oracle.working(since, until)
        assert working(calendar, since, until) == paused_seconds
        assert moved(calendar, by_hand, since, until) == oracle.after(by_hand, paused_seconds)


def check_segments(found: list[Segment], start: int, end: int, pauses, oracle: Oracle) -> None:
    """They lie end to end, neighbours differ, and each minute in one is of its kind."""
    assert [start, *(one.end for one in found)] == [*(one.start for one in found), end]
    assert all(one.start < one.end for one in found)
    assert all((one.kind, one.why) != (other.kind, other.why) for one, other in pairwise(found))
    edges = {edge for pause in pauses for edge in pause}
    for kind, since, until, why in found:
        for at in (since, *(edge for edge in edges if since < edge < until)):
            assert (kind == "paused") == any(begin <= at < finish for begin, finish in pauses)
        if kind != "paused":
            kinds = oracle.kinds[oracle.place(since) : oracle.place(until - 1) + 1]
            assert kinds == KINDS[kind] * len(kinds)
            assert {why} == (oracle.names(since, until) if kind == "holiday" else {None})


@pytest.mark.parametrize("name", WINDOWS)
def test_due_dates_are_those_of_counting(name):
    """Grace, pauses, segments and dates set by hand are what counting each minute on the wall gives."""
    seen = check(name, CASES)
    assert seen["case"] == CASES
    assert (seen["a change of the clocks"] > CASES / 5) == (name not in QUIET)
    for what in ("a holiday", "a pause begun too late", "a segment holiday", "a segment outside hours"):
        assert seen[what] > CASES / 20, what
    for what in ("a pause", "a pause begun in time", "a segment paused"):
        assert seen[what] > CASES / 3, what


def test_there_are_enough_cases():
    assert CASES * len(WINDOWS) >= 10_000


# ------------------------------------------------------------------------------------------ planted faults


def simple_due_at(calendar, clock_at, seconds, pauses, instant_of):
    """The same by days of local time; ``instant_of`` a minute of one, where each fault is."""
    zone = ZoneInfo(calendar.zone)

    def spans(since, until):
        first = dt.datetime.fromtimestamp(since, zone).toordinal() - 2
        for day in range(first, first + (until - since) // DAY + 5):
            midnight = dt.datetime.fromordinal(day)
            pairs = () if day in calendar.holidays else calendar.hours[midnight.weekday()]
            for pair in pairs:
                local = (midnight + dt.timedelta(minutes=minutes) for minutes in pair)
                opens, closes = (instant_of(one, zone, clock_at) for one in local)
                if max(opens, since) < min(closes, until):
                    yield max(opens, since), min(closes, until)

    for since, until in pauses:
        seconds += sum(b - a for a, b in spans(since, until))
    for since, until in spans(clock_at, clock_at + 84 * DAY):
        if seconds <= until - since:
            return since + seconds
        seconds -= until - since
    raise AssertionError("not within twelve weeks")


def constant_offset(local, zone, clock_at):
    offset = dt.datetime.fromtimestamp(clock_at, zone).utcoffset()
    return int((local - offset).replace(tzinfo=dt.UTC).timestamp())


def first_fold(local, zone, clock_at):
    return int(local.replace(tzinfo=zone).timestamp())


def second_fold(local, zone, clock_at):
    return int(local.replace(tzinfo=zone, fold=1).timestamp())


def by_days(instant_of):
    return lambda calendar, *case: simple_due_at(calendar, *case, instant_of)


def without_holidays(calendar, *case):
    return plans.due_at(calendar._replace(holidays={}), *case)


def pauses_on_the_wall(calendar, clock_at, seconds, pauses):
    return after(calendar, clock_at, seconds + sum(until - since for since, until in pauses))


def pauses_not_counted(calendar, clock_at, seconds, pauses):
    return plans.due_at(calendar, clock_at, seconds, ())


def only_pauses_in_time(calendar, clock_at, seconds, pauses):
    """A clock that simply stops: what is paused after the date moves nothing."""
    due_at = after(calendar, clock_at, seconds)
    for since, until in pauses:
        if since < due_at:
            due_at = after(calendar, due_at, working(calendar, since, until))
    return due_at


def next_morning(calendar, *case):
    """The last instant with that much worked, not the first."""
    return after(calendar, plans.due_at(calendar, *case), 1) - 1


FAULTS = {
    "one offset for all days": by_days(constant_offset),
    "an hour that comes twice is the first": by_days(first_fold),
    "an hour that comes twice is the second": by_days(second_fold),
    "holidays are worked": without_holidays,
    "pauses in time on the wall": pauses_on_the_wall,
    "pauses do not count": pauses_not_counted,
    "a late pause moves nothing": only_pauses_in_time,
    "due the next morning": next_morning,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(fault):
    """Control: the law fails on arithmetic with one thing wrong."""
    with pytest.raises(AssertionError, match="drawn"):
        check("Berlin, an hour back", CASES, FAULTS[fault])


@pytest.mark.parametrize("instant_of", [constant_offset, first_fold, second_fold])
def test_the_simple_arithmetic_is_right_where_clocks_stay(instant_of):
    """Control of the controls: they are wrong for the reason they are named for."""
    assert check("Kolkata, never", 100, by_days(instant_of))["case"] == 100
