"""When something recurs: names, rules, month ends, summer time; and what is no rhythm."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tix.domain.schedules import recurrence
from tix.domain.schedules.recurrence import Recurrence, parse_every
from tix.domain.times import instant
from tix.errors import InvalidValue


def at(text, zone="UTC"):
    """UTC seconds of a wall clock's time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def dates(every, start, count=4, zone="UTC", since=None):
    """The next days, by the clocks of the zone, with the time where it is not midnight."""
    rhythm = Recurrence(parse_every(every), at(start, zone), zone)
    found = recurrence.upcoming(rhythm, at(start, zone) - 1 if since is None else since, count)
    shown = [datetime.fromtimestamp(one, ZoneInfo(zone)) for one in found]
    return [f"{one:%Y-%m-%d}" if one.hour == one.minute == 0 else f"{one:%Y-%m-%d %H:%M}" for one in shown]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("three-days", ["2027-01-31", "2027-02-03", "2027-02-06", "2027-02-09"]),
        ("weekly", ["2027-01-31", "2027-02-07", "2027-02-14", "2027-02-21"]),
        ("biweekly", ["2027-01-31", "2027-02-14", "2027-02-28", "2027-03-14"]),
        ("monthly", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("quarterly", ["2027-01-31", "2027-04-30", "2027-07-31", "2027-10-31"]),
        ("biannually", ["2027-01-31", "2027-07-31", "2028-01-31", "2028-07-31"]),
        ("annually", ["2027-01-31", "2028-01-31", "2029-01-31", "2030-01-31"]),
        ("FREQ=DAILY;INTERVAL=10", ["2027-01-31", "2027-02-10", "2027-02-20", "2027-03-02"]),
        ("FREQ=WEEKLY;BYDAY=MO,FR", ["2027-02-01", "2027-02-05", "2027-02-08", "2027-02-12"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2027-02-26", "2027-03-26", "2027-04-30", "2027-05-28"]),
        # The standard skips a month that lacks the day; the names do not.
        ("FREQ=MONTHLY", ["2027-01-31", "2027-03-31", "2027-05-31", "2027-07-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            ["2027-02-01", "2027-03-01", "2027-04-01", "2027-05-03"],
        ),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29", "2032-02-29", "2036-02-29", "2040-02-29"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", ["2027-05-17", "2028-05-15", "2029-05-14", "2030-05-13"]),
        ("rrule:freq=weekly; byday=mo ;", ["2027-02-01", "2027-02-08", "2027-02-15", "2027-02-22"]),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=30;COUNT=2", ["2027-01-31 09:30", "2027-02-01 09:30"]),
        ("FREQ=DAILY;COUNT=2", ["2027-01-31", "2027-02-01"]),
        ("FREQ=DAILY;UNTIL=20270202", ["2027-01-31", "2027-02-01", "2027-02-02"]),
        ("FREQ=DAILY;UNTIL=20270202T000000Z", ["2027-01-31", "2027-02-01", "2027-02-02"]),
        ("FREQ=DAILY;UNTIL=20270201T235959", ["2027-01-31", "2027-02-01"]),
        ("FREQ=DAILY;UNTIL=99991231T235959Z;INTERVAL=1000", ["2027-01-31", "2029-10-27", "2032-07-23", "2035-04-19"]),
    ],
)  # fmt: skip
def test_a_rhythm_from_the_31st_of_january(every, expected):
    assert expected == dates(every, "2027-01-31")


def test_the_29th_of_february_comes_back_in_leap_years():
    assert dates("annually", "2028-02-29", 5) == [
        "2028-02-29",
        "2029-02-28",
        "2030-02-28",
        "2031-02-28",
        "2032-02-29",
    ]


@pytest.mark.parametrize("every", ["weekly", "FREQ=WEEKLY"])
def test_the_time_on_the_clock_stays_when_summer_time_begins(every):
    """In Berlin 09:00 is 08:00 UTC in winter and 07:00 in summer."""
    rhythm = Recurrence(every, at("2027-03-21 09:00", "Europe/Berlin"), "Europe/Berlin")
    assert [instant(one) for one in recurrence.upcoming(rhythm, 0, 3)] == [
        "2027-03-21T08:00:00Z",
        "2027-03-28T07:00:00Z",
        "2027-04-04T07:00:00Z",
    ]


def test_a_time_that_clocks_skip_is_after_the_jump_and_one_that_comes_twice_is_the_first():
    assert dates("FREQ=DAILY", "2027-03-27 02:30", 3, "Europe/Berlin") == [
        "2027-03-27 02:30",
        "2027-03-28 03:30",
        "2027-03-29 02:30",
    ]
    rhythm = Recurrence("FREQ=DAILY", at("2027-10-30 02:30", "Europe/Berlin"), "Europe/Berlin")
    assert [instant(one) for one in recurrence.upcoming(rhythm, 0, 3)] == [
        "2027-10-30T00:30:00Z",
        "2027-10-31T00:30:00Z",
        "2027-11-01T01:30:00Z",
    ]


def test_a_day_that_a_zone_never_had_is_not_a_second_one():
    """Samoa had no 30 December 2011."""
    rhythm = Recurrence("FREQ=DAILY", at("2011-12-29 09:00", "Pacific/Apia"), "Pacific/Apia")
    found = recurrence.upcoming(rhythm, 0, 3)
    assert [datetime.fromtimestamp(one, ZoneInfo("Pacific/Apia")).day for one in found] == [29, 31, 1]


@pytest.mark.parametrize("every", ["monthly", "three-days", "FREQ=MONTHLY;BYMONTHDAY=-1"])
def test_what_comes_next_does_not_depend_on_where_one_starts_to_count(every):
    rhythm = Recurrence(every, at("2027-01-31 23:30"), "UTC")
    whole = recurrence.upcoming(rhythm, 0, 200)
    for place in (0, 1, 57, 150):
        assert whole[place + 1 :] == recurrence.upcoming(rhythm, whole[place], 199 - place)
        assert whole[place] == recurrence.first(rhythm, whole[place] - 1)


def test_the_end_of_the_calendar_is_an_end():
    assert dates("monthly", "9999-10-31", since=at("9999-11-01")) == ["9999-11-30", "9999-12-31"]
    assert recurrence.first(Recurrence("weekly", at("9999-12-30"), "UTC"), at("9999-12-30")) is None


@pytest.mark.parametrize(
    "every",
    [
        "sometimes", "", "hourly", "bimonthly", "0 days", "mon,x", "FREQ=", "FREQ=DAILY;FREQ=DAILY", "INTERVAL=2", "FREQ=FORTNIGHTLY",
        "FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=9,17", "FREQ=DAILY;BYMINUTE=0,30",
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=x", "FREQ=DAILY;INTERVAL=1,2",
        "FREQ=DAILY;INTERVAL=1001", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=1;UNTIL=20280101", "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;UNTIL=20271301", "FREQ=YEARLY;BYMONTH=13", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=MONTHLY;BYYEARDAY=3", "FREQ=MONTHLY;BYWEEKNO=3", "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=MON", "FREQ=MONTHLY;BYDAY=0MO", "FREQ=MONTHLY;BYDAY=+-1MO", "FREQ=MONTHLY;BYDAY=54MO",
        "FREQ=MONTHLY;BYSETPOS=1", "FREQ=WEEKLY;WKST=8", "FREQ=WEEKLY;BYEASTER=1", "FREQ=WEEKLY;X", "FREQ=WEEKLY;BYMONTH=²",
        "DTSTART=20270101;FREQ=DAILY", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO",
    ],
)  # fmt: skip
def test_what_is_no_rhythm(every):
    with pytest.raises(InvalidValue) as refused:
        parse_every(every)
    assert refused.value.exit_status == 2


@pytest.mark.parametrize(
    ("every", "start"),
    [
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "2027-01-31"),
        ("FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31", "2027-01-31"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "2027-01-31"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "2027-01-31"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "2027-01-31"),
        ("FREQ=DAILY;UNTIL=20270130", "2027-01-31"),
    ],
)
def test_a_rule_that_names_no_day_is_refused(every, start):
    with pytest.raises(InvalidValue, match="matches no date"):
        recurrence.refuse_idle(Recurrence(parse_every(every), at(start), "UTC"))


