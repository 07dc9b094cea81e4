"""Calendars: the working time between two instants, on days when the clocks change as on any other."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones
from zoneinfo._zoneinfo import ZoneInfo as Readable  # the one written in Python, whose table can be read

import pytest

from tix.domain.sla.calendars import Calendar, after, format_hours, parse_hours, parse_zone, working
from tix.domain.times import LATEST, parse_instant
from tix.errors import InvalidValue

HOUR = 3600
DAY = 24 * HOUR
OFFICE = ((540, 1020),)
WEEK = (OFFICE,) * 5 + ((), ())


def calendar(hours="mon-fri 9-17", zone="Europe/Berlin", **holidays):
    """A calendar; a holiday is ``d2026_12_25="Christmas"``."""
    named = {dt.date(*map(int, day[1:].split("_"))).toordinal(): name for day, name in holidays.items()}
    return Calendar("office", zone, parse_hours(hours), named)


def at(text, zone="Europe/Berlin", fold=0):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


# -------------------------------------------------------------------------------------------- arithmetic


@pytest.mark.parametrize(
    ("hours", "since", "until"),
    [
        (8, "2026-11-23 00:00", "2026-11-24 00:00"),  # a Monday
        (8, "2026-11-23 09:00", "2026-11-23 17:00"),
        (1, "2026-11-23 16:00", "2026-11-24 09:00"),
        (2, "2026-11-20 16:00", "2026-11-23 10:00"),  # over a weekend
        (0, "2026-11-21 00:00", "2026-11-23 09:00"),
        (0, "2026-11-23 17:00", "2026-11-24 09:00"),
        (40, "2026-10-19 00:00", "2026-10-26 00:00"),  # the clocks change on that Sunday
        (40, "2026-03-23 00:00", "2026-03-30 00:00"),
        (0, "2026-11-23 12:00", "2026-11-23 12:00"),
        (0, "2026-11-23 16:00", "2026-11-23 12:00"),  # somebody's clock went back
    ],
)
def test_office_hours(hours, since, until):
    """Only the hours of working days count."""
    assert working(calendar(), at(since), at(until)) == hours * HOUR


def test_round_the_clock_every_second_counts():
    assert working(None, 100, 250) == 150
    assert working(None, 250, 100) == 0
    assert after(None, 100, 150) == 250


@pytest.mark.parametrize(
    ("zone", "day", "hours", "counted"),
    [
        ("Europe/Berlin", "2026-10-25", "daily 0-24", 25 * 60),
        ("Europe/Berlin", "2026-03-29", "daily 0-24", 23 * 60),
        ("Europe/Berlin", "2026-10-25", "daily 2-3", 120),  # comes twice
        ("Europe/Berlin", "2026-10-25", "daily 2:15-2:30", 30),
        ("Europe/Berlin", "2026-10-25", "daily 1:30-2:30", 30 + 60),  # 1:30 to 2:30, then 2:00 to 2:30
        ("Europe/Berlin", "2026-10-25", "daily 2:30-4", 30 + 30 + 60),
        ("Europe/Berlin", "2026-03-29", "daily 2-3", 0),  # does not occur
        ("Europe/Berlin", "2026-03-29", "daily 1:30-2:30", 30),
        ("Europe/Berlin", "2026-03-29", "daily 2:30-4", 60),
        ("Australia/Lord_Howe", "2026-04-05", "daily 0-24", 24 * 60 + 30),  # they move by half an hour
        ("Australia/Lord_Howe", "2026-04-05", "daily 1:45-2:15", 15 + 15 + 15),
        ("Australia/Lord_Howe", "2026-10-04", "daily 2-3", 30),
        ("America/Sao_Paulo", "2018-02-17", "daily 23-24", 120),  # at midnight the clocks went back to 23:00
        ("America/Sao_Paulo", "2018-02-18", "daily 0-24", 24 * 60),
        ("America/Sao_Paulo", "2018-11-04", "daily 0-2", 60),  # the day began at 01:00
        ("Pacific/Apia", "2011-12-30", "daily 0-24", 0),  # a Friday that Samoa left out
        ("Pacific/Apia", "2011-12-31", "daily 0-24", 24 * 60),
        ("Africa/Monrovia", "1972-01-06", "daily 9-17", 8 * 60),
        ("Africa/Monrovia", "1972-01-07", "daily 0-24", 24 * 60 - 44.5),  # 44 minutes 30 seconds were skipped
        ("Africa/Casablanca", "2026-02-15", "daily 2-4", 180),  # Ramadan begins: an hour back
    ],
)
def test_days_on_which_the_clocks_change(zone, day, hours, counted):
    """An hour that comes twice counts twice, one that does not occur not at all."""
    middle = parse_instant(f"{day}T12:00:00Z")
    only_that = dict.fromkeys(range(middle // DAY + 719_160, middle // DAY + 719_167), "no")
    del only_that[dt.date.fromisoformat(day).toordinal()]
    there = Calendar("there", zone, parse_hours(hours), only_that)
    assert working(there, middle - 2 * DAY, middle + 2 * DAY) == counted * 60


@pytest.mark.parametrize(
    ("due", "since", "hours"),
    [
        ("2026-11-23 13:00", "2026-11-23 09:00", 4),
        ("2026-11-23 13:00", "2026-11-21 11:00", 4),  # told on Saturday
        ("2026-11-23 17:00", "2026-11-23 09:00", 8),  # that evening, not the next morning
        ("2026-11-24 10:00", "2026-11-23 09:00", 9),
        ("2026-11-21 11:00", "2026-11-21 11:00", 0),  # no time is over at once, open or not
        ("2026-12-03 17:00", "2026-11-23 09:00", 72),
        ("2026-10-26 10:00", "2026-10-23 16:00", 2),  # over the change of the clocks
    ],
)
def test_some_working_time_later(due, since, hours):
    """The earliest instant by which that much has been worked."""
    assert after(calendar(), at(since), hours * HOUR) == at(due)


def test_the_second_time_an_hour_comes_counts():
    """From 02:30, an hour of 02:00 to 03:00 is over at 02:30 the second time."""
    night = calendar("daily 2-3")
    assert after(night, at("2026-10-25 02:30"), HOUR) == at("2026-10-25 02:30", fold=1)


def test_holidays_do_not_count():
    """A holiday is the whole local day, wherever UTC's midnight is."""
    busy = calendar("daily 0-24", "Asia/Kolkata", d2026_12_25="Christmas")
    kolkata = "Asia/Kolkata"
    assert working(busy, at("2026-12-24 00:00", kolkata), at("2026-12-27 00:00", kolkata)) == 48 * HOUR
    assert after(busy, at("2026-12-24 23:00", kolkata), 2 * HOUR) == at("2026-12-26 01:00", kolkata)


