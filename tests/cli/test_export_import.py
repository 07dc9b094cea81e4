"""Export and import: the same desk again, and nothing for eyes it is not meant for."""

import base64
import json
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Shell

NOON = "2026-11-22T12:00:00Z"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CANARY = "xylophone-canary"


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk where everything has happened that can happen; nobody writes to it."""
    desk = Shell(tmp_path_factory.mktemp("story"))
    desk.now = "2026-11-01T09:00:00Z"
    desk.tix("init", "--prefix", "TCK-")
    desk.people("sam:agent", "kim:agent", "lan:requester", "bob:requester")
    (desk.folder / "shot.png").write_bytes(PNG)
    (desk.folder / "list.txt").write_text("eins\nzwei\n")
    new = (
        "new",
        "Grüße 東京 \U0001f4a5",
        "-m",
        "Zeile\n\nmit\ttab und \u202e",
        "--for",
        "lan",
        "--tag",
        "vpn",
    )
    desk.tix(*new, "--attach", "shot.png", "--attach", "list.txt", as_="sam")
    desk.tix("new", "Urgent", "-m", "=1+1", "-p", "urgent", "--due", "2026-11-03T09:00:00Z", as_="sam")
    desk.tix("new", "To be forgotten", "-m", "secret words", as_="bob")
    desk.tix("new", "Mine", "-m", "lan wrote", "--idempotency-key", "k1", as_="lan")
    desk.now = "2026-11-02T09:00:00Z"
    desk.tix("reply", "1", "-m", "look", "--attach", "shot.png", as_="sam")
    desk.tix("note", "1", "-m", f"internal {CANARY}", "--attach", "list.txt", as_="kim")
    desk.tix("assign", "1", "kim", as_="sam")
    desk.tix("edit", "1", "--priority", "high", "--tag", "net", "--type", "request", as_="sam")
    desk.tix("hold", "2", as_="sam")
    desk.tix("delete", "3", "--yes")
    desk.tix("resolve", "1", "-m", "done", as_="kim")
    desk.tix("reply", "1", "-m", "no", as_="lan")
    desk.tix("resolve", "1", as_="kim")
    desk.tix("rate", "1", "4", "--comment", "gut", as_="lan")
    desk.tix("resolve", "4", as_="sam")
    desk.tix("config", "set", "auto_close_after", "48h")
    desk.tix("type", "add", "outage")
    return desk.folder


@pytest.fixture
def full(desk: Shell, story: Path) -> Shell:
    """A copy of that desk, some weeks later."""
    for name in ("desk.db", "shot.png", "list.txt"):
        shutil.copyfile(story / name, desk.folder / name)
    desk.now = NOON
    return desk


def _other(desk: Shell, name: str = "other") -> Shell:
    folder = desk.folder / name
    folder.mkdir()
    other = Shell(folder)
    other.now = desk.now
    return other


def _lines(raw: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in raw.splitlines()]


def test_an_export_put_into_an_empty_desk_is_the_same_desk(full: Shell):
    """Tickets, numbers, people, files, times, versions, tombstones: the second export is the first."""
    first = full.tix("export").raw_out
    other = _other(full)
    done = other.tix("import", "-", "--json", stdin=first)
    assert done.json | {"imported": 3, "skipped": 0, "failed": 0, "entries": 7, "people": 4} == done.json
    assert other.tix("export").raw_out == first
    assert b"overdue" in first  # something that time does is in it
    assert other.tix("search", CANARY, "-o", "ids").refs == ["TCK-1"]
    assert other.tix("doctor").code == 0
    other.tix("attach", "save", "1", "--dir", ".", check=None)
    for words in ("show 1 --json", "show 4 --json", "log --json", "user list --json", "config list --json"):
        assert other.tix(*words.split()).json == full.tix(*words.split()).json, words
    assert other.tix("new", "Next", "-m", "x").ref == full.tix("new", "Next", "-m", "x").ref
    again = other.tix("new", "x", "-m", "x", "--idempotency-key", "k1", as_="lan")
    assert again.ref == "TCK-4"


def test_a_second_import_adds_nothing(full: Shell):
    exported = full.tix("export").raw_out
    other = _other(full)
    other.tix("import", "-", stdin=exported)
    done = other.tix("import", "-", "--json", stdin=exported)
    assert done.json | {"imported": 0, "skipped": 3, "failed": 0, "entries": 0, "people": 0} == done.json
    assert other.tix("export").raw_out == exported
    own = full.tix("import", "-", "--json", stdin=exported)
    assert own.json["skipped"] == 3


_DROPPED = ("id", "rank", "paused_at", "first_response_at", "notes", "documents", "internal_attachments")


@pytest.mark.parametrize("column", _DROPPED)
def test_a_column_lost_on_the_way_is_noticed(full: Shell, column: str):
    """The control of the law above: with a column taken out of a line the import fails or the desk differs."""
    exported = full.tix("export").raw_out
    lines = _lines(exported)
    for line in lines:
        line["row"].pop(column)
    other = _other(full)
    broken = "".join(json.dumps(line) + "\n" for line in lines)
    done = other.tix("import", "-", stdin=broken, check=None)
    assert done.code == 2 or other.tix("export").raw_out != exported


@pytest.mark.parametrize("where", ["sets", "data", "desk", "event"])
def test_a_part_lost_on_the_way_is_noticed(full: Shell, where: str):
    exported = full.tix("export").raw_out
    lines = _lines(exported)
    assert where != "desk" or lines[0].pop("desk")
    for item in (item for line in lines for item in line["thread"]):
        if where == "sets":
            item["sets"] = None
        elif where == "event" and item["event"]:
            item["event"]["old"] = None
        for file in item["attachments"]:
            if where == "data":
                del file["data"]
    other = _other(full)
    other.tix("import", "-", stdin="".join(json.dumps(line) + "\n" for line in lines), check=None)
    assert other.tix("export").raw_out != exported


def test_a_line_is_the_object_of_show_and_more(full: Shell):
    """Every key of `show` with its value, in its order."""
    full.now = "2026-11-02T10:00:00Z"  # before anything lapses unrecorded
    for line in full.tix("export").jsonl:
        shown = full.tix("show", line["number"], "--json").json
        extra = {"row", "desk"}
        assert [key for key in line if key not in extra] == list(shown)
        for item in line["thread"]:
            item.pop("sets")
            for file in item["attachments"]:
                assert base64.b64decode(file.pop("data")) in {PNG, b"eins\nzwei\n"}
                file.pop("kind")
        assert {key: value for key, value in line.items() if key not in extra} == shown
    assert list(_lines(full.tix("export").raw_out)[0]["row"])


def test_what_time_did_unrecorded_shows_and_is_not_stored(full: Shell):
    """The fields say closed, as `show` does; the row says what is stored; reading it anew comes to the same."""
    line = full.tix("export").jsonl[0]
    assert (line["status"], line["row"]["status"]) == ("closed", "resolved")
    assert all(item["id"] is not None for item in line["thread"])
    other = _other(full)
    other.tix("import", "-", stdin=full.tix("export").raw_out)
    before = "2026-11-02T10:00:00Z"
    assert other.tix("show", "1", "--json", now=before).json["status"] == "resolved"


def test_a_requester_exports_what_they_see(full: Shell):
    """No note, no word of one, nobody's address but one's own, no set-up, no raw row."""
    done = full.tix("export", as_="lan")
    assert CANARY not in done.out
    assert "sam@x.example" not in done.out
    lines = _lines(done.raw_out)
    assert [line["ref"] for line in lines] == ["TCK-1", "TCK-4"]
    assert lines[0]["desk"].keys() == {"people"}
    assert {one["login"] for one in lines[0]["desk"]["people"]} >= {"lan", "sam", "kim"}
    assert "bob" not in done.out
    assert not any("row" in line or "sets" in item for line in lines for item in line["thread"])
    for line in lines:
        shown = full.tix("show", line["number"], "--json", as_="lan").json
        for file in (file for item in line["thread"] for file in item["attachments"]):
            assert base64.b64decode(file.pop("data"))
        line.pop("desk", None)
        assert line == shown


def test_a_note_changes_no_byte_of_a_requester_s_export(full: Shell):
    full.now = "2026-11-02T10:00:00Z"
    before = full.tix("export", as_="lan").raw_out
    full.tix("note", "1", "-m", "another", "--attach", "list.txt", as_="sam")
    assert full.tix("export", as_="lan").raw_out == before


def test_a_requester_s_export_is_told_as_a_story(full: Shell):
    """It holds no notes and no row, so it cannot be restored; what was said can."""
    other = _other(full)
    other.tix("import", "-", stdin=full.tix("export", as_="lan").raw_out)
    shown = other.tix("show", "1", "--json").json
    assert shown["thread"][0]["body"].startswith("Zeile")
    assert (shown["phase"], shown["requester"]) == ("closed", "lan")


def test_filters_and_formats(full: Shell):
    assert [line["ref"] for line in full.tix("export", "--requester", "lan").jsonl] == ["TCK-1", "TCK-4"]
    assert len(full.tix("export", "-o", "json").json) == 3
    assert full.tix("export", "--count").out == "3\n"
    rows = full.tix("export", "-o", "csv", "-c", "ref,body").out.splitlines()
    assert rows[0] == "ref,body"
    assert "TCK-2,'=1+1" in rows
    assert full.tix("export", "-o", "ids", check=2).out == ""
    json_array = full.tix("export", "-o", "json").raw_out
    other = _other(full)
    other.tix("import", "-", "--from", "tix", stdin=json_array)
    assert other.tix("export").raw_out == full.tix("export").raw_out


def test_without_files_the_texts_still_come(full: Shell):
    exported = full.tix("export", "--no-files").raw_out
    assert b'"data"' not in exported
    other = _other(full)
    done = other.tix("import", "-", stdin=exported)
    assert "4 attachments" in done.err
    assert other.tix("doctor").code == 0
    assert other.tix("show", "1", "--json").json["attachments"] == 0


def test_a_csv_export_comes_back(full: Shell):
    """Numbers, subjects, people, dates and opening messages; not threads."""
    other = _other(full)
    other.tix("import", "-", "--from", "csv", stdin=full.tix("export", "-o", "csv").raw_out)
    shown = other.tix("show", "2", "--json").json
    assert (shown["number"], shown["subject"], shown["priority"]) == (2, "Urgent", "urgent")
    assert shown["thread"][0]["body"] == "=1+1"
    assert shown["uid"] == full.tix("show", "2", "--json").json["uid"]


def test_an_empty_desk(desk: Shell):
    desk.tix("init")
    exported = desk.tix("export")
    assert list(exported.jsonl[0]) == ["desk"]
    assert desk.tix("export", "-o", "json").json == []
    other = _other(desk)
    assert other.tix("import", "-", "--json", stdin=exported.raw_out).json["imported"] == 0


def test_to_a_file(full: Shell):
    """Whole or not at all, for its owner's eyes, never over something else unless told so."""
    target = full.folder / "out.jsonl"
    full.tix("export", target)
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.read_bytes() == full.tix("export", "-").raw_out
    assert full.tix("export", target, check=5).err.startswith("tix: the file")
    full.tix("export", target, "--force")
    full.tix("export", full.folder, check=2)
    full.tix("export", full.folder / "no" / "where", check=2)
    assert not list(full.folder.glob(".out*"))


