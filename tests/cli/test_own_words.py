"""One's own last reply or note: changed or taken back within ten minutes, while nobody answered and no mail left."""

import pytest

from tests.harness import Shell

SECRET = "kanarienvogel"


@pytest.fixture
def desk(tmp_path):
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "kim:agent", "lan:requester")
    shell.tix("new", "Printer", "-m", "It smokes.", as_="lan")
    yield shell
    shell.tix("doctor")
    shell.close()


def bodies(desk: Shell, as_: str = "sam") -> list[str]:
    return [
        one["body"] for one in desk.tix("show", 1, "--json", as_=as_).json["thread"] if one["kind"] != "event"
    ]


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_a_text_is_changed(desk: Shell, kind: str):
    """The index follows, the requester is shown the new text, and the old one is left to admins."""
    desk.tix(kind, 1, "-m", f"My {SECRET}.", as_="sam")
    version = desk.tix("show", 1, "--json", as_="sam").json["version"]
    desk.tix(kind, 1, "--edit-last", "-m", "My bird.", as_="sam")
    assert bodies(desk)[1:] == ["My bird."]
    assert bodies(desk, "lan")[1:] == (["My bird."] if kind == "reply" else [])
    assert desk.tix("search", SECRET, "--count", as_="sam").out == "0\n"
    assert desk.tix("search", "bird", "--count", as_="sam").out == "1\n"
    for who in ("sam", "lan"):
        for words in (("show", 1, "--json"), ("log", "--json"), ("log", 1, "--json")):
            assert SECRET not in desk.tix(*words, as_=who).out
    assert SECRET in desk.tix("log", 1, "--json").out
    assert (desk.tix("show", 1, "--json", as_="sam").json["version"] == version) is (kind == "note")
    assert "nothing to change" in desk.tix(kind, 1, "--edit-last", "-m", "My bird.", as_="sam").err


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_a_text_is_taken_back(desk: Shell, kind: str):
    before = desk.tix("show", 1, "--json", as_="lan").json
    desk.tix(kind, 1, "-m", f"My {SECRET}.", as_="sam")
    desk.tix(kind, 1, "--retract", as_="sam")
    after = desk.tix("show", 1, "--json", as_="lan").json
    texts = [one["body"] for one in after["thread"] if one["kind"] != "event"]
    assert (texts, after["answered"], after["status"]) == (["It smokes."], False, "open")
    assert before["thread"][0] == after["thread"][0]
    assert SECRET not in desk.tix("log", "--json", as_="lan").out
    assert SECRET in desk.tix("log", 1, "--json").out
    if kind == "note":
        assert bodies(desk)[1:] == ["(withdrawn)"]
        assert desk.tix("search", SECRET, "--count", as_="sam").out == "0\n"
    assert "you have written no" in desk.tix(kind, 1, "--retract", as_="sam", check=5).err


def test_a_requester_changes_their_own_message(desk: Shell):
    assert "no reply" in desk.tix("reply", 1, "--edit-last", "-m", "x", as_="lan", check=5).err
    desk.tix("reply", 1, "-m", "It burns", as_="lan")
    desk.tix("reply", 1, "--edit-last", "-m", "It burns!", as_="lan")
    assert bodies(desk) == ["It smokes.", "It burns!"]
    desk.tix("note", 1, "--edit-last", "-m", "x", as_="lan", check=4)


@pytest.mark.parametrize("flags", [("--edit-last", "-m", "x"), ("--retract",)])
def test_what_is_refused(desk: Shell, flags: tuple[str, ...]):
    """Too late, answered, mailed, another person's, switched off, several tickets: nothing is written."""
    desk.tix("reply", 1, "-m", "Mine.", as_="sam")
    log = desk.tix("log", "--json").out
    assert "no reply" in desk.tix("reply", 1, *flags, as_="kim", check=5).err
    assert "10 minutes" in desk.tix("reply", 1, *flags, as_="sam", now="2026-11-20T09:10:00Z", check=5).err
    desk.tix("reply", "1-2", *flags, as_="sam", check=2)
    desk.tix("reply", 1, *flags, "--status", "open", as_="sam", check=2)
    desk.tix("config", "set", "undo.text_window", "0")
    assert "never" in desk.tix("reply", 1, *flags, as_="sam", check=5).err
    desk.tix("config", "unset", "undo.text_window")
    assert desk.tix("log", "--json").out == log
    desk.tix("reply", 1, "-m", "Thanks", as_="lan")
    assert "lan has written" in desk.tix("reply", 1, *flags, as_="sam", check=5).err


def test_undo_takes_a_note_back(desk: Shell):
    """With what came with it; not after ten minutes, and not with a file."""
    before = desk.tix("show", 1, "--json", as_="sam").json
    desk.tix("edit", 1, "--priority", "high", "--note", f"My {SECRET}.", as_="sam")
    desk.tix("undo", as_="sam")
    after = desk.tix("show", 1, "--json", as_="sam").json
    assert after["priority"] == before["priority"]
    assert bodies(desk)[1:] == ["(withdrawn)"]
    assert desk.tix("search", SECRET, "--count", as_="sam").out == "0\n"
    desk.tix("note", 1, "-m", "Later.", as_="sam")
    assert "a note cannot be undone" in desk.tix("undo", as_="sam", now="2026-11-20T09:10:00Z", check=5).err
    desk.tix("undo", as_="sam")
    assert bodies(desk)[1:] == ["(withdrawn)", "(withdrawn)"]
    desk.tix("note", 1, "--edit-last", "-m", "x", as_="sam", check=5)
