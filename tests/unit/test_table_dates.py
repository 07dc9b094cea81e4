"""Dates as trackers and spreadsheets write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tix.errors import BrokenRecord
from tix.importers.tables.dates import DateRules, parse_date

BERLIN = DateRules(zone=ZoneInfo("Europe/Berlin"))


def local(text: str, rules: DateRules = BERLIN) -> str:
    return datetime.fromtimestamp(parse_date(text, rules), rules.zone).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02", "2026-01-02 00:00:00"),
        ("2026-01-02 10:11", "2026-01-02 10:11:00"),
        ("2026-01-02T10:11:12.123456Z", "2026-01-02 11:11:12"),
        ("2026-01-02 10:11:12 UTC", "2026-01-02 11:11:12"),
        ("2026-01-02 10:11:12 +0200", "2026-01-02 09:11:12"),
        ("2026-01-02 3:04 PM", "2026-01-02 15:04:00"),
        ("2026/01/02 10:11", "2026-01-02 10:11:00"),
        ("20260102T101112Z", "2026-01-02 11:11:12"),
        ("1767607200", "2026-01-05 11:00:00"),
        ("1767607200000", "2026-01-05 11:00:00"),
        ("1767607200000000", "2026-01-05 11:00:00"),
        ("12/Jan/26 3:04 PM", "2026-01-12 15:04:00"),
        ("12/Jan/26 12:04 AM", "2026-01-12 00:04:00"),
        ("12-Jan-2026 15.04", "2026-01-12 15:04:00"),
        ("Jan 2, 2026", "2026-01-02 00:00:00"),
        ("January 2, 2026 at 3:04 PM", "2026-01-02 15:04:00"),
        ("Jan 02, 2026 03:04:05 PM EST", "2026-01-02 21:04:05"),
        ("Friday, January 2, 2026 3:04 PM", "2026-01-02 15:04:00"),
        ("Fri, 02 Jan 2026 10:00:00 +0000", "2026-01-02 11:00:00"),
        ("Fri Jan  2 10:00:00 2026", "2026-01-02 10:00:00"),
        ("Fri Jan 2 10:00:00 UTC 2026", "2026-01-02 11:00:00"),
        ("24.12.2026 15:04", "2026-12-24 15:04:00"),
        ("Tue Jan 13 2026 05:42:10 GMT+0100 (Central European Standard Time)", "2026-01-13 05:42:10"),
        ("24.12.26", "2026-12-24 00:00:00"),
        ("12/24/2026 3:04 PM", "2026-12-24 15:04:00"),
        ("24/12/2026", "2026-12-24 00:00:00"),
        ("03/03/2026", "2026-03-03 00:00:00"),
        ("12. Jan. 2026 15:04", "2026-01-12 15:04:00"),
        ("12/Mär/26 15:04", "2026-03-12 15:04:00"),
        ("Mi 02.12.2026 15:04", "2026-12-02 15:04:00"),
        ("12 janv. 2026 15:04", "2026-01-12 15:04:00"),
        ("mer. 2 déc. 2026", "2026-12-02 00:00:00"),
        ("2 de enero de 2026", "2026-01-02 00:00:00"),
        ("5/mai/26", "2026-05-05 00:00:00"),
        ("2 stycznia 2026 14:00", "2026-01-02 14:00:00"),
        ("02 янв. 2026", "2026-01-02 00:00:00"),
        ("12/24/26 3:04\u202fPM", "2026-12-24 15:04:00"),
    ],
)
def test_a_date_is_read(text: str, moment: str) -> None:
    assert local(text) == moment


@pytest.mark.parametrize(("day_first", "moment"), [(True, "2026-04-03"), (False, "2026-03-04")])
def test_who_says_which_is_first_gets_it(day_first: bool, moment: str) -> None:
    assert local("03/04/2026 10:00", BERLIN._replace(day_first=day_first)) == f"{moment} 10:00:00"


def test_two_readings_are_refused_with_both() -> None:
    with pytest.raises(BrokenRecord, match=r"2026-04-03 \(--day-first\) or 2026-03-04 \(--month-first\)"):
        parse_date("03/04/2026", BERLIN)


def test_a_format_that_was_named_comes_first() -> None:
    assert local("02|01|2026", BERLIN._replace(formats=("%d|%m|%Y",))) == "2026-01-02 00:00:00"


@pytest.mark.parametrize(
    "text",
    ["x", "Mon", "January", "12:30", "1.5", "2026", "99/99/2026", "31.02.2026", "2026-13-01", "tomorrow", "1/2/3/4", "0" * 400, "12/Foo/26", "-5", "2026-01-02 25:00"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BrokenRecord, match="is not a date"):
        parse_date(text, BERLIN)
