"""A whole desk that was written out is the same desk when it is read in, whatever it is set up with."""

import json
import os
from typing import Any

import pytest

from tests.harness import Result
from tests.laws.desks import Made
from tests.laws.inprocess import Desk

pytestmark = pytest.mark.long

SEEDS = range(60 if os.environ.get("TIX_SOAK") else 5)


@pytest.fixture(scope="module", params=SEEDS)
def made(request, tmp_path_factory):
    """A random desk."""
    found = Made(tmp_path_factory.mktemp("made"), request.param)
    found.make()
    assert found.done > 40
    return found


def other(made: Made, name: str) -> Desk:
    """Another desk at the same moment."""
    folder = made.desk.folder / name
    folder.mkdir()
    desk = Desk(folder)
    desk.now = made.desk.now
    return desk


def bring(desk: Desk, text: str, *flags: str, as_: str | None = None, check: int | None = 0) -> Result:
    """Imports a file of that text."""
    (desk.folder / "brought").write_text(text, newline="")
    return desk.tix("import", "brought", *flags, as_=as_, check=check)


def exported(desk: Desk) -> str:
    """The desk, written out."""
    return desk.tix("export").raw_out.decode()


def well(desk: Desk) -> None:
    """Doctor finds nothing."""
    checks = desk.tix("doctor", "--json").json
    assert {check["status"] for check in checks} == {"ok", "info"}, checks


def test_the_desks_have_what_the_law_is_about(tmp_path_factory):
    """Control: among them are paused clocks, answers for the staff, assets, dates by plan and own workflows."""
    seen: set[str] = set()
    for seed in SEEDS[:5]:
        desk = Made(tmp_path_factory.mktemp("seen"), seed).make()
        for line in map(json.loads, exported(desk).splitlines()):
            seen |= {name for name, value in line["row"].items() if value}
            seen |= {f"status {line['status']}"}
            nouns = line.get("desk", {}).get("nouns", {})
            seen |= {
                f"{noun}.{name}" for noun, rows in nouns.items() for row in rows for name in row if row[name]
            }
            seen |= {name for name in ("invoices", "timers") if line.get("desk", {}).get(name)}
            works = [item["work"] for item in line["thread"] if "work" in item]
            seen |= {"billed" if work["invoice"] else f"billable {work['billable']}" for work in works}
            seen |= {name for one in line.get("desk", {}).get("people", ()) for name in one if one[name]}
    assert seen >= {
        "pauses", "fields", "internal_fields", "assets", "response_due_at", "sla_by_hand", "due_by_hand",
        "status received", "contact", "manager", "teams", "away_until", "client",
        "department.workflow", "department.mapping", "department.calendar", "sla.overrides", "calendar.country",
        "invoices", "timers", "billed", "billable True", "billable False",
        "topic_field.staff_only", "topic_field.required_to_close", "topic_field.choices", "holiday.by_hand",
        "schedule.next_at", "schedule.last_at", "schedule.due", "schedule.tags", "schedule.assets",
    }, sorted(seen)  # fmt: skip


def test_an_empty_desk_becomes_the_same_desk(made):
    """Export, import, export: the same bytes; twice adds nothing; both desks are well."""
    first = exported(made.desk)
    nouns = json.loads(first.splitlines()[0])["desk"]["nouns"]
    assert all(
        nouns[kind]
        for kind in ("client", "department", "topic", "topic_field", "holiday", "asset", "schedule")
    )
    well(made.desk)
    desk = other(made, "empty")
    bring(desk, first)
    assert exported(desk) == first
    well(desk)
    again = bring(desk, first, "--json").json
    assert (again["imported"], again["people"]) == (0, 0)
    assert exported(desk) == first


