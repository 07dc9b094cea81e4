"""Backing up and bringing back: by the functions where that is enough, by the program where people meet it."""

import os
import random
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import Shell
from tests.soak.races import held
from tests.soak.states import contents, is_whole
from tix.errors import AlreadyExists, DamagedStore, ForeignStore, InvalidValue, NewerStore, StorageFailure
from tix.store import backup, restore
from tix.store.open import create_store, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with something in it."""
    path = tmp_path / "desk.db"
    with closing(create_store(path)) as store, store.writing():
        store.run("setting_put", key="prefix", value="ABC-")
    return path


@pytest.fixture
def stocked(desk: Shell) -> Shell:
    """A desk with a ticket, backed up, and one more ticket since."""
    desk.tix("new", "Old", "-m", "x")
    desk.people("ann:agent", "rob:requester")
    desk.tix("db", "backup", "old.db")
    desk.tix("new", "New", "-m", "x")
    return desk


def _subjects(desk: Shell) -> list[str]:
    return sorted(desk.tix("list", "--all", "-c", "subject").lines)


def _kept(desk: Shell) -> list[Path]:
    return sorted(desk.folder.glob("desk.db.before-*"))


# ------------------------------------------------------------------------------------------------ backup


def test_a_backup_is_the_store(path: Path) -> None:
    """All of it, whole, 0600, and nothing else is left beside it."""
    target = path.with_name("copy.db")
    with closing(open_store(path)) as store:
        assert backup.backup(store, target) == target.stat().st_size
    assert contents(target) == contents(path)
    assert is_whole(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {entry.name for entry in path.parent.iterdir()} == {"desk.db", "copy.db"}


def test_a_backup_overwrites_only_when_told(path: Path) -> None:
    target = path.with_name("copy.db")
    target.write_text("precious")
    with closing(open_store(path)) as store:
        with pytest.raises(AlreadyExists):
            backup.backup(store, target)
        assert target.read_text() == "precious"
        backup.backup(store, target, force=True)
    assert is_whole(target)


def test_a_backup_that_cannot_be_written_leaves_nothing(path: Path) -> None:
    with closing(open_store(path)) as store:
        with pytest.raises(InvalidValue):
            backup.backup(store, path.parent / "missing" / "copy.db")
        with pytest.raises(InvalidValue):
            backup.backup(store, path.parent)
        with pytest.raises(StorageFailure):
            backup.backup(store, Path("/proc/copy.db"))
    assert {entry.name for entry in path.parent.iterdir()} == {"desk.db"}


@pytest.mark.parametrize("name", ["a?mode=memory", "a#b.db", "100%41.db", "ñ.db", "a b.db"])
def test_a_backup_has_the_name_it_was_given(path: Path, name: str) -> None:
    """Nothing in a path means anything to SQLite's URIs, neither going nor coming back."""
    target = path.with_name(name)
    with closing(open_store(path)) as store:
        backup.backup(store, target)
    assert {entry.name for entry in path.parent.iterdir()} == {"desk.db", name}
    restore.verify(target)
    restore.restore(target, path, 0)
    assert contents(path) == contents(target)
    odd = path.with_name(f"store {name}")
    assert restore.restore(target, odd, 0) is None
    assert contents(odd) == contents(target)
    restore.restore(target, odd, 0)
    assert backup.check(odd) == []


def test_a_damaged_store_is_not_backed_up_as_if_it_were_whole(path: Path) -> None:
    data = path.read_bytes()
    chance = random.Random(5)
    path.write_bytes(data[: 4096 * 8] + chance.randbytes(4096 * 4) + data[4096 * 12 :])
    target = path.with_name("copy.db")
    with closing(open_store(path)) as store, pytest.raises(DamagedStore):
        backup.backup(store, target)
    assert not target.exists()


# ----------------------------------------------------------------------------------------------- restore


def test_a_restore_brings_the_backup_back_and_keeps_what_was_there(stocked: Shell) -> None:
    now = contents(stocked.store)
    stocked.tix("db", "restore", "old.db")
    assert _subjects(stocked) == ["Old"]
    assert contents(stocked.store) == contents(stocked.folder / "old.db")
    (kept,) = _kept(stocked)
    assert contents(kept) == now
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(stocked.store.stat().st_mode) == 0o600
    stocked.tix("db", "restore", kept)
    assert _subjects(stocked) == ["New", "Old"]
    assert not list(stocked.folder.glob(".*.part"))
    stocked.tix("doctor")


def test_a_restore_where_nothing_is_makes_the_store(stocked: Shell) -> None:
    stocked.store.unlink()
    made = stocked.tix("db", "restore", "old.db", "--json").json
    assert made == {"path": str(stocked.store), "kept": None}
    assert _subjects(stocked) == ["Old"]
    assert stat.S_IMODE(stocked.store.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["truncated", "noise", "empty", "text", "page"])
