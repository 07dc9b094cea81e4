"""The dates of a rhythm are those that somebody finds who turns the leaves of a calendar, day by day."""

import os
from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tix.domain.schedules import recurrence
from tix.domain.schedules.recurrence import Recurrence, parse_every

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
EXAMPLES = 3_000 if SOAK else 250
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
)
DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


# ------------------------------------------------------------------------------------------------ the oracle


def is_last(day):
    """Tomorrow is another month."""
    return (day + DAY).month != day.month


def months_between(start, day):
    """Leaves of a monthly calendar turned from one day to another."""
    turned = 0
    while (start.year, start.month) < (day.year, day.month):
        turned += 1
        start = (start.replace(day=28) + 4 * DAY).replace(day=1)
    return turned


def falls(name, start, day):
    """Whether a name falls on a day."""
    if name in ("three-days", "weekly", "biweekly"):
        return (day - start).days % {"three-days": 3, "weekly": 7, "biweekly": 14}[name] == 0
    step = {"monthly": 1, "quarterly": 3, "biannually": 6, "annually": 12}[name]
    fits = day.day == start.day or (is_last(day) and day.day < start.day)
    return fits and months_between(start, day) % step == 0


def rule_falls(rule, start, day):
    """The same of a rule of the kinds made below."""
    match rule:
        case ("DAILY", step):
            return (day - start).days % step == 0
        case ("WEEKLY", step, days):
            monday = start - timedelta(days=start.weekday())
            return ((day - monday).days // 7) % step == 0 and WEEKDAYS[day.weekday()] in days
        case ("MONTHDAY", step, days):
            from_end = 1
            while not is_last(day + (from_end - 1) * DAY):
                from_end += 1
            return months_between(start, day) % step == 0 and (day.day in days or -from_end in days)
        case ("PLACE", step, place, weekday):
            same = [one for one in month_of(day) if WEEKDAYS[one.weekday()] == weekday]
            wanted = same[place - 1 : place] if place > 0 else same[place : place + 1 or None]
            return months_between(start, day) % step == 0 and day in wanted
    raise AssertionError(rule)


def month_of(day):
    """Its days."""
    first = day.replace(day=1)
    return [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).month == day.month]


def written(rule):
    """A rule as people write it."""
    match rule:
        case ("DAILY", step):
            return f"FREQ=DAILY;INTERVAL={step}"
        case ("WEEKLY", step, days):
            return f"FREQ=WEEKLY;INTERVAL={step};BYDAY={','.join(sorted(days))}"
        case ("MONTHDAY", step, days):
            return f"FREQ=MONTHLY;INTERVAL={step};BYMONTHDAY={','.join(map(str, sorted(days)))}"
        case ("PLACE", step, place, weekday):
            return f"FREQ=MONTHLY;INTERVAL={step};BYDAY={place}{weekday}"
    raise AssertionError(rule)


def instants(day, clock, zone):
    """When a zone's clocks show that: the first of the offsets that hold around it, else by the one before."""
    shown = datetime.combine(day, clock)
    before, after = ((shown + way * DAY).replace(tzinfo=zone).utcoffset() for way in (-1, 1))
    utc = ZoneInfo("UTC")
    tried = sorted((shown - offset).replace(tzinfo=utc) for offset in {before, after})
    right = [one for one in tried if one.astimezone(zone).replace(tzinfo=None) == shown]
    return int((right[0] if right else (shown - before).replace(tzinfo=utc)).timestamp())


def turned(hits, start, zone, count, limit=4_000):
    """The first dates, by looking at each day in turn."""
    found = []
    for n in range(limit):
        day = start.date() + n * DAY
        if hits(day):
            found.append(instants(day, start.time(), zone))
            if len(found) == count:
                break
    return found


# --------------------------------------------------------------------------------------------------- the law

_ends = st.sampled_from((28, 29, 30, 31)).flatmap(
    lambda day: st.builds(lambda y, m: (y, m, day), st.integers(2024, 2032), st.integers(1, 12))
)
_days = st.one_of(
    st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    _ends.map(lambda it: next(d for d in reversed(month_of(date(it[0], it[1], 1))) if d.day <= it[2])),
    st.sampled_from((date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 14))),
)
_clocks = st.sampled_from(("00:00", "02:30", "01:59", "09:00", "23:59")).map(time.fromisoformat)
_starts = st.builds(datetime.combine, _days, _clocks)
_rules = st.one_of(
    st.tuples(st.just("DAILY"), st.integers(1, 40)),
    st.tuples(st.just("WEEKLY"), st.integers(1, 5), st.frozensets(st.sampled_from(WEEKDAYS), min_size=1)),
    st.tuples(st.just("MONTHDAY"), st.integers(1, 4), st.frozensets(st.sampled_from((1, 15, 28, 29, 30, 31, -1, -2, -31)), min_size=1)),
    st.tuples(st.just("PLACE"), st.integers(1, 3), st.sampled_from((1, 2, 4, 5, -1, -4)), st.sampled_from(WEEKDAYS)),
)  # fmt: skip


def check_name(name, start, zone_name, skipped):
    """The next six dates of a name, and the same when somebody asks after the first few."""
    zone = ZoneInfo(zone_name)
    expected = turned(lambda day: falls(name, start.date(), day), start, zone, 6)
    rhythm = Recurrence(parse_every(name), instants(start.date(), start.time(), zone), zone_name)
    shown = datetime.fromtimestamp(rhythm.start_at, zone).replace(tzinfo=None)
    if shown != start:  # it begins in an hour that there is not
        return "none"
    assert expected == recurrence.upcoming(rhythm, rhythm.start_at - 1, 6)
    assert expected[skipped:] == recurrence.upcoming(rhythm, expected[skipped] - 1, 6 - skipped)
    return name


