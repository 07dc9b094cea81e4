"""Public holidays of a country and of its regions: which there are is said, and there are always enough of them."""

import json
from typing import Any

import pytest

from tests.harness import Shell

HOURS = ("--hours", "mon-fri 9-17")


@pytest.mark.parametrize(("country", "region"), [("AU", "AU-VIC"), ("GB", "GB-SCT"), ("CH", "CH-ZH")])
def test_a_country_alone_names_its_regions(desk: Shell, country: str, region: str):
    desk.tix("init")
    said = desk.tix("calendar", "add", "c", *HOURS, "--country", country).err
    assert len([line for line in said.splitlines() if region in line]) == 1, said


def test_only_regions_with_holidays_of_their_own_this_year_are_named(desk: Shell):
    """Hamburg has one that the whole country does not have since 2018."""
    for year, is_named in ((2017, False), (2018, True)):
        desk.now = f"{year}-06-01T09:00:00Z"
        said = desk.tix("calendar", "add", f"c{year}", *HOURS, "--country", "DE").err
        assert "DE-BY" in said
        assert ("DE-HH" in said) is is_named


def test_a_region_needs_no_advice(desk: Shell):
    desk.tix("init")
    assert "--country" not in desk.tix("calendar", "add", "a", *HOURS, "--country", "AU-VIC").err
    assert "AU-NSW" in desk.tix("calendar", "edit", "a", "--country", "AU").err
    assert "AU-NSW" not in desk.tix("calendar", "edit", "a", "--hours", "mon 9-17").err


def shown(desk: Shell, name: str) -> list[str]:
    """The holidays that ``calendar show`` prints."""
    found: list[str] = desk.tix("calendar", "show", name, "--json").json["holidays"]
    return found


def stored(desk: Shell) -> dict[str, list[tuple[int, str]]]:
    """All holidays of each calendar, as an export has them."""
    nouns = json.loads(desk.tix("export").out.splitlines()[0])["desk"]["nouns"]
    found: dict[str, Any] = {one["name"]: [] for one in nouns["calendar"]}
    for one in nouns["holiday"]:
        found[one["calendar"]].append((one["day"], one["name"]))
    return found


def test_public_holidays_are_shown_of_two_years_and_ones_own_always(desk: Shell):
    """A year alone would leave out New Year on a day in December."""
    desk.now = "2026-12-20T09:00:00Z"
    desk.tix("calendar", "add", "c", *HOURS, "--country", "DE", "--holiday", "2031-05-05=Fair")
    days = shown(desk, "c")
    assert {"2026-12-25", "2027-01-01", "2027-12-25", "2031-05-05"} < {day.split()[0] for day in days}
    assert {day[:4] for day in days} == {"2026", "2027", "2031"}


def test_tick_adds_holidays_before_they_run_out_and_keeps_those_of_before(desk: Shell):
    desk.now = "2026-12-20T09:00:00Z"
    desk.tix("calendar", "add", "c", *HOURS, "--country", "DE")
    desk.tix("calendar", "add", "own", *HOURS, "--holiday", "2026-12-24")
    before = stored(desk)
    desk.tix("tick")
    assert stored(desk) == before
    desk.now = "2036-12-20T09:00:00Z"
    desk.tix("tick")
    after = stored(desk)
    assert after["own"] == before["own"]
    assert after["c"][: len(before["c"])] == before["c"]
    assert len(after["c"]) > len(before["c"])
    desk.tix("tick")
    assert stored(desk) == after
    desk.now = "2044-12-20T09:00:00Z"
    assert {day[:4] for day in shown(desk, "c")} == {"2044", "2045"}


def test_a_calendar_without_the_holidays_of_its_country_gets_those_of_a_new_one(desk: Shell):
    """A file that names the country alone: ``tick`` adds no days of centuries ago."""
    desk.now = "2026-12-20T09:00:00Z"
    desk.tix("calendar", "add", "c", *HOURS, "--country", "US")
    desk.tix("new", "Jam", "-m", "x")
    wanted = stored(desk)
    first, *rest = desk.tix("export").out.splitlines(keepends=True)
    told = json.loads(first)
    told["desk"]["nouns"]["holiday"] = []
    folder = desk.folder / "other"
    folder.mkdir()
    other = Shell(folder)
    other.now = desk.now
    other.tix("import", "-", stdin=json.dumps(told) + "\n" + "".join(rest))
    assert stored(other) == {"c": []}
    other.tix("tick")
    assert stored(other) == wanted
