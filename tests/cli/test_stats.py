"""``tix stats`` and ``tix report``, through real processes and a real terminal."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.harness import Shell

REPORTS = ("summary", "sla", "agents", "aging", "ratings", "time")


@pytest.fixture
def desk(tmp_path):
    """Three tickets of lan's, of which one is solved and rated."""
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "lan:requester")
    for name in ("One", "Two", "Three"):
        shell.tix("new", name, "-m", "x", as_="lan")
    shell.now = "2026-11-20T10:00:00Z"
    shell.tix("claim", 1, 2, as_="sam")
    shell.tix("reply", 1, "-m", "look", "--time", "25m", as_="sam")
    shell.tix("resolve", 1, as_="sam")
    shell.tix("rate", 1, 4, as_="lan")
    yield shell
    shell.close()


def test_the_numbers_of_a_desk(desk: Shell):
    told = desk.tix("stats", "--json", as_="sam").json
    assert told["by_status"] == {"open": 2, "resolved": 1}
    assert (told["open"], told["resolved"], told["closed"]) == (2, 1, 0)
    assert (told["mine"], told["unassigned"], told["overdue"]) == (1, 1, 0)
    assert told["by_assignee"] == {"none": 1, "sam": 1}
    assert told["by_age"]["under 1 day"] == 2
    assert told["resolution"]["count"] == 1
    assert 3600 * 0.91 < told["resolution"]["median_seconds"] < 3600 * 1.09
    assert told["ratings"] | {"average": 4.0, "4": 1} == told["ratings"]


def test_a_median_is_the_time_that_half_of_them_took(desk: Shell):
    """Of two times it is the shorter, of four the second; nine tenths of ten is the ninth."""
    for number in range(4, 11):
        desk.tix("new", f"More {number}", "-m", "x", as_="lan", now="2026-11-20T09:00:00Z")
    for number in range(2, 11):  # the first took an hour, each one twice as long as the one before
        ended = datetime(2026, 11, 20, 9, tzinfo=UTC) + timedelta(hours=2 ** (number - 1))
        desk.tix("resolve", number, now=f"{ended:%Y-%m-%dT%H:%M:%SZ}")
        told = desk.tix("stats", "--json", now="2026-12-20T09:00:00Z").json["resolution"]
        middle = 3600 * 2 ** ((number - 1) // 2)
        assert told["count"] == number
        assert middle * 0.91 < told["median_seconds"] < middle * 1.09
    assert 3600 * 256 * 0.91 < told["p90_seconds"] < 3600 * 256 * 1.09


def test_since_and_until_choose_the_days_they_were_raised(desk: Shell):
    desk.tix("new", "Four", "-m", "x", now="2026-11-22T09:00:00Z")
    later = {"now": "2026-11-22T10:00:00Z"}
    assert desk.tix("stats", "--json", "--since", "2026-11-21", **later).json["tickets"] == 1
    assert desk.tix("stats", "--json", "--until", "2026-11-21", **later).json["tickets"] == 3
    assert desk.tix("report", "summary", "--json", "--since", "2026-11-21", **later).json[0]["raised"] == 1


def test_they_are_the_staff_s(desk: Shell):
    desk.tix("stats", as_="lan", check=4)
    desk.tix("report", "sla", as_="lan", check=4)
    assert "summary" in desk.tix("report", "nothing", check=2).err


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_an_array_of_its_columns(desk: Shell, name: str):
    found = desk.tix("report", name, "--json").json
    columns = desk.tix("report", name, "--columns", "help").out.split()
    assert found or name == "sla"
    assert all(list(row) == columns for row in found)


def test_time_by_who_worked_it(desk: Shell):
    (row,) = desk.tix("report", "time", "--json").json
    assert (row["by"], row["seconds"], row["unbilled_seconds"]) == ("sam", 1500, 1500)


def test_an_empty_desk(tmp_path):
    """Zeros, no division by them."""
    shell = Shell(tmp_path)
    shell.tix("init")
    told = shell.tix("stats", "--json").json
    assert (told["tickets"], told["resolution"]["median_seconds"], told["ratings"]["average"]) == (
        0,
        None,
        None,
    )
    for name in REPORTS:
        shell.tix("report", name)
    shell.close()