def check_rule(rule, start, zone_name, end):
    """The same of a rule, with an end or without."""
    zone = ZoneInfo(zone_name)
    every = turned(lambda day: rule_falls(rule, start.date(), day), start, zone, 6)
    at = instants(start.date(), start.time(), zone)
    if datetime.fromtimestamp(at, zone).replace(tzinfo=None) != start or len(every) < 6:
        return "none"
    text, expected = written(rule), every
    if end == "count":
        text, expected = f"{text};COUNT=4", every[:4]
    if end == "until":
        text, expected = f"{text};UNTIL={datetime.fromtimestamp(every[3], zone):%Y%m%d}", every[:4]
    rhythm = Recurrence(parse_every(text), at, zone_name)
    recurrence.refuse_idle(rhythm)
    assert expected == recurrence.upcoming(rhythm, at - 1, 6)
    assert expected[2:] == recurrence.upcoming(rhythm, expected[1], 4)
    return f"{rule[0]} {end}"


wall = datetime.fromisoformat
NAMED = [(name, wall("2027-01-31 09:00"), "Europe/Berlin", 2) for name in recurrence.NAMES]
NAMED += [("annually", wall("2028-02-29 02:30"), "America/New_York", 3)]
NAMED += [("monthly", wall("2027-08-30 02:30"), "Europe/Berlin", 1)]
RULED = [(("DAILY", 1), wall("2027-10-29 02:30"), "Europe/Berlin", "until")]
RULED += [(("WEEKLY", 2, frozenset({"MO"})), wall("2027-03-10 09:00"), "America/New_York", "count")]


def test_the_dates_of_a_name():
    """Random starts, the ends of months and the changes of the clocks among them."""
    seen = Counter(check_name(*one) for one in NAMED)

    @settings(max_examples=EXAMPLES, derandomize=not SOAK, deadline=None)
    @given(st.sampled_from(recurrence.NAMES), _starts, st.sampled_from(ZONES), st.integers(0, 5))
    def law(name, start, zone, skipped):
        seen[check_name(name, start, zone, skipped)] += 1

    law()
    assert all(seen[name] > 5 for name in recurrence.NAMES), seen


def test_the_dates_of_a_rule():
    """Days, weeks, days of a month from both ends, places of weekdays; endless, counted, until a day."""
    seen = Counter(check_rule(*one) for one in RULED)

    @settings(max_examples=EXAMPLES, derandomize=not SOAK, deadline=None)
    @given(_rules, _starts, st.sampled_from(ZONES), st.sampled_from(("endless", "count", "until")))
    def law(rule, start, zone, end):
        seen[check_rule(rule, start, zone, end)] += 1

    law()
    assert len([kind for kind, many in seen.items() if many > 2 and kind != "none"]) == 12, seen


# ------------------------------------------------------------------------------------------ planted faults


def check_known():
    """The dates that random ones come on top of."""
    for one in NAMED:
        check_name(*one)
    for one in RULED:
        check_rule(*one)


def _seconds(start, zone, days, passed):
    """A day taken for 24 hours."""
    first = recurrence._instant(start, zone)
    n = 0
    while True:
        yield first + n * days * 86_400
        n += 1


def _stuck(start, zone, months, passed):
    """Once at the end of a short month it stays on that day."""
    day = start
    while True:
        yield recurrence._instant(day, zone)
        year, month = divmod(day.month - 1 + months, 12)
        year, month = day.year + year, month + 1
        last = month_of(date(year, month, 1))[-1].day
        day = day.replace(year=year, month=month, day=min(day.day, last))


def _skipping(start, zone, months, passed):
    """A month without the day is left out."""
    n = 0
    while True:
        year, month = divmod(start.month - 1 + n * months, 12)
        if start.day <= month_of(date(start.year + year, month + 1, 1))[-1].day:
            yield recurrence._instant(start.replace(year=start.year + year, month=month + 1), zone)
        n += 1


def _first_anew(start, zone, months, passed, _real=recurrence._by_months):
    """It counts from the start again whatever has passed, but loses the first."""
    found = _real(start, zone, months, passed)
    if passed > 0:
        next(found), next(found)
    return found


def _in_utc(every, start, zone, _real=recurrence._by_rule):
    """A rule counted by another clock than the zone's."""
    return _real(every, start, ZoneInfo("UTC"))


def _endless(every, start, zone, _real=recurrence._by_rule):
    """No end is an end."""
    kept = [part for part in every.split(";") if not part.startswith(("COUNT", "UNTIL"))]
    return _real(";".join(kept), start, zone)


@pytest.mark.parametrize(
    ("name", "faulty"),
    [
        ("_by_days", _seconds),
        ("_by_months", _stuck),
        ("_by_months", _skipping),
        ("_by_months", _first_anew),
        ("_by_rule", _in_utc),
        ("_by_rule", _endless),
    ],
)
def test_a_planted_fault_is_seen(name, faulty, monkeypatch):
    """Control: the same dates of a program that counts otherwise."""
    monkeypatch.setattr(recurrence, name, faulty)
    with pytest.raises(AssertionError):
        check_known()
