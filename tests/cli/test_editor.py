"""Texts written in the person's own editor, which here is a small script."""

import os
import re
import signal
import stat
import sys
import time
from pathlib import Path

import pytest

from tests.harness import Shell

SCISSORS = "# ------------------------ >8 ------------------------"


@pytest.fixture
def ticket(desk: Shell) -> Shell:
    """A desk with one ticket."""
    desk.tix("new", "Printer", "-m", "It smokes.")
    return desk


def editor(desk: Shell, script: str, name: str = "editor") -> str:
    """Makes `script` the editor; `$1` is the file it is to edit. Keeps what it was shown in `seen`."""
    path = desk.folder / name
    path.write_text(f'#!/bin/sh\ncp "$1" "{desk.folder}/seen"\n{script}\n')
    path.chmod(0o755)
    desk.env["TIX_EDITOR"] = str(path)
    return str(path)


def writes(desk: Shell, text: str | bytes, then: str = "") -> None:
    """The editor puts `text` above what it is shown."""
    (desk.folder / "text").write_bytes(text if isinstance(text, bytes) else text.encode())
    editor(desk, f'cat "{desk.folder}/text" "{desk.folder}/seen" > "$1"\n{then}')


def seen(desk: Shell) -> str:
    return (desk.folder / "seen").read_text()


def bodies(desk: Shell) -> list[str]:
    return [item["body"] for item in desk.tix("show", 1, "--json").json["thread"] if item["body"] is not None]


def drafts(desk: Shell) -> list[str]:
    folder = desk.home / ".local" / "state" / "tix" / "drafts"
    return [path.read_bytes().decode("utf-8", "surrogateescape") for path in sorted(folder.glob("*"))]


def left_behind(desk: Shell) -> list[Path]:
    return sorted((desk.home / "tmp").rglob("*"))


# -------------------------------------------------------------------------------------------- reply and note


@pytest.mark.parametrize("cols", [60, 80])
@pytest.mark.parametrize("verb", ["reply", "note"])
def test_without_text_the_editor_opens_with_the_thread_below(ticket: Shell, verb: str, cols: int):
    """The text above a scissors line, the thread below; lines with `#` are kept."""
    writes(ticket, "# Answer\n\n  Try 再起動.\n\n# bye\n")
    ticket.terminal(verb, 1, cols=cols).wait()
    above, below = seen(ticket).split(SCISSORS)
    assert above == "\n\n"
    assert "Printer" in below
    assert "It smokes." in below
    assert bodies(ticket) == ["It smokes.", "# Answer\n\n  Try 再起動.\n\n# bye"]
    assert left_behind(ticket) == []
    assert drafts(ticket) == []


def test_scissors_in_the_thread_or_in_the_text_cut_nothing(ticket: Shell):
    ticket.tix("reply", 1, "-m", f"before\n{SCISSORS}\nafter")
    text = f"mine\n{SCISSORS}\nmine too"
    writes(ticket, text + "\n")
    ticket.terminal("reply", 1).wait()
    assert bodies(ticket)[-1] == text


def test_a_page_without_scissors_is_all_text(ticket: Shell):
    editor(ticket, 'printf "one\\ntwo\\n" > "$1"')
    ticket.terminal("reply", 1).wait()
    assert bodies(ticket)[-1] == "one\ntwo"


def test_the_thread_is_shown_neutralised(ticket: Shell):
    ticket.tix("reply", 1, "-m", "evil \x1b[31m \u202e")
    writes(ticket, "fine\n")
    ticket.terminal("reply", 1).wait()
    assert "evil \\x1b[31m \\u202e" in seen(ticket)


@pytest.mark.parametrize("verb", ["reply", "note"])
@pytest.mark.parametrize("script", ["sleep 1.1", 'printf "\\n  \\n" > "$1"', ': > "$1"', 'rm "$1"'])
def test_an_empty_text_writes_nothing(ticket: Shell, verb: str, script: str):
    editor(ticket, script)
    terminal = ticket.terminal(verb, 1)
    terminal.wait(2)
    assert "the text is empty" in terminal.text
    assert bodies(ticket) == ["It smokes."]
    assert drafts(ticket) == []
    assert left_behind(ticket) == []


