"""Habits of people who live in a shell: what `--fail-empty`, `--strict`, `--confirm`, `--wide` and their like do."""

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(peopled: Shell):
    peopled.tix("new", "Printer jams", "-m", "smoke", "--for", "lan", "-p", "high")
    peopled.tix("new", "Screen dark", "-m", "black", "--for", "ana")
    return peopled


# ---------------------------------------------------------------------------------------------- --fail-empty


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (("list", "--tag", "none-such"), ""),
        (("list", "--tag", "none-such", "--json"), "[]\n"),
        (("list", "--tag", "none-such", "--json", "--limit", 5), "[]\n"),
        (("list", "--tag", "none-such", "-o", "jsonl"), ""),
        (("list", "--tag", "none-such", "-o", "ids"), ""),
        (("list", "--tag", "none-such", "--count"), "0\n"),
        (("search", "zebra"), ""),
        (("search", "zebra", "--json"), "[]\n"),
        (("search", "zebra", "--json", "--limit", 5), "[]\n"),
        (("search", "zebra", "--count"), "0\n"),
    ],
)
def test_nothing_found_is_no_failure_unless_somebody_says_so(
    desk: Shell, words: tuple[object, ...], out: str
):
    """What is printed is the same; only the exit status says it."""
    assert desk.tix(*words).out == out
    failed = desk.tix(*words, "--fail-empty", check=3)
    assert (failed.out, failed.err) == (out, "")


@pytest.mark.parametrize("how", [(), ("--json",), ("--json", "--limit", 1), ("-o", "jsonl"), ("--count",)])
def test_what_is_found_is_never_a_failure(desk: Shell, how: tuple[object, ...]):
    for words in (("list",), ("search", "printer")):
        assert desk.tix(*words, *how, "--fail-empty").out == desk.tix(*words, *how).out != ""


def test_a_watch_has_no_end_that_could_fail(desk: Shell):
    with desk.terminal("list", "--watch", 5, "--fail-empty") as terminal:
        terminal.expect("--watch and --fail-empty cannot be combined")
        terminal.wait(check=2)


# -------------------------------------------------------------------------------------------------- --strict


@pytest.mark.parametrize(
    ("before", "words", "said"),
    [
        (("close", 1), ("close", 1), "TIX-1 is already closed"),
        (("edit", 1, "--tag", "vip"), ("edit", 1, "--tag", "vip"), "TIX-1: nothing to change"),
        (("assign", 1, "sam"), ("assign", 1, "sam"), "TIX-1 is already assigned to sam"),
        (("follow", 1, "--who", "ana"), ("follow", 1, "--who", "ana"), "ana already follows TIX-1"),
    ],
)
def test_strict_fails_where_there_is_nothing_to_change(
    desk: Shell, before: tuple[object, ...], words: tuple[object, ...], said: str
):
    desk.tix(*before)
    assert desk.tix(*words, "--json").json["effect"] == "unchanged"
    assert desk.tix(*words, "--strict", check=5).err == f"tix: {said}\n"
    refused = desk.tix(*words, "--strict", "--json", check=5).error
    assert (refused["code"], refused["ref"], refused["retryable"]) == ("unchanged", "TIX-1", False)
    desk.tix(*words, "--strict", "--dry-run", check=5)


def test_strict_of_several_is_told_for_each(desk: Shell):
    """The others are done; with --atomic none is."""
    desk.tix("close", 1)
    before = desk.tix("log").out
    assert desk.tix("close", "1,2", "--strict", "--atomic", check=5).out == ""
    assert desk.tix("log").out == before
    assert desk.tix("close", "1,2", "--strict", check=9).refs == ["TIX-2"]
    assert [one["code"] for one in desk.tix("close", "1,2", "--strict", "--json", check=5).errors] == [
        "unchanged"
    ] * 2


def test_strict_changes_what_can_be_changed(desk: Shell):
    assert desk.tix("close", "1,2", "--strict").refs == ["TIX-1", "TIX-2"]


def test_a_repeated_key_is_no_failure(desk: Shell):
    """It is the first result again, and that was a change."""
    for _ in range(2):
        desk.tix("close", 1, "--strict", "--idempotency-key", "once")


# ---------------------------------------------------------------------------------------------------- --wide


