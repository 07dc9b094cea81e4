"""What lies beside a store: hostile journals, foreign schemas, and what a killed process left."""

import fcntl
import os
import signal
import sqlite3
import struct
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.laws.inprocess import Desk
from tix.cli import signals
from tix.errors import ForeignStore, StorageFailure, StoreBusy, StoreUnusable
from tix.store import backup, restore
from tix.store.open import create_store, open_store

_MAGIC = bytes.fromhex("d9d505f920a163d7")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with a prefix of its own."""
    path = tmp_path / "desk.db"
    with closing(create_store(path)) as store, store.writing():
        store.run("setting_put", key="prefix", value="ABC-")
    return path


def _super_journal(named: Path) -> bytes:
    """A hot journal with nothing to roll back that names another file, as SQLite writes it."""
    name = bytes(named)
    header = _MAGIC + struct.pack(">5I", 0, 0, 1, 512, 4096)
    checksum = sum(byte if byte < 128 else byte - 256 for byte in name) & 0xFFFFFFFF
    tail = struct.pack(">I", 0x40000000 // 4096 + 1) + name + struct.pack(">2I", len(name), checksum) + _MAGIC
    return header.ljust(512, b"\0") + tail


# --------------------------------------------------------------------------------------------- journals


def test_a_journal_that_names_another_file_is_refused(path: Path) -> None:
    """SQLite would delete the file it names, as whoever opens the store."""
    precious = path.with_name("precious")
    precious.write_text("mine")
    journal = path.with_name("desk.db-journal")
    journal.write_bytes(_super_journal(precious))
    link = path.with_name("link.db")
    link.symlink_to("desk.db")
    for one in (path, link):
        with pytest.raises(StoreUnusable, match="names another file") as refused:
            open_store(one)
        assert refused.value.exit_status == 8
        assert refused.value.hint
    assert precious.read_text() == "mine"
    assert journal.exists()


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_a_journal_that_is_no_regular_file_is_refused(path: Path, ending: str, kind: str) -> None:
    """A pipe would make every command wait for ever."""
    journal = path.with_name(f"desk.db{ending}")
    match kind:
        case "pipe":
            os.mkfifo(journal)
        case "link":
            journal.symlink_to("elsewhere")
        case _:
            journal.mkdir()
    with pytest.raises(StoreUnusable, match="not a regular file"):
        open_store(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
def test_a_journal_of_somebody_who_may_not_write_is_refused(path: Path) -> None:
    journal = path.with_name("desk.db-journal")
    journal.touch()
    os.chown(journal, 4242, 4343)
    with pytest.raises(StoreUnusable, match="cannot write"):
        open_store(path)
    # One of the group of a store that the group may write to is as good as ours.
    os.chown(path, -1, 4343)
    path.chmod(0o660)
    open_store(path).close()


def test_a_journal_that_a_kill_left_is_played_back(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as killed:
        killed.execute("PRAGMA cache_size=1")
        killed.execute("BEGIN")
        killed.execute("UPDATE setting SET value = 'XYZ-'")
        killed.execute("INSERT INTO setting VALUES ('big', zeroblob(100000) || '')")
        half = path.read_bytes(), path.with_name("desk.db-journal").read_bytes()
    path.write_bytes(half[0])
    path.with_name("desk.db-journal").write_bytes(half[1])
    with closing(open_store(path)) as store:
        assert dict(store.run("settings").fetchall())["prefix"] == "ABC-"


def test_a_journal_where_no_store_is_does_not_change_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "desk.db-journal").write_bytes(b"x")
    with pytest.raises(StoreUnusable, match="no longer exists"):
        create_store(tmp_path / "desk.db")
    assert {entry.name for entry in tmp_path.iterdir()} == {"desk.db-journal"}


def test_a_restore_where_only_a_journal_is_moves_it_aside(path: Path) -> None:
    source = path.with_name("source")
    with closing(open_store(path)) as store:
        backup.backup(store, source)
    path.unlink()
    path.with_name("desk.db-journal").write_bytes(b"x")
    assert restore.restore(source, path, 0) is None
    assert not path.with_name("desk.db-journal").exists()
    assert backup.check(path) == []


# ---------------------------------------------------------------------------------------- foreign schemas


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("CREATE TRIGGER foreign_one AFTER UPDATE ON setting BEGIN SELECT 1; END", "trigger"),
        ("CREATE VIEW foreign_one AS SELECT 1", "view"),
        ("CREATE TABLE foreign_one (a)", "table"),
        ("CREATE VIRTUAL TABLE foreign_one USING fts5(a)", "table"),
    ],
)
def test_what_no_tix_has_made_is_refused(path: Path, sql: str, kind: str) -> None:
    """In a store, and in what is brought back as one."""
    source = path.with_name("source")
    with closing(open_store(path)) as store:
        backup.backup(store, source)
    for one in (path, source):
        with closing(sqlite3.connect(one)) as connection:
            connection.execute(sql)
    with pytest.raises(ForeignStore, match=f"has a {kind} that tix did not create: foreign_one"):
        open_store(path)
    with pytest.raises(ForeignStore, match="foreign_one"):
        restore.restore(source, path, 0)


def test_a_table_that_became_a_view_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE tombstone")
        connection.execute("CREATE VIEW tombstone AS SELECT 1")
    with pytest.raises(ForeignStore, match="view that tix did not create: tombstone"):
        open_store(path)


def test_an_index_and_statistics_of_ones_own_are_no_fault(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE INDEX report ON ticket (subject)")
        connection.execute("ANALYZE")
    open_store(path).close()


_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_statement_without_end_ends_on_a_signal(path: Path, number: signal.Signals) -> None:
    """While its first row is looked for, and while more are."""
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    signals.listen()
    try:
        with closing(open_store(path)) as store:
            for sql in (_ENDLESS, f"SELECT 1 UNION ALL SELECT i FROM ({_ENDLESS})"):
                timer = threading.Timer(0.2, lambda: signal.raise_signal(number))
                timer.start()
                with pytest.raises(KeyboardInterrupt) as stopped:
                    store.execute(sql).fetchall()
                timer.join()
                assert signals.number_of(stopped.value) == number
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])


# --------------------------------------------------------------------------------------- who else has it


def test_a_read_after_a_write_waits_as_long_as_one_before(path: Path) -> None:
    """The first write once left the time to wait at a second; and a signal is heard of while it waits."""
    said: list[str] = []
    with closing(open_store(path, lambda: said.append("waiting"))) as store:
        with store.writing():
            pass
        holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN EXCLUSIVE")
        timer = threading.Timer(2.5, lambda: holder.execute("ROLLBACK"))
        timer.start()
        assert store.run("settings").fetchall()
        timer.join()
        holder.close()
    assert said == ["waiting"]


def test_opening_waits_as_long_as_reading(path: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    timer = threading.Timer(1.5, lambda: holder.execute("ROLLBACK"))
    timer.start()
    open_store(path).close()
    timer.join()
    holder.close()


def test_a_conflict_within_a_process_is_not_waited_for(path: Path) -> None:
    """SQLite calls it locked, and nobody else would ever end it."""
    with closing(open_store(path)) as store, store.writing():
        cursor = store.execute("SELECT name FROM sqlite_master")
        cursor.fetchone()
        started = time.monotonic()
        with pytest.raises(StoreBusy):
            store.execute("DROP TABLE tombstone")
        assert time.monotonic() - started < 5
        cursor.close()


def test_a_store_in_wal_mode_is_brought_back(path: Path) -> None:
    """When nobody has it open; until then it is read and written as it is, and is not called damaged."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN")
    other.execute("SELECT * FROM setting").fetchall()
    with closing(open_store(path)) as store:
        for at in range(3):
            with store.writing():
                store.run("setting_put", key=f"key{at}", value="x" * 50_000)
        assert backup.check(path) == []
    other.execute("COMMIT")
    other.close()
    with closing(open_store(path)) as store:
        assert store.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert len(store.run("settings").fetchall()) == 4
    assert {entry.name for entry in path.parent.iterdir()} == {"desk.db"}


