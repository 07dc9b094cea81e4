"""Durations and moments: what people write is what is meant, and machines read back what we write."""

import datetime as dt
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.domain.durations import parse_duration
from tix.domain.moments import parse_moment
from tix.domain.times import (
    LATEST,
    LONGEST_SECONDS,
    day_number,
    day_start,
    format_duration,
    format_work,
    instant,
    is_instant,
    month_number,
    month_start,
    parse_instant,
)
from tix.errors import InvalidValue

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
SUNDAY_TEN = parse_instant("2026-11-22T09:00:00Z")  # 10:00 in Berlin

INSTANTS = st.integers(0, LATEST)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90), ("25m", 1500), ("2h", 7200), ("1h30m", 5400), ("3d", 259200), ("1w", 604800),
        ("0:02:35", 155), ("100:00:00", 360000), ("0", 0), ("0s", 0), ("72H", 259200), (" 1h 30m ", 5400),
        ("1w2d3h4m5s", 604800 + 2 * 86400 + 3 * 3600 + 4 * 60 + 5), ("36525d", LONGEST_SECONDS),
    ],
)  # fmt: skip
def test_durations_as_people_write_them(text, seconds):
    """Each form of the interface page is read."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "5", "m", "1h30", "30m1h", "1h1h", "-5m", "1.5", "0:60:00", "0:2:3", "1:5", "1,234h", "36525d1s",
        "9" * 12 + "w", "9" * 6000, "9" * 6000 + "s", "1 0m", "٣d", "1d\n2h", "two hours", "NaN",
    ],
)  # fmt: skip
def test_durations_nobody_means(text):
    """What is no duration, negative or beyond a hundred years is refused."""
    with pytest.raises(InvalidValue) as caught:
        parse_duration(text)
    assert caught.value.hint is not None


def test_a_negative_duration_is_called_so():
    """A duration below nothing is refused for that."""
    with pytest.raises(InvalidValue, match="'-5m' is negative"):
        parse_duration("-5m")


@given(st.integers(0, LONGEST_SECONDS))
def test_a_duration_is_read_as_it_was_written(seconds):
    """Formatting then parsing a duration changes nothing."""
    assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0"), (155, "2m35s"), (5400, "1h30m"), (72 * 3600, "3d"), (10 * 86400, "10d"), (14 * 86400, "2w"),
        (86460, "1d1m"), (-1500, "-25m"),
    ],
)  # fmt: skip
def test_durations_as_we_write_them(seconds, text):
    """Large units first, zeroes left out, a correction with its minus."""
    assert format_duration(seconds) == text


@given(INSTANTS)
def test_an_instant_is_that_of_the_calendar(epoch):
    """Our writing of an instant is the one of Python's calendar, and is read back, also as a moment."""
    expected = dt.datetime.fromtimestamp(epoch, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert instant(epoch) == expected
    assert parse_instant(expected) == epoch
    assert parse_moment(expected, 0, BERLIN) == epoch


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T09:00:00Z", "2026-11-22T09:00:00.999Z", "2026-11-22t09:00:00,5z", "2026-11-22 09:00:00Z",
        "2026-11-22T09:00Z", "2026-11-22T10:00:00+01:00", "2026-11-22T10:00:00+0100", "2026-11-22T10:00:00+01",
        "2026-11-22T03:30:00-05:30", "2026-11-22 04:00:00 -0500",
    ],
)  # fmt: skip
def test_instants_as_machines_write_them(text):
    """Every usual form of ISO 8601 with an offset is the same instant."""
    assert parse_instant(text) == SUNDAY_TEN


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-11-22", "2026-11-22T09:00:00", "2026-W47-7T09:00:00Z", "20261122T090000Z", "1795338000",
        "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T09:00:00+25:00",
        "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00Z",
        "٢026-11-22T09:00:00Z", "2026-11-22T09:00:00Z\n",
    ],
)  # fmt: skip
def test_instants_no_machine_may_write(text):
    """No offset, no such day or hour, another form, or outside 1970 to 9999: refused."""
    with pytest.raises(InvalidValue):
        parse_instant(text)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("now", "2026-11-22 10:00"), ("+3d", "2026-11-25 10:00"), ("-2h", "2026-11-22 08:00"),
        ("+1h30m", "2026-11-22 11:30"), ("today", "2026-11-22 00:00"), ("yesterday", "2026-11-21 00:00"),
        ("tomorrow", "2026-11-23 00:00"), ("tomorrow 9am", "2026-11-23 09:00"),
        ("Tomorrow at 9 AM", "2026-11-23 09:00"), ("today 12am", "2026-11-22 00:00"),
        ("today 12pm", "2026-11-22 12:00"), ("yesterday 9:15pm", "2026-11-21 21:15"),
        ("2026-12-01", "2026-12-01 00:00"), ("2026-12-01 14:00", "2026-12-01 14:00"),
        ("2026-12-01T14:00", "2026-12-01 14:00"), ("2026-12-01 2pm", "2026-12-01 14:00"),
        ("2026-12-01T12:00:00Z", "2026-12-01 13:00"), ("2026-12-01T08:00-05:00", "2026-12-01 14:00"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("past", [False, True])
def test_moments_that_say_their_day(text, local, past):
    """A moment with its day means the same, wherever one looks."""
    expected = dt.datetime.fromisoformat(local).replace(tzinfo=BERLIN).timestamp()
    assert parse_moment(text, SUNDAY_TEN, BERLIN, past=past) == expected


@pytest.mark.parametrize(
    ("text", "coming", "gone"),
    [
        ("fri 14:00", "2026-11-27 14:00", "2026-11-20 14:00"),
        ("friday", "2026-11-27 00:00", "2026-11-20 00:00"),
        ("thurs 8:30", "2026-11-26 08:30", "2026-11-19 08:30"),
        ("sunday", "2026-11-29 00:00", "2026-11-22 00:00"),
        ("sun 9am", "2026-11-29 09:00", "2026-11-22 09:00"),
        ("sun 10:00", "2026-11-29 10:00", "2026-11-22 10:00"),
        ("sun 11am", "2026-11-22 11:00", "2026-11-15 11:00"),
        ("9am", "2026-11-23 09:00", "2026-11-22 09:00"),
        ("18:30", "2026-11-22 18:30", "2026-11-21 18:30"),
    ],
)
def test_moments_without_a_day_are_the_nearest(text, coming, gone):
    """A weekday or a time is the first after now, or looking back the last up to now."""
    ahead = dt.datetime.fromisoformat(coming).replace(tzinfo=BERLIN).timestamp()
    behind = dt.datetime.fromisoformat(gone).replace(tzinfo=BERLIN).timestamp()
    assert parse_moment(text, SUNDAY_TEN, BERLIN) == ahead
    assert parse_moment(text, SUNDAY_TEN, BERLIN, past=True) == behind


@given(
    st.integers(10**7, LATEST - 10**7),
    st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    st.times(),
    st.sampled_from([BERLIN, NEW_YORK, dt.UTC, ZoneInfo("Asia/Kathmandu")]),
)
def test_the_nearest_weekday_lies_within_a_week(now, weekday, clock, zone):
    """Whenever one asks: after now and at most a week (and a clock change) ahead, on that weekday."""
    moment = parse_moment(f"{weekday} {clock:%H:%M}", now, zone)
    assert 0 < moment - now <= 7 * 86400 + 2 * 3600
    assert dt.datetime.fromtimestamp(moment, zone).strftime("%a").lower() == weekday
    assert parse_moment(f"{weekday} {clock:%H:%M}", now, zone, past=True) <= now


def test_times_the_clocks_jump_over_lie_after_the_jump():
    """02:30 of the night that has none is 03:30; 02:30 of the night that has two is the first."""
    assert instant(parse_moment("2026-03-29 02:30", 0, BERLIN)) == "2026-03-29T01:30:00Z"
    assert instant(parse_moment("2026-03-29 03:30", 0, BERLIN)) == "2026-03-29T01:30:00Z"
    assert instant(parse_moment("2026-10-25 02:30", 0, BERLIN)) == "2026-10-25T00:30:00Z"


def test_a_day_without_midnight_begins_with_its_first_moment():
    """Where the clocks jump at midnight, the day begins at one."""
    beirut = ZoneInfo("Asia/Beirut")
    start = parse_moment("2024-03-31", 0, beirut)
    assert dt.datetime.fromtimestamp(start, beirut).strftime("%F %T") == "2024-03-31 01:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "9", "13pm", "0am", "24:00", "9:60", "today 25:00", "fr 10:00", "frida 10", "fri fri",
        "2026-02-30", "2026-1-1", "1969-12-31", "2026-12-01 9", "next", "3x", "+", "-", "+3x", "+-3d",
        "tomorrow9am", "2026-12-01tomorrow", "2026-12-01 14:00 +25:00", "0000-01-01", "9999-12-31 23:59 -0100",
        "+36525d1s", "-100w -1", "today\0", "９am", "at 9am", "-36000d", "01.13.2026",
    ],
)  # fmt: skip
def test_moments_nobody_means(text):
    """What is no moment is refused, never guessed."""
    with pytest.raises(InvalidValue):
        parse_moment(text, SUNDAY_TEN, BERLIN)