def test_a_damaged_store_is_replaced_and_kept(stocked: Shell, damage: str) -> None:
    """As it was, byte for byte: somebody may yet save something."""
    whole = stocked.store.read_bytes()
    broken = {
        "truncated": whole[: len(whole) // 2],
        "noise": random.Random(1).randbytes(9000),
        "empty": b"",
        "text": b"Dear diary",
        "page": whole[: 4096 * 10] + b"\xff" * 4096 * 5 + whole[4096 * 15 :],
    }[damage]
    stocked.store.write_bytes(broken)
    stocked.tix("db", "restore", "old.db")
    assert _subjects(stocked) == ["Old"]
    (kept,) = _kept(stocked)
    assert kept.read_bytes() == broken
    stocked.tix("doctor")
    stocked.tix("new", "Goes on", "-m", "x")


@pytest.mark.real
def test_a_journal_that_belongs_to_the_old_file_does_not_touch_the_new(stocked: Shell) -> None:
    """A hot journal beside a store that was replaced would roll the backup to pieces."""
    whole = stocked.store.read_bytes()
    connection = sqlite3.connect(stocked.store, isolation_level=None)
    connection.execute("PRAGMA cache_size=1")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE item SET body = ? WHERE body IS NOT NULL", ("y" * 60_000,))
    journal = Path(f"{stocked.store}-journal").read_bytes()
    connection.execute("ROLLBACK")
    connection.close()
    for store in (whole, whole[: len(whole) // 2]):
        for path in (*stocked.folder.glob("desk.db*"),):
            path.unlink()
        stocked.store.write_bytes(store)
        Path(f"{stocked.store}-journal").write_bytes(journal)
        stocked.tix("db", "restore", "old.db")
        assert _subjects(stocked) == ["Old"]
        assert is_whole(stocked.store)


@pytest.mark.parametrize(
    "kind", ["missing", "folder", "text", "empty", "foreign", "newer", "truncated", "pipe", "page"]
)
def test_what_is_no_backup_is_refused_and_the_store_untouched(stocked: Shell, kind: str) -> None:
    source = stocked.folder / "source"
    whole = (stocked.folder / "old.db").read_bytes()
    code = 8
    match kind:
        case "missing":
            code = 2
        case "folder":
            source.mkdir()
        case "text":
            source.write_text("Dear diary\n" * 100)
        case "empty":
            source.touch()
        case "foreign":
            with closing(sqlite3.connect(source)) as connection:
                connection.execute("CREATE TABLE ticket (id)")
        case "newer":
            source.write_bytes(whole[:60] + (99).to_bytes(4, "big") + whole[64:])
        case "truncated":
            source.write_bytes(whole[: 4096 * 9])
        case "pipe":
            os.mkfifo(source)
        case _:
            source.write_bytes(whole[: 4096 * 10] + b"\xff" * 4096 * 5 + whole[4096 * 15 :])
    before = stocked.store.read_bytes()
    beside = {entry.name for entry in stocked.folder.iterdir()}
    assert stocked.tix("db", "restore", source, "--json", check=code).error["exit"] == code
    assert stocked.store.read_bytes() == before
    assert {entry.name for entry in stocked.folder.iterdir()} == beside


def test_the_functions_name_what_is_wrong(path: Path) -> None:
    whole = path.read_bytes()
    source = path.with_name("source")
    for data, kind in (
        (b"text", ForeignStore),
        (b"", DamagedStore),
        (whole[:4096], DamagedStore),
        (whole[:60] + (99).to_bytes(4, "big") + whole[64:], NewerStore),
    ):
        source.write_bytes(data)
        with pytest.raises(kind):
            restore.restore(source, path, 0)
        assert path.read_bytes() == whole
        assert source.read_bytes() == data


def test_only_an_admin_restores(stocked: Shell) -> None:
    """Neither over a healthy desk nor where the desk is broken or gone."""
    before = stocked.store.read_bytes()
    for login in ("ann", "rob"):
        stocked.tix("db", "restore", "old.db", as_=login, check=4)
    assert stocked.store.read_bytes() == before
    assert _kept(stocked) == []
    for broken in (b"broken", None):
        if broken is None:
            stocked.store.unlink()
        else:
            stocked.store.write_bytes(broken)
        for login in ("ann", "rob"):
            stocked.tix("db", "restore", "old.db", as_=login, check=4)
        assert (stocked.store.read_bytes() if stocked.store.exists() else None) == broken


def test_who_may_back_up(stocked: Shell) -> None:
    stocked.tix("db", "backup", "by-ann.db", as_="ann")
    stocked.tix("db", "backup", "by-rob.db", as_="rob", check=4)
    assert not (stocked.folder / "by-rob.db").exists()


def test_the_store_is_not_its_own_backup(stocked: Shell) -> None:
    before = stocked.store.read_bytes()
    (stocked.folder / "link.db").symlink_to("desk.db")
    for name in ("desk.db", "./desk.db", "link.db"):
        stocked.tix("db", "backup", name, check=2)
        stocked.tix("db", "backup", name, "--force", check=2)
        stocked.tix("db", "restore", name, check=2)
    assert stocked.store.read_bytes() == before


@pytest.mark.real
def test_a_restore_waits_for_who_is_writing(stocked: Shell) -> None:
    """What was acknowledged while it waited is in the file that is kept."""
    with held(stocked.store) as writer:
        restoring = stocked.start("db", "restore", "old.db")
        time.sleep(2)
        assert restoring.poll() is None
        writer.execute("UPDATE setting SET value = value")
        writer.execute("COMMIT")
    assert restoring.wait() == 0
    assert _subjects(stocked) == ["Old"]


@pytest.mark.real
def test_nothing_acknowledged_during_a_restore_is_lost(stocked: Shell) -> None:
    """Every ticket made meanwhile is in the desk or in the file that was kept; else its writer was told."""
    writers = [stocked.start("new", f"Meanwhile {at}", "-m", "x") for at in range(6)]
    stocked.tix("db", "restore", "old.db")
    answers = [writer.communicate() for writer in writers]
    codes = [writer.returncode for writer in writers]
    # Who was waiting for the file that was replaced is asked to try again, and has made nothing.
    assert set(codes) <= {0, 6}, answers
    found = set(_subjects(stocked))
    (kept,) = _kept(stocked)
    stocked.env["TIX_STORE"] = str(kept)
    found |= set(_subjects(stocked))
    assert found == {"Old", "New", *(f"Meanwhile {at}" for at, code in enumerate(codes) if code == 0)}
