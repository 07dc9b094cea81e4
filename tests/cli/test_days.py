"""A day is a day of whoever reads, in every command and on both sides of Greenwich."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.laws.inprocess import Desk as Reader

ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Pacific/Honolulu", "Asia/Kathmandu", "UTC")


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    desk = Reader(tmp_path)
    desk.tix("init")
    return desk


def utc(zone: str, local: str) -> str:
    """A local time of a zone as an instant."""
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    return at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_is_the_same_in_every_command(reader: Reader, zone: str):
    """What happens in the first and the last second of a day is in it, what happens a second beside is not."""
    reader.zone = zone
    edges = ("2026-11-02T23:59:59", "2026-11-03T00:00:00", "2026-11-03T23:59:59", "2026-11-04T00:00:00")
    for number, at in enumerate(edges, 1):
        reader.tix("new", f"T{number}", "-m", "x", now=utc(zone, at))
        reader.tix("time", "add", number, "10m", now=utc(zone, at))
    reader.now = utc(zone, "2026-11-05T12:00:00")
    day = ("--since", "2026-11-03", "--until", "2026-11-03")
    assert reader.tix("list", "--all", *day, "-o", "ids").refs == ["TIX-3", "TIX-2"]
    assert reader.tix("list", "--all", *day, "--count").out == "2\n"
    assert set(reader.tix("search", "T*", *day, "-o", "ids").refs) == {"TIX-2", "TIX-3"}
    assert {one["ref"] for one in reader.tix("time", "list", *day, "--json").json} == {"TIX-2", "TIX-3"}
    told = reader.tix("stats", *day, "--json").json
    assert (told["tickets"], sum(told["by_age"].values()), sum(told["raised_by_day"].values())) == (2, 2, 2)
    assert told["raised_by_day"]["2026-11-03"] == 2
    assert reader.tix("report", "summary", *day, "--json").json[0]["raised"] == 2
    assert sum(row["open"] for row in reader.tix("report", "aging", *day, "--json").json) == 2
    assert [row["entries"] for row in reader.tix("report", "time", *day, "--json").json] == [2]
    assert {one["ref"] for one in reader.tix("log", "--since", "2026-11-03", "--json").json} == {
        "TIX-2", "TIX-3", "TIX-4"}  # fmt: skip
    every = reader.tix("stats", "--json").json
    assert [every["raised_by_day"][f"2026-11-0{n}"] for n in (2, 3, 4, 5)] == [1, 2, 1, 0]
    assert every["by_age"]["1 to 2 days"] == 3  # the 3rd and the 4th, seen on the 5th
    assert every["by_age"]["3 to 6 days"] == 1


@pytest.mark.parametrize("zone", ZONES)
def test_what_a_limited_agent_counts_is_what_the_counters_say(reader: Reader, zone: str):
    """Two ways of counting that share no code: the counters of UTC days, and the tickets themselves."""
    reader.tix("department", "add", "Desk")
    reader.tix("user", "add", "ann", "--role", "agent", "--departments", "Desk")
    start = datetime.fromisoformat("2026-07-20T00:30:00+00:00")
    for number in range(60):
        at = start + timedelta(hours=53 * number)
        reader.tix(
            "new", f"T{number}", "-m", "x", "--department", "Desk", now=at.strftime("%Y-%m-%dT%H:%M:%SZ")
        )
    reader.zone, reader.now = zone, "2026-11-29T03:00:00Z"
    for window in ((), ("--since", "2026-09-01"), ("--since", "2026-09-03", "--until", "2026-11-14"),
                   ("--since", "yesterday", "--until", "today"), ("--until", "2026-11-28 14:00")):  # fmt: skip
        told = [reader.tix("stats", *window, "--json", as_=who).json for who in (None, "ann")]
        assert told[0] == {**told[1], "mine": told[0]["mine"]}


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin"])
def test_a_month_of_a_report_is_the_reader_s(reader: Reader, zone: str):
    reader.zone = zone
    reader.tix("new", "T", "-m", "x", now=utc(zone, "2026-10-31T23:30:00"))
    reader.tix("new", "T", "-m", "x", now=utc(zone, "2026-11-01T00:30:00"))
    months = [row["month"] for row in reader.tix("report", "summary", "--json").json]
    assert months == ["2026-10", "2026-11"]


def test_the_cases_that_were_reported(reader: Reader):
    reader.zone = "Europe/Berlin"
    reader.tix("new", "T", "-m", "x", now="2026-11-01T10:00:00Z")
    day = ("--since", "2026-11-01", "--until", "2026-11-01")
    assert reader.tix("stats", *day, "--json").json["tickets"] == 1
    reader.zone = "UTC"
    reader.tix("new", "T", "-m", "x", now="2026-11-30T15:00:00Z")
    reader.now = "2026-11-30T16:00:00Z"
    assert (
        reader.tix("list", "--all", "--since", "2026-11-30", "--until", "2026-11-30", "--count").out == "1\n"
    )


# ---------------------------------------------------------------------------------------- a day to be due on


def due(reader: Reader, word: str, number: int = 1, **more) -> str:
    return reader.tix("edit", number, "--due", word, "--json", **more).json["due_at"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("word", "day"),
    [("today", "2026-11-27"), ("tomorrow", "2026-11-28"), ("friday", "2026-12-04"), ("2026-12-24", "2026-12-24")],
)  # fmt: skip
def test_a_day_to_be_due_on_is_its_end(reader: Reader, zone: str, word: str, day: str):
    """Also when the ticket is raised; a time of day and a duration stay what they are."""
    reader.zone, reader.now = zone, utc(zone, "2026-11-27T18:00:00")
    end = utc(zone, f"{day}T23:59:59")
    made = reader.tix("new", "T", "-m", "x", "--due", word, "--json").json
    assert (made["due_at"], made["overdue"]) == (end, False)
    reader.tix("new", "T", "-m", "x")
    assert due(reader, word, 2) == end
    assert due(reader, f"{word} 14:00", 2) == utc(zone, f"{day}T14:00:00")
    assert due(reader, "+1d", 2) == utc(zone, "2026-11-28T18:00:00")


def test_it_is_the_end_of_the_business_day_where_a_calendar_holds(reader: Reader):
    """The calendar of the department, else of the plan; a day without business hours ends at its end."""
    reader.zone, reader.now = "Europe/Berlin", utc("Europe/Berlin", "2026-11-26T10:00:00")  # a Thursday
    berlin = ("--zone", "Europe/Berlin")
    reader.tix("calendar", "add", "office", "--hours", "mon-fri 09:00-17:00", *berlin)
    reader.tix("calendar", "add", "late", "--hours", "mon-fri 12:00-20:00", *berlin)
    reader.tix("calendar", "edit", "office", "--holiday", "2026-12-24=Off")
    reader.tix("department", "add", "Desk", "--calendar", "office")
    reader.tix("sla", "add", "gold", "--grace", "4h", "--calendar", "late")
    at = lambda local: utc("Europe/Berlin", local)  # noqa: E731
    made = reader.tix("new", "T", "-m", "x", "--department", "Desk", "--due", "today", "--json").json
    assert made["due_at"] == at("2026-11-26T17:00:00")
    assert due(reader, "friday") == at("2026-11-27T17:00:00")
    assert due(reader, "saturday") == at("2026-11-28T23:59:59")
    assert due(reader, "2026-12-24") == at("2026-12-24T23:59:59")
    reader.tix("new", "T", "-m", "x", "--sla", "gold")
    assert due(reader, "friday", 2) == at("2026-11-27T20:00:00")
    # The department it moves to in the same breath counts; after work today is not over yet.
    assert reader.tix("edit", 2, "--department", "Desk", "--due", "friday", "--json").json["due_at"] == at(
        "2026-11-27T17:00:00")  # fmt: skip
    late = at("2026-11-26T18:00:00")
    assert due(reader, "today", now=late) == at("2026-11-26T23:59:59")


def test_a_schedule_s_tickets_are_due_at_the_end_of_the_day(reader: Reader):
    reader.tix("schedule", "add", "daily", "--subject", "T", "-m", "x", "--every", "FREQ=DAILY", "--start", "2026-11-23 08:00", "--due", "tomorrow")  # fmt: skip
    reader.tix("tick", now="2026-11-23T09:00:00Z")
    assert (
        reader.tix("show", 1, "--json", now="2026-11-23T09:00:00Z").json["due_at"] == "2026-11-24T23:59:59Z"
    )
