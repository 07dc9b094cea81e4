"""``tix triage`` on a real terminal."""

import re

import pytest

from tests.harness import Shell, Terminal


@pytest.fixture
def desk(tmp_path):
    """Four tickets of lan's; the last is the most urgent."""
    shell = Shell(tmp_path)
    shell.tix("init")
    shell.people("sam:agent", "kim:agent", "lan:requester")
    for number in (1, 2, 3):
        shell.tix("new", f"Printer {number}", "-m", f"smoke {number}", as_="lan")
    shell.tix("new", "Fire", "-m", "help", "-p", "urgent", "--for", "lan")
    yield shell
    shell.close()


def sitting(desk: Shell, *words: str, as_: str = "sam", **how: object) -> Terminal:
    return desk.terminal("triage", *words, as_=as_, rows=50, **how)


def at(terminal: Terminal, ref: str) -> None:
    """Wait until that ticket is shown and a key is asked for."""
    terminal.expect(f"{ref}  ")
    terminal.expect("\n> ")


def press(terminal: Terminal, *keys: str) -> None:
    """Press keys, each when it is asked for."""
    for place, key in enumerate(keys):
        if place:
            terminal.expect("\n> ")
        terminal.send(key)


def then(terminal: Terminal, key: str) -> None:
    """Press a key when the next one is asked for."""
    terminal.expect("\n> ")
    terminal.send(key)


def confirm(terminal: Terminal, question: str, key: str = "\r") -> None:
    """Answer a question that is answered by one key."""
    terminal.expect(question)
    terminal.expect(") ")
    terminal.send(key)


def row(desk: Shell, ref: int) -> dict:
    return desk.tix("show", ref, "--json").json


def said(desk: Shell, ref: int) -> list[str]:
    return [item["body"] for item in row(desk, ref)["thread"] if item["body"] is not None][1:]


def test_one_key_for_each_thing(desk: Shell):
    """In the order of the queue; a reply, a snooze and an end go on, the others stay; then how many of what."""
    desk.tix("canned", "add", "hi", "-m", "Dear {{ requester.name }}")
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    press(terminal, "a", "n")
    terminal.expect("editor):")
    terminal.send("look at this\r")
    terminal.expect("noted")
    then(terminal, "p")
    terminal.expect("Priority (urgent, high, medium, low):")
    terminal.send("high\r")
    terminal.expect("changed")
    then(terminal, "r")
    terminal.expect("editor):")
    terminal.send("We come.\r")
    confirm(terminal, "Send it?")
    at(terminal, "TIX-1")
    press(terminal, "s")
    terminal.expect("Status (open,")
    terminal.send("resolved\r")
    at(terminal, "TIX-2")
    press(terminal, "z")
    terminal.expect("until")
    terminal.send("+3d\r")
    at(terminal, "TIX-3")
    press(terminal, "c")
    terminal.expect("(hi)")
    terminal.send("h\r")
    confirm(terminal, "Send canned reply hi to lan?")
    terminal.expect("No tickets left")
    terminal.expect("2 answered, 1 noted, 1 closed, 1 assigned, 1 snoozed, 1 changed")
    terminal.wait()
    assert row(desk, 4)["assignee"] == "sam"
    assert row(desk, 4)["priority"] == "high"
    assert said(desk, 4) == ["look at this", "We come."]
    assert row(desk, 1)["status"] == "resolved"
    assert row(desk, 2)["snoozed_until"] is not None
    assert said(desk, 3) == ["Dear Lan"]


def test_it_goes_on_where_it_stopped(desk: Shell):
    """Skipped ones do not come again today, unless they have changed or with --restart; other filters are others."""
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    press(terminal, "k")
    at(terminal, "TIX-1")
    press(terminal, "q")
    terminal.expect("1 skipped")
    terminal.wait()
    terminal = sitting(desk)
    terminal.expect("Continuing where you stopped")
    at(terminal, "TIX-1")
    press(terminal, "q")
    terminal.wait()
    desk.tix("reply", 4, "-m", "it burns", as_="lan")
    for words in ([], ["--restart"], ["-p", "urgent"]):
        terminal = sitting(desk, *words)
        at(terminal, "TIX-4")
        press(terminal, "\x03")
        terminal.wait(check=130)


