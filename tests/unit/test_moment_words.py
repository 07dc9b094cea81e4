"""The words for times and durations: a table of what each means, in three time zones and by two calendars."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tix.domain.durations import parse_duration
from tix.domain.moments import parse_moment, parse_when
from tix.domain.sla.calendars import Calendar, parse_hours
from tix.domain.tickets.due_dates import end_of
from tix.domain.times import parse_instant
from tix.errors import InvalidValue

# A Tuesday: 10:00 in Berlin, 04:00 in New York, 22:00 in Auckland.
NOW = parse_instant("2026-11-24T09:00:00Z")
ZONES = [ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")]
OFFICE = Calendar(
    "office",
    "Europe/Berlin",
    parse_hours("mon-fri 9-17"),
    {dt.date(2026, 11, 26).toordinal(): "Day off", dt.date(2026, 12, 25).toordinal(): "Christmas"},
)
SHOP = Calendar("shop", "America/New_York", parse_hours("tue-sat 10-14"), {})

# Use, words, and the local time: one for all three zones, or one for each.
WORDS = """
due | 3d | 2026-11-27 10:00 | 2026-11-27 04:00 | 2026-11-27 22:00
due | +3d | 2026-11-27 10:00 | 2026-11-27 04:00 | 2026-11-27 22:00
due | in 3 days | 2026-11-27 10:00 | 2026-11-27 04:00 | 2026-11-27 22:00
due | 3 days | 2026-11-27 10:00 | 2026-11-27 04:00 | 2026-11-27 22:00
due | 2h | 2026-11-24 12:00 | 2026-11-24 06:00 | 2026-11-25 00:00
due | in 2 hours | 2026-11-24 12:00 | 2026-11-24 06:00 | 2026-11-25 00:00
due | 1h30m | 2026-11-24 11:30 | 2026-11-24 05:30 | 2026-11-24 23:30
due | 45 min | 2026-11-24 10:45 | 2026-11-24 04:45 | 2026-11-24 22:45
due | 0.5h | 2026-11-24 10:30 | 2026-11-24 04:30 | 2026-11-24 22:30
due | 0,5h | 2026-11-24 10:30 | 2026-11-24 04:30 | 2026-11-24 22:30
due | in a week | 2026-12-01 10:00 | 2026-12-01 04:00 | 2026-12-01 22:00
due | in an hour | 2026-11-24 11:00 | 2026-11-24 05:00 | 2026-11-24 23:00
due | 2 weeks from now | 2026-12-08 10:00 | 2026-12-08 04:00 | 2026-12-08 22:00
due | 2mo | 2027-01-24 10:00 | 2027-01-24 04:00 | 2027-01-24 22:00
due | in 1 month | 2026-12-24 10:00 | 2026-12-24 04:00 | 2026-12-24 22:00
due | in 3 months | 2027-02-24 10:00 | 2027-02-24 04:00 | 2027-02-24 22:00
due | 1y | 2027-11-24 10:00 | 2027-11-24 04:00 | 2027-11-24 22:00
due | today | 2026-11-24 23:59:59
due | tomorrow | 2026-11-25 23:59:59
due | day after tomorrow | 2026-11-26 23:59:59
due | friday | 2026-11-27 23:59:59
due | fri | 2026-11-27 23:59:59
due | tuesday | 2026-12-01 23:59:59
due | this friday | 2026-11-27 23:59:59
due | this monday | 2026-11-30 23:59:59
due | next friday | 2026-12-04 23:59:59
due | next tuesday | 2026-12-01 23:59:59
due | friday next week | 2026-12-04 23:59:59
due | next week | 2026-12-06 23:59:59
due | this week | 2026-11-29 23:59:59
due | this month | 2026-11-30 23:59:59
due | next month | 2026-12-31 23:59:59
due | next quarter | 2027-03-31 23:59:59
due | next year | 2027-12-31 23:59:59
due | noon | 2026-11-24 12:00 | 2026-11-24 12:00 | 2026-11-25 12:00
due | at noon | 2026-11-24 12:00 | 2026-11-24 12:00 | 2026-11-25 12:00
due | tonight | 2026-11-24 20:00 | 2026-11-24 20:00 | 2026-11-24 23:59:59
due | tonight 9pm | 2026-11-24 21:00
due | this evening | 2026-11-24 18:00 | 2026-11-24 18:00 | 2026-11-24 23:59:59
due | this afternoon | 2026-11-24 15:00
due | tomorrow morning | 2026-11-25 09:00
due | tomorrow noon | 2026-11-25 12:00
due | tomorrow 9am | 2026-11-25 09:00
due | 9am tomorrow | 2026-11-25 09:00
due | tomorrow at 14:00 | 2026-11-25 14:00
due | fri 14:00 | 2026-11-27 14:00
due | 14:00 on friday | 2026-11-27 14:00
due | next monday 9am | 2026-11-30 09:00
due | 9am | 2026-11-25 09:00 | 2026-11-24 09:00 | 2026-11-25 09:00
due | 18:30 | 2026-11-24 18:30 | 2026-11-24 18:30 | 2026-11-25 18:30
due | 1:30 | 2026-11-25 01:30
due | eod | 2026-11-24 23:59:59
due | friday eod | 2026-11-27 23:59:59
due | tomorrow eod | 2026-11-25 23:59:59
due | eow | 2026-11-29 23:59:59
due | eom | 2026-11-30 23:59:59
due | eoq | 2026-12-31 23:59:59
due | eoy | 2026-12-31 23:59:59
due | end of day | 2026-11-24 23:59:59
due | end of the week | 2026-11-29 23:59:59
due | end of next month | 2026-12-31 23:59:59
due | end of november 2026 | 2026-11-30 23:59:59
due | dec 24 | 2026-12-24 23:59:59
due | 24 dec | 2026-12-24 23:59:59
due | december 24 | 2026-12-24 23:59:59
due | 24th of december | 2026-12-24 23:59:59
due | dec 24 2026 | 2026-12-24 23:59:59
due | dec 24, 2026 | 2026-12-24 23:59:59
due | 24 dec 2027 | 2027-12-24 23:59:59
due | dec 24 14:00 | 2026-12-24 14:00
due | jan 5 | 2027-01-05 23:59:59
due | nov 24 | 2026-11-24 23:59:59
due | nov 23 | 2027-11-23 23:59:59
due | feb 29 | 2028-02-29 23:59:59
due | 24.12.2026 | 2026-12-24 23:59:59
due | 24.12. | 2026-12-24 23:59:59
due | 1.2.2027 | 2027-02-01 23:59:59
due | 24.12.2026 14:00 | 2026-12-24 14:00
due | 2026-12-24 | 2026-12-24 23:59:59
due | 2026/12/24 | 2026-12-24 23:59:59
due | 2026-12-24 2pm | 2026-12-24 14:00
due | 2026-12-24T14:00 | 2026-12-24 14:00
due | 2026-12 | 2026-12-31 23:59:59
due | december 2026 | 2026-12-31 23:59:59
due | 2026-12-01/2026-12-07 | 2026-12-07 23:59:59
due | 9th | 2026-12-09 23:59:59
due | the 24th | 2026-11-24 23:59:59
due | 31st | 2026-12-31 23:59:59
due | 2026-12-24T14:00:00Z | 2026-12-24 15:00 | 2026-12-24 09:00 | 2026-12-25 03:00
due | now | 2026-11-24 10:00 | 2026-11-24 04:00 | 2026-11-24 22:00
due | -2h | 2026-11-24 08:00 | 2026-11-24 02:00 | 2026-11-24 20:00
due | 1 week ago | 2026-11-17 10:00 | 2026-11-17 04:00 | 2026-11-17 22:00
due | yesterday | 2026-11-23 23:59:59
due | Next   FRIDAY | 2026-12-04 23:59:59
since | 2d | 2026-11-22 10:00 | 2026-11-22 04:00 | 2026-11-22 22:00
since | 2 days | 2026-11-22 10:00 | 2026-11-22 04:00 | 2026-11-22 22:00
since | 3h | 2026-11-24 07:00 | 2026-11-24 01:00 | 2026-11-24 19:00
since | 1 week ago | 2026-11-17 10:00 | 2026-11-17 04:00 | 2026-11-17 22:00
since | 2 weeks ago | 2026-11-10 10:00 | 2026-11-10 04:00 | 2026-11-10 22:00
since | a month ago | 2026-10-24 10:00 | 2026-10-24 04:00 | 2026-10-24 22:00
since | 1y ago | 2025-11-24 10:00 | 2025-11-24 04:00 | 2025-11-24 22:00
since | yesterday | 2026-11-23 00:00
since | today | 2026-11-24 00:00
since | monday | 2026-11-23 00:00
since | tuesday | 2026-11-24 00:00
since | friday | 2026-11-20 00:00
since | last monday | 2026-11-16 00:00
since | last friday | 2026-11-20 00:00
since | last week | 2026-11-16 00:00
since | this week | 2026-11-23 00:00
since | last month | 2026-10-01 00:00
since | this month | 2026-11-01 00:00
since | this year | 2026-01-01 00:00
since | last year | 2025-01-01 00:00
since | noon | 2026-11-23 12:00 | 2026-11-23 12:00 | 2026-11-24 12:00
since | 9am | 2026-11-24 09:00 | 2026-11-23 09:00 | 2026-11-24 09:00
since | 18:30 | 2026-11-23 18:30 | 2026-11-23 18:30 | 2026-11-24 18:30
since | yesterday 9am | 2026-11-23 09:00
since | last night | 2026-11-23 20:00
since | nov 1 | 2026-11-01 00:00
since | dec 24 | 2025-12-24 00:00
since | 24.12. | 2025-12-24 00:00
since | 1st | 2026-11-01 00:00
since | 2026-11 | 2026-11-01 00:00
since | 2026-11-01 | 2026-11-01 00:00
since | mon 9am | 2026-11-23 09:00
until | 2d | 2026-11-22 10:00 | 2026-11-22 04:00 | 2026-11-22 22:00
until | yesterday | 2026-11-23 23:59:59
until | today | 2026-11-24 23:59:59
until | monday | 2026-11-23 23:59:59
until | last week | 2026-11-22 23:59:59
until | last month | 2026-10-31 23:59:59
until | 2026-11 | 2026-11-30 23:59:59
until | 2026-11-01 | 2026-11-01 23:59:59
until | nov 1 | 2026-11-01 23:59:59
until | nov 1 14:00 | 2026-11-01 14:00
until | eow | 2026-11-29 23:59:59
until | friday | 2026-11-20 23:59:59
"""

# Words for a due date, and when that is by the office, by the shop, and without a calendar; in Berlin's time.
BY_CALENDAR = """
today | 2026-11-24 17:00 | 2026-11-24 20:00 | 2026-11-24 23:59:59
eod | 2026-11-24 17:00 | 2026-11-24 20:00 | 2026-11-24 23:59:59
tomorrow | 2026-11-25 17:00 | 2026-11-25 20:00 | 2026-11-25 23:59:59
friday | 2026-11-27 17:00 | 2026-11-27 20:00 | 2026-11-27 23:59:59
thursday | 2026-11-26 23:59:59 | 2026-11-26 20:00 | 2026-11-26 23:59:59
next week | 2026-12-04 17:00 | 2026-12-05 20:00 | 2026-12-06 23:59:59
eow | 2026-11-27 17:00 | 2026-11-28 20:00 | 2026-11-29 23:59:59
eom | 2026-11-30 17:00 | 2026-11-28 20:00 | 2026-11-30 23:59:59
saturday | 2026-11-28 23:59:59 | 2026-11-28 20:00 | 2026-11-28 23:59:59
1bd | 2026-11-25 17:00 | 2026-11-25 20:00 | 2026-11-25 23:59:59
2bd | 2026-11-27 17:00 | 2026-11-26 20:00 | 2026-11-26 23:59:59
in 2 business days | 2026-11-27 17:00 | 2026-11-26 20:00 | 2026-11-26 23:59:59
3bd | 2026-11-30 17:00 | 2026-11-27 20:00 | 2026-11-27 23:59:59
5bd | 2026-12-02 17:00 | 2026-12-01 20:00 | 2026-12-01 23:59:59
10 working days | 2026-12-09 17:00 | 2026-12-08 20:00 | 2026-12-08 23:59:59
dec 25 | 2026-12-25 23:59:59 | 2026-12-25 20:00 | 2026-12-25 23:59:59
+3d | 2026-11-27 10:00 | 2026-11-27 10:00 | 2026-11-27 10:00
friday 14:00 | 2026-11-27 14:00 | 2026-11-27 14:00 | 2026-11-27 14:00
25bd | 2026-12-31 17:00 | 2026-12-29 20:00 | 2026-12-29 23:59:59
-1bd | 2026-11-23 23:59:59 | 2026-11-22 05:59:59 | 2026-11-23 23:59:59
1bd ago | 2026-11-23 23:59:59 | 2026-11-22 05:59:59 | 2026-11-23 23:59:59
23bd | 2026-12-29 17:00 | 2026-12-25 20:00 | 2026-12-25 23:59:59
"""

DURATIONS = """
25 | 25m
0 | 0
90s | 90s
25m | 25m
25 min | 25m
25 minutes | 25m
2h | 2h
2 hours | 2h
1 hour | 1h
1h30m | 1h30m
1h 30m | 1h30m
1 hour 30 minutes | 1h30m
0.5h | 30m
0,5h | 30m
.25h | 15m
1.5 hours | 1h30m
0.1m | 6s
1,25h | 1h15m
0.333h | 1199s
1:30 | 90m
01:05 | 65m
100:00 | 100h
0:02:35 | 155s
3d | 72h
3 days | 72h
1.5d | 36h
1w | 168h
2 weeks | 336h
1w2d | 216h
72H | 72h
"""

# What can be read in several ways, and the readings of the refusal.
AMBIGUOUS = """
9 | 9:00, 9d or 9th
+9 | 9m, 9h or 9d
25 | 25d or 25th
friday 9 | friday 9:00 or 9th
tomorrow 9 | tomorrow 9am or tomorrow 9pm
midnight | today 00:00 or today eod
friday midnight | friday 00:00 or friday eod
12/24/2026 | 2026-12-24
03/04/2026 | 2026-04-03 or 2026-03-04
3/4 | apr 3 or mar 4
5/5 | may 5
"""


def rows(table):
    return [[cell.strip() for cell in line.split(" | ")] for line in table.strip().splitlines()]


def local(text, zone):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


@pytest.mark.parametrize("row", rows(WORDS), ids=" ".join)
def test_words_for_a_time(row):
    """A day is over at its end when something is due, begins it after --since, and ends it after --until."""
    use, words, *expected = row
    for zone, at in zip(ZONES, expected * 3 if len(expected) == 1 else expected, strict=True):
        if use == "due":
            found = end_of(parse_when(words, NOW, zone), None, NOW)
        else:
            found = parse_moment(words, NOW, zone, past=True, ends=use == "until")
        assert found == local(at, zone), (words, str(zone))


@pytest.mark.parametrize("row", rows(BY_CALENDAR), ids=" ".join)
def test_words_by_a_calendar(row):
    """A day is over with its last business hour; business days leave out weekends and holidays."""
    words, *expected = row
    for calendar, at in zip((OFFICE, SHOP, None), expected, strict=True):
        assert end_of(parse_when(words, NOW, ZONES[0]), calendar, NOW) == local(at, ZONES[0])


@pytest.mark.parametrize("row", rows(DURATIONS), ids=" ".join)
def test_words_for_a_duration(row):
    words, expected = row
    count, unit = (expected, "s") if expected == "0" else (expected[:-1], expected[-1])
    seconds = (
        5400
        if expected == "1h30m"
        else 4500
        if expected == "1h15m"
        else int(count) * {"s": 1, "m": 60, "h": 3600}[unit]
    )
    assert parse_duration(words, minutes=True) == seconds


@pytest.mark.parametrize("row", rows(AMBIGUOUS), ids=" ".join)
def test_what_is_ambiguous_is_refused_with_its_readings(row):
    """Each reading is itself understood."""
    words, readings = row
    with pytest.raises(InvalidValue) as refused:
        parse_when(words, NOW, ZONES[0])
    assert readings in refused.value.message
    assert refused.value.hint == f"write {readings}"
    for reading in readings.replace(" or ", ", ").split(", "):
        parse_when(reading, NOW, ZONES[0])


@pytest.mark.parametrize(
    ("words", "order", "day"),
    [
        ("12/24/2026", "mdy", "2026-12-24"), ("24/12/2026", "dmy", "2026-12-24"), ("3/4/2026", "mdy", "2026-03-04"),
        ("3/4/2026", "dmy", "2026-04-03"), ("12/24", "mdy", "2026-12-24"), ("3/4", "dmy", "2027-04-03"),
    ],
)  # fmt: skip
def test_the_locale_orders_the_numbers_of_a_date(words, order, day):
    assert parse_moment(words, NOW, ZONES[0], order=order) == local(f"{day} 00:00", ZONES[0])


@pytest.mark.parametrize(("words", "order"), [("24/12/2026", "mdy"), ("12/24/2026", "dmy")])
def test_a_month_that_the_locale_does_not_have_is_refused(words, order):
    with pytest.raises(InvalidValue, match="has no month 24") as refused:
        parse_when(words, NOW, ZONES[0], order=order)
    assert refused.value.hint == "write 2026-12-24"


@pytest.mark.parametrize("words", ["25", "1.5", "2,5"])
def test_a_number_alone_is_a_duration_only_where_minutes_are_meant(words):
    """A plan of 25 minutes and one of 25 hours differ too much to guess."""
    with pytest.raises(InvalidValue, match="is ambiguous"):
        parse_duration(words)


def test_business_days_of_a_calendar_without_any_are_refused():
    holidays = dict.fromkeys(
        range(dt.date(2026, 1, 1).toordinal(), dt.date(2100, 1, 1).toordinal()), "closed"
    )
    with pytest.raises(InvalidValue, match="no business hours for fifty years"):
        parse_moment("2bd", NOW, ZONES[0], calendar=OFFICE._replace(holidays=holidays))


@pytest.mark.parametrize("words", ["99999bd ago", "999999bd", "99999y", "999999mo ago"])
def test_too_far_is_refused(words):
    with pytest.raises(InvalidValue):
        parse_moment(words, NOW, ZONES[0])
