"""``none`` clears an option or finds what has none, however it is written."""

import json

import pytest

from tests.harness import Shell

NONES = ("none", "NONE", "None", " none ")


@pytest.fixture
def worked(desk: Shell) -> Shell:
    desk.tix("init")
    desk.tix("user", "add", "ann", "--role", "agent", "--phone", "12")
    desk.tix("department", "add", "Billing", "--email", "b@x.example")
    desk.tix(
        "new", "Printer", "-m", "It smokes.", "--assign", "ann", "--department", "Billing", "--due", "+3d"
    )
    desk.tix("edit", 1, "--category", "hardware", "--phone", "34", "--type", "issue")
    return desk


def _record(shell: Shell, *words: object):
    return json.loads(shell.tix(*words).out)


@pytest.mark.parametrize("none", NONES)
def test_none_clears_what_tickets_and_people_have(worked, none):
    options = [
        word for name in ("category", "phone", "type", "due", "department") for word in (f"--{name}", none)
    ]
    cleared = _record(worked, "edit", 1, *options, "--json")
    assert [cleared[name] for name in ("category", "phone", "type", "due_at", "department")] == [None] * 5
    assert _record(worked, "assign", 1, none, "--json")["assignee"] is None
    assert (
        _record(worked, "user", "edit", "ann", "--phone", none, "--away-until", none, "--json")["phone"]
        is None
    )
    assert _record(worked, "department", "edit", "Billing", "--email", none, "--json")["email"] is None


@pytest.mark.parametrize("none", NONES)
def test_none_is_nothing_of_a_new_ticket(worked, none):
    made = _record(
        worked,
        "new",
        "Mouse",
        "-m",
        "It squeaks.",
        "--assign",
        none,
        "--category",
        none,
        "--due",
        none,
        "--json",
    )
    assert (made["assignee"], made["category"], made["due_at"]) == (None, None, None)


@pytest.mark.parametrize("none", NONES)
def test_none_finds_what_has_none(worked, none):
    worked.tix("new", "Mouse", "-m", "It squeaks.")
    assert worked.tix("list", "--assignee", none, "-o", "ids").out.split() == ["TIX-2"]
    assert worked.tix("list", "--assignee", f"{none},ann", "-o", "ids").out.split() == ["TIX-1", "TIX-2"]
    assert worked.tix("list", "--department", none, "-o", "ids").out.split() == ["TIX-2"]


@pytest.mark.parametrize("none", NONES)
def test_none_takes_an_option_out_of_a_view(worked, none):
    worked.tix("view", "add", "mine", "--mine", "--sort", "-created_at", "-c", "ref,subject")
    worked.tix("view", "edit", "mine", "--sort", none, "-c", none)
    view = _record(worked, "view", "show", "mine", "--json")
    assert (view["sort"], view["columns"]) == (None, None)