def test_a_desk_in_use_keeps_what_it_has(made):
    """An admin's import adds unknown nouns and people; those that are there stay, with all that hangs on them."""
    desk = other(made, "used")
    desk.tix("new", "Here first", "-m", "x")
    workflow = made.desk.tix("config", "get", "workflow").out.strip()
    if workflow == "repairs":
        desk.tix("workflow", "add", made.desk.folder / "repairs.toml")
        desk.tix("workflow", "use", workflow, "--map", "open=received")
    desk.tix("calendar", "add", "büro", "--hours", "sun 1-2", "--holiday", "2026-07-07=Ours")
    desk.tix("client", "add", "CLIENT 0", "--notes", "ours")
    desk.tix("topic", "add", "Report")
    desk.tix("topic", "field", "add", "Report", "text", "--label", "Ours")
    desk.tix("user", "add", "ann", "--role", "agent", "--departments", "none")
    before = json.loads(exported(desk).splitlines()[0])["desk"]
    told = json.loads(exported(made.desk).splitlines()[0])["desk"]
    bring(desk, exported(made.desk))
    after = json.loads(exported(desk).splitlines()[0])["desk"]
    well(desk)
    for kind, rows in before["nouns"].items():
        assert [row for row in after["nouns"][kind] if row in rows] == rows, kind
    assert {one["name"] for one in after["nouns"]["client"]} == {
        "CLIENT 0",
        *(one["name"] for one in told["nouns"]["client"] if one["name"] != "Client 0"),
    }
    (own,) = [row for row in after["nouns"]["topic_field"] if row["topic"] == "Report"]
    assert own["label"] == "Ours"
    (ann,) = [one for one in after["people"] if one["login"] == "ann"]
    assert ann["departments"] == []
    assert before["settings"] == after["settings"]
    clients = {one["client"] for one in desk.tix("list", "--all", "--json").json}
    assert "Client 0" not in clients
    second = exported(desk)
    bring(desk, exported(made.desk))
    assert exported(desk) == second


def test_an_agent_brings_no_nouns_and_no_rights(made):
    """What tickets name and the desk does not have is left out, and said."""
    desk = other(made, "agents")
    desk.tix("init")
    desk.tix("workflow", "add", made.desk.folder / "repairs.toml")
    desk.tix("user", "add", "zoe", "--role", "agent")
    before = json.loads(exported(desk).splitlines()[0])["desk"]
    lines = [json.loads(line) for line in exported(made.desk).splitlines()]
    told = bring(
        desk, "".join(json.dumps(line) + "\n" for line in lines), "--keep-going", as_="zoe", check=None
    )
    assert "only an admin can import settings" in told.err
    after = json.loads(exported(desk).splitlines()[0])["desk"]
    assert after["nouns"] == before["nouns"]
    assert after["settings"] == before["settings"]
    staff = [one["login"] for one in after["people"] if one["role"] != "requester"]
    assert staff == [one["login"] for one in before["people"] if one["role"] != "requester"]
    known = {one["login"] for one in before["people"]}
    for one in after["people"]:
        if one["login"] not in known:
            rights = [
                one[key] for key in ("client", "manager", "teams", "departments", "away_until", "merged_into")
            ]
            assert (one["contact"], rights) == ([], [None] * 6)
    for ticket in desk.tix("list", "--all", "--json").json:
        assert [ticket[key] for key in ("topic", "department", "team", "client")] == [None] * 4
    well(desk)


def test_a_table_comes_back_with_its_places(made):
    """``list`` and ``export`` as CSV, into a desk that has the nouns: topic, places, plan, assets, answers."""
    facts = json.dumps({"desk": json.loads(exported(made.desk).splitlines()[0])["desk"]}) + "\n"
    kept = "topic department team client"
    for number, words in enumerate((["list", "--all"], ["export"])):
        desk = other(made, f"table {number}")
        bring(desk, facts)
        table = made.desk.tix(*words, "-o", "csv", "--raw").raw_out.decode()
        bring(desk, table)
        more = [] if number == 0 else ["sla", "assets", "fields"]
        names = [*kept.split(), *more]
        wanted = {one["number"]: one for one in made.desk.tix("export", "-o", "json").json}
        found = {one["number"]: one for one in desk.tix("export", "-o", "json").json}
        assert wanted.keys() == found.keys()
        for key, ticket in wanted.items():
            asked = {field["key"] for field in _asked(made.desk, ticket["topic"])}
            expected = {name: ticket[name] for name in names}
            if "fields" in expected:  # an answer nobody asks for any more stands in a note
                expected["fields"] = {name: one for name, one in ticket["fields"].items() if name in asked}
            assert {name: found[key][name] for name in names} == expected
        well(desk)


def _asked(desk: Desk, topic: str | None) -> list[dict[str, Any]]:
    return [] if topic is None else desk.tix("topic", "field", "list", topic, "--json").json