@given(st.text(), st.sampled_from([0, SUNDAY_TEN, LATEST]))
def test_any_text_is_a_moment_or_refused(text, now):
    """No text raises anything but InvalidValue."""
    for parse in (parse_duration, parse_instant, lambda given: parse_moment(given, now, BERLIN)):
        with suppress(InvalidValue):
            assert 0 <= parse(text) <= LATEST


@pytest.mark.parametrize("text", ["monday", "9am", "today", "tomorrow", "yesterday", "12am", "+1d", "-1d"])
def test_the_ends_of_time_are_refused_not_raised(text):
    """At both ends of the calendar a moment is in range or refused."""
    for now in (0, LATEST):
        for past in (False, True):
            with suppress(InvalidValue):
                assert 0 <= parse_moment(text, now, NEW_YORK, past=past) <= LATEST


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0"), (1, "1s"), (60, "1m"), (3599, "59m59s"), (3600, "1h"), (3660, "1h1m"), (5400, "1h30m"),
        (24 * 3600, "24h"), (132 * 3600, "132h"), (604_800, "168h"), (90_061, "25h1m1s"), (-1500, "-25m"), (-3600, "-1h"),
    ],
)  # fmt: skip
def test_work_as_we_write_it(seconds, text):
    """In hours, however many; read back as a duration."""
    assert format_work(seconds) == text
    if seconds >= 0:
        assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "1s"), (60, "1m"), (3600, "1h"), (86_400, "1d"), (86_399, "23h59m59s"), (604_799, "6d23h59m59s"),
        (604_801, "7d1s"), (-1, "-1s"), (90_061, "1d1h1m1s"),
    ],
)  # fmt: skip
def test_each_unit_of_a_duration(seconds, text):
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("at", True),
        ("due_at", True),
        ("snoozed_until", True),
        ("atlas", False),
        ("until", False),
        ("status", False),
    ],
)
def test_which_fields_are_instants(field, found):
    assert is_instant(field) is found


