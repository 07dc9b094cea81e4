"""What commands say to a person: that nothing is there, what to do next, and what a thing is called."""

import json
from pathlib import Path

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(peopled):
    """Two agents, two requesters, three tickets."""
    for name in ("One", "Two", "Three"):
        peopled.tix("new", name, "-m", "x", as_="lan")
    return peopled


def drawn(desk: Shell, *words, **options) -> str:
    """What stands on a terminal after a command."""
    terminal = desk.terminal(*words, **options)
    terminal.wait()
    return str(terminal.text)


def test_a_word_that_is_a_filter_is_asked_about(desk: Shell):
    assert "Did you mean tix list --mine?" in drawn(desk, "list", "mine", as_="sam")
    assert "No ticket matches 'toner'." in drawn(desk, "list", "toner", as_="sam")
    assert "No ticket matches 'toner'." in drawn(desk, "search", "toner", as_="sam")


def test_a_merge_into_what_is_over_is_said(desk: Shell):
    """Nobody would look for it there; and once more is so already."""
    desk.tix("close", 2, as_="sam")
    done = desk.tix("merge", 1, "--into", 2, as_="sam")
    assert "TIX-2 is closed. To return it to the queue: tix reopen 2" in done.err
    again = desk.tix("merge", 1, "--into", 2, as_="sam")
    assert "is already merged into TIX-2" in again.err
    assert (
        "is already merged into TIX-2"
        in desk.tix("merge", 1, "--into", 2, "--note", "x", as_="sam", check=5).err
    )


def test_words_that_open_a_ticket_answer_it(desk: Shell):
    """However it is written: the reply stands on the open ticket."""
    for number, words in (
        (1, ("reopen", 1, "-m", "again")),
        (2, ("reply", 2, "-m", "again", "--status", "open")),
    ):
        desk.tix("resolve", number, as_="sam")
        desk.tix(*words, as_="sam")
        assert desk.tix("show", number, "--json").json["answered"], words
    desk.tix("reply", 3, "-m", "done", "--status", "resolved", as_="sam")
    assert desk.tix("show", 3, "--json").json["answered"]


@pytest.mark.parametrize(
    "words", [("resolve", "-m", "x"), ("reply", "-m", "x", "--status", "resolved"), ("reply", "-m", "x")]
)
def test_the_first_reply_claims_whatever_it_comes_with(tmp_path, words):
    shell = Shell(tmp_path)
    shell.tix("init", "--workflow", "osticket")
    shell.people("sam:agent", "lan:requester")
    shell.tix("new", "One", "-m", "x", as_="lan")
    shell.tix(words[0], 1, *words[1:], as_="sam")
    assert shell.tix("show", 1, "--json").json["assignee"] == "sam"
    shell.close()


def test_failures_in_bulk_name_tickets(desk: Shell):
    done = desk.tix("close", 1, 99, "--json", as_="sam", check=9)
    assert json.loads(done.err.splitlines()[0])["error"]["ref"] == "TIX-99"


def test_a_saved_text_is_a_key_of_the_one_object(desk: Shell):
    desk.tix("merge", 2, "--into", 1, as_="sam")
    failed = desk.tix("merge", 2, "--into", 1, "--note", "why", "--json", as_="sam", check=5)
    error = json.loads(failed.err)["error"]
    assert Path(error["draft"]).read_text(encoding="utf-8") == "why"


def test_what_is_out_of_use_can_be_brought_back(desk: Shell):
    desk.tix("department", "add", "it")
    desk.tix("department", "edit", "it", "--inactive")
    assert (
        "tix department edit 'it' --active"
        in desk.tix("edit", 1, "--department", "it", as_="sam", check=2).err
    )


def test_the_window_shown_is_the_one_in_force(tmp_path):
    """That of the workflow, until somebody sets one."""
    page = (Path(__file__).parents[2] / "docs" / "workflows.md").read_text(encoding="utf-8")
    example = tmp_path / "repairs.toml"
    example.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    shell = Shell(tmp_path)
    shell.tix("init")
    assert shell.tix("config", "get", "auto_close_after").out == "72h\n"
    shell.tix("workflow", "add", example)
    shell.tix("workflow", "use", "repairs")
    assert shell.tix("config", "get", "auto_close_after").out == "2w\n"
    shell.tix("config", "set", "auto_close_after", "10h")
    rows = {row[0]: row for row in shell.tix("config", "list").rows}
    assert rows["auto_close_after"] == ["auto_close_after", "10h", "72h", "desk"]
    shell.close()