@pytest.mark.parametrize("verb", ["reply", "note"])
@pytest.mark.parametrize("words", [[], ["-m", "begun", "-e"]], ids=["empty", "begun"])
def test_an_editor_that_returns_at_once_keeps_its_file(ticket: Shell, verb: str, words: list[str]):
    """What its window writes later is not lost; nothing is sent that nobody has looked at."""
    # Its window ignores a hang-up from the start, or a slow machine ends it with the terminal.
    editor(ticket, 'trap "" HUP; (sleep 1; echo "typed later" > "$1") > /dev/null 2>&1 &')
    terminal = ticket.terminal(verb, 1, *words, cols=200)
    terminal.wait(2)
    assert "returned at once" in terminal.text
    assert "code --wait" in terminal.text
    assert "gvim -f" in terminal.text
    (path,) = (path for path in left_behind(ticket) if path.is_file())
    assert str(path) in terminal.text.replace("\n", "")
    for _ in range(100):
        if path.read_text() == "typed later\n":
            break
        time.sleep(0.1)
    assert path.read_text() == "typed later\n"
    assert bodies(ticket) == ["It smokes."]


@pytest.mark.parametrize(("flags", "waits"), [("", False), ("--wait", True)], ids=["code", "code --wait"])
def test_a_known_editor_without_its_flag_is_told_it(ticket: Shell, flags: str, waits: bool):
    """Also where its window was slow to open."""
    path = editor(ticket, "sleep 1.2", name="code")
    ticket.env["TIX_EDITOR"] = f"{path} {flags}"
    terminal = ticket.terminal("reply", 1, cols=200)
    terminal.wait(2)
    assert ("returned at once" in terminal.text, "the text is empty" in terminal.text) == (not waits, waits)
    assert ("TIX_EDITOR='code --wait'" in terminal.text) == (not waits)


def test_off_a_terminal_a_missing_text_is_named(ticket: Shell):
    writes(ticket, "never\n")
    for verb in ("reply", "note"):
        assert "-m" in ticket.tix(verb, 1, check=2).err
        assert "-m" in ticket.tix(verb, 1, stdin="", check=2).err
        assert "-m" in ticket.tix(verb, 1, stdin=" \n", check=2).err
    ticket.terminal("reply", 1, "--no-input").wait(2)
    assert not (ticket.folder / "seen").exists()


def test_a_wrong_ticket_opens_no_editor(ticket: Shell):
    writes(ticket, "never\n")
    ticket.terminal("reply", 99).wait(3)
    ticket.terminal("reply", 1, "--status", "nonsense").wait(2)
    ticket.terminal("reply", 1, "--attach", "absent").wait(2)
    assert not (ticket.folder / "seen").exists()


def test_the_entry_is_of_the_moment_it_was_sent(ticket: Shell):
    """Two people answer; who wrote for longer stands second, whoever began first."""
    editor(
        ticket,
        f'echo slow > "$1"; {sys.executable} -m tix reply 1 -m quick >"$1.log" 2>&1; rm "$1.log"; sleep 1.1',
    )
    ticket.terminal("reply", 1).wait()
    assert bodies(ticket) == ["It smokes.", "quick", "slow"]
    first, second = [
        item["at"] for item in ticket.tix("show", 1, "--json").json["thread"] if item["kind"] != "event"
    ][1:]
    assert first < second


# ------------------------------------------------------------------------------------- editors that misbehave


def test_a_failing_editor_keeps_the_text(ticket: Shell):
    writes(ticket, "half done\n", then="exit 3")
    terminal = ticket.terminal("reply", 1)
    terminal.wait(2)
    assert "failed with status 3; nothing was written" in terminal.text.replace("\n", "")
    assert drafts(ticket) == ["half done"]
    assert bodies(ticket) == ["It smokes."]


def test_a_failing_editor_without_a_text_leaves_no_draft(ticket: Shell):
    editor(ticket, "exit 1")
    ticket.terminal("reply", 1).wait(2)
    assert drafts(ticket) == []


def test_a_killed_editor_keeps_the_text(ticket: Shell):
    writes(ticket, "half done\n", then="kill -KILL $$")
    terminal = ticket.terminal("reply", 1)
    terminal.wait(2)
    assert "was killed by signal 9" in terminal.text.replace("\n", "")
    assert drafts(ticket) == ["half done"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("no-such-editor", "editor no-such-editor not found"),
        ("/", "cannot start the editor"),
        ("'unclosed", "TIX_EDITOR is not a command"),
    ],
)
def test_an_editor_that_is_not_there_is_one_sentence(ticket: Shell, command: str, words: str):
    ticket.env["TIX_EDITOR"] = command
    terminal = ticket.terminal("reply", 1)
    terminal.wait(2)
    assert words in terminal.text.replace("\n", "")
    assert terminal.text.count("tix: ") == 1
    assert left_behind(ticket) == []


def test_a_machine_without_editor_says_what_to_do(ticket: Shell):
    empty = ticket.folder / "empty"
    empty.mkdir()
    terminal = ticket.terminal("reply", 1, env={"PATH": str(empty)})
    terminal.wait(2)
    assert "no editor found" in terminal.text
    assert "TIX_EDITOR" in terminal.text


