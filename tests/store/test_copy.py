"""``tix db copy`` from file to file: everything is there, compared, and a copy that was broken off goes on."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.errors import DamagedStore, StorageFailure
from tix.store import copies
from tix.store.compiled import postgresql, sqlite
from tix.store.copy import lines, tables
from tix.store.copy.file import FileTarget
from tix.store.open import open_store

pytestmark = pytest.mark.sqlite

READS = (
    "list --all --json", "search printer --json", "search '\"burns it\"' --json", "show 1 --json", "show 2", "log --json", "stats --json",
    "export --json", "user list --json", "inbox --json", "attach list 1 --json", "token list --json", "undo --list --json",
)  # fmt: skip


def quiet(stage: str, done: int, total: int | None) -> None:
    pass


def furnish(desk: Shell) -> None:
    """A desk with something in most of its tables, a deleted ticket at the end of its numbers, and texts that need escaping."""
    desk.tix("init")
    for line in (
        "client add Acme",
        "department add Support",
        "team add night",
        "user add ann --role agent",
        "canned add hi -m Hi",
    ):
        desk.tix(*line.split())
    (desk.folder / "a.bin").write_bytes(bytes(range(256)) * 20)
    desk.tix(
        "new",
        "Printer \\N burns",
        "-m",
        "It burns it.\tTab\nline\\ \x0b \x1b[0m \u2028 Ärger 印刷",
        "--attach",
        "a.bin",
    )
    desk.tix("new", "Second", "-m", "x" * 5000, "--tag", "vip", "--client", "Acme")
    desk.tix("note", 1, "-m", "internal printer")
    desk.tix("reply", 2, "-m", "Done.")
    desk.tix("token", "add", "nightly")
    desk.tix("new", "Third", "-m", "y")
    desk.tix("delete", 3, "--yes")


def answers(desk: Shell, store: object) -> list[str]:
    import shlex

    now = {"TIX_NOW": "2027-01-01T00:00:00Z"}
    return [desk.tix("--store", str(store), *shlex.split(line), env=now).raw_out for line in READS]


@pytest.fixture
def full(desk: Shell) -> Shell:
    furnish(desk)
    return desk


def test_a_copy_gives_the_same_answers(full: Shell):
    rows = full.tix("db", "copy", full.store, "new.db", "--json").json
    assert all(row["ok"] and row["effect"] == "created" for row in rows)
    assert {row["table"] for row in rows if row["digest"] is None} == {"public_text", "internal_text"}
    assert answers(full, full.store) == answers(full, full.folder / "new.db")
    checked = full.tix("--store", full.folder / "new.db", "doctor", "--json").json
    assert [one for one in checked if one["status"] == "failed"] == []
    # The number and the id of a deleted ticket are not given again.
    for store in (full.store, full.folder / "new.db"):
        full.tix("--store", store, "new", "Fourth", "-m", "z", env={"TIX_NOW": "2027-01-01T00:00:00Z"})
    assert full.tix("show", 4, "--json").json["number"] == 4
    ids = [
        sqlite3.connect(str(path)).execute("SELECT max(id) FROM ticket").fetchone()
        for path in (full.store, full.folder / "new.db")
    ]
    assert ids[0] == ids[1] == (4,)


def test_every_table_is_copied_or_made_anew():
    """A new table is decided on here."""
    copied = {table.name for table in tables.copied()}
    derived = {*tables.INDEXES, "search_total", "search_word", "tix_format"}
    derived |= {"commit_key"}  # of transactions that have ended
    assert copied | derived == set(postgresql.TABLES)
    shadows = {name for name in sqlite.TABLES if name.startswith(tables.INDEXES)}
    assert (copied - {tables.HIGHEST}) | shadows == set(sqlite.TABLES)
    assert all(table.key for table in tables.copied())


def test_a_dry_run_counts_and_writes_nothing(full: Shell):
    rows = full.tix("db", "copy", full.store, "new.db", "--dry-run", "--json").json
    assert {row["table"]: row["rows"] for row in rows}["ticket"] == 2
    assert {row["effect"] for row in rows} == {"would_create"}
    assert not (full.folder / "new.db").exists()


def test_a_target_that_is_there_is_refused(full: Shell):
    full.tix("init", "--store", "other.db")
    (full.folder / "text.db").write_text(
        "something else, and longer than the header of a database would be" * 3
    )
    for name in ("other.db", "text.db", Path(full.store).name):
        before = (full.folder / name).read_bytes()
        said = full.tix("db", "copy", full.store, name, check=5).err
        assert "already exists" in said
        assert (full.folder / name).read_bytes() == before
    assert "does not exist" in full.tix("db", "copy", full.store, "no/where.db", check=2).err
    full.tix("db", "copy", "nowhere.db", "new.db", check=7)
    assert not (full.folder / "new.db").exists()


def test_only_who_sees_everything_copies(full: Shell):
    full.tix("user", "add", "rita", "--role", "requester")
    full.tix("db", "copy", full.store, "new.db", as_="rita", check=4)
    assert not (full.folder / "new.db").exists()
    full.tix("--read-only", "db", "copy", full.store, "new.db", check=5)
    assert not (full.folder / "new.db").exists()


class Broken(Exception):
    pass


def break_at(stage: str, count: int = 1):
    """What ends a copy when it has told of a stage so many times."""
    told = []

    def tell(at: str, done: int, total: int | None) -> None:
        told.append(at)
        if told.count(stage) == count:
            raise Broken

    return tell


def broken(full: Shell, stage: str, count: int = 1) -> Path:
    target = full.folder / "new.db"
    source = open_store(full.store)
    with pytest.raises(Broken):
        copies.copy(source, str(target), anew=False, tell=break_at(stage, count))
    source.close()
    return target


STAGES = [
    ("copying", 3),
    ("copying", 17),
    ("indexing texts", 1),
    ("indexing texts", 2),
    ("making the indexes", 1),
    ("verifying", 4),
]


@pytest.mark.parametrize(("stage", "count"), STAGES)
def test_a_copy_that_was_broken_off_is_no_desk_and_goes_on(full: Shell, stage: str, count: int):
    target = broken(full, stage, count)
    for words in ("list", "new S -m x", "doctor", "db info"):
        said = full.tix("--store", target, *words.split(), check=8).err
        assert "has not finished" in said
        assert "tix db copy" in said
    rows = full.tix("db", "copy", full.store, target, "--json").json
    assert all(row["ok"] for row in rows)
    assert any(row["effect"] == "unchanged" for row in rows) or count == 3
    assert answers(full, full.store) == answers(full, target)


@pytest.mark.parametrize(("stage", "count"), STAGES)
def test_what_has_changed_meanwhile_is_copied_again(full: Shell, stage: str, count: int):
    target = broken(full, stage, count)
    full.tix("new", "Written meanwhile", "-m", "printer, too")
    full.tix("user", "add", "aaron", "--role", "agent")
    full.tix("db", "copy", full.store, target)
    assert answers(full, full.store) == answers(full, target)
    assert "Written meanwhile" in full.tix("--store", target, "search", "printer").out


def test_anew_begins_from_the_start(full: Shell):
    target = broken(full, "verifying")
    rows = full.tix("db", "copy", full.store, target, "--anew", "--json").json
    assert {row["effect"] for row in rows} == {"created"}


FAULTS = {
    "a letter": "UPDATE item SET body = body || '.' WHERE id = 1",
    "a row": "DELETE FROM deed WHERE id = 1",
    "a row more": "INSERT INTO setting (key, value) VALUES ('x', 'y')",
    "NULL in place of nothing": "UPDATE ticket SET tags = '' WHERE tags IS NULL",
    "a byte of a file": "UPDATE blob SET data = zeroblob(length(data))",
    "a text of the index": "DELETE FROM public_text_docsize WHERE id = (SELECT max(id) FROM public_text_docsize)",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_target_is_found(full: Shell, fault: str):
    """Planted between the copy and the comparison."""
    target = broken(full, "verifying")
    with sqlite3.connect(target) as other:
        other.execute(FAULTS[fault])
    other.close()
    said = full.tix("db", "copy", full.store, target, check=7).err
    assert "differs from what was copied" in said
    assert "has not finished" in full.tix("--store", target, "list", check=8).err
    full.tix("db", "copy", full.store, target, "--anew")
    assert answers(full, full.store) == answers(full, target)


def test_two_copies_to_one_target_do_not_mix(full: Shell):
    target = broken(full, "copying", 3)
    held = FileTarget(target, is_safe=True)
    with held.transaction():
        pass
    assert "another process is copying" in full.tix("db", "copy", full.store, target, check=6).err
    held.close()
    full.tix("db", "copy", full.store, target)


def test_a_text_that_cannot_be_copied_is_named(full: Shell):
    with sqlite3.connect(full.store) as other:
        other.execute("UPDATE item SET body = 'a' || char(0) || 'b' WHERE id = 1")
    other.close()
    assert "NUL" in full.tix("db", "copy", full.store, "new.db", check=8).err
    assert "has not finished" in full.tix("--store", full.folder / "new.db", "list", check=8).err


def test_lines_are_read_as_they_were_written():
    """As COPY writes them: https://www.postgresql.org/docs/current/sql-copy.html."""
    row = (1, None, "", "\\N", "a\tb\nc\\d\re\vf\bg\fh", "\x1b\x85\u2028é", b"", bytes(range(256)), -(2**63))
    kinds = ("INTEGER", "TEXT", "TEXT", "TEXT", "TEXT", "TEXT", "BLOB", "BLOB", "INTEGER")
    text = lines.lines([row, row])
    assert text.count(b"\n") == 2
    assert lines.rows(text, kinds) == [list(row), list(row)]
    assert lines.lines([("\\N", None)]) == b"\\\\N\t\\N\n"
    with pytest.raises(DamagedStore):
        lines.lines([("\ud800",)])


def test_the_difference_that_is_found_stops_the_copy(full: Shell, monkeypatch):
    """Control: a target that reads other rows than were written."""
    monkeypatch.setattr(FileTarget, "pieces", lambda self, table: (lines.Piece(b"1\n", 1) for _ in "1"))
    source = open_store(full.store)
    with pytest.raises(StorageFailure):
        copies.copy(source, str(full.folder / "new.db"), anew=False, tell=quiet)
    source.close()


def test_a_copy_of_a_copy_has_the_same_digests(full: Shell):
    first = full.tix("db", "copy", full.store, "one.db", "--json").raw_out
    second = full.tix("db", "copy", "one.db", "two.db", "--json").raw_out
    assert json.loads(first) == json.loads(second)
    shutil.copy(full.folder / "two.db", full.folder / "three.db")
    assert full.tix("--store", "three.db", "db", "check", "--json").json[0]["status"] == "ok"
