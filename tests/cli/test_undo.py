"""``tix undo``, through real processes."""

import json

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(tmp_path):
    """Three tickets of lan's, two agents."""
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "kim:agent", "lan:requester")
    for name in ("One", "Two", "Three"):
        shell.tix("new", name, "-m", "x", as_="lan")
    yield shell
    shell.close()


def without(record: dict, *names: str) -> dict:
    return {name: value for name, value in record.items() if name not in names}


COUNTED = ("version", "updated_at", "last_activity_at", "thread")


def shown(desk: Shell, ref: int) -> dict:
    return without(desk.tix("show", ref, "--json").json, *COUNTED)


def test_a_command_on_many_tickets_is_taken_back_whole(desk: Shell):
    """Everything is as before in everything but what counts; a piped undo gives the references."""
    before = [shown(desk, ref) for ref in (1, 2, 3)]
    desk.tix("close", "1-3", as_="sam")
    desk.now = "2026-11-20T10:00:00Z"
    done = desk.tix("undo", as_="sam")
    assert done.out == "TIX-1\nTIX-2\nTIX-3\n"
    assert "Undid close of 3 tickets" in done.err
    assert [shown(desk, ref) for ref in (1, 2, 3)] == before


def test_a_dry_run_prints_the_same_and_writes_nothing(desk: Shell):
    desk.tix("edit", 1, 2, "--tag", "x", "--due", "+3d", as_="sam")
    left = desk.tix("show", 1, "--json").out
    dry = desk.tix("undo", "--dry-run", "--json", as_="sam")
    assert "Nothing was written" in dry.err
    assert desk.tix("show", 1, "--json").out == left
    real = desk.tix("undo", "--json", as_="sam").json
    assert [one["tags"] for one in real] == [[], []]
    assert {one["effect"] for one in dry.json} == {"would_update"}
    ids = ("id", "effect", "changes")
    assert [without(one, "thread", *ids) for one in dry.json] == [
        without(one, "thread", *ids) for one in real
    ]


def test_only_ones_own(desk: Shell):
    """Undo by somebody else, by a requester, and of nothing."""
    desk.tix("close", 1, as_="sam")
    refused = desk.tix("undo", as_="kim", check=5)
    assert "no command to undo" in refused.err
    desk.tix("undo", as_="lan", check=4)
    desk.tix("undo", as_="sam")
    assert "no command to undo" in desk.tix("undo", as_="sam", check=5).err


@pytest.mark.parametrize(
    ("words", "obstacle"),
    [
        (("reply", 1, "-m", "hello"), "a sent reply cannot be undone"),
        (("close", 1, "--note", "why"), "a note cannot be undone"),
        (("note", 1, "-m", "hello"), "a note cannot be undone"),
        (("new", "Four", "-m", "x"), "creating a ticket cannot be undone"),
        (("time", "add", 1, "25m"), None),
    ],
)
def test_what_people_wrote_stays(desk: Shell, words: tuple, obstacle: str | None):
    """Refused with the way out, and nothing is written; a note once its author can no longer take it back."""
    desk.tix("config", "set", "undo.text_window", "0")
    desk.tix(*words, as_="sam")
    left = desk.tix("export").out
    if obstacle is None:
        desk.tix("undo", as_="sam")
        assert desk.tix("show", 1, "--json").json["time_seconds"] == 0
        assert desk.tix("time", "list", 1, "--json").json == []
        return
    refused = desk.tix("undo", "--json", as_="sam", check=5)
    error = json.loads(refused.err)["error"]
    assert obstacle in error["message"]
    assert "tix " in error["hint"]
    assert desk.tix("export").out == left


def test_a_merge_is_taken_apart(desk: Shell):
    """Of several tickets at once, all are as they were, the one they went into, too; then the command before it."""
    desk.tix("reply", 2, "-m", "hello", as_="sam")
    desk.tix("edit", 3, "--tag", "x", as_="sam")
    before = [shown(desk, ref) for ref in (1, 2, 3)]
    desk.tix("merge", 2, 3, "--into", 1, as_="sam")
    dry = desk.tix("undo", "--dry-run", as_="sam")
    assert desk.tix("show", 2, "--json").json["merged_into"] == "TIX-1"
    done = desk.tix("undo", as_="sam")
    assert done.out == dry.out == "TIX-2\nTIX-3\n"
    assert [shown(desk, ref) for ref in (1, 2, 3)] == before
    assert [entry["kind"] for entry in desk.tix("show", 1, "--json").json["thread"]] == [
        "message",
        *["event"] * 4,
    ]
    desk.tix("undo", as_="sam")
    assert desk.tix("show", 3, "--json").json["tags"] == []
    desk.tix("doctor")