def test_ctrl_c_in_the_editor_is_the_editors(ticket: Shell):
    """As with git: the editor decides what it means, and tix waits for it."""
    writes(ticket, "goes on\n", then='trap "exit 0" INT; echo ready; while :; do sleep 0.1; done')
    terminal = ticket.terminal("reply", 1)
    terminal.expect("ready")
    terminal.send("\x03")
    terminal.wait()
    assert bodies(ticket)[-1] == "goes on"


def test_ctrl_c_that_ends_the_editor_ends_tix(ticket: Shell):
    writes(ticket, "half done\n", then="echo ready; exec sleep 30")
    terminal = ticket.terminal("reply", 1)
    terminal.expect("ready")
    terminal.send("\x03")
    terminal.wait(130)
    assert drafts(ticket) == ["half done"]
    assert bodies(ticket) == ["It smokes."]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_kill_while_the_editor_is_open_keeps_the_text(ticket: Shell, number: int):
    writes(ticket, "half done\n", then="echo ready; exec sleep 30")
    terminal = ticket.terminal("reply", 1)
    terminal.expect("ready")
    terminal.process.send_signal(number)
    terminal.wait(128 + number)
    assert drafts(ticket) == ["half done"]


def test_a_text_the_desk_does_not_take_is_kept(ticket: Shell):
    """Failures after the writing: bytes that are no text, a NUL, a rule that says no."""
    for text in (b"latin \xe9\n", b"nul \0\n"):
        writes(ticket, text)
        ticket.terminal("reply", 1).wait(2)
    ticket.tix("delete", 1, "--yes")
    kept = sorted(drafts(ticket))
    assert kept == []  # a delete takes the drafts of its ticket along
    ticket.tix("new", "Screen", "-m", "x")
    writes(ticket, b"latin \xe9\n")
    ticket.terminal("reply", 2).wait(2)
    assert [text.encode("utf-8", "surrogateescape") for text in drafts(ticket)] == [b"latin \xe9"]


def test_a_ticket_deleted_meanwhile_does_not_take_the_text_along(ticket: Shell):
    writes(ticket, "an answer\n", then=f"{sys.executable} -m tix delete 1 --yes >/dev/null")
    terminal = ticket.terminal("reply", 1)
    terminal.wait(3)
    assert drafts(ticket) == ["an answer"]
    assert "your text is saved" in terminal.text


def test_the_file_is_private_and_is_a_file_of_its_own(ticket: Shell):
    editor(ticket, f'stat -c "%a %n" "$1" "$(dirname "$1")" > "{ticket.folder}/modes"; echo x > "$1"')
    ticket.terminal("reply", 1).wait()
    modes = (ticket.folder / "modes").read_text().split("\n")
    assert modes[0].startswith("600 ")
    assert modes[1].startswith("700 ")


def test_what_else_the_editor_leaves_is_not_thrown_away(ticket: Shell):
    writes(ticket, "text\n", then='echo swap > "$(dirname "$1")/.swap"')
    ticket.terminal("reply", 1).wait()
    assert [path.name for path in left_behind(ticket) if path.is_file()] == [".swap"]


# ------------------------------------------------------------------------------------------- which editor, -e


def test_the_first_of_three_variables_is_the_editor(ticket: Shell):
    for name in ("first", "second", "third"):
        editor(ticket, f'echo {name} > "$1"', name)
    for unset in ("", "TIX_EDITOR", "VISUAL"):
        ticket.env |= {
            "TIX_EDITOR": str(ticket.folder / "first"),
            "VISUAL": str(ticket.folder / "second"),
            "EDITOR": str(ticket.folder / "third"),
        }
        for name in ("TIX_EDITOR", "VISUAL")[: ("", "TIX_EDITOR", "VISUAL").index(unset)]:
            ticket.env[name] = " "
        ticket.terminal("reply", 1).wait()
    assert bodies(ticket)[1:] == ["first", "second", "third"]


def test_an_editor_may_have_arguments(ticket: Shell):
    path = editor(ticket, 'echo no > "$1"')
    script = ticket.folder / "with blank"
    script.write_text('#!/bin/sh\n[ "$1" = --wait ] && echo "$1" > "$2"\n')
    script.chmod(0o755)
    ticket.env["TIX_EDITOR"] = f"'{script}' --wait"
    ticket.terminal("reply", 1).wait()
    assert path
    assert bodies(ticket)[-1] == "--wait"