def test_what_changed_is_shown_and_asked_about(desk: Shell):
    """Another process answers while the text is written: who did what; no leaves all as it is and keeps the text."""
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    press(terminal, "r")
    terminal.expect("editor):")
    desk.tix("reply", 4, "-m", "kim was faster", as_="kim")
    terminal.send("too late\r")
    confirm(terminal, "Send it?")
    terminal.expect("kim was faster")
    terminal.expect("has changed since you opened it")
    terminal.send("n\r")
    path = terminal.expect(re.compile(r"your text is saved: \S+"))
    at(terminal, "TIX-4")
    assert said(desk, 4) == ["kim was faster"]
    drafts = list(desk.home.rglob("*reply.4*.txt"))
    assert [draft.read_text() for draft in drafts] == ["too late"]
    assert path
    press(terminal, "a")
    terminal.expect("assigned")
    desk.tix("note", 4, "-m", "a note counts too", as_="kim")
    terminal.expect("\n> ")
    terminal.send("p")
    terminal.expect("Priority")
    terminal.send("low\r")
    terminal.expect("a note counts too")
    terminal.expect("has changed since you opened it")
    terminal.send("y\r")
    terminal.expect("changed; answered, low")
    terminal.expect("\n> ")
    terminal.send("q")
    terminal.wait()
    assert row(desk, 4)["priority"] == "low"


def test_a_ticket_that_goes_away(desk: Shell):
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    desk.tix("delete", 4, "--yes")
    press(terminal, "a")
    terminal.expect("no ticket TIX-4")
    at(terminal, "TIX-1")
    press(terminal, "q")
    terminal.wait()


def test_the_last_step_is_taken_back(desk: Shell):
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    press(terminal, "u")
    terminal.expect("Nothing to undo")
    terminal.expect("\n> ")
    press(terminal, "s")
    terminal.expect("Status")
    terminal.send("closed\r")
    at(terminal, "TIX-1")
    press(terminal, "a", "u")
    terminal.expect("TIX-1: undone")
    at(terminal, "TIX-1")
    press(terminal, "u")
    terminal.expect("TIX-4: undone")
    at(terminal, "TIX-4")
    press(terminal, "q")
    terminal.expect("2 undone")
    terminal.wait()
    assert (row(desk, 4)["status"], row(desk, 1)["assignee"]) == ("open", None)


def test_not_what_was_done_elsewhere(desk: Shell):
    """Undo takes back the step here, never a command of another terminal."""
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    press(terminal, "a")
    terminal.expect("assigned")
    desk.tix("edit", 2, "--priority", "low", as_="sam")
    terminal.expect("\n> ")
    press(terminal, "u")
    terminal.expect("a different one, run elsewhere")
    terminal.expect("\n> ")
    terminal.send("q")
    terminal.wait()
    assert (row(desk, 4)["assignee"], row(desk, 2)["priority"]) == ("sam", "low")


def test_back_help_and_a_bad_word(desk: Shell):
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    press(terminal, "b")
    terminal.expect("This is the first ticket.")
    terminal.expect("\n> ")
    press(terminal, "k")
    at(terminal, "TIX-1")
    press(terminal, "b")
    at(terminal, "TIX-4")
    press(terminal, "?")
    terminal.expect("g  assign to")
    terminal.expect("\n> ")
    press(terminal, "g")
    terminal.expect("Assign to (")
    terminal.send("nobody-here\r")
    terminal.expect("no person named")
    terminal.expect("none): nobody-here")
    terminal.send("\x15\r")
    terminal.expect("\n> ")
    press(terminal, "\x1b[A")  # an arrow is no answer
    terminal.expect("r  reply")
    terminal.expect("\n> ")
    press(terminal, "nnn\raaa\r")  # a paste is none either
    terminal.expect("r  reply")
    terminal.expect("\n> ")
    terminal.resize(40, 50)
    press(terminal, "v")
    at(terminal, "TIX-4")
    press(terminal, "q")
    terminal.wait()
    assert row(desk, 4)["assignee"] is None
    assert said(desk, 4) == []


