"""Rules of RFC 5545: what may stand in one, the bounds of each number, and the days it names."""

from datetime import datetime

import pytest

from tix.domain.schedules.rrule import names_any, parse_rule, times, until
from tix.errors import InvalidValue

NINE = datetime.fromisoformat("2027-01-31 09:00")  # a Sunday


def days(rule, count=3, start=NINE):
    """The first days it names, as month and day."""
    found = times(parse_rule(rule), start)
    return [f"{one:%m-%d}" for one, _ in zip(found, range(count), strict=False)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("rrule:freq=weekly; byday = mo , tu ;", "FREQ=WEEKLY;BYDAY=MO,TU"),
        (" FREQ=YEARLY ", "FREQ=YEARLY"),
        ("INTERVAL=2;FREQ=MONTHLY", "INTERVAL=2;FREQ=MONTHLY"),
    ],
)
def test_a_rule_in_its_shortest_spelling(text, rule):
    assert parse_rule(text) == rule


# Of each number the least and the most it may be, and what is one too few and one too many.
BOUNDS = [
    ("FREQ=DAILY;INTERVAL", ["1", "1000", "+5"], ["0", "1001", "-1", "1,2"]),
    ("FREQ=DAILY;COUNT", ["1", "1000000"], ["0", "1000001", "-1", "1,2"]),
    ("FREQ=DAILY;BYMONTH", ["1", "12", "1,12"], ["0", "13", "-1", "1,,2"]),
    (
        "FREQ=MONTHLY;BYMONTHDAY",
        ["1", "31", "-1", "-31", "+1", "1,-1"],
        ["0", "32", "-32", "-0", "--1", "+-1"],
    ),
    ("FREQ=YEARLY;BYYEARDAY", ["1", "366", "-366"], ["0", "367", "-367"]),
    ("FREQ=YEARLY;BYWEEKNO", ["1", "53", "-53"], ["0", "54", "-54"]),
    ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS", ["1", "366", "-366"], ["0", "367", "-367"]),
    ("FREQ=DAILY;BYHOUR", ["0", "23"], ["24", "-1", "9,17"]),
    ("FREQ=DAILY;BYMINUTE", ["0", "59"], ["60", "-1", "0,30"]),
    ("FREQ=DAILY;BYSECOND", ["0", "59"], ["60", "-1", "0,30"]),
    (
        "FREQ=MONTHLY;BYDAY",
        ["MO", "1MO", "-1FR", "+2TU", "53WE", "-53WE", "TH,SA,SU"],
        [
            "0MO",
            "54MO",
            "-54MO",
            "100MO",
            "+053MO",
            "MON",
            "M",
            "XX",
            "+-1MO",
            "1",
            "MO,",
            "-MO",
            "٣MO",
            "1 0XMO",
        ],
    ),
    ("FREQ=WEEKLY;WKST", ["MO", "SU"], ["8", "XX", "1MO", "MO,TU"]),
    (
        "FREQ=DAILY;UNTIL",
        ["20271231", "20271231T090000", "20271231T080000Z"],
        ["2027", "20271301", "20271231T250000", "20271231T09000", "20271231Z", "2027-12-31"],
    ),
    ("FREQ", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"], ["HOURLY", "MINUTELY", "SECONDLY", "NEVER", ""]),
]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, good, _ in BOUNDS for value in good])
def test_what_a_part_may_be(name, value):
    assert parse_rule(f"{name}={value}") == f"{name}={value}"


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, _, bad in BOUNDS for value in bad])
def test_what_a_part_may_not_be(name, value):
    with pytest.raises(InvalidValue):
        parse_rule(f"{name}={value}")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "is not a recurrence rule"),
        ("FREQ", "is not a recurrence rule"),
        ("=DAILY", "is not a part|has no FREQ"),
        ("FREQ=DAILY;FREQ=DAILY", "is not a recurrence rule"),
        ("FREQ=DAILY;;COUNT=2", "is not a recurrence rule"),
        ("INTERVAL=2", "has no FREQ"),
        ("FREQ=FORTNIGHTLY", "'FORTNIGHTLY' is not a frequency"),
        ("FREQ=HOURLY", "FREQ=HOURLY is more often than once a day"),
        ("FREQ=DAILY;BYEASTER=1", "'BYEASTER' is not a part of a recurrence rule"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20280101", "COUNT and UNTIL cannot be used together"),
        ("FREQ=DAILY;BYHOUR=9,17", "BYHOUR=9,17 has several values"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS needs another BY"),
        ("FREQ=WEEKLY;WKST=XX", "WKST=XX is not a weekday"),
        ("FREQ=DAILY;UNTIL=soon", "UNTIL=SOON is not a date"),
    ],
)
def test_a_refusal_says_why(rule, words):
    with pytest.raises(InvalidValue, match=words):
        parse_rule(rule)


