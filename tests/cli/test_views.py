"""Saved views, through real processes."""

import json

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(peopled):
    """Six tickets: odd ones lan's, even ones ana's; the last three are high; 1 and 2 are resolved."""
    for number in range(1, 7):
        who, priority = ("ana", "lan")[number % 2], ("low", "high")[number > 3]
        peopled.tix(
            "new", f"Printer {number}", "-m", "x", "--for", who, "-p", priority, "--tag", f"t{number % 3}"
        )
    peopled.tix("resolve", "1-2", as_="sam")
    return peopled


def seen(desk: Shell, *words: str, **how: str) -> list[str]:
    return [ref.removeprefix("TIX-") for ref in desk.tix("list", *words, "-o", "ids", **how).refs]


def test_filters_of_both_have_to_hold(desk: Shell):
    """For each filter: the view's, the command line's, and the same filter twice."""
    desk.tix("view", "add", "hot", "-p", "high", "--tag", "t0", "--tag", "t1")
    assert sorted(seen(desk, "--view", "hot")) == ["4", "6"]
    assert seen(desk, "--view", "hot", "--requester", "lan") == []
    assert seen(desk, "--view", "hot", "--tag", "t1") == ["4"]
    assert seen(desk, "--view", "hot", "--tag", "t2") == []
    assert seen(desk, "--view", "hot", "-p", "low") == []
    assert seen(desk, "--view", "hot", "printer", "6") == ["6"]
    assert desk.tix("list", "--view", "hot", "--count").out == "2\n"


TWICE = [
    (["-s", "open,resolved"], ["-s", "resolved"], "12"),
    (["-s", "open"], ["-s", "resolved"], ""),
    (["-s", "open"], ["-s", "open,answered"], "3456"),
    (["--requester", "lan", "--all"], ["--requester", "ana"], ""),
    (["--requester", "lan", "--all"], ["--requester", "ana", "--requester", "lan"], "135"),
    (["--user", "lan", "--all"], ["--user", "ana"], ""),
    (["-a", "none"], ["-a", "sam,none"], "3456"),
    (["-p", "high"], ["-p", "high,low"], "456"),
    (["--tag", "t1", "--all"], ["--tag", "t1,t2"], "14"),
    (["--title", "printer"], ["--title", "5"], "5"),
    (["--open"], ["--closed"], ""),
    (["--closed"], ["--all"], "12"),
    (["--all"], ["--open"], "3456"),
    (["--since", "2026-11-19"], ["--since", "2026-11-21"], ""),
    (["--until", "2026-11-19"], ["--until", "2026-11-21"], ""),
    (["--mine"], ["--unassigned"], ""),
    (["--creator", "@me"], ["--creator", "sam,@me"], "3456"),
    (["--type", "issue"], ["--type", "request,issue"], ""),
]


@pytest.mark.parametrize(("view", "typed", "wanted"), TWICE)
def test_one_filter_in_both_is_and(desk: Shell, view: list[str], typed: list[str], wanted: str):
    desk.tix("view", "add", "one", *view)
    assert "".join(sorted(seen(desk, "--view", "one", *typed))) == wanted
    assert desk.tix("list", "--view", "one", *typed, "--count").out == f"{len(wanted)}\n"


def test_order_length_and_columns_are_overridden(desk: Shell):
    desk.tix("view", "add", "v", "-c", "ref,priority", "--sort", "-number", "--limit", "2", "--all")
    assert desk.tix("list", "--view", "v").rows == [["TIX-6", "high"], ["TIX-5", "high"]]
    assert seen(desk, "--view", "v", "--sort", "number", "--limit", "3") == ["1", "2", "3"]
    assert desk.tix("list", "--view", "v", "-c", "subject", "--limit", "1").rows == [["Printer 6"]]
    desk.tix("view", "edit", "v", "--sort", "none", "-c", "none", "--limit", "0")
    assert len(desk.tix("list", "--view", "v").rows[0]) == 7
    assert len(seen(desk, "--view", "v")) == 6


def test_it_keeps_what_was_typed(desk: Shell):
    """A moment and `@me` mean what they mean when the view is used, and to whom."""
    told = desk.tix("view", "add", "recent", "--since", "yesterday", "--mine", "--shared", "--json").json
    assert told == {
        "name": "recent", "shared": True, "owner": None, "filters": "--mine --since yesterday",
        "columns": None, "sort": None, "limit": None,
        "effect": "created", "changes": [], "undo": ["tix", "view", "rm", "recent", "--shared"],
    }  # fmt: skip
    desk.tix("assign", "3", "sam")
    desk.tix("assign", "4", "kim")
    assert seen(desk, "--view", "recent", as_="sam") == ["3"]
    assert seen(desk, "--view", "recent", as_="kim") == ["4"]
    assert seen(desk, "--view", "recent", as_="sam", now="2026-11-24T09:00:00Z") == []


def test_mine_comes_before_a_shared_one_and_hides_from_others(desk: Shell):
    desk.tix("view", "add", "v", "-p", "low", "--shared")
    desk.tix("view", "add", "v", "-p", "high", as_="sam")
    assert seen(desk, "--view", "v", as_="sam") == ["4", "5", "6"]
    assert seen(desk, "--view", "V", as_="kim") == ["3"]
    assert [row[:2] for row in desk.tix("view", as_="sam").rows] == [["v", "false"], ["v", "true"]]
    assert desk.tix("view", "show", "v", "--shared", "--json", as_="sam").json["filters"] == "--priority low"
    desk.tix("view", "rm", "v", as_="sam")
    assert seen(desk, "--view", "v", as_="sam") == ["3"]
    assert desk.tix("view", "rm", "v", as_="sam", check=4)
    desk.tix("view", "add", "w", "-p", "high", as_="sam")
    assert "no view named 'w'" in desk.tix("list", "--view", "w", as_="kim", check=2).err
    desk.tix("view", "show", "w", as_="kim", check=3)


