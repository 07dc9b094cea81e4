"""Whoever moves a ticket out of their own sight still gets it once, as that write's answer; then it is not there."""

import json

import pytest

from tests.laws.inprocess import Desk

FORMATS = ("table", "plain", "json", "jsonl", "csv", "ids")
# Who moves it, and how.
MOVES = {
    "another department": ("sue", "edit", "2", "--department", "Billing"),
    "somebody else's": ("nan", "assign", "3", "ann"),
    "a team's": ("nan", "assign", "3", "team:Network"),
    "nobody's": ("nan", "assign", "3", "none"),
    "from a team": ("tom", "assign", "4", "ann"),
    "another department and a note": ("sue", "edit", "2", "--department", "Billing", "--note", "Yours."),
    "several": ("sue", "edit", "2", "2-2", "--department", "Billing"),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A desk whose agents each see little: 2 is in Support, 3 is nan's, 4 the team's."""
    desk = Desk(tmp_path_factory.mktemp("moves"))
    desk.tix("new", "Nobody's", "-m", "The first.")
    for name in ("Billing", "Support"):
        desk.tix("department", "add", name)
    desk.tix("team", "add", "Network")
    desk.people("rita:requester", "ann:agent", "sue:agent", "nan:agent", "tom:agent")
    desk.tix("user", "edit", "sue", "--departments", "Support")
    desk.tix("user", "edit", "nan", "--departments", "none")
    desk.tix("user", "edit", "tom", "--departments", "none", "--teams", "Network")
    for department, holder in (("Support", "none"), ("Billing", "nan"), ("Billing", "team:Network")):
        words = ("--department", department, "--assign", holder)
        desk.tix("new", "Printer", "-m", "It smokes.", "--for", "rita", *words)
    return desk


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("move", MOVES)
def test_the_write_answers_once(base, move, fmt):
    """In every format the answer is the ticket as it now is; the next command finds nothing."""
    who, verb, number, *words = MOVES[move]
    desk = Desk(base.folder)
    desk.store = base.copy("moved.db")
    assert desk.tix("show", number, "-o", "ids", as_=who).refs == [f"TIX-{number}"]
    done = desk.tix(verb, number, *words, "-o", fmt, as_=who)
    assert f"TIX-{number}" in (done.err if fmt == "table" else done.out)
    if fmt in ("json", "jsonl"):
        found = json.loads(done.out)
        found = found[0] if isinstance(found, list) else found
        told = desk.tix("show", number, "--json").json
        assert {name: value for name, value in found.items() if name in told} == told
        assert (found["effect"], found["undo"] in (None, ["tix", "undo"])) == ("updated", True)
        assert found["thread"][0]["body"] == "It smokes."
    if move == "from a team":
        return  # still the team's
    assert desk.tix("show", number, as_=who, check=3).out == ""
    assert desk.tix("log", number, as_=who, check=3).out == ""
    assert f"TIX-{number}" not in desk.tix("list", "--all", "-o", "ids", as_=who).refs
    assert desk.tix("log", "-o", "jsonl", as_=who).out.count(f'"TIX-{number}"') == 0


def test_a_second_move_is_too_late(base):
    """The same command again names nothing."""
    desk = Desk(base.folder)
    desk.store = base.copy("moved.db")
    desk.tix("edit", 2, "--department", "Billing", as_="sue")
    again = desk.tix("edit", 2, "--department", "Support", as_="sue", check=3)
    absent = desk.tix("edit", 99, "--department", "Support", as_="sue", check=3)
    assert again.err.replace("TIX-2", "TIX-99") == absent.err


def test_a_key_that_leads_out_of_sight_tells_nothing(base):
    """What has become somebody else's since is not shown again by the key that made it."""
    desk = Desk(base.folder)
    desk.store = base.copy("keyed.db")
    (ref,) = desk.tix("new", "Keyed", "-m", "Mine.", "--idempotency-key", "k", as_="rita").refs
    assert desk.tix("new", "Keyed", "-m", "Mine.", "--idempotency-key", "k", as_="rita").refs == [ref]
    desk.tix("edit", ref, "--for", "ann")
    desk.tix("reply", ref, "-m", "Now to ann alone.")
    refused = desk.tix("new", "Keyed", "-m", "Mine.", "--idempotency-key", "k", "--json", as_="rita", check=3)
    assert refused.out == ""
    assert "ann" not in refused.err