def test_numbers_that_are_taken_give_way(full: Shell):
    """A ticket whose number somebody else has gets a new one, and is about what it was called."""
    exported = full.tix("export").raw_out
    other = _other(full)
    other.tix("new", "First here", "-m", "x")
    done = other.tix("import", "-", stdin=exported)
    assert "1 ticket was renumbered, because its number was taken" in done.err
    refs = done.refs
    assert refs == ["TIX-5", "TCK-2", "TCK-4"]
    assert other.tix("show", "5", "--json").json["about"] == "tix:TCK-1"
    assert other.tix("doctor").code == 0
    assert other.tix("new", "Next", "-m", "x").ref == "TIX-6"


@pytest.fixture
def tied(desk: Shell) -> Shell:
    """Lan's first ticket has the second merged into it, and blocks the third and bob's fourth.

    The seventh is merged into the fifth, and that into bob's sixth, where bob may not read what lan wrote.
    """
    desk.people("sam:agent", "lan:requester", "bob:requester")
    for number in range(1, 8):
        desk.now = f"2026-11-20T09:0{number}:00Z"
        who = "bob" if number in (4, 6) else "lan"
        desk.tix("new", f"Ticket {number}", "-m", f"words {number}", "--for", who)
    desk.tix("merge", 2, "--into", 1)
    for number in (3, 4):
        desk.tix("link", 1, "blocks", number)
    desk.tix("edit", 7, "--tag", "seventh")
    desk.tix("merge", 7, "--into", 5)
    desk.tix("merge", 5, "--into", 6, "--yes")
    desk.now = "2026-11-20T10:00:00Z"
    desk.tix("reply", 5, "-m", "lan's alone", as_="lan")
    return desk