@pytest.mark.parametrize("every", ["monthly", "FREQ=DAILY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=1"])
def test_a_rule_that_falls_on_a_day_is_not_refused(every):
    recurrence.refuse_idle(Recurrence(every, at("2027-01-31"), "UTC"))


def test_a_zone_is_found_by_its_name_or_its_distance():
    assert recurrence.zone_name(ZoneInfo("Europe/Berlin"), 0) == "Europe/Berlin"
    assert recurrence.zone_name(UTC, 0) == "UTC"
    there = recurrence.zone_of("+05:30")
    assert recurrence.zone_name(there, 0) == "+05:30"
    for word in ("Mars/Olympus", "+99", "../etc/passwd", ""):
        with pytest.raises(InvalidValue):
            recurrence.zone_of(word)


def test_another_zone_keeps_the_time_of_day():
    moved = recurrence.in_zone(
        Recurrence("weekly", at("2027-03-21 09:00", "Europe/Berlin"), "Europe/Berlin"), "Asia/Tokyo"
    )
    assert moved == Recurrence("weekly", at("2027-03-21 09:00", "Asia/Tokyo"), "Asia/Tokyo")


def test_a_day_begins_where_its_clocks_say():
    now = at("2027-03-21 00:30", "Asia/Tokyo")
    assert at("2027-03-21", "Asia/Tokyo") == recurrence.day_start(now, "Asia/Tokyo")
    assert at("2027-03-20") == recurrence.day_start(now, "UTC")


@pytest.mark.parametrize(
    ("rule", "start", "days"),
    [
        ("FREQ=YEARLY;BYWEEKNO=20", "2025-05-12 09:00", "2025-05-12 2026-05-11 2027-05-17"),
        (
            "FREQ=YEARLY;BYWEEKNO=1,2;UNTIL=20170101T000000Z",
            "2013-01-08 00:00",
            "2013-01-08 2013-12-31 2014-01-07 2014-12-30 2015-01-06 2016-01-05 2016-01-12",
        ),
        ("FREQ=YEARLY;BYWEEKNO=53;COUNT=1", "2023-01-01 00:00", "2027-01-03"),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,3;COUNT=3",
            "2024-10-23 00:00",
            "2024-10-23 2024-10-28 2024-10-30",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,SU,SA,TH;BYSETPOS=3,2;COUNT=4",
            "2024-01-02 12:00",
            "2024-01-02 2024-01-04 2024-01-09 2024-01-11",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", "2024-10-23 09:00", "2024-10-23 2024-10-30 2024-11-06"),
        (
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO;BYSETPOS=1",
            "2024-10-21 09:00",
            "2024-11-03 2024-11-17",
        ),
    ],
)
def test_weeks_count_as_rfc_5545_says(rule: str, start: str, days: str):
    """Cases of libical and lib-recur: the weekday comes from the start, BYSETPOS counts in the whole week."""
    since = at(start)
    found = recurrence.upcoming(Recurrence(parse_every(rule), since, "UTC"), since - 1, len(days.split()))
    assert found == [at(f"{day} {start[11:]}") for day in days.split()]