def test_a_store_in_wal_mode_is_backed_up_and_replaced(path: Path) -> None:
    """Nothing of the old file's log is played into the new one."""
    source = path.with_name("source")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("UPDATE setting SET value = 'LOG-'")
    with closing(open_store(path)) as store:
        backup.backup(store, source)
    other.execute("UPDATE setting SET value = 'NEW-'")
    other.close()
    restore.restore(source, path, 0)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("SELECT value FROM setting").fetchall() == [("LOG-",)]
    assert not path.with_name("desk.db-wal").exists()


# ------------------------------------------------------------------------------------ what a kill has left


def _leave(path: Path) -> Path:
    path.write_bytes(b"SQLite format 3\0 and half of the rest")
    return path


@pytest.mark.parametrize("name", [".desk.db.4711.part", ".desk.db.4711.tix-part", ".other.db.1.tix-part"])
def test_what_a_killed_copy_left_goes_with_the_next_opening(path: Path, name: str) -> None:
    left = _leave(path.with_name(name))
    journal = _leave(path.with_name(f"{name}-journal"))
    open_store(path).close()
    assert not left.exists()
    assert not journal.exists()


def test_what_a_killed_backup_left_goes_with_the_next_one(path: Path, tmp_path: Path) -> None:
    """In the folder of the backups, whatever day is in their names."""
    folder = tmp_path / "backups"
    folder.mkdir()
    _leave(folder / ".desk-2026-11-22.db.4711.tix-part")
    with closing(open_store(path)) as store:
        backup.backup(store, folder / "desk-2026-11-23.db")
    assert {entry.name for entry in folder.iterdir()} == {"desk-2026-11-23.db"}


