"""The questions of `tix new` and `tix delete`, typed on a real terminal.

Every walk is made in a window of 60 and of 80 columns, and on a dumb terminal, which is asked in plain lines.
"""

import os
import re
import signal
import sqlite3
import stat
import sys
import time
from pathlib import Path

import pytest

from tests.harness import Shell, Terminal
from tix.cli.input import paths

WINDOWS = [
    pytest.param({"cols": 60}, id="60"),
    pytest.param({"cols": 80}, id="80"),
    pytest.param({"cols": 60, "env": {"TERM": "dumb"}}, id="dumb"),
]
# A tix that gives up on a locked store after a second instead of thirty.
HASTY = (
    sys.executable,
    "-c",
    "import sys, tix.store.connection as c; c.BUSY_SECONDS = 1; from tix.cli.main import main; sys.exit(main())",
)


def answer(terminal: Terminal, question: str, keys: str) -> None:
    terminal.expect(question)
    terminal.send(keys)


def drafts(desk: Shell) -> list[Path]:
    return sorted((desk.home / ".local" / "state" / "tix" / "drafts").glob("*"))


def draft(desk: Shell, terminal: Terminal) -> str:
    """The one draft, whose path has been printed and which only its owner reads."""
    (path,) = drafts(desk)
    assert str(path) in terminal.text.replace("\n", "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_text()


def nothing_written(desk: Shell) -> bool:
    return not desk.store.exists() or desk.tix("list", "--all", "--count").out == "0\n"


def leaves(terminal: Terminal) -> None:
    """It has ended by ctrl-c: exit 130, one line about it, no traceback."""
    terminal.wait(130)
    assert terminal.text.count("interrupted; nothing was written") == 1
    assert "Traceback" not in terminal.text


# ---------------------------------------------------------------------------------------------- the form


@pytest.mark.parametrize("window", WINDOWS)
def test_the_whole_form(desk: Shell, window: dict):
    """Subject, message, priority, attachments; it ends by showing the ticket."""
    (desk.folder / "log.txt").write_text("paper jam\n")
    terminal = desk.terminal("new", **window)
    answer(terminal, "Subject *:", "Printer 打印机 broken\r")
    answer(terminal, "Message *", "It says “é” and stops.\r")
    answer(terminal, "[medium]:", "critical\r")
    answer(terminal, "Attach", "log.txt\r")
    answer(terminal, "Another file", "\r")
    terminal.wait()
    shown = "\n".join(terminal.screen)
    assert "TIX-1" in shown
    assert "Printer 打印机 broken" in shown
    assert "log.txt" in shown
    ticket = desk.tix("show", 1, "--json").json
    assert ticket["subject"] == "Printer 打印机 broken"
    assert ticket["thread"][0]["body"] == "It says “é” and stops."
    assert ticket["priority"] == "urgent"
    assert [file["name"] for file in ticket["thread"][0]["attachments"]] == ["log.txt"]
    assert drafts(desk) == []


@pytest.mark.parametrize("window", WINDOWS)
def test_enter_alone_takes_the_defaults(desk: Shell, window: dict):
    terminal = desk.terminal("new", **window)
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke\r")
    answer(terminal, "[medium]:", "\r")
    answer(terminal, "Attach", "\r")
    terminal.wait()
    ticket = desk.tix("show", 1, "--json").json
    assert ticket["priority"] == "medium"
    assert ticket["attachments"] == 0


@pytest.mark.parametrize("window", WINDOWS)
def test_what_is_wrong_is_asked_again_with_the_reason(desk: Shell, window: dict):
    (desk.folder / "program").write_bytes(b"\x7fELF" + bytes(60))
    (desk.folder / "fine.txt").write_text("fine")
    desk.tix("config", "set", "attachments.types", "txt")
    terminal = desk.terminal("new", **window)
    answer(terminal, "Subject *:", "\r")
    terminal.expect("the subject is empty")
    answer(terminal, "Subject *:", "   \r")
    terminal.expect("the subject is empty")
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke\r")
    answer(terminal, "[medium]:", "very\r")
    terminal.expect("'very' is not a priority")
    terminal.expect("urgent")
    answer(terminal, "[medium]:", "NORMAL\r")
    answer(terminal, "Attach", "absent.txt\r")
    terminal.expect("'absent.txt' cannot be read")
    answer(terminal, "Attach", "program\r")
    terminal.expect("'program' is of type elf")
    answer(terminal, "Attach", ".\r")
    terminal.expect("'.' is not a regular file")
    answer(terminal, "Attach", "fine.txt\r")
    answer(terminal, "Another file", "\r")
    terminal.wait()
    ticket = desk.tix("show", 1, "--json").json
    assert ticket["priority"] == "medium"
    assert ticket["attachments"] == 1


def test_the_files_together_stay_within_the_limit(desk: Shell):
    desk.tix("new", "First", "-m", "x")
    desk.tix("config", "set", "attachments.max_total", "1KB")
    for name in ("a.txt", "b.txt"):
        (desk.folder / name).write_text("x" * 600)
    terminal = desk.terminal("new", "-p", "low")
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke\r")
    answer(terminal, "Attach", "a.txt\r")
    answer(terminal, "Another file", "b.txt\r")
    terminal.expect("together have")
    answer(terminal, "Another file", "\r")
    terminal.wait()
    assert desk.tix("show", 2, "--json").json["attachments"] == 1


def test_several_paths_on_one_line_and_the_home_folder(desk: Shell):
    """Paths are read as a shell reads them, and a line that names a file is that file."""
    (desk.home / "at home.txt").write_text("1")
    (desk.folder / "with blank.txt").write_text("2")
    (desk.folder / "it's.txt").write_text("3")
    terminal = desk.terminal("new", "-p", "low")
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke\r")
    answer(terminal, "Attach", "~/at\\ home.txt 'with blank.txt'\r")
    answer(terminal, "Another file", "it's.txt\r")
    answer(terminal, "Another file", "\r")
    terminal.wait()
    files = desk.tix("show", 1, "--json").json["thread"][0]["attachments"]
    assert [file["name"] for file in files] == ["at home.txt", "with blank.txt", "it's.txt"]


def test_the_tab_key_completes_paths_and_priorities(desk: Shell):
    (desk.folder / "some folder").mkdir()
    (desk.folder / "some folder" / "évidence 1.txt").write_text("x")
    terminal = desk.terminal("new", cols=60)
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke\r")
    answer(terminal, "[medium]:", "ur\t")
    terminal.expect("urgent")
    terminal.send("\r")
    answer(terminal, "Attach", "some\t")
    terminal.expect("folder/")
    terminal.send("é\t")
    terminal.expect("1.txt")
    terminal.send("\r")
    answer(terminal, "Another file", "\r")
    terminal.wait()
    ticket = desk.tix("show", 1, "--json").json
    assert ticket["priority"] == "urgent"
    assert ticket["thread"][0]["attachments"][0]["name"] == "évidence 1.txt"


def test_the_tab_key_lists_what_it_cannot_choose_from(desk: Shell):
    """As many as are read at a glance, neutralised, and without a question of its own."""
    for number in range(20):
        (desk.folder / f"f\x1b[31m {number:02}").write_text("x")
    terminal = desk.terminal("new", "-p", "low", cols=60)
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke\r")
    answer(terminal, "Attach", "f\t")
    terminal.expect("31m")
    terminal.send("\t")
    terminal.expect("f\\x1b[31m 11")
    terminal.expect("and 8 more")
    answer(terminal, "Attach", "07\r")
    answer(terminal, "Another file", "nothing-like-this\t\x03")
    leaves(terminal)
    assert b"\x1b[31m" not in terminal.raw


def test_pasted_lines_stay_in_the_message_and_join_in_the_subject(desk: Shell):
    def pasted(text: str) -> str:
        return f"\x1b[200~{text}\x1b[201~\r"

    terminal = desk.terminal("new", cols=60)
    answer(terminal, "Subject *:", pasted("Printer\r\nbroken"))
    answer(terminal, "Message *", pasted("one\r\n  two 你好\n\nthree \x1b[31m"))
    answer(terminal, "[medium]:", "\r")
    answer(terminal, "Attach", "\r")
    terminal.wait()
    ticket = desk.tix("show", 1, "--json").json
    assert ticket["subject"] == "Printer broken"
    assert ticket["thread"][0]["body"] == "one\n  two 你好\n\nthree \x1b[31m"
    assert b"\x1b[31m" not in terminal.raw


def test_what_is_typed_ahead_answers_the_next_questions(desk: Shell):
    terminal = desk.terminal("new", cols=60)
    answer(terminal, "Subject *:", "Printer\rsmoke\rhigh\r\r")
    terminal.wait()
    ticket = desk.tix("show", 1, "--json").json
    assert (ticket["subject"], ticket["priority"]) == ("Printer", "high")
    assert ticket["thread"][0]["body"] == "smoke"


def test_a_long_answer_is_edited_over_several_rows(desk: Shell):
    subject = "word " * 40 + "end"
    terminal = desk.terminal("new", "-m", "x", cols=20, rows=10)
    answer(terminal, "Subject *:", subject + "\x7f\x7f\x7fEND\r")
    terminal.wait()
    assert desk.tix("show", 1, "--json").json["subject"] == "word " * 40 + "END"


def test_an_endless_answer_is_not_repeated_in_full(desk: Shell):
    terminal = desk.terminal("new", cols=60)
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke\r")
    answer(terminal, "[medium]:", "z" * 500 + "\r")
    reason = terminal.expect(re.compile(r"'z+…?' is not a priority"))
    assert len(reason) < 80
    terminal.expect("[medium]:")
    terminal.send("\x03")
    leaves(terminal)


def test_no_color_colours_nothing(desk: Shell):
    colours = re.compile(rb"\x1b\[[0-9;]*[1-9][0-9;]*m")
    raw = {}
    for value in ("", "1"):
        terminal = desk.terminal("new", "-m", "x", env={"NO_COLOR": value})
        answer(terminal, "Subject *:", "Printer\r")
        terminal.wait()
        raw[value] = terminal.raw
    assert colours.search(raw[""])
    assert not colours.search(raw["1"])


def test_a_dumb_terminal_gets_no_escapes(desk: Shell):
    terminal = desk.terminal("new", "-m", "x", env={"TERM": "dumb"})
    answer(terminal, "Subject *:", "Printer\r")
    terminal.wait()
    assert b"\x1b" not in terminal.raw


# ------------------------------------------------------------------------------------- only what is missing


def test_with_a_subject_only_the_message_is_asked(desk: Shell):
    terminal = desk.terminal("new", "Printer", cols=60)
    answer(terminal, "Message *", "smoke\r")
    terminal.wait()
    assert "Subject *" not in terminal.text
    assert "[medium]" not in terminal.text
    assert desk.tix("show", 1, "--json").json["thread"][0]["body"] == "smoke"


@pytest.mark.parametrize("flags", [("-m", "smoke"), ("-F", "body.txt")])
def test_with_a_text_only_the_subject_is_asked(desk: Shell, flags: tuple):
    (desk.folder / "body.txt").write_text("smoke")
    terminal = desk.terminal("new", *flags, cols=60)
    answer(terminal, "Subject *:", "\r")
    answer(terminal, "Subject *:", "Printer\r")
    terminal.wait()
    assert "Message *" not in terminal.text
    assert "[medium]" not in terminal.text
    assert desk.tix("show", 1, "--json").json["thread"][0]["body"] == "smoke"


def test_with_both_nothing_is_asked(desk: Shell):
    terminal = desk.terminal("new", "Printer", "-m", "smoke", cols=60)
    terminal.wait()
    assert "?" not in terminal.text
    assert "TIX-1" in terminal.text


def test_the_form_leaves_out_what_a_flag_says(desk: Shell):
    (desk.folder / "a.txt").write_text("x")
    terminal = desk.terminal("new", "-p", "high", "--attach", "a.txt", cols=60)
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke\r")
    terminal.wait()
    ticket = desk.tix("show", 1, "--json").json
    assert (ticket["priority"], ticket["attachments"]) == ("high", 1)


def test_a_wrong_flag_is_told_before_the_first_question(desk: Shell):
    desk.tix("new", "First", "-m", "x")
    desk.people("lan:requester")
    for words, code in (
        (("-p", "very"), 2),
        (("--attach", "absent"), 2),
        (("--assign", "nobody"), 2),
        (("--tag", "a b"), 2),
        (("--assign", "lan"), 5),
    ):
        terminal = desk.terminal("new", *words)
        terminal.wait(code)
        assert "Subject *" not in terminal.text


def test_a_desk_that_needs_no_message_asks_for_none(desk: Shell):
    desk.tix("new", "First", "-m", "x")
    desk.tix("config", "set", "message_required", "false")
    terminal = desk.terminal("new")
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message (Enter: none):", "\r")
    answer(terminal, "[medium]:", "\r")
    answer(terminal, "Attach", "\r")
    terminal.wait()
    desk.terminal("new", "Screen").wait()
    assert [desk.tix("show", n, "--json").json["thread"][0]["body"] for n in (2, 3)] == ["", ""]


def test_no_input_asks_nothing_on_a_terminal(desk: Shell):
    terminal = desk.terminal("new", "--no-input")
    terminal.wait(2)
    assert "no subject given" in terminal.text
    terminal = desk.terminal("--no-input", "new", "Printer")
    terminal.wait(2)
    assert "no message given" in terminal.text
    assert "--message" in terminal.text


def test_nothing_is_read_from_a_terminal_when_stdout_is_piped(desk: Shell):
    for words in ("new", "new Printer", "reply 1", "delete 1"):
        terminal = desk.terminal(
            "-c", f"{sys.executable} -m tix {words} | cat; exit ${{PIPESTATUS[0]}}", program=("bash",)
        )
        terminal.wait(2 if words != "reply 1" else None)
        assert "?" not in terminal.text


def test_without_a_terminal_a_missing_value_is_named_and_nobody_waits(desk: Shell):
    """Also while the pipe stays open: nothing is read for a ticket without a subject."""
    end, other = os.pipe()
    try:
        process = desk.start("new", stdin=end)
        assert process.wait(30) == 2
        assert "subject" in process.communicate()[1].decode()
    finally:
        os.close(end)
        os.close(other)
    assert "subject" in desk.tix("new", "-m", "x", check=2).err
    assert "--message" in desk.tix("new", "Printer", check=2).err
    assert "subject" in desk.tix("new", "   ", "-m", "x", check=2).err
    assert not desk.store.exists()


# ------------------------------------------------------------------------------------------------- leaving

ANSWERS = [
    ("Subject *:", "Printer\r"),
    ("Message *", "smoke\r"),
    ("[medium]:", "high\r"),
    ("Attach", "a.txt\r"),
    ("Another file", ""),
]


@pytest.mark.parametrize(
    ("key", "window"),
    [
        pytest.param("\x03", {"cols": 60}, id="ctrl-c"),
        pytest.param("\x03", {"cols": 60, "env": {"TERM": "dumb"}}, id="ctrl-c-dumb"),
        pytest.param("\x04", {"cols": 80}, id="ctrl-d"),
        pytest.param("\x04", {"cols": 80, "env": {"TERM": "dumb"}}, id="ctrl-d-dumb"),
    ],
)
@pytest.mark.parametrize("answered", range(5))
def test_leaving_writes_nothing_and_keeps_what_was_typed(desk: Shell, answered: int, key: str, window: dict):
    (desk.folder / "a.txt").write_text("x")
    terminal = desk.terminal("new", **window)
    for question, keys in ANSWERS[:answered]:
        answer(terminal, question, keys)
    answer(terminal, ANSWERS[answered][0], key)
    leaves(terminal)
    assert nothing_written(desk)
    if answered == 0:
        assert drafts(desk) == []
    else:
        assert draft(desk, terminal) == ("Printer" if answered == 1 else "Printer\n\nsmoke")


def test_half_an_answer_is_kept_too(desk: Shell):
    terminal = desk.terminal("new", cols=60)
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "It began when")
    terminal.expect("began when")
    terminal.send("\x03")
    leaves(terminal)
    assert draft(desk, terminal) == "Printer\n\nIt began when"


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_a_kill_keeps_what_was_typed(desk: Shell, term: str):
    terminal = desk.terminal("new", env={"TERM": term})
    answer(terminal, "Subject *:", "Printer\r")
    terminal.expect("Message *")
    terminal.process.send_signal(signal.SIGTERM)
    terminal.wait(143)
    assert draft(desk, terminal) == "Printer"
    assert nothing_written(desk)


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_a_terminal_that_goes_away_keeps_what_was_typed(desk: Shell, term: str):
    terminal = desk.terminal("new", env={"TERM": term})
    answer(terminal, "Subject *:", "Printer\r")
    terminal.expect("Message *")
    os.close(terminal._master)
    terminal._master = -1
    terminal.process.wait(30)
    (path,) = drafts(desk)
    assert path.read_text() == "Printer"


