"""The trials of `tests/e2e/test_concurrency.py` at full length: `make soak`."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.harness import Shell
from tests.soak.injections import why_not
from tests.soak.races import SLOW_LOCKS, claims, closings, held, ratings, replies_on

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not os.environ.get("TIX_SOAK"), reason="takes long; make soak runs it"),
]
AGENTS = ("ann", "ben", "cas", "dot")
RACES = 100


@pytest.fixture
def staffed(desk: Shell) -> Shell:
    """Four agents and a requester."""
    desk.tix("init")
    desk.people(*(f"{login}:agent" for login in AGENTS), "rob:requester")
    return desk


@pytest.mark.parametrize("tickets", [1, 5])
def test_sixteen_people_who_write_twenty_five_replies_each(staffed: Shell, tickets: int) -> None:
    for number in range(tickets):
        staffed.tix("new", f"Ticket {number}", "-m", "x")
    replies_on(staffed, 16, 25, tickets)


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_the_same_with_slow_locks(staffed: Shell) -> None:
    staffed.tix("new", "Ticket", "-m", "x")
    replies_on(staffed, 16, 25, 1, SLOW_LOCKS)


@pytest.mark.parametrize("kind", ["claim", "rate", "close"])
def test_a_hundred_races_have_one_winner_each(staffed: Shell, kind: str) -> None:
    for _ in range(RACES):
        ref = staffed.tix("new", kind, "-m", "x", "--for", "rob").ref
        if kind == "claim":
            claims(staffed, ref, AGENTS)
        elif kind == "close":
            closings(staffed, ref, AGENTS)
        else:
            staffed.tix("close", ref)
            ratings(staffed, ref, "rob")
    staffed.tix("doctor")


def test_a_lock_that_is_never_let_go_is_exit_6_and_no_text_is_lost(staffed: Shell) -> None:
    """After thirty seconds: try again; each text is in the file that was named."""
    staffed.tix("new", "Locked", "-m", "x")
    before = staffed.store.read_bytes()
    pipes = {"stdin": subprocess.PIPE}
    with held(staffed.store):
        flagged = staffed.start("reply", "1", "-m", "Typed on the line.")
        piped = staffed.start("note", "1", **pipes)
        new = staffed.start("new", "S", "--json", **pipes)
        assert piped.stdin is not None
        assert new.stdin is not None
        for process in (piped, new):
            process.stdin.write(b"Typed for an hour.")
            process.stdin.close()
            process.stdin = None
        started = time.monotonic()
        for process, text in ((flagged, "Typed on the line."), (piped, "Typed for an hour.")):
            out, err = process.communicate()
            assert (process.returncode, out) == (6, b""), err.decode()
            assert "try again" in err.decode()
            assert Path(err.decode().split("your text is saved: ")[1].strip()).read_text() == text
        out, err = new.communicate()
        assert (new.returncode, out) == (6, b"")
        first = json.loads(err.splitlines()[0])["error"]
        assert (first["code"], first["exit"]) == ("store-busy", 6)
        assert time.monotonic() - started > 20
    assert staffed.store.read_bytes() == before
    staffed.tix("reply", "1", "-m", "Now it works.")


def test_a_reader_shut_out_for_ever_is_exit_6(staffed: Shell) -> None:
    staffed.tix("new", "Locked", "-m", "x")
    with held(staffed.store, "EXCLUSIVE"):
        readers = [staffed.start(*words) for words in (("list",), ("show", "1"), ("search", "locked"))]
        for reader in readers:
            out, err = reader.communicate()
            assert (reader.returncode, out) == (6, b""), err.decode()
            assert err.startswith(b"tix: ")