def test_a_date_that_never_comes_is_refused():
    """No hour for fifty years, or no year left: an answer, not a search without end."""
    bare = calendar()._replace(hours=((),) * 7)
    with pytest.raises(InvalidValue, match="no business hours for fifty years"):
        after(bare, 0, 1)
    assert after(bare, 5, 0) == 5
    monday = at("2026-11-23 00:00")
    first = dt.date(2026, 11, 23).toordinal()
    for years in (1, 40):
        strike = calendar()._replace(holidays=dict.fromkeys(range(first, first + years * 364), "strike"))
        assert after(strike, monday, HOUR) - monday in (years * 364 * DAY + h * HOUR for h in (9, 10, 11))
    with pytest.raises(InvalidValue, match="fifty years"):
        after(
            calendar()._replace(holidays=dict.fromkeys(range(first, first + 60 * 366), "strike")), monday, 1
        )
    for one in (None, calendar(), calendar(zone="Pacific/Kiritimati")):
        with pytest.raises(InvalidValue, match="after the year 9999"):
            after(one, LATEST - 3 * DAY, 30 * DAY)
        assert working(one, LATEST - 7 * DAY, LATEST) > 39 * HOUR


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Europe/Berlin", "Pacific/Apia"])
def test_never_closed_is_round_the_clock(zone):
    """However far, a calendar of all hours counts what no calendar counts, days left out included."""
    always = calendar("0-24", zone)
    for seconds in (1, HOUR, 7 * DAY, 120 * 366 * DAY):
        assert after(always, 1_000_000_000, seconds) == 1_000_000_000 + seconds
        assert working(always, 1_000_000_000, 1_000_000_000 + seconds) == seconds


def test_a_zone_this_machine_does_not_know_is_named():
    """A store from a machine with newer zones: an error that says so."""
    with pytest.raises(InvalidValue, match="does not know 'Mars/Olympus'"):
        working(calendar()._replace(zone="Mars/Olympus"), 0, 1)
    with pytest.raises(InvalidValue):
        after(calendar()._replace(zone="../../etc/passwd"), 0, 1)


def test_no_zone_changes_its_clocks_twice_within_a_day():
    """What the arithmetic relies on when it looks at a zone once a day."""
    closest = []
    for name in available_timezones():
        table = Readable.no_cache(name)
        changes = [t for t in table._trans_utc if t >= 0]
        closest += [b - a for a, b in pairwise(changes)]
    assert len(closest) > 1000
    assert min(closest) > DAY


# ------------------------------------------------------------------------------------------------- hours