def test_json_tells_the_interruption_too(desk: Shell):
    terminal = desk.terminal("new", "--json", cols=200)
    answer(terminal, "Subject *:", "\x03")
    terminal.wait(130)
    assert '"code": "interrupted"' in terminal.text


# ------------------------------------------------------------------------------- failing after the answers


def test_a_locked_store_keeps_what_was_typed(desk: Shell):
    desk.tix("new", "First", "-m", "x")
    terminal = desk.terminal("new", program=HASTY)
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke\r")
    answer(terminal, "[medium]:", "\r")
    terminal.expect("Attach")
    other = sqlite3.connect(desk.store, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        terminal.send("\r")
        terminal.wait(6)
    finally:
        other.close()
    assert draft(desk, terminal) == "Printer\n\nsmoke"
    assert desk.tix("list", "--all", "--count").out == "1\n"


def test_where_no_file_can_be_written_the_text_stays_on_the_screen(desk: Shell):
    """A full disk everywhere: here no file may grow."""
    desk.tix("new", "First", "-m", "x")
    limited = ("sh", "-c", f'ulimit -f 0; exec {sys.executable} -m tix "$@"', "sh")
    terminal = desk.terminal("new", program=limited)
    answer(terminal, "Subject *:", "Printer\r")
    answer(terminal, "Message *", "smoke and fire\r")
    answer(terminal, "[medium]:", "\r")
    answer(terminal, "Attach", "\r")
    terminal.wait(None)
    assert terminal.process.returncode in (6, 7)
    assert "here it is:\nPrinter\n\nsmoke and fire" in terminal.text
    assert desk.tix("list", "--all", "--count").out == "1\n"


def test_the_clock_of_a_ticket_is_when_it_was_sent(desk: Shell):
    """A form that lies on the screen for a while is not of the hour it was opened."""
    desk.tix("new", "First", "-m", "x")
    terminal = desk.terminal("new", "-m", "x")
    terminal.expect("Subject *:")
    other = desk.tix("new", "Meanwhile", "-m", "x")
    time.sleep(1.1)
    terminal.send("Printer\r")
    terminal.wait()
    made = {row["subject"]: row["created_at"] for row in desk.tix("list", "--json").json}
    assert other.code == 0
    assert made["Printer"] > made["Meanwhile"]


# --------------------------------------------------------------------------------------------------- delete


@pytest.mark.parametrize("word", ["y", "yes", " YES "])
def test_delete_asks_and_yes_deletes(desk: Shell, word: str):
    desk.tix("new", "Printer", "-m", "x")
    terminal = desk.terminal("delete", 1, cols=60)
    terminal.expect("TIX-1 (Printer)")
    answer(terminal, "[y/N]:", f"{word}\r")
    terminal.wait()
    assert desk.tix("show", 1, check=3)


@pytest.mark.parametrize("word", ["", "n", "no", "delete", "j"])
def test_delete_takes_everything_else_for_no(desk: Shell, word: str):
    desk.tix("new", "Printer", "-m", "x")
    terminal = desk.terminal("delete", 1, cols=60)
    answer(terminal, "[y/N]:", f"{word}\r")
    terminal.wait()
    assert "Nothing was deleted" in terminal.text
    assert desk.tix("show", 1)


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_leaving_the_question_deletes_nothing(desk: Shell, key: str):
    desk.tix("new", "Printer", "-m", "x")
    terminal = desk.terminal("delete", 1, cols=60)
    answer(terminal, "[y/N]:", key)
    leaves(terminal)
    assert desk.tix("show", 1)


def test_delete_asks_once_for_several(desk: Shell):
    for subject in ("A", "B"):
        desk.tix("new", subject, "-m", "x")
    terminal = desk.terminal("delete", 1, 2)
    terminal.expect("2 tickets (1, 2)")
    answer(terminal, "[y/N]:", "y\r")
    terminal.wait()
    assert desk.tix("list", "--all", "--count").out == "0\n"


def test_a_question_neutralises_what_people_wrote(desk: Shell):
    desk.tix("new", "evil \x1b[31m\u202e subject", "-m", "x")
    for env in ({}, {"TERM": "dumb"}):
        terminal = desk.terminal("delete", 1, env=env)
        terminal.expect("\\x1b[31m\\u202e subject")
        answer(terminal, "[y/N]:", "n\r")
        terminal.wait()
        assert b"\x1b[31m" not in terminal.raw


def test_delete_without_a_terminal_needs_yes(desk: Shell):
    desk.tix("new", "Printer", "-m", "x")
    assert "--yes" in desk.tix("delete", 1, check=2).err
    assert "--yes" in desk.tix("delete", 1, stdin="y\n", check=2).err
    desk.tix("delete", 1, "--yes")


def test_deleting_a_ticket_deletes_its_drafts(desk: Shell):
    desk.tix("new", "Printer", "-m", "x")
    desk.tix("reply", 1, "--attach", "absent", stdin="a secret", check=2)
    desk.tix("reply", 1, "--status", "open", stdin="\0 a secret", check=2)
    desk.tix("delete", 1, "--yes")
    assert drafts(desk) == []


# ---------------------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("  ", []),
        ("a", ["a"]),
        ("a b", ["a", "b"]),
        ("a\\ b 'c d' \"e f\"", ["a b", "c d", "e f"]),
        ("there is", ["there is"]),  # a file of that name
        ("it's", ["it's"]),  # a quote that is not closed
        ("~/x", ["/home/lan/x"]),
    ],
)
def test_a_line_is_split_into_paths(
    line: str, expected: list, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/lan")
    (tmp_path / "there is").touch()
    assert paths.split(line) == expected


@pytest.mark.parametrize(
    "name", ["plain", "with blank", "it's", 'a"b', "back\\slash", "über 打印", "$(x)", "a\tb", "-x"]
)
def test_what_completes_a_path_is_read_as_that_path(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "some folder"
    folder.mkdir()
    (folder / name).touch()
    (one,) = paths.candidates("first some\\ folder/" + name[0].replace('"', '\\"').replace("$", "\\$"))
    assert paths.split(one.text) == [f"some folder/{name}"]
    assert paths.split(f"first {one.text}") == ["first", f"some folder/{name}"]


def test_hidden_files_are_offered_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in (".hidden", "seen"):
        (tmp_path / name).touch()
    assert [one.text for one in paths.candidates("")] == ["seen"]
    assert [one.text for one in paths.candidates(".")] == [".hidden"]
    assert list(paths.candidates("absent/")) == []