def test_the_last_instants():
    assert (LATEST, LONGEST_SECONDS) == (253_402_300_799, 3_155_760_000)
    assert instant(LATEST) == "9999-12-31T23:59:59Z"
    assert instant(0) == "1970-01-01T00:00:00Z"
    assert parse_moment("1970-01-01", SUNDAY_TEN, dt.UTC) == 0
    assert parse_moment("9999-12-31 23:59:59", SUNDAY_TEN, dt.UTC) == LATEST
    assert parse_moment("+36525d", 0, dt.UTC) == LONGEST_SECONDS


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("today 1am", "01:00:00"), ("today 12:30am", "00:30:00"), ("today 12:30pm", "12:30:00"),
        ("today 11:59:58pm", "23:59:58"), ("today 0:00", "00:00:00"), ("today 9:05:07", "09:05:07"),
        ("today 23:59:59.9", "23:59:59"), ("today 1pm", "13:00:00"),
    ],
)  # fmt: skip
def test_times_of_a_day(text, clock):
    expected = dt.datetime.fromisoformat(f"2026-11-22 {clock}").replace(tzinfo=BERLIN).timestamp()
    assert parse_moment(text, SUNDAY_TEN, BERLIN) == expected


# ------------------------------------------------------------------------------------------- days and months


@pytest.mark.parametrize("zone", [dt.UTC, BERLIN, NEW_YORK, ZoneInfo("Asia/Kathmandu")], ids=str)
@given(at=st.integers(86_400, LATEST - 86_400))
def test_a_moment_lies_in_its_day_and_its_month(zone, at):
    """From its first second to the one before the next begins."""
    day, month = day_number(at, zone), month_number(at, zone)
    assert day_start(day, zone) <= at < day_start(day + 1, zone)
    assert month_start(month, zone) <= at < month_start(month + 1, zone)
    local = dt.datetime.fromtimestamp(at, zone)
    assert divmod(month, 12) == (local.year, local.month - 1)


def test_what_comes_after_the_last_day_and_the_last_month():
    """The second after the last: neither raises."""
    assert day_start(day_number(LATEST, dt.UTC) + 1, dt.UTC) == LATEST + 1
    assert month_number(LATEST, ZoneInfo("Pacific/Auckland")) == 9999 * 12 + 11
    assert month_start(10_000 * 12, NEW_YORK) == LATEST + 1