def _ties(desk: Shell, ref: str, as_: str | None = None) -> tuple[Any, set[tuple[str, str]], list[str]]:
    """What a ticket is merged into, its links, and what was written on it."""
    shown = desk.tix("show", ref, "--json", as_=as_).json
    links = {(link["relation"], link["ref"]) for link in shown["links"]}
    return shown["merged_into"], links, [item["body"] for item in shown["thread"] if item["body"]]


def _events(desk: Shell, ref: str) -> list[dict[str, Any]]:
    """The events of other tickets on a ticket."""
    events = [entry["event"] for entry in desk.tix("show", ref, "--json").json["thread"]]
    return [event for event in events if event is not None and event["type"] != "status-changed"]


@pytest.mark.parametrize("taken", [0, 1, 7])
def test_merges_and_links_lead_to_the_tickets_of_the_file(tied: Shell, taken: int):
    """Also where some or all got new numbers; never to those of this desk that have the old ones."""
    other = _other(tied)
    for number in range(taken):
        other.tix("new", f"Ours {number + 1}", "-m", "ours")
    exported = tied.tix("export").raw_out
    refs = other.tix("import", "-", stdin=exported).refs
    assert refs == [f"TIX-{number + 7 if number <= taken else number}" for number in range(1, 8)]
    one, two, three, four, five, six, seven = refs
    assert _ties(other, one) == (None, {("blocks", three), ("blocks", four)}, ["words 1", "words 2"])
    assert _ties(other, two)[0] == one
    assert _ties(other, three) == (None, {("blocked-by", one)}, ["words 3"])
    assert _ties(other, four) == (None, {("blocked-by", one)}, ["words 4"])
    assert (_ties(other, five)[0], _ties(other, seven)[0]) == (six, five)
    assert _ties(other, six) == (None, set(), ["words 5", "words 6", "words 7", "lan's alone"])
    assert _ties(other, six, "bob")[2] == ["words 6"]
    assert _ties(other, five, "lan")[2] == ["words 5", "lan's alone"]
    assert _ties(other, seven, "lan")[2] == ["words 7"]
    brought, written = _events(other, six)
    assert (brought["type"], brought["old"]) == ("merged", five)
    assert (written["field"], written["old"] or written["new"]) == ("entries", five)
    for number in range(taken):
        assert _ties(other, str(number + 1)) == (None, set(), ["ours"])
    assert other.tix("doctor").code == 0
    if not taken:
        assert other.tix("export").raw_out == exported
    for ref in (two, five):
        other.tix("unmerge", ref)
    assert _ties(other, two)[2] == ["words 2"]
    assert _ties(other, five, "lan")[2] == ["words 5", "words 7", "lan's alone"]