def test_wide_shortens_nothing(desk: Shell):
    """A table for people keeps to the terminal; with --wide it has all columns and whole values."""
    subject = "The printer on the second floor " + "of the long house " * 8 + "end"
    desk.tix("new", subject, "-m", "x", "--for", "lan")
    narrow = {"COLUMNS": "60"}
    for words in (
        ("list",),
        ("search", "house"),
        ("list", "-c", "ref,subject,created_at"),
        ("list", "--group-by", "priority"),
    ):
        cut = desk.tix(*words, "-o", "table", env=narrow).out
        assert "…" in cut
        assert max(map(len, cut.splitlines())) <= 60
        whole = desk.tix(*words, "-o", "table", "--wide", env=narrow).out
        assert subject in whole
        assert "…" not in whole or words[0] == "search"  # whose excerpts are parts of a text
    assert "REQUESTER" in desk.tix("list", "-o", "table", "--wide", env=narrow).out
    desk.tix("canned", "add", "long", "-m", subject)
    assert subject in desk.tix("canned", "list", "-o", "table", "--wide", env=narrow).out
    assert desk.tix("list", "--wide").out == desk.tix("list").out


# -------------------------------------------------------------------------------------------------- view use


def test_a_view_stands_for_people_until_another_is_used(desk: Shell):
    """It is named below the table; nothing that a program reads is narrower for it."""
    desk.tix("view", "add", "hot", "-p", "high", "-c", "ref,subject")
    whole = {how: desk.tix("list", *how).out for how in ((), ("--json",), ("-o", "csv"), ("--count",))}
    assert "goes through view hot" in desk.tix("view", "use", "HOT").err
    assert desk.tix("view", "use", "hot", "--json").json["name"] == "hot"
    table = desk.tix("list", "-o", "table").out
    assert "Printer" in table
    assert "Screen" not in table
    assert "view hot (tix view use none ends it)" in table
    assert {how: desk.tix("list", *how).out for how in whole} == whole
    assert "of view hot" in desk.tix("list", "-o", "table", "--tag", "none-such").err
    for other in (("--view", "none"), ("--json",)):
        assert "Screen" in desk.tix("list", *(other if other[0] == "--json" else ("-o", "table", *other))).out
    assert "Screen" in desk.tix("list", "-o", "table", as_="sam").out
    assert "no longer used" in desk.tix("view", "use", "none").err
    assert "Screen" in desk.tix("list", "-o", "table").out


def test_a_view_that_is_gone_stands_no_longer(desk: Shell):
    desk.tix("view", "add", "hot", "-p", "high")
    desk.tix("view", "use", "nope", check=3)
    desk.tix("view", "use", "hot")
    desk.tix("view", "rm", "hot")
    told = desk.tix("list", "-o", "table")
    assert "Screen" in told.out
    assert "View hot was removed" in told.err
    assert desk.tix("list", "-o", "table").err == ""


# ------------------------------------------------------------------------------------------------- --jq-json


def test_jq_prints_texts_as_they_are_or_as_json(desk: Shell):
    pytest.importorskip("jq")
    assert desk.tix("list", "--jq", ".[].ref").out == "TIX-1\nTIX-2\n"
    assert desk.tix("list", "--jq", ".[].ref", "--jq-json").out == '"TIX-1"\n"TIX-2"\n'
    assert desk.tix("list", "--jq", ".[0].number", "--jq-json").out == "1\n"
    assert "--jq-json needs --jq" in desk.tix("list", "--json", "--jq-json", check=2).err


# ------------------------------------------------------------------------------------------------- @last


def test_the_tickets_of_my_last_command(desk: Shell):
    """Of mine, and not of somebody else; a dry run is none."""
    desk.tix("note", "1-2", "-m", "x")
    desk.tix("close", 1, as_="sam")
    desk.tix("hold", 1, "--dry-run", check=None)
    assert desk.tix("edit", "@last", "-p", "low").refs == ["TIX-1", "TIX-2"]
    assert desk.tix("show", "@last", "-o", "ids", as_="sam").refs == ["TIX-1"]
    assert desk.tix("note", "@last", "-m", "y", as_="sam", check=None).refs == ["TIX-1"]
    assert "no last command of yours" in desk.tix("close", "@last", check=2, as_="ana").err


def test_the_tickets_of_a_view(desk: Shell):
    desk.tix("view", "add", "hot", "-p", "high")
    assert desk.tix("close", "@view:hot", "--dry-run").refs == ["TIX-1"]
    assert desk.tix("close", "@view:nope", check=2).out == ""
