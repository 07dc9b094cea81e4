"""`tix draft`: texts that could not be sent, what they were for, and sending them after all."""

import json
import stat
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.cli.input import saved


@pytest.fixture
def desk(tmp_path):
    """A desk with a ticket, and an editor that writes a text and fails."""
    shell = Shell(tmp_path)
    shell.tix("init")
    shell.people("sam:agent", "lan:requester")
    shell.tix("new", "Printer", "-m", "smoke", as_="lan")
    editor(shell, "The text.", 1)
    yield shell
    shell.close()


def editor(desk: Shell, text: str, status: int) -> None:
    """Make the editor write that text and end with that status."""
    path = desk.folder / "editor.sh"
    path.write_text(f'#!/bin/sh\nprintf "%s" "{text}" > "$1"\nexit {status}\n')
    path.chmod(0o755)
    desk.env["TIX_EDITOR"] = str(path)


def on_terminal(desk: Shell, *words: str) -> str:
    """What a command prints on a terminal."""
    terminal = desk.terminal(*words)
    terminal.wait()
    return terminal.text


def drafts(desk: Shell) -> list[dict[str, object]]:
    return list(desk.tix("draft", "list", "--json").json)


def bodies(desk: Shell, number: int = 1) -> list[object]:
    return [one["body"] for one in desk.tix("show", number, "--json").json["thread"] if one["body"]]


def test_a_draft_says_what_it_was_for(desk: Shell):
    assert drafts(desk) == []
    assert "No drafts." in on_terminal(desk, "draft", "list")
    desk.tix("reply", 1, "--status", "on-hold", "-e", "-m", "old", check=2, as_="sam")
    (one,) = drafts(desk)
    assert one["command"] == ["tix", "reply", "1", "--status", "on-hold"]
    assert (one["body"], one["store"]) == ("The text.", str(desk.store))
    shown = desk.tix("draft", "show")
    assert (shown.out, shown.err) == ("The text.\n", "For: tix reply 1 --status on-hold\n")
    text = on_terminal(desk, "draft", "list")
    assert "tix reply 1" in text
    assert "The text." in text


def test_drafts_are_for_their_owner_alone(desk: Shell):
    """Text and command; and the command does not have the text once more."""
    desk.tix("note", 1, "-e", "-m", "a secret", check=2)
    files = [path for path in (desk.home / ".local" / "state").rglob("*") if path.is_file()]
    assert len(files) == 2
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert "secret" not in path.read_text()


def test_a_draft_is_sent_as_who_wrote_it_and_is_gone(desk: Shell):
    desk.tix("reply", 1, "-e", check=2, as_="sam")
    assert "Would run: tix reply 1 -F" in desk.tix("draft", "send", "--dry-run").err
    assert desk.tix("draft", "send", env={"TIX_STORE": "/elsewhere.db", "TIX_USER": ""}).out == "TIX-1\n"
    entry = desk.tix("show", 1, "--json").json["thread"][-1]
    assert "The text." in bodies(desk)
    assert entry["by"] == "sam"
    assert drafts(desk) == []
    assert [path for path in (desk.home / ".local").rglob("*") if path.is_file()] == []


def test_a_draft_that_fails_again_is_kept_and_never_doubled(desk: Shell):
    desk.tix("reply", 1, "-e", check=2)
    kept = drafts(desk)
    desk.tix("config", "set", "prefix", "ABC-")
    desk.store.rename(desk.folder / "away.db")
    desk.store.mkdir()
    failed = desk.tix("draft", "send", check=None)
    assert failed.code != 0
    assert "The draft is kept" in failed.err
    assert drafts(desk) == kept


def test_each_attempt_has_the_same_key(desk: Shell):
    """A new ticket that was created, although its draft is still there, is not created again."""
    desk.tix("new", "Screen", "-e", check=2)
    (path,) = (desk.home / ".local" / "state" / "tix" / "drafts").iterdir()
    (command,) = (desk.home / ".local" / "state" / "tix" / "draft-commands").iterdir()
    before = path.read_text(), command.read_text()
    assert "--idempotency-key draft-" in desk.tix("draft", "send", "--dry-run").err
    assert desk.tix("draft", "send").out == "TIX-2\n"
    path.write_text(before[0])
    command.write_text(before[1])
    assert desk.tix("draft", "send").out == "TIX-2\n"
    assert desk.tix("list", "--all", "--count").out == "2\n"


def test_a_key_of_ones_own_is_used(desk: Shell):
    desk.tix("new", "Screen", "--idempotency-key", "mine", "-e", check=2)
    said = desk.tix("draft", "send", "--dry-run").err
    assert "--idempotency-key mine" in said
    assert "draft-" not in said.split(" -F ")[0]