def test_what_leads_to_a_ticket_that_is_not_in_the_file_is_left_out(tied: Shell):
    """A ticket of this desk, there or to come, has nothing to do with it; what was written stays."""
    other = _other(tied)
    other.tix("import", "-", stdin=tied.tix("export", "--requester", "lan", "--all").raw_out)
    assert _ties(other, "TIX-1") == (None, {("blocks", "TIX-3")}, ["words 1", "words 2"])
    assert _ties(other, "TIX-3") == (None, {("blocked-by", "TIX-1")}, ["words 3"])
    assert _ties(other, "TIX-5", "lan") == (None, set(), ["words 5", "words 7", "lan's alone"])
    assert _ties(other, "TIX-5")[0] is None
    assert other.tix("doctor").code == 0


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (("--tag", "seventh"), {"TIX-7": ("lan", ["words 7"])}),
        (("--requester", "bob"), {"TIX-6": ("bob", ["words 6"]), "TIX-4": ("bob", ["words 4"])}),
    ],
)
def test_one_end_of_a_merge_is_a_ticket_of_its_own(
    tied: Shell, chosen: tuple[str, ...], kept: dict[str, Any]
):
    """Its requester reads what they wrote on it, and of the other end what they could read before: nothing."""
    other = _other(tied)
    other.tix("import", "-", stdin=tied.tix("export", *chosen, "--all").raw_out)
    for ref, (who, words) in kept.items():
        assert _ties(other, ref, who) == (None, set(), words)
        assert _ties(other, ref)[0] is None
    assert other.tix("list", "--all", "-o", "ids").refs == list(kept)
    assert other.tix("doctor").code == 0