@pytest.mark.parametrize(
    ("part", "frequencies"),
    [
        ("BYMONTHDAY=3", ["DAILY", "MONTHLY", "YEARLY"]),
        ("BYYEARDAY=3", ["YEARLY"]),
        ("BYWEEKNO=3", ["YEARLY"]),
        ("BYDAY=1MO", ["MONTHLY", "YEARLY"]),
        ("BYDAY=MO", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        ("BYMONTH=3", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        ("BYWEEKNO=3;BYDAY=1MO", []),
        ("BYWEEKNO=3;BYDAY=MO", ["YEARLY"]),
        ("BYDAY=MO;BYSETPOS=1", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    ],
)
def test_what_stands_beside_which_frequency(part, frequencies):
    for frequency in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        rule = f"FREQ={frequency};{part}"
        if frequency in frequencies:
            assert parse_rule(rule) == rule
        else:
            with pytest.raises(InvalidValue):
                parse_rule(rule)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY", ["01-31", "02-01", "02-02"]),
        ("FREQ=DAILY;INTERVAL=10", ["01-31", "02-10", "02-20"]),
        ("FREQ=DAILY;COUNT=2", ["01-31", "02-01"]),
        ("FREQ=WEEKLY;BYDAY=TU,FR", ["02-02", "02-05", "02-09"]),
        ("FREQ=DAILY;BYDAY=MO", ["02-01", "02-08", "02-15"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", ["01-31", "02-01", "02-28"]),
        ("FREQ=MONTHLY;BYDAY=1MO", ["02-01", "03-01", "04-05"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["02-26", "03-26", "04-30"]),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5", ["03-05", "03-05", "03-05"]),
        ("FREQ=YEARLY;BYYEARDAY=40,50", ["02-09", "02-19", "02-09"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", ["05-17", "05-15", "05-14"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["02-26", "03-31", "04-30"]),
        # Every other week, which begins on a Monday or on a Sunday (the standard's own example, moved here).
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", ["01-31", "02-09", "02-14"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", ["01-31", "02-02", "02-14"]),
    ],
)
def test_the_days_a_rule_names(rule, expected):
    assert days(rule) == expected


def test_the_time_of_day_a_rule_names():
    assert next(times("FREQ=DAILY;BYHOUR=7;BYMINUTE=30;BYSECOND=15", NINE)) == datetime.fromisoformat(
        "2027-02-01 07:30:15"
    )
    assert next(times("FREQ=DAILY", NINE)) == NINE


@pytest.mark.parametrize(
    ("rule", "end"),
    [
        ("FREQ=DAILY", None),
        ("FREQ=DAILY;UNTIL=20271231", (datetime.fromisoformat("2027-12-31 23:59:59"), False)),
        ("FREQ=DAILY;UNTIL=20271231T091500", (datetime.fromisoformat("2027-12-31 09:15:00"), False)),
        ("FREQ=DAILY;UNTIL=20271231T091500Z", (datetime.fromisoformat("2027-12-31 09:15:00"), True)),
    ],
)
def test_the_last_time_a_rule_allows(rule, end):
    """A day alone counts to its end; Z is UTC. It bounds nothing in ``times``: whose clock it is, others know."""
    assert until(rule) == end
    assert len([one for one, _ in zip(times(rule, NINE), range(400), strict=False)]) == 400


@pytest.mark.parametrize(
    ("rule", "start", "any_"),
    [
        ("FREQ=DAILY", NINE, True),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", NINE, True),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", NINE, False),
        ("FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31", NINE, False),
        # Every fourth year from 2028 on there is such a day, from 2027 on never: what is asked keeps the year's place.
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
            datetime.fromisoformat("2028-01-01 00:00:00"),
            True,
        ),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", NINE, False),
        # 2100 and 2200 are no leap years, 2000 and 2400 are: a place in the cycle of 400 years.
        (
            "FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=29",
            datetime.fromisoformat("2100-01-01 00:00:00"),
            True,
        ),
        (
            "FREQ=YEARLY;INTERVAL=400;BYMONTH=2;BYMONTHDAY=29",
            datetime.fromisoformat("2100-01-01 00:00:00"),
            False,
        ),
        # 2029 begins on a Monday, and so does each 400th year from then on; 2028 does not.
        (
            "FREQ=YEARLY;INTERVAL=400;BYMONTH=1;BYMONTHDAY=1;BYDAY=MO",
            datetime.fromisoformat("2029-01-01"),
            True,
        ),
        (
            "FREQ=YEARLY;INTERVAL=400;BYMONTH=1;BYMONTHDAY=1;BYDAY=MO",
            datetime.fromisoformat("2028-01-01"),
            False,
        ),
        # The first day of a year is a Sunday every so often, the 53rd week too.
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", NINE, True),
    ],
)
def test_whether_a_rule_names_any_day(rule, start, any_):
    assert names_any(rule, start) is any_