def test_only_what_tix_left_is_swept(path: Path) -> None:
    """Not what has another name, is locked by a process that lives, or is no file."""
    kept = [
        _leave(path.with_name(name))
        for name in (
            ".desk.db.x.part",
            ".desk.db.4711.part.txt",
            ".other.db.4711.part",
            ".desk.db.4711.new",
            "a.part",
        )
    ]
    live = _leave(path.with_name(".desk.db.12.tix-part"))
    link = path.with_name(".desk.db.13.tix-part")
    link.symlink_to(kept[0])
    folder = path.with_name(".desk.db.14.tix-part")
    folder.mkdir()
    with open(live, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        open_store(path).close()
        assert all(one.exists() for one in (*kept, live, link, folder))


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
def test_what_somebody_else_left_is_theirs(path: Path) -> None:
    left = _leave(path.with_name(".desk.db.4711.tix-part"))
    os.chown(left, 4242, -1)
    open_store(path).close()
    assert left.exists()


@pytest.mark.parametrize("name", ["*.db", "[a]", "?", "a*"])
def test_a_name_is_no_pattern(tmp_path: Path, name: str) -> None:
    """Making a desk called ``*.db`` removes nothing that belongs to others."""
    others = [_leave(tmp_path / other) for other in (".x.db.1.new", ".a.2.new", ".ab.3.new", ".x.4.new.old")]
    with closing(create_store(tmp_path / name)) as store, store.writing():
        pass
    assert all(other.exists() for other in others)
    own = _leave(tmp_path / f".{name}.7.new")
    (tmp_path / name).unlink()
    with closing(create_store(tmp_path / name)) as store, store.writing():
        pass
    assert not own.exists()


# ------------------------------------------------------------------------------------------------ restore


def test_a_restore_through_a_link_replaces_what_it_leads_to(path: Path, tmp_path: Path) -> None:
    source = path.with_name("source")
    with closing(open_store(path)) as store:
        backup.backup(store, source)
        with store.writing():
            store.run("setting_put", key="prefix", value="NEW-")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.db"
    link.symlink_to(path)
    kept = restore.restore(source, link, 0)
    assert link.is_symlink()
    assert kept is not None
    assert kept.parent == path.parent
    assert not kept.is_symlink()
    for one, prefix in ((path, "ABC-"), (kept, "NEW-")):
        with closing(open_store(one)) as store:
            assert dict(store.run("settings").fetchall())["prefix"] == prefix


def _link(part: Path, private: Path) -> None:
    part.unlink()
    part.symlink_to(private)


def _copy(part: Path, private: Path) -> None:
    part.unlink()
    part.write_bytes(private.read_bytes())


@pytest.mark.parametrize("swap", [_link, _copy])
def test_a_copy_that_is_swapped_is_not_taken_for_the_store(
    path: Path, tmp_path: Path, swap: Callable[[Path, Path], None]
) -> None:
    """Somebody who may write in the folder puts a link to a private store in its place."""
    source, private = path.with_name("source"), tmp_path / "private.db"
    with closing(open_store(path)) as store:
        backup.backup(store, source)
        backup.backup(store, private)
    path.chmod(0o660)
    before = path.read_bytes()
    with pytest.raises(StorageFailure, match="was replaced"):
        restore.restore(source, path, 0, lambda part: swap(part, private))
    assert path.read_bytes() == before
    assert not path.is_symlink()
    assert private.stat().st_mode & 0o777 == 0o600


# ------------------------------------------------------------------------------------------ what is said


@pytest.mark.parametrize("content", [b"", b"Dear diary", b"SQLite format 3\0" + bytes(200)])
def test_a_file_that_is_no_store_comes_with_a_way_out(tmp_path: Path, content: bytes) -> None:
    desk = Desk(tmp_path)
    desk.store.write_bytes(content)
    said = desk.tix("list", check=8).err
    for word in ("tix db restore", "--store", "tix init"):
        assert word in said
    source = tmp_path / "source"
    source.write_bytes(content)
    assert "tix db backup" in desk.tix("db", "restore", source, check=8).err