def test_a_deleted_ticket_does_not_come_back(full: Shell):
    exported = full.tix("export").raw_out
    full.tix("delete", "2", "--yes")
    done = full.tix("import", "-", "--json", stdin=exported)
    assert (done.json["imported"], done.json["skipped"]) == (0, 3)


@pytest.mark.parametrize("empty", [True, False])
def test_what_is_left_of_a_deleted_ticket_is_nobody_else_s(desk: Shell, empty: bool):
    """The newest one is deleted, the desk goes through a file, and the next ticket begins with nothing of it."""
    for number in (1, 2, 3):
        desk.tix("new", f"Ticket {number}", "-m", "words")
    desk.tix("reply", 3, "-m", f"a {CANARY}")
    desk.tix("delete", 3, "--yes")
    other = _other(desk)
    if not empty:
        other.tix("init", "--prefix", "OWN-")
        other.tix("new", "One of ours", "-m", "ours")
    other.tix("import", "-", stdin=desk.tix("export").raw_out)
    new = other.tix("new", "Fresh", "-m", "hello", "--json").json
    shown = other.tix("show", new["number"], "--json").json
    assert [item["body"] for item in shown["thread"]] == ["hello"]
    assert other.tix("doctor").code == 0
    table = desk.tix("export", "-o", "csv").raw_out
    third = _other(desk, "third")
    third.tix("import", "-", stdin=desk.tix("export").raw_out)
    third.tix("import", "-", stdin=table)
    assert third.tix("doctor").code == 0


def test_an_agent_brings_no_staff_and_no_settings(full: Shell):
    """Roles and settings are an admin's: an import is no way around that."""
    exported = full.tix("export").raw_out.replace(b'"login": "lan"', b'"login": "eve"', 1)
    lines = _lines(full.tix("export").raw_out)
    lines[0]["desk"]["people"].append({"login": "eve", "name": "Eve", "role": "admin"})
    assert exported
    other = _other(full)
    other.tix("init")
    other.people("ann:agent")
    text = "".join(json.dumps(line) + "\n" for line in lines)
    other.tix("import", "-", stdin=text, as_="ann")
    assert other.tix("user", "show", "eve", "--json").json["role"] == "requester"
    assert other.tix("config", "get", "prefix").out == "TIX-\n"


def test_a_requester_may_not_import(full: Shell):
    done = full.tix("import", "-", stdin="[]", as_="lan", check=4)
    assert "import" in done.err


def _tables(store: Path) -> int:
    with sqlite3.connect(store) as connection:
        return int(connection.execute("SELECT count(*) FROM item").fetchone()[0])


HOSTILE: dict[str, bytes] = {
    "truncated": b'[{"number": 1, "title": "x", "createdAt": "2020-01-01T00:00:00Z"',
    "not json": b"{'a': 1}",
    "unknown shape": b'{"hello": "world"}',
    "binary": b"\x00\x01\x02\xff",
    "not utf-8": b'[{"number": 1, "title": "\xff"}]',
    "wrong types": b'[{"number": "one", "title": []}]',
    "empty": b"",
    "deep": b"[" * 100_000,
    "row of the wrong kind": b'{"uid": "x", "thread": [], "row": 7}\n',
    "unknown column": b'{"uid": "x", "thread": [], "row": {"id": 1, "; DROP": 2}}\n',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_bad_input_is_one_sentence_and_nothing_written(full: Shell, what: str):
    before = _tables(full.store)
    done = full.tix("import", "-", stdin=HOSTILE[what], check=2)
    assert done.out == ""
    assert done.err.startswith("tix: ")
    assert "Traceback" not in done.err
    assert _tables(full.store) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("number", 0),
        ("number", 2**63),
        ("number", -5),
        ("prefix", "x"),
        ("requester", "12"),
        ("requester", "Bad Login"),
        ("status", "no-such-status"),
        ("phase", "middle"),
        ("uid", "1; --"),
        ("created_at", "yesterday"),
        ("created_at", 5),
        ("subject", None),
        ("rating", 9),
        ("entries", 77),
        ("thread", []),
        ("thread", [{"kind": "event"}]),
        ("row", {}),
    ],
)
def test_a_line_that_says_nonsense_is_refused(full: Shell, column: str, value: Any):
    lines = full.tix("export").jsonl
    lines[1][column] = value
    text = "".join(json.dumps(line) + "\n" for line in lines)
    other = _other(full)
    done = other.tix("import", "-", stdin=text, check=2)
    assert "line 2: " in done.err
    assert not other.store.exists()
    kept = other.tix("import", "-", "--keep-going", "--json", stdin=text, check=9)
    assert (kept.json["imported"], kept.json["failed"]) == (2, 1)