def test_ctrl_c_in_a_text_keeps_it_and_the_sitting(desk: Shell):
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    press(terminal, "r")
    terminal.expect("editor):")
    terminal.send("half a sent")
    terminal.expect("half a sent")
    terminal.send("\x03")
    terminal.expect("your text is saved")
    terminal.expect("\n> ")
    press(terminal, "\x03")
    terminal.expect("Nothing done.")
    terminal.wait(check=130)
    assert [draft.read_text() for draft in desk.home.rglob("*reply.4*.txt")] == ["half a sent"]


@pytest.mark.parametrize(("words", "env"), [(["--plain"], {}), ([], {"TERM": "dumb"})])
def test_plain_lines(desk: Shell, words: list[str], env: dict[str, str]):
    """Nothing but text reaches the terminal, and each key has its Enter."""
    terminal = sitting(desk, *words, env=env)
    terminal.expect("q quit:")
    terminal.send("n\r")
    terminal.expect("editor):")
    terminal.send("plainly\r")
    terminal.expect("noted")
    terminal.expect("q quit:")
    terminal.send("k\r")
    terminal.expect("TIX-1  ")
    terminal.expect("q quit:")
    terminal.send("q\r")
    terminal.wait()
    assert b"\x1b" not in terminal.raw
    assert said(desk, 4) == ["plainly"]


def test_a_view_and_what_is_left(desk: Shell):
    """Which ticket of how many: those that were dealt with count, also where they have left the queue."""
    desk.tix("view", "add", "hot", "-p", "urgent", as_="sam")
    terminal = sitting(desk, "--view", "hot")
    terminal.expect("1 of 1 in the queue")
    at(terminal, "TIX-4")
    press(terminal, "k")
    terminal.expect("No tickets left")
    terminal.wait()
    terminal = sitting(desk)
    terminal.expect("1 of 4 in the queue")
    at(terminal, "TIX-4")
    press(terminal, "k")
    terminal.expect("2 of 4 in the queue")
    at(terminal, "TIX-1")
    press(terminal, "x")
    confirm(terminal, "Close TIX-1?")
    terminal.expect("3 of 4 in the queue")
    at(terminal, "TIX-2")
    press(terminal, "b")
    terminal.expect("2 of 4 in the queue")
    at(terminal, "TIX-1")
    press(terminal, "q")
    terminal.wait()
    terminal = sitting(desk)
    terminal.expect("3 of 4 in the queue")
    at(terminal, "TIX-2")
    press(terminal, "q")
    terminal.wait()


def test_resolve_close_tag_and_merge(desk: Shell):
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    press(terminal, "t")
    terminal.expect("removes):")
    terminal.send("hot vip\r")
    terminal.expect("changed")
    then(terminal, "t")
    terminal.expect("removes):")
    terminal.send("-vip\r")
    terminal.expect("changed")
    then(terminal, "e")
    confirm(terminal, "Resolve TIX-4?", "\x1b")
    terminal.expect("Nothing was changed.")
    then(terminal, "e")
    confirm(terminal, "Resolve TIX-4?")
    at(terminal, "TIX-1")
    press(terminal, "m")
    terminal.expect("12):")
    terminal.send("99\r")
    terminal.expect("no ticket TIX-99")
    terminal.expect("12): 99")
    terminal.send("\x152\r")
    confirm(terminal, "Merge TIX-1 into TIX-2 (Printer 2)?")
    at(terminal, "TIX-2")
    press(terminal, "x")
    confirm(terminal, "Close TIX-2?")
    at(terminal, "TIX-3")
    press(terminal, "q")
    terminal.expect("2 closed, 1 merged, 2 changed")
    terminal.wait()
    assert row(desk, 4)["tags"] == ["hot"]
    assert (row(desk, 4)["status"], row(desk, 2)["status"]) == ("resolved", "closed")
    assert row(desk, 1)["merged_into"] == "TIX-2"