def test_the_first_line_of_a_form_is_the_subject(desk: Shell):
    """It is a word of its own, whatever it begins with; without a message the text goes to the editor first."""
    desk.tix("new", "Old", "-e", check=2)
    (command,) = (desk.home / ".local" / "state" / "tix" / "draft-commands").iterdir()
    command.write_text(json.dumps({**json.loads(command.read_text()), "argv": ["new"]}))
    (path,) = (desk.home / ".local" / "state" / "tix" / "drafts").iterdir()
    path.write_text("--priority")
    assert "--editor" in desk.tix("draft", "send", check=2).err
    path.write_text("--priority\n\nIt is dark.\n")
    desk.tix("draft", "send")
    assert desk.tix("show", 2, "--json").json["subject"] == "--priority"
    assert bodies(desk, 2) == ["It is dark.\n"]


def test_a_text_is_changed_before_it_is_sent(desk: Shell):
    desk.tix("reply", 1, "-e", check=2)
    editor(desk, "A better text.", 0)
    desk.tix("draft", "send", "-e")
    assert bodies(desk)[-1] == "A better text."
    assert drafts(desk) == []


def test_an_editor_that_fails_again_keeps_what_was_written_last(desk: Shell):
    desk.tix("reply", 1, "-e", check=2)
    editor(desk, "A better text.", 1)
    desk.tix("draft", "send", "-e", check=2)
    assert [one["body"] for one in drafts(desk)] == ["A better text."]


def test_a_draft_is_named_by_a_part_of_its_name(desk: Shell):
    desk.tix("new", "Screen", "-m", "x")
    desk.tix("reply", 1, "-e", check=2)
    desk.tix("reply", 2, "-e", check=2)
    assert "several drafts" in desk.tix("draft", "send", check=2).err
    assert "several drafts" in desk.tix("draft", "show", "reply", check=2).err
    assert "no draft 'note'" in desk.tix("draft", "show", "note", check=3).err
    assert desk.tix("draft", "show", "reply.2").out == "The text.\n"
    assert "--yes" in desk.tix("draft", "rm", "reply.2", check=2).err
    assert "Would delete 1 draft" in desk.tix("draft", "rm", "reply.2", "--dry-run").err
    desk.tix("draft", "rm", "reply.2", "--yes")
    assert [str(one["name"])[:8] for one in drafts(desk)] == ["reply.1-"]
    assert desk.tix("draft", "send").out == "TIX-1\n"
    assert "there are no drafts" in desk.tix("draft", "send", check=3).err


def test_what_cannot_be_sent_says_how_by_hand(desk: Shell):
    """A text of an older tix, one whose tickets came through a pipe, and a command file that is broken."""
    desk.tix("reply", 1, "-e", check=2)
    (command,) = (desk.home / ".local" / "state" / "tix" / "draft-commands").iterdir()
    whole = json.loads(command.read_text())
    for text in ("", "[1", "[]", json.dumps({"argv": "reply"}), json.dumps({**whole, "argv": ["reply", "-"]}),
                 json.dumps({**whole, "argv": ["list"]})):  # fmt: skip
        command.write_text(text)
        failed = desk.tix("draft", "send", check=2)
        assert "run the command again with -F" in failed.err
        assert desk.tix("draft", "show").out == "The text.\n"
    command.write_text(json.dumps({**whole, "folder": str(desk.folder / "gone")}))
    assert "cannot run it in" in desk.tix("draft", "send", check=2).err


def test_a_text_that_nobody_wanted_to_send_is_kept(desk: Shell):
    """A no to the question about many tickets is no reason to lose what was written."""
    for number in range(2, 103):
        desk.tix("new", f"No {number}", "-m", "x")
    editor(desk, "To all.", 0)
    terminal = desk.terminal("note", "1-102")
    terminal.expect("?")
    terminal.send("n\r")
    terminal.wait()
    assert [one["body"] for one in drafts(desk)] == ["To all."]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("reply 1 -m x", "reply 1"),
        ("reply 1 -mx --status open", "reply 1 --status open"),
        ("reply 1 --message=x -F y --file=z -Fq -e", "reply 1"),
        ("--as sam note 1 --editor --message x", "--as sam note 1"),
        ("new -m x -- -m", "new -- -m"),
    ],
)
def test_a_command_without_its_text(typed: str, kept: str):
    assert saved.without_text(typed.split()) == kept.split()


def test_drafts_need_no_desk(tmp_path: Path):
    shell = Shell(tmp_path)
    shell.env["TIX_STORE"] = "https://desk.example"
    assert shell.tix("draft", "list").out == ""
    assert not shell.store.exists()
    shell.close()
