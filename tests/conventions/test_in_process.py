"""A command inside the process of its test is that of a real one, and leaves nothing behind."""

import gc
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests import harness, in_process, new_stores, replays
from tests.harness import ALL_REAL, Shell
from tix.store.connection import connect
from tix.store.open import open_store

NOW = "2026-11-22T09:00:00Z"
pytestmark = pytest.mark.skipif(ALL_REAL, reason="all commands are real processes")


def process() -> dict[str, object]:
    """What a command could change of its process."""
    mask = os.umask(0)
    os.umask(mask)
    wakeup = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(wakeup)
    return {
        "environment": dict(os.environ),
        "folder": Path.cwd(),
        "mask": mask,
        "zone": time.tzname,
        "handlers": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "wakeup": wakeup,
        "alarm": signal.getitimer(signal.ITIMER_REAL),
        "streams": [getattr(sys, name) for name in in_process._STREAMS],
        "descriptors": sorted(os.listdir("/dev/fd")),  # noqa: PTH208  # the names, of what is open right now
        "words": list(sys.argv),
        "hooks": (sys.unraisablehook, sys.excepthook),
        "warnings": list(warnings.filters),
        "temporary": tempfile.gettempdir(),
        "garbage": gc.get_threshold(),
    }


SOME = (
    ("list", "--json"), ("list",), ("show", "1"), ("show", "99"), ("show", "1", "-o", "table"), ("nonsense",),
    ("note", "1", "-m", ""), ("search", "smoke"), ("export",), ("db", "check"), ("list", "--debug", "-s", "odd"),
)  # fmt: skip


def test_it_answers_as_a_real_process(desk: Shell):
    """Bytes of both streams and the exit code."""
    desk.now = NOW
    desk.tix("new", "Printer", "-m", "It smokes.")
    for words in SOME:
        inside, real = desk.tix(*words, check=None), desk.tix(*words, check=None, process=True)
        assert inside[1:] == real[1:], words


def test_it_leaves_its_process_as_it_was(desk: Shell):
    """Whether it succeeds, is refused, cannot be parsed, or has its own idea of zone and folder for files."""
    desk.tix("new", "Printer", "-m", "smoke")
    before = process()
    for words in (
        ("list",),
        ("show", "99"),
        ("--nonsense",),
        ("export", "-o", "csv"),
        ("note", "1", "-m", "-"),
    ):
        desk.tix(*words, check=None, env={"TZ": "Asia/Tokyo", "TIX_EDITOR": "true"}, stdin="read")
        assert process() == before, words


def test_nothing_of_one_is_in_the_next(desk: Shell):
    """Neither who acts, nor when, nor the zone, nor what was typed."""
    desk.tix("new", "Printer", "-F", "-", stdin="smoke", now=NOW)
    desk.people("sam:agent")
    first = desk.tix("show", 1, "-o", "table", now=NOW).out
    there = desk.tix("show", 1, "-o", "table", now=NOW, as_="sam", env={"TZ": "Asia/Tokyo"}).out
    assert there != first
    assert desk.tix("show", 1, "-o", "table", now=NOW).out == first
    assert desk.tix("whoami", "--json", as_="sam").json["login"] == "sam"
    assert desk.tix("whoami", "--json").json["login"] != "sam"
    assert desk.tix("note", 1, "-F", "-", check=None).code != 0


@pytest.mark.parametrize("size", [10, 70_000, 200_000])
def test_what_it_reads_is_a_pipe(desk: Shell, size: int):
    """Of any length, read or not."""
    desk.tix("new", "Printer", "-F", "-", stdin="x" * size)
    assert desk.tix("show", 1, "--json").json["thread"][0]["body"] == "x" * size
    desk.tix("whoami", stdin="x" * size)


def test_a_program_it_starts_has_its_streams(desk: Shell):
    """A pager, an editor and what they say are the command's, not the test's."""
    editor = desk.folder / "editor"
    editor.write_text('#!/bin/sh\necho said; echo "told $TIX_USER" >&2; cat; echo words > "$1"\n')
    editor.chmod(0o755)
    desk.people("sam:agent")
    done = [
        desk.tix("new", "T", "-e", as_="sam", env={"TIX_EDITOR": str(editor)}, check=None, process=process)
        for process in (False, True)
    ]
    assert done[0].raw_err == done[1].raw_err
    assert done[0].out.replace("1", "2") == done[1].out.replace("1", "2")


@pytest.mark.parametrize(
    ("env", "real"),
    [
        ({}, False),
        ({"TZ": "Asia/Tokyo", "NO_COLOR": "1"}, False),
        ({"LC_ALL": "C"}, True),
        ({"PYTHONWARNINGS": "error"}, True),
    ],
)
def test_what_only_a_process_has_gets_one(desk: Shell, env, real):
    assert harness._wants_a_process(desk.environment(env=env)) is real