def test_ids_that_contradict_each_other_are_refused(full: Shell):
    lines = full.tix("export").jsonl
    lines[1]["thread"][0]["id"] = lines[0]["thread"][0]["id"]
    other = _other(full)
    done = other.tix("import", "-", stdin="".join(json.dumps(line) + "\n" for line in lines), check=2)
    assert "a record twice" in done.err
    assert not other.store.exists()


def test_files_that_are_none(full: Shell):
    full.tix("import", "no-such-file", check=2)
    full.tix("import", ".", check=2)
    full.tix("import", "/dev/null", check=2)
    full.tix("import", "-", "--from", "docx", stdin="x", check=2)
    full.tix("import", "-", "--map", "nonsense", stdin="x", check=2)


def test_a_rehearsal_writes_nothing(full: Shell):
    exported = full.tix("export").raw_out
    other = _other(full)
    done = other.tix("import", "-", "--dry-run", "--json", stdin=exported)
    assert done.json["imported"] == 3
    assert "Would import" in done.err
    assert not other.store.exists()


def test_a_terminal_sees_a_bar_and_then_the_summary(full: Shell):
    """The bar is on stderr and gone at the end; hostile words in a file stay words."""
    record = {
        "number": 1,
        "title": "\x1b[31mred [bold]x[/bold]",
        "body": "",
        "createdAt": "2020-01-01T00:00:00Z",
        "labels": [{"name": "\x1b[2J"}],
        "author": {"login": "\x1b]0;pwn\x07"},
    }
    (full.folder / "issues.json").write_text(json.dumps([record]))
    screen = full.terminal("import", "issues.json")
    screen.wait()
    assert any("Imported 1 ticket, 1 entry, 1 person" in line for line in screen.screen)
    assert b"\x1b]0;" not in screen.raw
    assert b"\x1b[31m" not in screen.raw


def test_one_of_many_is_broken(full: Shell):
    """All or nothing; with --keep-going the others come, and the broken one is named."""
    good = {"number": 1, "title": "good", "createdAt": "2020-01-01T00:00:00Z"}
    text = json.dumps([good, {"number": 2, "title": "bad date", "createdAt": "never"}])
    done = full.tix("import", "-", stdin=text, check=2)
    assert "number 2" in done.err
    assert "nothing was written" in done.err
    assert full.tix("list", "--all", "--count").out == "3\n"
    errors = full.tix("import", "-", "--json", stdin=text, check=2).errors
    assert [error["exit"] for error in errors] == [2, 2]
    done = full.tix("import", "-", "--keep-going", stdin=text, check=9)
    assert done.refs == ["TCK-5"]
    assert "1 broken record." in done.err


def test_columns_of_a_table_are_named(full: Shell):
    rows = "Title,What,Who\nBroken,printer smokes,lan\n"
    done = full.tix(
        "import",
        "-",
        "--from",
        "csv",
        "--map",
        "Title=subject",
        "--map",
        "What=body",
        "--map",
        "Who=requester",
        stdin=rows,
    )
    shown = full.tix("show", done.ref, "--json").json
    assert (shown["subject"], shown["requester"], shown["thread"][0]["body"]) == (
        "Broken",
        "lan",
        "printer smokes",
    )
    assert (shown["thread"][0]["via"] is None) == (shown["creator"] == "root")
    full.tix("import", "-", "--from", "csv", "--map", "Nope=subject", stdin=rows, check=2)


def test_a_pipe_is_a_file_too(full: Shell):
    """`tix import <(gh issue list --json …)`."""
    script = 'exec tix import <(printf "%s" "$1") --json'
    record = json.dumps([{"number": 1, "title": "piped", "createdAt": "2020-01-01T00:00:00Z"}])
    wrapper = full.folder / "tix"
    wrapper.write_text(f'#!/bin/sh\nexec {sys.executable} -m tix "$@"\n')
    wrapper.chmod(0o755)
    path = f"{full.folder}:{full.env['PATH']}"
    done = full.run("bash", "-c", script, "bash", record, env={"PATH": path})
    assert done.json["imported"] == 1
