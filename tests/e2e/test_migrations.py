"""A desk of an older tix, met by this one: by whoever comes first, whatever they want."""

import json
import random
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import test_stores
from tests.harness import Shell
from tests.soak.injections import FAULTS, why_not
from tests.soak.migrating import FIRST, STORES, kill, old, place, put, sweep
from tests.soak.races import held
from tests.soak.states import contents, is_whole
from tix.cli.session import os_login
from tix.store.compiled import sqlite as compiled

pytestmark = pytest.mark.long

NOW = compiled.SCHEMA_VERSION
WITH_STRACE = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
BY_ROOT = pytest.mark.skipif(
    os_login() != "root", reason="the old desks were made by root and know nobody else"
)
EVERY_STORE = pytest.mark.parametrize("base", STORES, ids=lambda path: path.stem)

# Fixtures of another page: a desk whose owner is not root, and a file system of one megabyte.
plain = test_stores.plain
mounted = test_stores.mounted


@pytest.fixture
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A folder for old stores, one after another."""
    desk = Shell(tmp_path_factory.mktemp("migration"))
    yield desk
    desk.close()


def _put(desk: Shell, base: Path = FIRST) -> bytes:
    put(desk, base)
    return desk.store.read_bytes()


def _beside(desk: Shell) -> set[str]:
    return {path.name for path in desk.folder.iterdir()} - {"home", desk.store.name}


def _said(desk: Shell) -> str:
    return (
        f"Upgraded the desk at {desk.store} from format 1 to {NOW}; "
        f"the old file is kept at {desk.store}.schema-1.backup.\n"
    )


# --------------------------------------------------------------------------------------------- who comes first


@pytest.mark.parametrize(
    "words",
    [
        ("list", "--all"),
        ("show", "1"),
        ("new", "Words", "-m", "x"),
        ("export",),
        ("db", "migrate"),
        ("db", "info"),
    ],
    ids=" ".join,
)
def test_whoever_comes_first_brings_the_desk_along(desk: Shell, words: tuple[str, ...]) -> None:
    """It does what it was to do, and says in one line what else it did; the next says nothing."""
    _put(desk)
    before = contents(desk.store)
    first = desk.tix(*words)
    assert first.err == _said(desk)
    assert contents(desk.folder / "desk.db.schema-1.backup") == before != contents(desk.store)
    assert "brought" not in desk.tix(*words).err
    assert _beside(desk) == {"desk.db.schema-1.backup"}


def test_the_line_is_for_people(desk: Shell) -> None:
    """Not on stdout, not with --quiet."""
    _put(desk)
    assert len(desk.tix("list", "--all", "--json").json) == 5
    _put(desk)
    assert desk.tix("--quiet", "list", "--all").err == ""
    assert _beside(desk) == {"desk.db.schema-1.backup"}


def test_the_desk_can_be_brought_along_on_purpose(desk: Shell) -> None:
    """`tix db migrate`: what it did, or that there was nothing to do; `db info` and `doctor` show the format."""
    _put(desk)
    assert desk.tix("db", "migrate").err == _said(desk)
    assert desk.tix("db", "migrate").err == f"The desk at {desk.store} is already at format {NOW}.\n"
    assert desk.tix("db", "info", "--json").json["format"] == NOW
    facts = {fact["name"]: fact["detail"] for fact in desk.tix("doctor", "--json").json}
    assert facts["user_version"] == str(NOW)


def test_a_new_desk_is_at_our_format(desk: Shell) -> None:
    assert f"No desk at {desk.store} yet." in desk.tix("db", "migrate").err
    assert not desk.store.exists()
    desk.tix("new", "Words", "-m", "x")
    assert "already" in desk.tix("db", "migrate").err


def test_a_key_press_brings_nothing_along(desk: Shell) -> None:
    """Completion has no time for it, and offers nothing until somebody has run a command."""
    before = _put(desk)
    assert desk.tix("__complete", "--", "show", "").out == ""
    assert desk.store.read_bytes() == before
    assert _beside(desk) == set()
    desk.tix("list")
    assert "TCK-1" in desk.tix("__complete", "--", "show", "").out


@pytest.mark.parametrize(("login", "code"), [("sam", 4), ("lan", 4), ("root", 0)])
def test_who_may_say_so(desk: Shell, login: str, code: int) -> None:
    _put(desk)
    desk.tix("list")
    desk.tix("db", "migrate", as_=login, check=code)


# ----------------------------------------------------------------------------------------------- what it becomes


@EVERY_STORE
def test_a_desk_that_was_brought_along_is_sound(desk: Shell, base: Path) -> None:
    """Every ticket is the fold of its timeline, the clocks too, and goes on from where it was."""
    _put(desk, base)
    found = desk.tix("doctor", "--json", check=None)
    assert {fact["status"] for fact in found.json} <= {"ok", "info"}, found
    for number in (1, 2, 5):
        desk.tix("note", number, "-m", "Still here.")
        desk.tix("hold", number)
        desk.tix("start", number)
        desk.tix("edit", number, "--sla", "sev-b")
        desk.tix("resolve", number)
        desk.tix("reopen", number)
    desk.tix("doctor")


def _grown(told: Any, was: Any, place: str) -> Iterator[str]:
    """Where what is told now is not what was, but for keys that are new and lists that were not there."""
    if isinstance(was, dict):
        yield from (f"{place}.{key} is gone" for key in was.keys() - told.keys())
        for key in was.keys() & told.keys():
            yield from _grown(told[key], was[key], f"{place}.{key}")
    elif isinstance(was, list):
        if len(told) != len(was):
            yield f"{place} has {len(told)} and not {len(was)}"
        else:
            for at, (one, other) in enumerate(zip(told, was, strict=True)):
                yield from _grown(one, other, f"{place}[{at}]")
    elif told != was and not (was is None and told in ([], {}, 0)):
        yield f"{place} is {told!r} and not {was!r}"


@BY_ROOT
@EVERY_STORE
def test_an_export_tells_what_it_told(desk: Shell, base: Path) -> None:
    """Line for line and key for key what the tix that made the desk has exported; there is only more."""
    _put(desk, base)
    lines = [json.loads(line) for line in base.with_suffix(".jsonl").read_text().splitlines()]
    told = desk.tix("export", now="2026-11-22T09:00:00Z").jsonl
    assert len(told) == len(lines) > 4
    assert [
        found for one, was in zip(told, lines, strict=True) for found in _grown(one, was, was["ref"])
    ] == []


@BY_ROOT
@EVERY_STORE
def test_an_export_of_the_older_tix_makes_the_same_desk(desk: Shell, base: Path) -> None:
    """The other way here, by text: the same tickets, with the same clocks, as the file that was brought along."""
    _put(desk, base)
    columns = "number, subject, status, clock_at, pauses, paused_at, due_at, reopened, version"
    rows = desk.tix("export", now="2026-11-22T09:00:00Z").jsonl
    imported = Shell(desk.folder / "other")
    imported.folder.mkdir(exist_ok=True)
    imported.tix("import", base.with_suffix(".jsonl"), now="2026-11-22T09:00:00Z")
    imported.tix("doctor")
    again = imported.tix("export", now="2026-11-22T09:00:00Z").jsonl
    assert [_facts(one) for one in again] == [_facts(one) for one in rows]
    assert len(rows) > 4
    assert _rows(imported.store, columns) == _rows(desk.store, columns)


def _facts(line: dict[str, Any]) -> dict[str, Any]:
    """What an export says of a ticket, without how the desk is set up."""
    return {key: value for key, value in line.items() if key != "desk"}


def _rows(store: Path, columns: str) -> list[Any]:
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute(f"SELECT {columns} FROM ticket ORDER BY number").fetchall()


# ------------------------------------------------------------------------------------------------ restoring


def test_a_backup_of_an_older_desk_is_restored(desk: Shell) -> None:
    """It is brought along at once: the backup is the old one that is kept, and stays what it is."""
    saved = desk.folder / "saved.db"
    place(FIRST, saved)
    before = saved.read_bytes()
    desk.tix("new", "Ours", "-m", "x")
    desk.tix("db", "restore", saved)
    assert min(desk.tix("list", "--all", "-c", "ref").lines) == "TCK-1"
    assert saved.read_bytes() == before
    assert not list(desk.folder.glob("*.schema-*"))
    assert "already" in desk.tix("db", "migrate").err


def test_the_copy_that_is_kept_can_be_restored(desk: Shell) -> None:
    """Back to before: what was written since is in the file that the restore keeps."""
    _put(desk)
    desk.tix("new", "Since", "-m", "x")
    desk.tix("db", "restore", "desk.db.schema-1.backup")
    assert "Since" not in desk.tix("list", "--all").out
    assert len(desk.tix("list", "--all").rows) == 5


def test_an_older_backup_makes_a_desk_where_none_is(desk: Shell) -> None:
    place(FIRST, desk.folder / "saved.db")
    desk.tix("db", "restore", "saved.db")
    assert len(desk.tix("list", "--all").rows) == 5


# ------------------------------------------------------------------------------------------- what it leaves alone


@pytest.mark.parametrize(
    "words", [("list",), ("new", "Words", "-m", "x"), ("db", "migrate"), ("doctor",)], ids=" ".join
)
def test_a_desk_of_a_newer_tix_is_left_alone(desk: Shell, words: tuple[str, ...]) -> None:
    data = bytearray(_put(desk))
    data[60:64] = (NOW + 1).to_bytes(4, "big")
    desk.store.write_bytes(data)
    assert f"format {NOW + 1}" in desk.tix(*words, check=8).err
    assert desk.store.read_bytes() == data
    assert _beside(desk) == set()


@pytest.mark.parametrize("locked", ["file", "folder"])
def test_what_may_not_be_written_to_is_left_alone(plain: test_stores.Plain, locked: str) -> None:
    """There is no way to read an older format: exit 7, and the hint says what it takes."""
    desk = plain.desk
    plain.tix("new", "Words", "-m", "x")  # by whoever that is, so that the desk knows them
    shutil.copyfile(FIRST, desk.store)
    before = desk.store.read_bytes()
    (desk.store if locked == "file" else desk.folder).chmod(0o400 if locked == "file" else 0o500)
    for words in (("list",), ("new", "Words", "-m", "x"), ("export",)):
        error = plain.tix(*words, "--json", check=7).error
        assert error["code"] == "storage"
        assert "older format" in error["hint"]
        assert str(desk.folder) in error["hint"]
    assert desk.store.read_bytes() == before
    assert _beside(desk) == set()


@pytest.mark.real
def test_a_disk_that_is_too_small_leaves_the_old_desk(desk: Shell, mounted: Path) -> None:
    """Whatever does not fit, the copy or the change: exit 7, no byte differs, no half of anything; room helps."""
    store = mounted / "desk.db"
    place(FIRST, store)
    before = store.read_bytes()
    filler = mounted / "filler"
    refused = 0
    for room in (0, 8192, 100_000, 230_000, 240_000, 300_000, 360_000):
        filler.unlink(missing_ok=True)
        filler.write_bytes(bytes(max(0, shutil.disk_usage(mounted).free - room)))
        error = desk.tix("list", "--all", "--json", check=7).error
        assert error["code"] == "storage"
        assert "MB of free space" in error["hint"]
        assert store.read_bytes() == before
        assert {path.name for path in mounted.iterdir()} == {"filler", "desk.db"}
        refused += 1
    assert refused == 7
    filler.unlink()
    assert len(desk.tix("list", "--all").rows) == 5
    assert is_whole(store)


# -------------------------------------------------------------------------------------------- at once, and killed


@pytest.mark.real
def test_of_two_at_once_one_brings_the_desk_along(works: Shell) -> None:
    """The other waits for it and goes on; both have done what they were to do."""
    for _ in range(5):
        _put(works)
        before = contents(works.store)
        with held(works.store):
            racing = [works.start("new", f"Ticket {at}", "-m", "x") for at in range(2)]
            time.sleep(1)
        answers = [process.communicate() for process in racing]
        assert [process.returncode for process in racing] == [0, 0], answers
        assert sorted(out.decode().strip() for out, _ in answers) == ["TCK-7", "TCK-8"]
        assert sum(b"Upgraded the desk" in err for _, err in answers) == 1
        assert _beside(works) == {"desk.db.schema-1.backup"}
        assert contents(works.folder / "desk.db.schema-1.backup") == before
        assert is_whole(works.store)


@pytest.mark.real
def test_a_killed_migration_leaves_the_old_desk_or_the_new_one(works: Shell) -> None:
    """And the next command goes on from it, with one copy of the old one however often it was killed."""
    one = old(works)
    chance = random.Random("migration")
    found = [kill(one, chance) for _ in range(8)]
    assert any(left.code < 0 for left in found)


@WITH_STRACE
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    ("call", "step"), [("pwrite64", 40), ("fsync", 1), ("fdatasync", 4), ("unlink", 2), ("rename", 1)]
)
def test_a_fault_of_the_disk_leaves_the_old_desk_or_the_new_one(
    works: Shell, call: str, step: int, fault: str
) -> None:
    """Disk full, I/O error or death at the n-th call; `make soak` tries every single one."""
    found = list(sweep(old(works), call, fault, step))
    assert found


def test_nothing_else_loads_alembic(desk: Shell) -> None:
    """Before, it does; afterwards a command is as quick as ever."""
    program = (
        "import sys; from tix.cli.main import main; told, sys.argv = sys.argv[1], ['tix', *sys.argv[2:]]\n"
        "code = main()\nopen(told, 'w').write(' '.join(sys.modules))\nsys.exit(code)"
    )
    _put(desk)
    loaded = []
    for _ in range(2):
        desk.run(sys.executable, "-c", program, desk.home / "told", "list")
        loaded.append({"alembic", "sqlalchemy"} & set((desk.home / "told").read_text().split()))
    assert loaded == [{"alembic", "sqlalchemy"}, set()]
