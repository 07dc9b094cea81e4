"""The unread mark of a ticket in a list: others have done what concerns me, and I have not looked since."""

import os

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(tmp_path):
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "lan:requester")
    for name in ("One", "Two"):
        shell.tix("new", name, "-m", "x", "--assign", "sam")
    shell.tix("edit", "1-2", "--for", "lan")
    shell.tix("notification", "read", "--all", as_="sam")
    shell.tix("notification", "read", "--all", as_="lan")
    shell.now = "2026-11-20T10:00:00Z"
    yield shell
    shell.close()


def marked(desk: Shell, as_: str = "sam", *words: str) -> list[str]:
    lines = desk.tix("list", *words, "-o", "table", as_=as_).out.splitlines()
    return [
        line.split("TIX-")[1].split()[0] for line in lines if "TIX-" in line and "*" in line.split("TIX-")[0]
    ]


def test_a_ticket_is_unread_until_somebody_looks_at_it(desk: Shell):
    """Or answers it, or reads the notification; a look writes nothing to the desk."""
    assert marked(desk) == []
    desk.tix("reply", "1-2", "-m", "Hello?", as_="lan")
    assert marked(desk) == ["1", "2"]
    assert "* unread" in desk.tix("list", "-o", "table", as_="sam").out
    assert marked(desk, "lan") == []
    left = desk.store.read_bytes()
    desk.now = "2026-11-20T10:01:00Z"
    desk.tix("show", 1, "--json", as_="sam")  # no person has seen that
    assert marked(desk) == ["1", "2"]
    desk.tix("show", 1, "-o", "table", as_="sam")
    assert marked(desk) == ["2"]
    assert desk.store.read_bytes() == left
    desk.tix("reply", 2, "-m", "Yes.", as_="sam")
    assert marked(desk) == []
    assert marked(desk, "lan") == ["2"]
    desk.now = "2026-11-20T10:02:00Z"
    desk.tix("reply", 1, "-m", "Still there?", as_="lan")
    assert marked(desk) == ["1"]
    desk.tix("notification", "read", "--all", as_="sam")
    assert marked(desk) == []


def test_what_programs_read_does_not_change(desk: Shell):
    before = desk.tix("list", "--json", as_="sam").json
    desk.tix("reply", 1, "-m", "Hello?", as_="lan")
    assert all(one.keys() == before[0].keys() for one in desk.tix("list", "--json", as_="sam").json)
    assert "*" not in desk.tix("list", "-o", "table", "-c", "ref,subject", as_="sam").out


def test_a_visit_that_cannot_be_recorded_does_not_matter(desk: Shell):
    """A state folder nobody can write, or --read-only: the ticket is shown."""
    desk.tix("reply", 1, "-m", "Hello?", as_="lan")
    desk.now = "2026-11-20T10:01:00Z"
    desk.tix("show", 1, "-o", "table", "--read-only", as_="sam")
    assert marked(desk) == ["1"]
    state = desk.folder / "file"
    state.write_text("")
    env = {**os.environ, "XDG_STATE_HOME": str(state)}
    assert "Hello?" in desk.tix("show", 1, "-o", "table", as_="sam", env=env).out
    assert marked(desk) == ["1"]