def test_a_merge_after_which_somebody_wrote_stays(desk: Shell):
    """What came since is on the ticket it was written on: `unmerge` is asked for by name."""
    desk.tix("merge", 2, "--into", 1, as_="sam")
    desk.tix("reply", 1, "-m", "both of you", as_="kim")
    assert "TIX-1 was changed since: reply by kim" in desk.tix("undo", as_="sam", check=5).err
    desk.tix("merge", 3, "--into", 1, "--note", "the same leak", as_="sam")
    assert "a note cannot be undone" in desk.tix("undo", as_="sam", check=5).err


def test_a_delete_is_for_good(desk: Shell):
    desk.tix("close", 1)
    desk.tix("delete", 2, "--yes")
    assert "delete" in desk.tix("undo", check=5).err


def test_what_was_changed_since_is_named(desk: Shell):
    desk.tix("assign", 1, 2, "kim", as_="sam")
    desk.tix("edit", 2, "--priority", "high", as_="kim")
    refused = desk.tix("undo", as_="sam", check=5)
    assert "TIX-2 was changed since: field-changed by kim" in refused.err
    assert desk.tix("show", 1, "--json").json["assignee"] == "kim"


def test_the_set_up_is_no_ticket(desk: Shell):
    """What changed the configuration and tickets with it is not taken back by undo."""
    desk.tix("config", "set", "auto_close_after", "1h")
    desk.tix("resolve", 1)
    desk.tix("config", "set", "auto_close_after", "2h")
    assert "configuration" in desk.tix("undo", check=5).err


def test_another_workflow_is_left_again(desk: Shell):
    """While no ticket has changed; the statuses, dates and the setting are as before."""
    desk.tix("hold", 2)
    desk.tix("close", 3)

    def state() -> list[dict]:
        found = desk.tix("list", "--all", "--json").json
        return [{**one, "version": 0, "updated_at": ""} for one in found]

    before = state()
    rehearsed = desk.tix("workflow", "use", "helpdesk", "--map", "closed=resolved", "--map", "on-hold=opened", "--map", "open=opened", "--dry-run")  # fmt: skip
    assert "Nothing was written" in rehearsed.err
    assert state() == before
    words = ("workflow", "use", "helpdesk", "--map", "closed=resolved", "--map", "on-hold=opened", "--map", "open=opened")  # fmt: skip
    desk.tix(*words)
    assert {one["status"] for one in state()} == {"opened", "resolved"}
    told = desk.tix("undo")
    assert "Undid workflow use of" in told.err
    assert state() == before
    assert desk.tix("config", "get", "workflow").out.split() == ["standard"]
    desk.tix(*words)
    desk.tix("reply", 1, "-m", "x", as_="sam")
    desk.tix("config", "set", "prefix", "T-")
    refused = desk.tix("undo", check=5)
    assert "was changed since: reply by sam" in refused.err
    assert desk.tix("config", "get", "workflow").out.split() == ["helpdesk"]
    assert desk.tix("doctor", check=None).code == 0


def test_the_log_tells_it_and_the_assignee_hears(desk: Shell):
    desk.tix("assign", 1, "kim", as_="sam")
    desk.tix("undo", as_="sam")
    told = desk.tix("log", 1, "--json").json[-1]
    assert (told["event"]["old"], told["event"]["new"], told["event"]["reason"]) == ("kim", None, "undone")
    notices = desk.tix("notification", "list", "--json", as_="kim").json
    assert [one["reason"] for one in notices][:1] == ["released"]


def test_a_desk_with_undone_commands_comes_back_from_its_export(desk: Shell, tmp_path):
    """What was paused and reopened and taken back is the fold of its timeline there too."""
    desk.tix("hold", 1, as_="sam")
    desk.now = "2026-11-20T12:00:00Z"
    desk.tix("start", 1, as_="sam")
    desk.tix("undo", as_="sam")
    desk.tix("resolve", 2, as_="sam")
    desk.tix("undo", as_="sam")
    told = tmp_path / "desk.jsonl"
    told.write_text(desk.tix("export").out)
    before = shown(desk, 1), shown(desk, 2)
    desk.tix("--store", tmp_path / "other.db", "import", told)
    for number, one in enumerate(before, 1):
        assert (
            without(desk.tix("--store", tmp_path / "other.db", "show", number, "--json").json, *COUNTED)
            == one
        )
    assert desk.tix("--store", tmp_path / "other.db", "doctor").code == 0
    assert "import" in desk.tix("--store", tmp_path / "other.db", "undo", check=5).err


