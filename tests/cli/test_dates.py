"""Words for times and durations at the command line: what a write does with them, and ``tix date``."""

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(tmp_path):
    """A ticket of lan's in a department with business hours; a Tuesday, 10:00 in Berlin."""
    shell = Shell(tmp_path)
    shell.now = "2026-11-24T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "lan:requester")
    shell.tix(
        "calendar", "add", "office", "--hours", "mon-fri 9-17", "--zone", "UTC", "--holiday", "2026-11-26"
    )
    shell.tix("department", "add", "IT", "--calendar", "office")
    shell.tix("new", "One", "-m", "x", as_="lan")
    shell.tix("new", "Two", "-m", "x", "--department", "IT")
    yield shell
    shell.close()


@pytest.mark.parametrize(
    ("words", "without", "office"),
    [
        ("tomorrow", "2026-11-25T23:59:59Z", "2026-11-25T17:00:00Z"),
        ("2bd", "2026-11-26T23:59:59Z", "2026-11-27T17:00:00Z"),
        ("eow", "2026-11-29T23:59:59Z", "2026-11-27T17:00:00Z"),
        ("3d", "2026-11-27T09:00:00Z", "2026-11-27T09:00:00Z"),
    ],
)
def test_a_due_date_is_by_the_calendar_of_the_ticket(desk: Shell, words, without, office):
    told = desk.tix("edit", 1, 2, "--due", words, "--json", as_="sam").json
    assert [one["due_at"] for one in told] == [without, office]


def test_business_days_without_a_ticket_are_of_the_default_department(desk: Shell):
    desk.tix("config", "set", "default_department", "IT")
    told = desk.tix("snooze", 1, "--until", "2bd", "--json", as_="sam").json
    assert told["snoozed_until"] == "2026-11-27T00:00:00Z"
    rows = {row["use"]: row["at"] for row in desk.tix("date", "2bd", "--json").json}
    assert rows["due"] == "2026-11-27T17:00:00Z"


def test_a_due_date_in_the_past_is_accepted_with_a_warning(desk: Shell):
    done = desk.tix("edit", 1, "--due", "yesterday", as_="sam")
    assert done.code == 0
    assert done.err == "TIX-1: the due date Mon 23 Nov 2026 23:59 is in the past.\n"
    done = desk.tix("new", "Three", "-m", "x", "--due", "-1h")
    assert "TIX-3: the due date Tue 24 Nov 2026 08:00 is in the past.\n" in done.err
    assert desk.tix("edit", 1, "--due", "tomorrow", as_="sam").err == ""


@pytest.mark.parametrize(
    ("words", "reading"),
    [
        ("9", "9:00, 9d or 9th"),
        ("3/4/2026", "2026-04-03 or 2026-03-04"),
        ("midnight", "today 00:00 or today eod"),
    ],
)
def test_what_is_ambiguous_writes_nothing(desk: Shell, words, reading):
    done = desk.tix("edit", 1, "--due", words, as_="sam", check=2)
    assert f"hint: write {reading}" in done.err
    assert desk.tix("show", 1, "--json").json["due_at"] is None


@pytest.mark.parametrize(
    ("locale", "day"),
    [("en_US.UTF-8", "2026-03-04"), ("de_DE.UTF-8", "2026-04-03"), ("en_GB", "2026-04-03")],
)
def test_the_locale_says_which_number_is_the_month(desk: Shell, locale, day):
    told = desk.tix("date", "3/4/2026", "--json", env={"LC_ALL": "", "LC_TIME": locale}).json
    assert told[0] == {"use": "due", "at": f"{day}T23:59:59Z", "seconds": None, "words": "3/4/2026"}


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX", "xx_XX.UTF-8", "en", "ja_JP.UTF-8"])
def test_a_locale_that_does_not_say_is_not_guessed(desk: Shell, locale):
    done = desk.tix("date", "12/24/2026", env={"LC_ALL": "", "LC_TIME": locale}, check=2)
    assert "hint: write 2026-12-24" in done.err


@pytest.mark.parametrize(("words", "seconds"), [("25", 1500), ("0.5h", 1800), ("0,5h", 1800), ("1:30", 5400)])
def test_time_spent(desk: Shell, words, seconds):
    assert desk.tix("time", "add", 1, words, "--json", as_="sam").json["time_seconds"] == seconds


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (["next", "friday"], ["due\t2026-12-04T23:59:59Z\t", "since\t2026-12-04T00:00:00Z\t", "until\t2026-12-04T23:59:59Z\t"]),
        (["2d"], ["due\t2026-11-26T09:00:00Z\t", "since\t2026-11-22T09:00:00Z\t", "until\t2026-11-22T09:00:00Z\t",
                  "duration\t\t172800"]),
        (["25"], ["duration\t\t1500"]),
    ],
)  # fmt: skip
def test_date_shows_each_use(desk: Shell, words, rows):
    assert desk.tix("date", *words).out.splitlines() == rows


def test_date_says_why_a_duration_is_no_time(desk: Shell):
    assert desk.tix("date", "25").err == "As a time '25' is ambiguous: it could be 25d or 25th.\n"
    assert desk.tix("date", "soon", check=2).out == ""


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("day", "FREQ=DAILY"), ("daily", "FREQ=DAILY"), ("every day", "FREQ=DAILY"),
        ("weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"), ("mon, thu", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("Mondays", "FREQ=WEEKLY;BYDAY=MO"), ("tuesday and friday", "FREQ=WEEKLY;BYDAY=TU,FR"), ("week", "weekly"),
        ("2 weeks", "biweekly"), ("other week", "biweekly"), ("month", "monthly"), ("3 months", "quarterly"),
        ("10 days", "FREQ=DAILY;INTERVAL=10"), ("yearly", "annually"), ("weekend", "FREQ=WEEKLY;BYDAY=SA,SU"),
    ],
)  # fmt: skip
def test_how_often_in_words(desk: Shell, words, rule):
    told = desk.tix("schedule", "add", "s", "--subject", "S", "-m", "x", "--every", words, "--json").json
    assert told["every"] == rule


def test_a_number_behind_next_friday_is_an_hour_and_date_says_which(desk: Shell):
    """Of a weekday with `next` a number is no day of the month; whether it is morning is asked."""
    for words in ("next fri 9", "this friday 9", "coming mon 11"):
        told = desk.tix("date", *words.split(), "--json", check=2).error
        assert told["message"] == f"'{words}' is ambiguous: it could be {words}am or {words}pm"
        assert told["hint"].startswith(f"{words}am is 20")
        assert f"; {words}pm is 20" in told["hint"]
        for half in ("am", "pm"):
            at = next(
                one["at"] for one in desk.tix("date", words + half, "--json").json if one["use"] == "due"
            )
            assert f"{words}{half} is {at}" in told["hint"]
