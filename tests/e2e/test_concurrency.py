"""Several people at one desk at the same moment."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Shell
from tests.soak.injections import why_not
from tests.soak.races import SLOW_LOCKS, claims, closings, crowd, held, ratings, replies_on
from tests.soak.states import is_whole

pytestmark = [pytest.mark.real, pytest.mark.long]

WITH_STRACE = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
AGENTS = ("ann", "ben", "cas", "dot")


@pytest.fixture
def staffed(desk: Shell) -> Shell:
    """Four agents, a requester, and as many tickets as a test wants to make."""
    desk.tix("init")
    desk.people(*(f"{login}:agent" for login in AGENTS), "rob:requester")
    return desk


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A desk of three thousand tickets."""
    desk = Shell(tmp_path_factory.mktemp("busy"))
    source = desk.folder / "tickets.csv"
    source.write_text("subject,message\n" + "".join(f"Ticket {n} {'x' * 80},Words.\n" for n in range(3000)))
    desk.tix("import", source)
    yield desk
    desk.close()


@pytest.mark.parametrize("tickets", [1, 3])
def test_replies_at_once_are_all_there_once(staffed: Shell, tickets: int) -> None:
    for number in range(tickets):
        staffed.tix("new", f"Ticket {number}", "-m", "x")
    replies_on(staffed, 8, 6, tickets)


@WITH_STRACE
def test_slow_locks_lose_nothing(staffed: Shell) -> None:
    """Three milliseconds more for every lock call: the gaps between them are wide open."""
    staffed.tix("new", "Ticket", "-m", "x")
    replies_on(staffed, 6, 4, 1, SLOW_LOCKS)


def test_tickets_at_once_get_numbers_without_a_gap(staffed: Shell) -> None:
    results = crowd(staffed, 10, 1, lambda writer, _: ["new", f"From {writer}", "-m", "x"])
    assert [result.code for result in results] == [0] * 10
    assert sorted(int(result.ref.removeprefix("TIX-")) for result in results) == list(range(1, 11))


def test_one_key_at_once_makes_one_ticket(staffed: Shell) -> None:
    """A retry that overtakes its first try."""
    results = crowd(staffed, 6, 1, lambda *_: ["new", "Once", "-m", "x", "--idempotency-key", "k1"])
    assert {result.ref for result in results} == {"TIX-1"}
    assert staffed.tix("list", "--all", "--count").out == "1\n"


def test_one_of_several_claimants_wins(staffed: Shell) -> None:
    for _ in range(4):
        claims(staffed, staffed.tix("new", "Whose?", "-m", "x").ref, AGENTS)


def test_one_of_several_ratings_counts(staffed: Shell) -> None:
    for _ in range(4):
        ref = staffed.tix("new", "Rate me", "-m", "x", "--for", "rob").ref
        staffed.tix("close", ref)
        ratings(staffed, ref, "rob")


def test_several_who_close_have_closed_it_once(staffed: Shell) -> None:
    for _ in range(4):
        closings(staffed, staffed.tix("new", "Close me", "-m", "x").ref, AGENTS)


def test_one_of_several_edits_of_one_version_wins(staffed: Shell) -> None:
    """--if-version is a promise, not a wish."""
    ref = staffed.tix("new", "Versions", "-m", "x").ref
    version = staffed.tix("show", ref, "--json").json["version"]
    results = crowd(
        staffed, 4, 1, lambda w, _: ["edit", ref, "--subject", f"By {w}", "--if-version", str(version)]
    )
    assert sorted(result.code for result in results) == [0, 5, 5, 5], [str(result) for result in results]


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_lock_held_for_a_while_is_waited_for(staffed: Shell, how: str) -> None:
    """Three seconds are nothing to complain about, for a writer or, where the lock is exclusive, a reader."""
    staffed.tix("new", "Wait", "-m", "x")
    with held(staffed.store, how):
        writer = staffed.start("reply", "1", "-m", "Patience.")
        reader = staffed.start("list", "--all")
        time.sleep(3)
        assert writer.poll() is None
    assert writer.communicate() == (b"TIX-1\n", b"")
    assert writer.returncode == 0
    assert reader.communicate()[0].startswith(b"TIX-1\t")
    assert reader.returncode == 0


def test_who_waits_on_a_terminal_is_told_so(staffed: Shell) -> None:
    """After a second, once."""
    staffed.tix("new", "Wait", "-m", "x")
    with held(staffed.store):
        terminal = staffed.terminal("note", "1", "-m", "Patience.")
        terminal.expect("waiting")
        time.sleep(1.5)
    terminal.wait()
    assert terminal.text.count("waiting") == 1


def test_a_reader_with_an_open_cursor_makes_writers_wait_only(staffed: Shell) -> None:
    """It lets BEGIN IMMEDIATE through and stops COMMIT: that is waited for, too."""
    staffed.tix("new", "Wait", "-m", "x")
    with held(staffed.store, "DEFERRED") as reader:
        reader.execute("SELECT * FROM ticket").fetchone()
        writer = staffed.start("reply", "1", "-m", "Patience.")
        time.sleep(3)
        assert writer.poll() is None
    assert writer.communicate()[0] == b"TIX-1\n"
    assert writer.returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("list", "--all", "-o", "jsonl"),
        ("list", "--all", "--json"),
        ("list", "--all"),
        ("search", "ticket", "-o", "jsonl"),
        ("log", "-o", "jsonl"),
        ("export",),
    ],
    ids=" ".join,
)
def test_a_slow_reader_does_not_block_writers(busy: Shell, words: tuple[str, ...]) -> None:
    """What is printed through a pipe nobody empties holds no lock."""
    reading = busy.start(*words, bufsize=0)
    assert reading.stdout is not None
    first = reading.stdout.read(1)  # it prints, and its pipe is full in a moment
    time.sleep(0.5)
    assert reading.poll() is None, "the output was too short to fill a pipe"
    before = len(busy.tix("show", "7", "--json").json["thread"])
    for _ in range(3):
        busy.tix("note", "7", "-m", "Meanwhile.")
    assert reading.poll() is None
    rest = first + reading.communicate()[0]
    assert reading.returncode == 0
    assert rest.count(b"\n") >= 3000
    assert len(busy.tix("show", "7", "--json").json["thread"]) == before + 3


def test_a_backup_while_others_write_is_whole(staffed: Shell) -> None:
    """Each backup is a moment of the desk: what was acknowledged before it began is in it."""
    staffed.tix("new", "Backup", "-m", "x")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _SCRIBBLER, str(at)],
            cwd=staffed.folder,
            env=staffed.environment(),
            stdout=subprocess.DEVNULL,
        )
        for at in range(3)
    ]
    copies: list[Path] = []
    while any(writer.poll() is None for writer in writers):
        copy = staffed.folder / f"copy{len(copies)}.db"
        least = len(staffed.tix("show", "1", "--json").json["thread"])
        staffed.tix("db", "backup", copy)
        assert is_whole(copy)
        inside = staffed.tix("--store", copy, "show", "1", "--json").json["thread"]
        assert len(inside) >= least
        staffed.tix("--store", copy, "doctor")
        copies.append(copy)
    assert [writer.wait() for writer in writers] == [0] * 3
    assert len(staffed.tix("show", "1", "--json").json["thread"]) == 31
    assert copies


_SCRIBBLER = """
import subprocess, sys
for turn in range(10):
    words = ["note", "1", "-m", f"{sys.argv[1]}/{turn}"]
    subprocess.run([sys.executable, "-m", "tix", *words], check=True)
"""
