"""``tix stats`` and ``tix report``, through real processes and a real terminal."""

import io
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from tests.harness import Shell
from tix.render.safe import width
from tix.render.terminal.console import Console
from tix.render.terminal.report_table import draw_report
from tix.render.terminal.signs import draws_bars
from tix.render.terminal.theme import PALETTE

REPORTS = ("weeks", "summary", "sla", "agents", "aging", "ratings", "time")

SLA_ROWS = [
    {
        "plan": "day",
        "tickets": 4,
        "response_met": 2,
        "response_missed": 1,
        "response_percent": 66.7,
        "resolution_met": 0,
        "resolution_missed": 0,
        "resolution_percent": None,
        "overdue": 2,
    }
]


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


# ------------------------------------------------------------------------------------------------ for people


def test_a_week_has_what_came_what_went_and_what_is_left(desk: Shell):
    desk.tix("new", "Later", "-m", "x", now="2026-11-24T09:00:00Z")
    desk.tix("resolve", 2, now="2026-11-24T10:00:00Z")
    told = {"now": "2026-12-01T10:00:00Z"}
    assert [list(row.values()) for row in desk.tix("report", "weeks", "--json", **told).json] == [
        ["2026-11-16", 3, 1, 2],
        ["2026-11-23", 1, 1, 2],
        ["2026-11-30", 0, 0, 2],
    ]
    (row,) = desk.tix(
        "report", "weeks", "--json", "--since", "2026-11-25", "--until", "2026-11-26", **told
    ).json
    assert row["week"] == "2026-11-23"


def on_terminal(desk: Shell, *words: str, env: dict[str, str] | None = None) -> str:
    """What a report prints on a terminal."""
    terminal = desk.terminal("report", *words, env=env)
    terminal.wait()
    return terminal.text


def test_a_report_on_a_terminal_begins_with_a_sentence(desk: Shell):
    """Bars with it, unless colours are not wanted; definitions only where they are asked for."""
    text = on_terminal(desk, "aging")
    assert text.startswith("2 open tickets: 1 unassigned, 0 overdue; the oldest is TIX-2.")
    assert "█" in text
    assert "tix report aging --explain" in text
    plain = on_terminal(desk, "aging", "--explain", env={"NO_COLOR": "1"})
    assert "█" not in plain
    assert "the numbers mean" not in plain
    assert "Counts by assignee, department" in plain


def test_bars_need_signs_and_colours():
    for env in ({}, {"LANG": "de_DE.UTF-8"}, {"LC_ALL": "C.utf8", "LANG": "C"}, {"ACCESSIBLE": "0"}):
        assert draws_bars(env)
    for env in (
        {"NO_COLOR": "1"},
        {"LC_ALL": "C", "LANG": "de_DE.UTF-8"},
        {"LANG": "de_DE.ISO-8859-1"},
        {"ACCESSIBLE": "1"},
        {"TERM": "dumb"},
        {"LANG": "C", "LC_CTYPE": "C.UTF-8"},  # the second is Python's (PEP 538)
    ):
        assert not draws_bars(env)


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_a_table_within_its_width(desk: Shell, name: str):
    rows = desk.tix("report", name, "--json").json or SLA_ROWS
    for wide in (20, 40, 60, 80, 200):
        out = io.StringIO()
        draw_report(name, rows, Console(out, wide, False, PALETTE), bars=True)
        assert all(width(line) <= wide for line in out.getvalue().splitlines())
        assert wide < 200 or "█" in out.getvalue()


def test_targets_are_told_as_so_many_of_so_many():
    out = io.StringIO()
    draw_report("sla", SLA_ROWS, Console(out, 100, False, PALETTE), bars=False)
    lines = out.getvalue().split("\n")
    assert lines[0] == "67 % answered in time; 2 tickets overdue now."
    assert "ANSWERED IN TIME" in lines[2]
    assert "2 of 3, 67 %" in lines[3]
    assert "none yet" in lines[3]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_a_picture_too(desk: Shell, name: str):
    """Well-formed, with a title and a description that says every number, and nothing from elsewhere."""
    picture = desk.tix("report", name, "-o", "svg").out
    root = ET.fromstring(picture)
    space = "{http://www.w3.org/2000/svg}"
    assert root.attrib["role"] == "img"
    title, described = root.find(f"{space}title"), root.find(f"{space}desc")
    assert title is not None
    assert title.text
    assert described is not None
    assert described.text
    assert "prefers-color-scheme:dark" in picture
    assert not re.search(r"href|url\(|<script|<image", picture)
    if name == "weeks":
        assert "2026-11-16: created 3, solved 1, backlog 2." in described.text


def test_a_picture_has_no_columns(desk: Shell):
    for words in (("--json",), ("-c", "week"), ("--jq", ".")):
        assert "svg" in desk.tix("report", "weeks", "-o", "svg", *words, check=2).err
    assert "svg" in desk.tix("list", "-o", "svg", check=2).err