def test_a_merge_of_different_requesters_is_agreed_to(desk: Shell):
    desk.tix("new", "Other", "-m", "x", "--for", "kim")
    terminal = sitting(desk, "--requester", "kim")
    at(terminal, "TIX-5")
    for key in ("\x1b", "\r"):
        press(terminal, "m")
        terminal.expect("12):")
        terminal.send("1\r")
        confirm(terminal, "Merge TIX-5 into TIX-1")
        confirm(terminal, "Continue anyway?", key)
        if key == "\x1b":
            terminal.expect("\n> ")
    terminal.expect("No tickets left")
    terminal.wait()
    assert row(desk, 5)["merged_into"] == "TIX-1"


def test_there_is_no_key_for_canned_replies_that_do_not_exist(desk: Shell):
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    assert "canned" not in terminal.text
    press(terminal, "c")
    terminal.expect("r  reply")
    terminal.expect("\n> ")
    assert "canned" not in terminal.text
    terminal.send("q")
    terminal.wait()


# Forty mistakes: what is pressed at the line of keys, what is asked, what is typed then, and what is said about it.
# What follows the Enter was typed ahead: none of it may do anything.
MISTAKES = [
    *(("s", "Status", typed + "\r", "status") for typed in ("ressolved", "colsed", "oo", "clo sed", "9", "-", "résolu")),
    *(("p", "Priority", typed + "\r", "priorit") for typed in ("urgnet", "lwo", "9", "hihg", "none")),
    *(("z", "Snooze", typed + "\r", "") for typed in ("yesterdya", "+3", "32.12.", "tomorow", "+", "yesterday")),
    *(("g", "Assign to", typed + "\r", "") for typed in ("smash", "team:none", "sma", "lan", "team:", "k im")),
    *(("m", "Merge into", typed + "\r", "") for typed in ("99", "TIX-", "abc", "4", "-1")),
    ("s", "Status", "closd\r", "status"),
    ("t", "Tags", "-\r", ""),
    ("s", "Status", "ressolved\rr", "status"),
    ("s", "Status", "colsed\rrOops\r\r", "status"),
    ("p", "Priority", "urgnet\rx\r", "priorit"),
    ("g", "Assign to", "smash\re\r\r", ""),
    ("z", "Snooze", "tomorow\rrsend me\r\r\r", ""),
]  # fmt: skip
DROPPED = [
    ("r", "Reply", "oops\r", "\x1b"),
    ("r", "Reply", "oops\r\r\r", "\x1b"),
    ("r", "Reply", "s\r", "x\x1b"),
    ("c", "Canned", "h\r\r", "\x1b"),
]


def test_forty_mistakes_send_nothing(desk: Shell):
    """A refused value is asked for again with what was typed; nothing is done that was not confirmed."""
    assert len(MISTAKES) + len(DROPPED) == 40
    desk.tix("canned", "add", "hi", "-m", "Dear {{ requester.name }}")
    before = desk.tix("export", "-o", "jsonl").out
    log = desk.tix("log", "--json").out
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    for key, question, typed, told in MISTAKES:
        terminal.send(key)
        terminal.expect(question)
        terminal.expect("):")
        terminal.send(typed)
        if typed != "-\r" or key != "t":
            terminal.expect("tix: ")
            terminal.expect(told)
            terminal.expect(f"{question} ")
            kept = typed.partition("\r")[0]
            terminal.expect(f"): {kept}")
            terminal.send("\x03")
            terminal.expect("Cancelled.")
        terminal.expect("\n> ")
    for key, question, typed, left in DROPPED:
        terminal.send(key)
        terminal.expect(question)
        terminal.expect("):")
        terminal.send(typed)
        terminal.expect(re.compile(r"Send .*\) $"))
        for place, one in enumerate(left):
            if place:
                terminal.expect(re.compile(r"Send .*\) $"))
            terminal.send(one)
        terminal.expect(re.compile(r"Not sent\.|Nothing was changed\."))
        terminal.expect("\n> ")
    terminal.send("q")
    terminal.expect("Nothing done.")
    terminal.wait()
    assert desk.tix("log", "--json").out == log
    assert desk.tix("export", "-o", "jsonl").out == before