def test_a_new_store_is_a_copy_of_one_that_was_made():
    """With the same pages, but for the number of changes of the schema, which is in the header."""
    images = []
    for fill in (new_stores._fill, new_stores._copy, new_stores._copy):
        with closing(connect(":memory:")) as connection:
            fill(connection)
            image = connection.serialize()
            images.append((image[:40], image[44:]))
    assert images[0] == images[1] == images[2]


@contextmanager
def furnishing() -> Iterator[dict[str, int]]:
    """As in a fixture; how many commands ran in it, and how many were replayed, is known at the end."""
    counted = {"ran": -replays.KEPT.ran, "replayed": -replays.KEPT.replayed}
    before = replays.while_furnishing(True)
    try:
        yield counted
    finally:
        replays.while_furnishing(before)
        counted["ran"] += replays.KEPT.ran
        counted["replayed"] += replays.KEPT.replayed


def furnished(folder: Path, name: str = "Sam") -> tuple[Shell, list[object]]:
    """A desk of three commands in a new folder, and what they printed."""
    folder.mkdir()
    shell = Shell(folder)
    shell.now = NOW
    printed = [shell.tix("init").out, shell.tix("user", "add", "sam", "--role", "agent", "--name", name).out]
    return shell, [*printed, shell.tix("new", "Printer", "-m", "smoke", "--json", as_="sam").json]


def test_what_a_fixture_did_is_done_again(tmp_path: Path):
    """With the same files and words, and the path of its own folder in them."""
    with furnishing() as counted:
        first, printed = furnished(tmp_path / "first", "Replay")
        assert replays.KEPT.ran + counted["ran"] == 3
        second, again = furnished(tmp_path / "second", "Replay")
    assert counted == {"ran": 3, "replayed": 3}
    assert [str(one).replace(str(second.folder), str(first.folder)) for one in again] == [*map(str, printed)]
    assert replays._files(first.folder) == replays._files(second.folder)
    for shell in (first, second):
        assert shell.tix("show", 1, "--json").json["requester"] == "sam"
        assert shell.tix("db", "check", check=None).code == 0


def rename(shell: Shell) -> None:
    with closing(sqlite3.connect(shell.store)) as connection:
        assert connection.execute("UPDATE person SET name = 'Tim' WHERE login = 'sam'").rowcount == 1
        connection.commit()


@pytest.mark.parametrize(
    ("change", "ran"),
    [
        (lambda shell: None, 0),
        (lambda shell: setattr(shell, "now", "2026-11-22T09:00:01Z"), 1),
        (lambda shell: setattr(shell, "now", None), 0),
        (lambda shell: shell.env.update(TIX_USER="sam"), 1),
        (lambda shell: (shell.home / ".config" / "note").write_text("x"), 1),
        (lambda shell: shell.store.chmod(0o640), 1),
        (rename, 1),
    ],
    ids=["nothing", "clock", "no clock", "person", "file", "mode", "content"],
)
def test_what_is_different_is_not_a_replay(tmp_path: Path, change, ran: int):
    """Control: a second, a file, a permission, one value in the store; and without a fixed clock nothing is kept."""
    with furnishing():
        furnished(tmp_path / "first")[0].tix("new", "Odd", "-m", "x")
    with furnishing() as counted:
        second, _ = furnished(tmp_path / "second")
        change(second)
        second.tix("new", "Odd", "-m", "x")
    assert counted["ran"] == ran
    assert counted["replayed"] == 3 + (second.now is not None and not ran)


def test_commands_of_a_test_run(tmp_path: Path):
    """So do those on a desk that somebody has open."""
    with furnishing():
        first, _ = furnished(tmp_path / "first")
    with furnishing() as counted, closing(open_store(first.store)):
        first.tix("user", "edit", "sam", "--name", "Samuel")
    assert counted == {"ran": 0, "replayed": 0}
    before = replays.KEPT.ran, replays.KEPT.replayed
    furnished(tmp_path / "second")
    assert (replays.KEPT.ran, replays.KEPT.replayed) == before


@pytest.mark.parametrize(
    "words", [("list",), ("show", "1"), ("show", "99"), ("new", "Screen"), ("nonsense",)]
)
def test_a_fork_on_a_terminal_is_a_start(desk: Shell, monkeypatch, words: tuple[str, ...]):
    """The same screen, byte for byte, and the same end."""
    desk.now = NOW
    desk.tix("new", "Printer", "-m", "It smokes.")
    told = []
    for real in (False, True):
        monkeypatch.setattr(Shell, "real", real)
        terminal = desk.terminal(*words)
        if words[0] == "new":
            terminal.expect("Message")
            terminal.send("\x03")
        terminal.wait(None)
        assert isinstance(terminal.process, subprocess.Popen) is real
        told.append((terminal.process.returncode, terminal.text))
    assert told[0] == told[1]