def test_an_editor_may_be_used_off_a_terminal_when_it_is_asked_for(ticket: Shell):
    writes(ticket, "by script\n")
    ticket.tix("reply", 1, "-e")
    ticket.tix("reply", 1, "-e", "-m", "begun")
    assert bodies(ticket)[1:] == ["by script", "by script\nbegun"]


def test_the_editor_begins_with_the_text_of_a_flag(ticket: Shell):
    (ticket.folder / "body.txt").write_text("from a file")
    editor(ticket, "sleep 1.1")
    ticket.terminal("reply", 1, "-e", "-m", "begun\n").wait()
    ticket.terminal("note", 1, "-e", "-F", "body.txt").wait()
    assert bodies(ticket)[1:] == ["begun", "from a file"]


# -------------------------------------------------------------------------------------------------------- new


def test_an_empty_message_opens_the_editor(desk: Shell):
    writes(desk, "# From the editor\n\nover lines\n")
    terminal = desk.terminal("new", cols=60)
    terminal.expect("Subject *:")
    terminal.send("Printer\r")
    terminal.expect("Message *")
    terminal.send("\r")
    terminal.expect("[medium]:")
    terminal.send("\r")
    terminal.expect("Attach")
    terminal.send("\r")
    terminal.wait()
    assert bodies(desk) == ["# From the editor\n\nover lines"]


@pytest.mark.parametrize("script", ['echo > "$1"', "exit 1"])
def test_nothing_from_the_editor_asks_for_the_message_again(desk: Shell, script: str):
    editor(desk, script)
    terminal = desk.terminal("new", cols=60)
    terminal.expect("Subject *:")
    terminal.send("Printer\r")
    terminal.expect("Message *")
    terminal.send("\r")
    terminal.expect(re.compile("the message is empty|failed with status 1"))
    terminal.expect("Message *")
    terminal.send("one line then\r")
    terminal.expect("[medium]:")
    terminal.send("\r")
    terminal.expect("Attach")
    terminal.send("\r")
    terminal.wait()
    assert bodies(desk) == ["one line then"]


def test_a_missing_editor_lets_one_type_the_message(desk: Shell):
    desk.env["TIX_EDITOR"] = "no-such-editor"
    terminal = desk.terminal("new", "Printer", cols=60)
    terminal.expect("Message *")
    terminal.send("\r")
    terminal.expect("editor no-such-editor not found")
    terminal.expect("Message *")
    terminal.send("smoke\r")
    terminal.wait()
    assert bodies(desk) == ["smoke"]


def test_ctrl_c_after_an_empty_editor_keeps_the_subject(desk: Shell):
    editor(desk, 'echo > "$1"')
    terminal = desk.terminal("new", cols=60)
    terminal.expect("Subject *:")
    terminal.send("Printer\r")
    terminal.expect("Message *")
    terminal.send("\r")
    terminal.expect("the message is empty")  # before that ctrl-c is the editor's
    terminal.expect("Message *")
    terminal.send("\x03")
    terminal.wait(130)
    assert drafts(desk) == ["Printer"]
    assert not desk.store.exists()


def test_an_editor_that_fails_with_a_text_ends_the_form_and_keeps_both(desk: Shell):
    writes(desk, "half done\n", then="exit 1")
    terminal = desk.terminal("new", cols=60)
    terminal.expect("Subject *:")
    terminal.send("Printer\r")
    terminal.expect("Message *")
    terminal.send("\r")
    terminal.wait(2)
    assert drafts(desk) == ["Printer\n\nhalf done"]
    assert not desk.store.exists()


def test_new_with_e_asks_for_the_subject_and_opens_the_editor(desk: Shell):
    writes(desk, "over\nlines\n")
    desk.terminal("new", "Printer", "-e").wait()
    terminal = desk.terminal("new", "-e")
    terminal.expect("Subject *:")
    terminal.send("Screen\r")
    terminal.wait()
    assert bodies(desk) == ["over\nlines"]
    assert desk.tix("show", 2, "--json").json["subject"] == "Screen"


def test_new_with_e_and_an_empty_text_is_no_ticket(desk: Shell):
    editor(desk, 'echo > "$1"')
    assert "the message is empty" in desk.tix("new", "Printer", "-e", check=2).err
    assert not desk.store.exists()


def test_a_draft_is_in_a_folder_of_ones_own(ticket: Shell):
    writes(ticket, "half done\n", then="exit 1")
    before = time.time()
    ticket.terminal("reply", 1).wait(2)
    (path,) = (ticket.home / ".local" / "state" / "tix" / "drafts").glob("*")
    assert "reply.1" in path.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_mtime >= before - 2
    assert os.access(path, os.R_OK)