def test_what_begins_one_name_is_enough_and_tab_completes(desk: Shell):
    desk.people("kima:agent")
    terminal = sitting(desk)
    at(terminal, "TIX-4")
    press(terminal, "g")
    terminal.expect("none):")
    terminal.send("ki\r")
    terminal.expect("'ki' could be kim, kima")
    terminal.expect("none): ki")
    terminal.send("ma\r")  # what was typed is kept
    at(terminal, "TIX-1")
    press(terminal, "p")
    terminal.expect("low):")
    terminal.send("U\r")
    terminal.expect("changed; open, urgent")
    then(terminal, "s")
    terminal.expect("):")
    terminal.send("in\t")
    terminal.expect("in-progress")
    terminal.send("\r")
    terminal.expect("changed; in-progress")
    then(terminal, "q")
    terminal.wait()
    assert row(desk, 4)["assignee"] == "kima"


def test_a_reply_is_edited_before_it_is_sent(desk: Shell):
    editor = desk.folder / "editor"
    editor.write_text('#!/bin/sh\nsed -i s/oops/Sorry/ "$1"; sleep 1\n')
    editor.chmod(0o755)
    terminal = sitting(desk, env={"EDITOR": str(editor)})
    at(terminal, "TIX-4")
    press(terminal, "r")
    terminal.expect("editor):")
    terminal.send("oops\r")
    terminal.expect("To lan:")
    confirm(terminal, "Send it?", "e")
    at(terminal, "TIX-1")
    press(terminal, "q")
    terminal.wait()
    assert said(desk, 4) == ["Sorry"]


def test_decisions_of_a_program(desk: Shell):
    """One JSON object a line; each is answered, also those that cannot be done."""
    decisions = [
        '{"id": 4, "do": "reply", "message": "We come."}',
        '{"id": "TIX-4", "do": "close", "note": "done"}',
        '{"id": 1, "do": "priority", "priority": "urgnet"}',
        '{"id": 99, "do": "close"}',
        '{"id": 1, "do": "assign", "assignee": "kim"}',
        '{"id": 1, "do": "assign", "assignee": "kim"}',
        '{"id": 2, "do": "tag", "add": ["vip", "hot"]}',
        '{"id": 2, "do": "snooze", "until": "+3d"}',
        '{"id": 3, "do": "merge", "into": 2}',
        '{"id": 1, "do": "status", "status": "resolved", "version": 1}',
        '{"id": 1, "do": "explode"}',
        '{"id": 1, "do": "close", "mesage": "typo"}',
        '{"id": true, "do": "close"}',
        '{"id": 1, "do": "note"}',
        "not json",
        "[1]",
    ]
    done = desk.tix("triage", "--jsonl", as_="sam", stdin="\n".join(decisions), check=9)
    answers = done.jsonl
    assert [one["line"] for one in answers] == list(range(1, 17))
    told = [one.get("effect") or one["error"]["code"] for one in answers]
    assert told == [
        *("updated", "updated", "invalid-value", "not-found", "updated", "unchanged", "updated", "updated"),
        *("updated", "stale-version", *["invalid-value"] * 6),
    ]  # fmt: skip
    assert (answers[1]["id"], answers[1]["do"], answers[1]["status"]) == ("TIX-4", "close", "closed")
    assert said(desk, 4) == ["We come.", "done"]
    assert row(desk, 1)["assignee"] == "kim"
    assert row(desk, 2)["tags"] == ["hot", "vip"]
    assert row(desk, 3)["merged_into"] == "TIX-2"
    assert desk.tix("triage", "--jsonl", as_="lan", stdin=decisions[0], check=4).out == ""
    assert desk.tix("triage", "--jsonl", "-p", "low", as_="sam", stdin=decisions[0], check=2).out == ""


@pytest.mark.parametrize(
    ("words", "who", "status"), [([], "sam", 2), (["--count"], "sam", 2), (["-p", "x"], "sam", 2)]
)
def test_never_without_a_terminal(desk: Shell, words: list[str], who: str, status: int):
    assert desk.tix("triage", *words, as_=who, check=status, stdin="q\n").out == ""


def test_it_is_for_staff(desk: Shell):
    terminal = sitting(desk, as_="lan")
    terminal.expect("can triage tickets")
    terminal.wait(check=4)
