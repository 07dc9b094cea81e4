"""``list --watch`` and ``log --follow``: what another process does, without a key pressed."""

import json
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.harness import Shell

pytestmark = pytest.mark.long


@pytest.fixture
def desk(tmp_path):
    shell = Shell(tmp_path)
    shell.tix("init")
    shell.people("sam:agent", "lan:requester", "ana:requester")
    shell.tix("new", "Printer", "-m", "smoke", as_="lan")
    yield shell
    shell.close()


def test_it_shows_what_another_process_has_made(desk: Shell):
    """Between two looks nothing is locked: the other process writes at once. Ctrl-c ends it, and the screen is back."""
    terminal = desk.terminal("list", "--watch", "0.3", as_="sam")
    terminal.expect("Printer")
    desk.tix("new", "Screen", "-m", "dark", as_="lan")
    terminal.expect("Screen")
    terminal.expect("ctrl-c stops")
    assert sum("Printer" in row for row in terminal.screen) == 1
    terminal.send("\x03")
    terminal.wait(check=130)
    assert terminal.raw.count(b"\x1b[?1049h") == terminal.raw.count(b"\x1b[?1049l") == 1


def test_figures_are_watched_as_well(desk: Shell):
    terminal = desk.terminal("stats", "--watch", "0.3", as_="sam", rows=60)
    terminal.expect("1 open")
    terminal.expect("ctrl-c stops")
    desk.tix("new", "Screen", "-m", "dark", as_="lan")
    terminal.expect("2 open")
    terminal.send("\x03")
    terminal.wait(check=130)
    assert "--watch needs a terminal" in desk.tix("stats", "--watch", 5, check=2).err
    assert "out of range" in desk.tix("stats", "--watch", 0, check=2).err


def test_an_empty_queue_says_so(desk: Shell):
    """On a terminal, for a person; a script's empty list stays empty."""
    terminal = desk.terminal("list", "--tag", "nothing", "--watch", "3600", as_="sam")
    terminal.expect("ctrl-c stops")
    assert "No tickets to list." in terminal.screen[0]
    terminal.process.terminate()
    terminal.wait(check=143)
    piped = desk.tix("list", "--tag", "nothing", as_="sam")
    assert (piped.out, piped.err) == ("", "")


def test_a_new_size_is_drawn_at_once(desk: Shell):
    terminal = desk.terminal("list", "--watch", "3600", as_="sam", cols=80)
    terminal.expect("ctrl-c stops")
    terminal.resize(24, 120)
    terminal.process.send_signal(signal.SIGWINCH)
    terminal.expect("ctrl-c stops")
    terminal.process.terminate()
    terminal.wait(check=143)


def test_a_dumb_terminal_gets_lines(desk: Shell):
    terminal = desk.terminal("list", "--watch", "0.3", as_="sam", env={"TERM": "dumb"})
    for _ in range(2):
        terminal.expect("Printer")
    terminal.send("\x03")
    terminal.wait(check=130)
    assert b"\x1b" not in terminal.raw


def test_it_shows_no_more_than_may_be_seen_by_now(desk: Shell):
    terminal = desk.terminal("list", "--watch", "0.3", "--all", as_="lan")
    terminal.expect("Printer")
    desk.tix("edit", 1, "--for", "ana")
    terminal.expect(re.compile(r"(?<!Printer)\n\n?\d\d:\d\d, every"))
    time.sleep(1)
    terminal.send("\x03")
    terminal.wait(check=130)
    assert "Printer" not in terminal.text.rsplit("ctrl-c stops", 2)[1]


@pytest.mark.parametrize(
    "words", [["--watch", "1"], ["--watch", "0"], ["--watch", "1", "--json"], ["--watch", "x"]]
)
def test_it_needs_a_terminal_and_a_number(desk: Shell, words: list[str]):
    assert desk.tix("list", *words, check=2).out == ""


class Follower:
    """``tix log --follow --json`` in the background."""

    def __init__(self, desk: Shell, *words: str, as_: str = "sam") -> None:
        self.process = desk.start("log", *words, "--follow", "--json", as_=as_, stderr=subprocess.STDOUT)
        # A line that never comes must fail the test, not stop the whole run.
        self._patience = threading.Timer(120, self.process.kill)
        self._patience.daemon = True
        self._patience.start()

    def next(self) -> dict[str, object]:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def line(self) -> str:
        assert self.process.stdout is not None
        return str(self.process.stdout.readline().decode())

    def end(self, number: signal.Signals, status: int) -> str:
        self._patience.cancel()
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=30)
        assert self.process.returncode == status
        return rest.decode()


def test_nothing_is_missed_and_nothing_told_twice(desk: Shell):
    """Two processes write at once; every item comes, by its id, once."""
    follower = Follower(desk, "--limit", "1")
    assert follower.next()["body"] == "smoke"
    script = (
        f"for n in 1 2 3 4 5 6; do '{sys.executable}' -m tix note 1 -m \"$W$n\" --as sam >/dev/null; done"
    )
    writers = [
        subprocess.Popen(["sh", "-c", script], env=desk.environment(env={"W": who}), cwd=desk.folder)
        for who in "ab"
    ]
    seen = [follower.next() for _ in range(12)]
    assert [writer.wait() for writer in writers] == [0, 0]
    ids = [item["id"] for item in seen]
    assert ids == sorted(set(ids))
    assert sorted(item["body"] for item in seen) == sorted(f"{who}{n}" for who in "ab" for n in range(1, 7))
    assert {item["ref"] for item in seen} == {"TIX-1"}
    assert follower.end(signal.SIGINT, 130).strip() == ""