LUNCH = ((540, 720), (780, 1020))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("mon-fri 09:00-17:00, sat 10:00-14:00", (OFFICE,) * 5 + (((600, 840),), ())),
        ("mon-fri 09:00-12:00 13:00-17:00", (LUNCH,) * 5 + ((), ())),
        ("mon-fri 13:00-17:00, 09:00-12:00", (LUNCH,) * 5 + ((), ())),
        ("mon-fri 9-12, mon-fri 13-17", (LUNCH,) * 5 + ((), ())),
        ("mon-fri 9-17", WEEK),
        ("Monday – Friday  9:00 - 17:00", WEEK),
        ("daily 8-20", (((480, 1200),),) * 7),
        ("8-20", (((480, 1200),),) * 7),
        ("00:00-24:00", (((0, 1440),),) * 7),
        ("mon-sun 0-24", (((0, 1440),),) * 7),
        ("mon, wed 9-17, fri 9:30-12", (OFFICE, (), OFFICE, (), ((570, 720),), (), ())),
        ("sat-mon 9-17", (OFFICE, (), (), (), (), OFFICE, OFFICE)),
        ("thurs 9-17", ((), (), (), OFFICE, (), (), ())),
        ("daily 9-12 12-17", (((540, 720), (720, 1020)),) * 7),
    ],
)
def test_hours_as_people_write_them(text, hours):
    """What is written is what is meant, and what we write is read back."""
    assert parse_hours(text) == hours
    assert parse_hours(format_hours(hours)) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("mon-fri 09:00-17:00", WEEK),
        ("mon-fri 09:00-12:00 13:00-17:00, sun 00:00-24:00", (LUNCH,) * 5 + ((), ((0, 1440),))),
        ("daily 09:00-17:00", (OFFICE,) * 7),
        ("mon 09:00-17:00, wed 09:00-17:00, sat-sun 09:00-12:00 13:00-17:00",
         (OFFICE, (), OFFICE, (), (), LUNCH, LUNCH)),
    ],
)  # fmt: skip
def test_hours_as_we_write_them(text, hours):
    """Days with the same hours in a row are written once."""
    assert format_hours(hours) == text


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("", "contains no hours", "mon-fri 09:00-17:00"),
        ("mon-fri", "contains no hours", "mon-fri 09:00-17:00"),
        ("mon-fri 9-17, sat", "names a day without hours", "leave out"),
        ("daily 17-9", "'17-9' ends before it begins", "17:00-24:00 and 00:00-09:00 of the next day"),
        ("daily 22-0", "'22-0' ends before it begins", "22:00-24:00"),
        ("daily 9-9", "ends when it begins", "00:00-24:00"),
        ("daily 9-13, fri 12-17", "on fri, 09:00-13:00 and 12:00-17:00 overlap", "09:00-17:00"),
        ("mon-fri 9-17, mon 10-11", "on mon", "09:00-17:00"),
        ("mon-fri 9-17, mon 9-17", "overlap", "09:00-17:00"),
        ("funday 9-17", "'funday' is not a day", "mon, tue, wed"),
        ("mo-fr 9-17", "'mo' is not a day", "mon, tue, wed"),
        ("mondays 9-17", "'mondays' is not a day", "mon, tue, wed"),
        ("mon- 9-17", "'9-17' is not a day", "mon, tue, wed"),
        ("daily 9-24:01", "is not within a day", "from 00:00 to 24:00"),
        ("daily 9:60-17", "is not within a day", "from 00:00 to 24:00"),
        ("daily 9", "'9' is not a range of hours", "09:00-17:00"),
        ("daily 9-17-18", "'9-17-18' is not a range of hours", "09:00-17:00"),
        ("daily 9am-5pm", "'9am-5pm' is not a range of hours", "09:00-17:00"),
        ("daily ٩-17", "is not a range of hours", "09:00-17:00"),
    ],
)
def test_hours_nobody_works(text, sentence, hint):
    """What is no week of hours is refused with what to write."""
    with pytest.raises(InvalidValue, match=sentence) as caught:
        parse_hours(text)
    assert hint in caught.value.hint


# ------------------------------------------------------------------------------------------------- zones


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Europe/Berlin", "europe/berlin"),
        ("America/New_York", " america/new york "),
        ("America/Argentina/Buenos_Aires", "AMERICA/ARGENTINA/BUENOS_AIRES"),
        ("UTC", "utc"),
    ],
)
def test_zones_as_people_write_them(name, text):
    """Capitals and blanks do not matter; what is kept is the name as IANA spells it."""
    assert parse_zone(text) == name


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Berlin", "did you mean Europe/Berlin?"),
        ("Europe/Berln", "did you mean Europe/Berlin?"),
        ("new york", "did you mean America/New_York?"),
        ("kolkatta", "did you mean Asia/Kolkata?"),
        ("", "write it as Europe/Berlin"),
        ("localtime", "write it as Europe/Berlin"),
        ("../etc/passwd", ""),
        ("+02:00", ""),
    ],
)
def test_zones_that_do_not_exist(text, hint):
    """A name that is none gets the nearest one."""
    with pytest.raises(InvalidValue, match="is not a time zone") as caught:
        parse_zone(text)
    assert hint in caught.value.hint


def test_the_last_second_may_be_come_to():
    """And none after it."""
    assert after(None, LATEST - 5, 5) == LATEST
    with pytest.raises(InvalidValue, match="counted around the clock, would be after the year 9999"):
        after(None, LATEST - 5, 6)
    assert after(None, 100, -5) == after(calendar(), 100, 0) == 100
    assert working(None, 100, 100) == 0