def test_only_admins_change_what_is_shared(desk: Shell):
    desk.tix("view", "add", "x", "--shared", as_="sam", check=4)
    desk.tix("view", "add", "x", "--shared")
    desk.tix("view", "edit", "x", "-p", "low", as_="sam", check=4)
    desk.tix("view", "rm", "x", as_="sam", check=4)
    assert desk.tix("view", "edit", "x", "-p", "low").refs == ["x"]


def test_a_requester_has_views_in_their_scope(desk: Shell):
    desk.tix("view", "add", "all-of-it", "--shared", "--all")
    desk.tix("view", "add", "everything", "--all", "--sort", "number", as_="lan")
    assert seen(desk, "--view", "everything", as_="lan") == ["1", "3", "5"]
    assert desk.tix("view", "list", "-o", "ids", as_="lan").refs == ["everything"]
    desk.tix("list", "--view", "all-of-it", as_="lan", check=2)
    desk.tix("view", "add", "y", "--shared", as_="lan", check=4)
    assert seen(desk, "--view", "everything", "--requester", "ana", as_="lan") == []


def test_it_says_which_name_has_gone(desk: Shell):
    desk.tix("department", "add", "Front")
    desk.tix("view", "add", "front", "--department", "Front")
    desk.tix("department", "rm", "Front")
    told = desk.tix("list", "--view", "front", "--json", check=2).error
    assert "the view front" in told["message"]
    assert "'Front'" in told["message"]
    assert "tix view edit 'front'" in told["hint"]
    desk.tix("view", "edit", "front", "--clear", "-p", "low")
    assert seen(desk, "--view", "front") == ["3"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["add", "v", "--department", "nowhere"], 2),
        (["add", "v", "-c", "ref,colour"], 2),
        (["add", "v", "--sort", "colour"], 2),
        (["add", "v", "--limit", "-1"], 2),
        (["add", "v", "--since", "someday"], 2),
        (["add", "v", "--open", "--closed"], 2),
        (["add", "v", "--count"], 2),
        (["add", "a/b", "--open"], 2),
        (["add", "taken"], 5),
        (["edit", "taken"], 2),
        (["edit", "nothing", "--open"], 3),
        (["show", "nothing"], 3),
        (["rm", "nothing"], 3),
    ],
)
def test_bad_input_writes_nothing(desk: Shell, words: list[str], status: int):
    desk.tix("view", "add", "taken", "--open")
    before = desk.tix("view", "list", "--json").out
    told = desk.tix("view", *words, "--json", check=status)
    assert told.out == ""
    assert told.error["exit"] == status
    assert desk.tix("view", "list", "--json").out == before


def test_they_survive_an_export(desk: Shell, tmp_path):
    desk.tix("view", "add", "v", "-p", "high", "-c", "ref", "--shared")
    desk.tix("view", "add", "own", "--mine", as_="sam")
    desk.tix("canned", "add", "hi", "-m", "Dear {{ requester.name }}")
    desk.tix("export", tmp_path / "all.jsonl")
    desk.tix("--store", tmp_path / "other.db", "import", tmp_path / "all.jsonl")
    desk.env["TIX_STORE"] = str(tmp_path / "other.db")
    assert seen(desk, "--view", "v") == ["4", "5", "6"]
    assert desk.tix("view", "list", "-o", "ids", as_="sam").refs == ["own", "v"]
    assert desk.tix("canned", "show", "hi", "--for", "1").rows[1] == ["body", "Dear Lan"]


def test_a_view_that_no_list_takes_is_not_imported(desk: Shell, tmp_path):
    desk.tix("view", "add", "v", "-p", "high")
    lines = desk.tix("export").out.replace(
        json.dumps('{"priority":["high"]}'), json.dumps('{"shell":["rm"]}')
    )
    (tmp_path / "bad.jsonl").write_text(lines)
    assert "shell" in lines
    desk.tix("--store", tmp_path / "other.db", "import", tmp_path / "bad.jsonl", check=2)


def test_a_removed_person_leaves_none(desk: Shell):
    desk.tix("user", "add", "tim", "--role", "agent")
    desk.tix("view", "add", "v", "--open", as_="tim")
    desk.tix("user", "rm", "tim")
    desk.tix("user", "add", "tim", "--role", "agent")
    assert desk.tix("view", "list", as_="tim").out == ""


def test_completion_offers_them(desk: Shell):
    desk.tix("view", "add", "vista", "--open", as_="sam")
    desk.tix("view", "add", "vital", "--open", "--shared")
    desk.tix("canned", "add", "hello", "-m", "x")
    offered = lambda *words, **how: [r[0] for r in desk.tix("__complete", "--", *words, **how).rows]  # noqa: E731
    assert offered("list", "--view", "vi", as_="sam") == ["vista", "vital"]
    assert offered("view", "show", "vi", as_="kim") == ["vital"]
    assert offered("list", "--view", "vi", as_="lan") == []
    assert offered("reply", "1", "--canned", "") == ["hello"]
    assert offered("reply", "1", "--canned", "", as_="lan") == []
    assert "status" in offered("view", "add", "x", "-c", "st")