def test_a_requester_hears_of_what_they_see(desk: Shell):
    follower = Follower(desk, as_="lan")
    assert follower.next()["body"] == "smoke"
    desk.tix("new", "Other", "-m", "ana's own", as_="ana")
    desk.tix("note", 1, "-m", "internal", as_="sam")
    desk.tix("reply", 1, "-m", "public", as_="sam")
    assert follower.next()["body"] == "public"
    rest = follower.end(signal.SIGTERM, 143)
    assert "ana" not in rest
    assert "internal" not in rest


def test_one_ticket_and_one_person(desk: Shell):
    desk.tix("new", "Screen", "-m", "dark", as_="lan")
    follower = Follower(desk, "1", "--by", "sam")
    time.sleep(2)
    desk.tix("note", 2, "-m", "elsewhere", as_="sam")
    desk.tix("reply", 1, "-m", "somebody else", as_="lan")
    desk.tix("note", 1, "-m", "here", as_="sam")
    assert follower.next()["body"] == "here"
    follower.end(signal.SIGTERM, 143)


def test_a_reader_who_has_enough_ends_it(desk: Shell):
    tix = f"'{sys.executable}' -m tix"
    desk.run(
        "sh", "-c", f"{tix} log --follow --json | head -n 1 & sleep 2; {tix} note 1 -m x >/dev/null; wait"
    )


def test_people_get_lines(desk: Shell):
    terminal = desk.terminal("log", "--follow", as_="sam")
    terminal.expect("smoke")
    desk.tix("reply", 1, "-m", "hello there", as_="sam")
    terminal.expect("hello there")
    terminal.send("\x03")
    terminal.wait(check=130)


@pytest.mark.parametrize("words", [(), ("1",)], ids=["the desk", "a ticket"])
def test_a_restored_desk_is_followed_on(desk: Shell, words: tuple[str, ...]):
    """Ids begin again below the last one seen: a line says so, and what is written from then on is told, once."""
    desk.tix("db", "backup", desk.folder / "old.db")
    for text in ("one", "two", "three"):
        desk.tix("note", 1, "-m", text, as_="sam")
    follower = Follower(desk, *words, "--limit", "1")
    assert follower.next()["body"] == "three"
    desk.tix("db", "restore", desk.folder / "old.db")
    desk.tix("note", 1, "-m", "after", as_="sam")
    assert json.loads(follower.line()) == {
        "notice": {"message": "The desk's file was replaced; following the new file from here on."}
    }
    assert follower.next()["body"] == "after"
    desk.tix("note", 1, "-m", "more", as_="sam")
    assert follower.next()["body"] == "more"
    follower.end(signal.SIGTERM, 143)


@pytest.mark.parametrize(("words", "status"), [(["-o", "csv"], 2), (["99"], 3), (["--by", "nobody"], 2)])
def test_what_cannot_be_followed(desk: Shell, words: list[str], status: int):
    desk.tix("log", "--follow", *words, as_="sam", check=status)


def test_what_others_do_rings_and_is_told(desk: Shell):
    """Not what was there, and not what one does oneself; never a text that somebody wrote."""
    terminal = desk.terminal("log", "--follow", "--notify", as_="sam")
    terminal.expect("smoke")
    time.sleep(0.2)
    assert b"\a" not in terminal.raw
    desk.tix("note", 1, "-m", "mine", as_="sam")
    terminal.expect("mine")
    assert b"\a" not in terminal.raw
    desk.tix("reply", 1, "-m", "secret \x1b]0;x words", as_="lan")
    terminal.expect("secret")
    terminal.expect("\a")
    terminal.send("\x03")
    terminal.wait(check=130)
    rung = re.findall(rb"\a\x1b\]9;(.*?)\x1b\\", terminal.raw)
    assert rung
    assert all(told.startswith(b"TIX-1: ") and b"secret" not in told for told in rung)


def test_without_a_terminal_the_desktop_tells(desk: Shell):
    assert "--notify needs --follow" in desk.tix("log", "--notify", check=2).err
    program = desk.folder / "bin" / "notify-send"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >> {desk.folder}/told\n')
    program.chmod(0o755)
    path = f"{program.parent}:/usr/bin:/bin"
    process = desk.start("log", "--follow", "--notify", "-o", "jsonl", as_="sam", env={"PATH": path})
    try:
        process.stdout.readline()
        desk.tix("reply", 1, "-m", "hello", as_="lan")
        assert b"hello" in process.stdout.readline()
        until = time.monotonic() + 60
        while not (desk.folder / "told").exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert (desk.folder / "told").read_text().startswith("--|tix|TIX-1: ")
    finally:
        process.terminate()
        process.wait()
