"""``tix snooze``, through real processes."""

import pytest

from tests.harness import Shell

NOON = "2026-11-20T12:00:00Z"


@pytest.fixture
def desk(tmp_path):
    """Three tickets of lan's."""
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "lan:requester")
    for name in ("One", "Two", "Three"):
        shell.tix("new", name, "-m", "x", as_="lan")
    yield shell
    shell.close()


def queue(desk: Shell, *words: str, **how: str) -> list[str]:
    return desk.tix("list", *words, "-o", "ids", **how).refs


def kinds(desk: Shell, ref: int = 1) -> list[str]:
    thread = desk.tix("show", ref, "--json").json["thread"]
    return [item["event"]["type"] if item["event"] else item["kind"] for item in thread]


def test_it_is_out_of_the_queue_until_then(desk: Shell):
    told = desk.tix("snooze", 1, 2, "--until", "+3d", "--json", as_="sam").json
    assert [one["snoozed_until"] for one in told] == ["2026-11-23T09:00:00Z"] * 2
    assert queue(desk) == ["TIX-3"]
    assert queue(desk, "--open") == ["TIX-1", "TIX-2", "TIX-3"]
    assert desk.tix("list", "--count").out == "1\n"
    assert queue(desk, now="2026-11-23T08:59:59Z") == ["TIX-3"]
    assert queue(desk, now="2026-11-23T09:00:00Z") == ["TIX-1", "TIX-2", "TIX-3"]


def test_the_line_below_a_list_counts_them(desk: Shell):
    """With the filters of the list; not where they are shown, and not to requesters, who see no snooze."""
    desk.tix("snooze", 1, 2, "--until", "+3d", as_="sam")

    def drawn(*words: str, as_: str = "sam", **how: str) -> str:
        return desk.tix("list", *words, "-o", "table", as_=as_, **how).out

    assert "2 snoozed (tix list --open shows them)" in drawn()
    assert "1 of 1" not in drawn("--limit", "1")
    assert "snoozed" not in drawn("--open")
    assert "snoozed" not in drawn(as_="lan")
    assert "snoozed" not in drawn(now="2026-11-23T09:00:00Z")
    desk.tix("edit", 2, 3, "--priority", "high", as_="sam")
    assert "1 snoozed (tix list --open shows it)" in drawn("--priority", "high")


def test_a_read_tells_that_it_is_over_and_a_tick_records_it_once(desk: Shell):
    desk.tix("snooze", 1, "--until", "+1h", as_="sam")
    assert desk.tix("show", 1, "--json", now=NOON).json["snoozed_until"] is None
    desk.now = NOON
    assert desk.tix("tick", "--json").json["woken"] == 1
    assert desk.tix("tick", "--json").json["woken"] == 0
    woken = desk.tix("show", 1, "--json").json["thread"][-1]
    assert (woken["at"], woken["by"], woken["side"]) == ("2026-11-20T10:00:00Z", None, "system")


def test_until_the_requester_writes(desk: Shell):
    """Staff may go on writing; a message brings it back in the same transaction."""
    desk.tix("snooze", 1, "--until", "+3d", as_="sam")
    desk.tix("note", 1, "-m", "waiting for parts", as_="sam")
    desk.tix("reply", 1, "-m", "parts are ordered", as_="sam")
    assert queue(desk) == ["TIX-2", "TIX-3"]
    desk.tix("reply", 1, "-m", "found some", as_="lan")
    assert queue(desk) == ["TIX-1", "TIX-2", "TIX-3"]
    assert kinds(desk) == [
        "message",
        "snoozed",
        "note",
        "reply",
        "status-changed",
        "message",
        "status-changed",
        "woken",
    ]


def test_a_file_of_the_requester_counts_as_a_message(desk: Shell):
    (desk.folder / "photo.txt").write_text("it\n")
    desk.tix("snooze", 1, "--until", "+3d", as_="sam")
    desk.tix("attach", "add", 1, "photo.txt", as_="lan")
    assert kinds(desk)[-1] == "woken"


def test_none_brings_them_back(desk: Shell):
    desk.tix("snooze", 1, "--until", "+3d", as_="sam")
    told = desk.tix("snooze", 1, 2, "--until", "none", as_="sam")
    assert told.refs == ["TIX-1", "TIX-2"]
    assert "TIX-2 is not snoozed." in told.err
    assert kinds(desk) == ["message", "snoozed", "woken"]
    assert kinds(desk, 2) == ["message"]


def test_the_same_moment_again_is_already_so(desk: Shell):
    desk.tix("snooze", 1, "--until", "2026-12-01", as_="sam")
    assert "already" in desk.tix("snooze", 1, "--until", "2026-12-01", as_="sam").err
    assert kinds(desk) == ["message", "snoozed"]


@pytest.mark.parametrize("until", ["yesterday", "now", "2026-11-20T09:00:00Z", "-1h", "soon", ""])
def test_a_moment_that_has_passed_is_refused(desk: Shell, until: str):
    told = desk.tix("snooze", 1, f"--until={until}", "--json", as_="sam", check=2)
    assert told.error["code"] == "invalid-value"
    assert kinds(desk) == ["message"]


def test_who_may_and_what_is_there(desk: Shell):
    desk.tix("snooze", 1, check=2)
    desk.tix("snooze", 1, "--until", "+1d", as_="lan", check=4)
    desk.tix("snooze", 99, "--until", "+1d", as_="sam", check=3)
    some = desk.tix("snooze", 1, 99, "--until", "+1d", as_="sam", check=9)
    assert some.refs == ["TIX-1"]
    assert "snoozed" not in kinds(desk, 2)
    desk.tix("snooze", 2, 3, "--until", "+1d", "--dry-run", as_="sam")
    assert queue(desk) == ["TIX-2", "TIX-3"]


def test_what_is_closed_for_good_is_refused(desk: Shell):
    desk.tix(
        "workflow",
        "use",
        "itflow",
        "--map",
        "answered=open",
        "--map",
        "in-progress=working",
        "--map",
        "on-hold=hold",
    )
    desk.tix("close", 1, as_="sam")
    desk.tix("snooze", 1, "--until", "+1d", as_="sam", check=5)


def test_the_requester_goes_on_seeing_it(desk: Shell):
    """Nothing in the list, the first screen or completion tells them."""
    before = [
        desk.tix(*words, as_="lan").out for words in (("list",), ("inbox",), ("__complete", "show", ""))
    ]
    desk.tix("snooze", 1, "--until", "+3d", as_="sam")
    assert before == [
        desk.tix(*words, as_="lan").out for words in (("list",), ("inbox",), ("__complete", "show", ""))
    ]
    assert desk.tix("show", 1, "--json", as_="lan").json["snoozed_until"] is None


@pytest.mark.parametrize("cols", [60, 80, 120])
def test_a_person_is_told_until_when(desk: Shell, cols: int):
    with desk.terminal("snooze", 1, "--until", "+3d", as_="sam", cols=cols) as told:
        told.wait()
        assert "Snoozed TIX-1 until 2026-11-23 09:00." in told.text
    with desk.terminal("show", 1, as_="sam", cols=cols) as shown:
        shown.wait()
        assert "Snoozed until" in shown.text
        assert "snoozed the ticket until 2026-11-23 09:00" in " ".join(shown.text.split())
    with desk.terminal("snooze", 1, "--until", "none", as_="sam", cols=cols) as back:
        back.wait()
        assert "Returned TIX-1 to the queue." in back.text