def test_a_reply_does_not_bar_what_lies_below_it(desk: Shell):
    """What it wrote stays, and so does its status; every command below it is undone, and the list says which can be."""
    desk.tix("assign", 1, "sam", as_="sam")
    desk.tix("edit", 1, "--tag", "vip", "--due", "+3d", as_="sam")
    desk.tix("reply", 1, "-m", "We look.", as_="sam")
    told = desk.tix("undo", "--list", "--json", as_="sam").json
    assert [(one["verb"], one["tickets"], one["undone"]) for one in told] == [
        ("reply", ["TIX-1"], False),
        ("edit", ["TIX-1"], False),
        ("assign", ["TIX-1"], False),
    ]
    assert [one["obstacle"] for one in told] == ["a sent reply cannot be undone (TIX-1)", None, None]
    done = desk.tix("undo", as_="sam")
    assert "Your reply on TIX-1 stays: a sent reply cannot be undone." in done.err
    assert "Undid edit of 1 ticket" in done.err
    now = shown(desk, 1)
    assert (now["status"], now["answered"], now["assignee"], now["tags"], now["due_at"]) == (
        "answered",
        True,
        "sam",
        [],
        None,
    )
    assert [one["undone"] for one in desk.tix("undo", "--list", "--json", as_="sam").json] == [
        False,
        True,
        False,
    ]
    desk.tix("undo", as_="sam")
    assert shown(desk, 1)["assignee"] is None
    assert "a sent reply cannot be undone" in desk.tix("undo", as_="sam", check=5).err
    desk.tix("doctor")


@pytest.mark.parametrize(
    ("below", "above", "who"),
    [
        (("hold", 1), ("reply", 1, "-m", "x", "--status", "open"), "sam"),  # both set the status
        (("edit", 1, "--due", "+3d"), ("close", 1, "-m", "Done."), "sam"),  # it was closed in time, or not
        (("assign", 1, "sam"), ("reply", 1, "-m", "x"), "kim"),  # somebody else's
    ],
)
def test_what_a_reply_has_changed_is_not_undone_below_it(desk: Shell, below: tuple, above: tuple, who: str):
    desk.tix(*below, as_="sam")
    desk.tix(*above, as_=who)
    left = desk.tix("export").out
    desk.tix("undo", as_="sam", check=5)
    listed = desk.tix("undo", "--list", "--json", as_="sam").json[-1]
    assert "TIX-1 was changed since" in listed["obstacle"]
    assert desk.tix("export").out == left


def test_what_was_undone_is_redone(desk: Shell):
    """One command after another, until a new one; in the thread it says so, and it can be undone again."""
    before = shown(desk, 1)
    desk.tix("edit", "1-3", "--priority", "high", as_="sam")
    desk.tix("hold", 1, as_="sam")
    after = shown(desk, 1)
    desk.tix("undo", as_="sam")
    desk.tix("undo", as_="sam")
    assert shown(desk, 1) == before
    dry = desk.tix("redo", "--dry-run", "--json", as_="sam")
    assert {one["effect"] for one in dry.json} == {"would_update"}
    done = desk.tix("redo", "-o", "table", as_="sam")
    assert "Redid edit of 3 tickets" in done.err
    assert "changed the priority from medium to high" in done.err
    assert "changed the priority from medium to high (redo)" in desk.tix("show", 1, "-o", "table").out
    desk.tix("redo", as_="sam")
    assert shown(desk, 1) == after
    assert "no undone command" in desk.tix("redo", as_="sam", check=5).err
    assert "no undone command" in desk.tix("redo", as_="kim", check=5).err
    desk.tix("redo", as_="lan", check=4)
    desk.tix("undo", as_="sam")
    desk.tix("undo", as_="sam")
    assert shown(desk, 1) == before
    desk.tix("edit", 2, "--tag", "x", as_="sam")
    assert "you have run edit since" in desk.tix("redo", as_="sam", check=5).err
    desk.tix("doctor")


def test_a_redo_is_refused_where_the_ticket_has_changed(desk: Shell):
    """Also by the undo of another person, which brings back what was before the one that is redone."""
    desk.tix("edit", 1, "--tag", "a", as_="kim")
    desk.tix("edit", 1, "--priority", "high", as_="sam")
    desk.tix("undo", as_="sam")
    desk.tix("undo", as_="kim")
    assert "TIX-1 was changed since: tag-removed by kim" in desk.tix("redo", as_="sam", check=5).err
    desk.tix("note", 2, "-m", "x", as_="sam")
    desk.tix("undo", as_="sam")
    assert "tix note TIX-2" in desk.tix("redo", as_="sam", check=5).err
    desk.tix("merge", 2, "--into", 3, "--yes", as_="kim")
    desk.tix("undo", as_="kim")
    assert "a merge cannot be redone" in desk.tix("redo", as_="kim", check=5).err
