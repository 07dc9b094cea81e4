"""What the JSON of a write says it did: `effect`, `changes` and `undo`."""

import pytest

from tests.harness import Shell

UNDO = ["tix", "undo"]


@pytest.fixture
def desk(peopled: Shell) -> Shell:
    peopled.tix("new", "Printer", "-m", "x", "--for", "lan", as_="sam")
    peopled.tix("new", "Screen", "-m", "x", "--for", "lan", as_="sam")
    peopled.tix("canned", "add", "hi", "-m", "Hi")
    return peopled


def did(desk: Shell, *words: object, **how: object):
    record = desk.tix(*words, "--json", **how).json
    return record["effect"], [tuple(one.values()) for one in record["changes"]], record["undo"]


CASES = [
    (("edit", 1, "-p", "low", "--tag", "vip"), [("priority", "medium", "low"), ("tags", None, "vip")], UNDO),
    (("assign", 1, "kim"), [("assignee", None, "kim")], UNDO),
    (("claim", 1), [("assignee", None, "sam")], UNDO),
    (("close", 1), [("status", "open", "closed")], UNDO),
    (
        ("snooze", 1, "--until", "2026-11-25T09:00:00Z"),
        [("snoozed_until", None, "2026-11-25T09:00:00Z")],
        UNDO,
    ),
    (("follow", 1), [("watchers", None, "sam")], UNDO),
    (("time", "add", 1, "25m"), [("time_seconds", None, "1500")], UNDO),
    (("edit", 1, "--sla", "sev-a"), [("sla", None, "sev-a"), ("due_at", None, "2026-11-20T13:00:00Z")], UNDO),
]


@pytest.mark.parametrize(
    ("words", "changed", "undo"), CASES, ids=lambda one: one[0] if isinstance(one, tuple) else ""
)
def test_a_write_names_what_it_changed_and_how_it_is_undone(desk: Shell, words, changed, undo):
    before = desk.tix("show", 1, "--json", as_="sam").json
    assert did(desk, *words, as_="sam") == ("updated", changed, undo)
    assert did(desk, *words, as_="sam")[0] in ("unchanged", "updated")
    if words[0] != "time":
        desk.tix(*undo[1:], as_="sam")
        after = desk.tix("show", 1, "--json", as_="sam").json
        kept = [one for one in before if one not in ("thread", "version", "updated_at", "last_activity_at")]
        assert {one: after[one] for one in kept} == {one: before[one] for one in kept}


@pytest.mark.parametrize("words", [("edit", 1, "-p", "medium"), ("reopen", 1), ("assign", 1, "none")])
def test_what_is_so_already_is_unchanged(desk: Shell, words):
    assert did(desk, *words, as_="sam") == ("unchanged", [], None)


def test_what_people_wrote_is_named_by_its_id_and_stays(desk: Shell):
    for words in (("reply", 1, "-m", "hello"), ("note", 1, "-m", "psst"), ("close", 1, "-m", "bye")):
        record = desk.tix(*words, "--json", as_="sam").json
        ids = {one["id"] for one in record["thread"]}
        assert next(one["new"] for one in record["changes"] if one["field"] == "thread") in ids
        assert (record["effect"], record["undo"]) == ("updated", None)


def test_creating_and_deleting(desk: Shell):
    assert did(desk, "new", "A", "-m", "x", "--idempotency-key", "k") == ("created", [], None)
    assert did(desk, "new", "A", "-m", "x", "--idempotency-key", "k") == ("unchanged", [], None)
    entry = desk.tix("reply", 1, "-m", "other", "--json").json["changes"][0]["new"]
    assert did(desk, "split", 1, "--entry", entry) == ("created", [], None)
    assert did(desk, "delete", 2, "--yes", "--dry-run") == ("would_delete", [], None)
    assert did(desk, "delete", 2, "--yes") == ("deleted", [], None)


def test_a_rehearsal_says_would(desk: Shell):
    assert did(desk, "edit", 1, "-p", "low", "--dry-run") == (
        "would_update",
        [("priority", "medium", "low")],
        None,
    )
    assert did(desk, "edit", 1, "-p", "medium", "--dry-run") == ("unchanged", [], None)
    assert did(desk, "edit", 1, "-p", "low")[0] == "updated"
    undone = desk.tix("undo", "--dry-run", "--json").json[0]
    assert (undone["effect"], undone["undo"]) == ("would_update", None)
    assert undone["changes"] == [{"field": "priority", "old": "low", "new": "medium"}]
    assert desk.tix("undo", "--json").json[0]["undo"] is None


def test_several_tickets_have_an_effect_each(desk: Shell):
    desk.tix("edit", 1, "-p", "low")
    found = desk.tix("edit", "1-2", "-p", "low", "--json=ref,effect,undo").json
    assert found == [
        {"ref": "TIX-1", "effect": "unchanged", "undo": None},
        {"ref": "TIX-2", "effect": "updated", "undo": UNDO},
    ]


def test_a_requester_sees_no_more_of_a_write_than_of_the_ticket(desk: Shell):
    desk.tix("reply", 1, "-m", "look", as_="sam")
    record = desk.tix("reply", 1, "-m", "no", "--json", as_="lan").json
    seen = [one["event"]["field"] or "status" for one in record["thread"] if one["event"]]
    assert {one["field"] for one in record["changes"]} <= {"thread", *seen}
    assert record["undo"] is None


def test_the_columns_are_those_of_writes_alone(desk: Shell):
    assert "effect" in desk.tix("edit", 1, "-p", "low", "-c", "help").lines
    assert "effect" not in desk.tix("show", 1, "-c", "help").lines
    assert "effect" not in desk.tix("show", 1, "--json").json