def test_who_raised_it_for_whom(desk: Shell):
    desk.tix("new", "Beamer", "-m", "dark", "--for", "ana", as_="sam")
    assert "(sam) · for ana ·" in drawn(desk, "show", 4, as_="kim")
    assert "(lan) · requester ·" in drawn(desk, "show", 1, as_="kim")


def test_an_agent_of_no_department_is_seen_to_be_one(desk: Shell):
    desk.tix("user", "edit", "sam", "--departments", "none")
    assert "none" in drawn(desk, "user", "show", "sam").split("Departments")[1].split("\n")[0]
    assert desk.tix("user", "show", "sam", "--json").json["departments"] == []


def test_work_is_written_in_hours(desk: Shell):
    for now, worked in (("2026-11-20T09:00:00Z", "23h"), ("2026-11-22T09:00:00Z", "23h30m")):
        desk.now = now
        desk.tix("time", "add", 1, worked, as_="sam")
    assert "46h30m" in drawn(desk, "show", 1, as_="sam")


def test_who_only_follows_is_not_told_to_close(desk: Shell):
    desk.tix("follow", 1, "--who", "ana", as_="sam")
    shown = drawn(desk, "show", 1, as_="ana")
    assert "tix reply 1" in shown
    assert "tix close 1" not in shown
    assert "tix close 1" in drawn(desk, "show", 1, as_="lan")


def test_a_small_screen_keeps_the_head_of_a_ticket(desk: Shell):
    """Of a long thread as much is shown as fits below it; v shows all."""
    for number in range(12):
        desk.tix("reply", 1, "-m", f"words {number}", as_="sam" if number % 2 else "lan")
    terminal = desk.terminal("triage", "--requester", "lan", as_="kim", rows=24)
    terminal.expect("> ")
    assert any("TIX-1" in row for row in terminal.screen)
    assert any("words 11" in row for row in terminal.screen)
    terminal.send("q")
    terminal.wait()


def test_a_change_of_the_due_date_is_a_part_of_what_moved_it(desk: Shell):
    """lifecycle.md: the new date is part of the event that caused it; where none was moved, nothing is said."""
    desk.tix("sla", "add", "Gold", "--grace", "8h", "--override", "high=2h")
    desk.tix("edit", 1, "--sla", "Gold", as_="sam")
    desk.tix("edit", 1, "-p", "high", as_="sam")
    desk.tix("edit", 1, "--subject", "Other", as_="sam")
    desk.tix("hold", 1, as_="sam")
    desk.now = "2026-11-20T10:00:00Z"
    desk.tix("start", 1, as_="sam")
    desk.tix("edit", 1, "--sla", "none", as_="sam")
    expected = [
        ("sla", {"due_at": "2026-11-20T17:00:00Z"}),
        ("priority", {"due_at": "2026-11-20T11:00:00Z"}),
        ("subject", {}),
        ("status", {}),
        ("status", {"due_at": "2026-11-20T12:00:00Z"}),
        ("sla", {"due_at": None}),
    ]
    for words in (("show", 1), ("log", 1)):
        told = desk.tix(*words, "--json", as_="sam").json
        events = [item["event"] for item in (told["thread"] if words[0] == "show" else told) if item["event"]]
        moved = [(one["field"], {k: v for k, v in one.items() if k == "due_at"}) for one in events]
        assert moved == expected
    # Who may not know the plan reads of the priority and of the pause.
    shown = desk.tix("show", 1, "--json", as_="lan").json["thread"]
    assert [item["event"].get("due_at", "") for item in shown if item["event"]] == [
        moved.get("due_at", "") for field, moved in expected if field != "sla"
    ]
    assert "from medium to high; due 2026-11-20 11:00" in drawn(desk, "show", 1, as_="sam", cols=120)


@pytest.mark.parametrize(
    "flag",
    [
        "--user",
        "--requester",
        "--creator",
        "--assignee",
        "-s",
        "--type",
        "-p",
        "--tag",
        "--department",
        "--about",
    ],
)
@pytest.mark.parametrize("value", ["", " ", ","])
def test_a_filter_that_names_nothing_is_no_filter(desk: Shell, flag: str, value: str):
    """A variable that is empty must not choose all: ``tix list --user "$U" -o ids | tix delete -``."""
    for words in (("list", flag, value), ("list", flag, value, "--count"), ("search", "One", flag, value)):
        done = desk.tix(*words, check=None)
        assert (done.code, done.out) == (2, "")
        assert "hint:" in done.err


def test_a_ticket_has_always_a_priority(desk: Shell):
    for words in (("new", "Four", "-m", "x"), ("edit", 1)):
        done = desk.tix(*words, "-p", "none", check=None)
        assert (done.code, "'none' is not a priority" in done.err) == (2, True)
