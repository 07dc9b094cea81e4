"""``tix db copy``, ``db backup`` and ``db restore`` with a database: nothing is lost, and nobody sees half of a desk."""

import os
import shlex
import signal
import subprocess
import sys
import time
from itertools import pairwise

import psycopg
import pytest

from tests.harness import Shell
from tests.store.test_copy import READS, Broken, break_at, furnish
from tix.errors import StorageFailure
from tix.store import copies, long_lived
from tix.store.compiled import postgresql
from tix.store.open import create_store, open_store

NOW = {"TIX_NOW": "2027-01-01T00:00:00Z"}


@pytest.fixture
def full(tmp_path) -> Shell:
    """A desk in a file."""
    made = Shell(tmp_path)
    furnish(made)
    return made


def answers(desk: Shell, store: object) -> list[str]:
    return [desk.tix("--store", str(store), *shlex.split(line), env=NOW).raw_out for line in READS]


def rows(address: str, sql: str) -> list[tuple]:
    with psycopg.connect(address) as wire:
        return wire.execute(sql).fetchall()


def test_a_round_trip_gives_the_same_answers_and_digests(server, full: Shell):
    """From a file to a database, to another one, and back to a file."""
    places = [full.store, server.database(), server.database(), full.folder / "back.db"]
    found = []
    for source, target in pairwise(places):
        found.append(full.tix("db", "copy", source, target, "--json").json)
    assert found[0] == found[1] == found[2]
    first = answers(full, full.store)
    for place in places[1:]:
        assert answers(full, place) == first
        checked = full.tix("--store", place, "doctor", "--json").json
        assert [one for one in checked if one["status"] == "failed"] == []
    for place in places:
        full.tix("--store", place, "new", "Fourth", "-m", "z", env=NOW)
        assert full.tix("--store", place, "show", 4, "--json", env=NOW).json["number"] == 4
    assert rows(places[1], "SELECT max(id) FROM ticket") == [(4,)]


_LOOKS = {
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name FROM information_schema.columns "
    "WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
}


def test_the_tables_of_a_copy_are_those_of_a_new_desk(server, full: Shell):
    """Every index, key and column, by the server's own catalogue; those of a restored desk, too."""
    fresh, copied, restored = (server.database() for _ in range(3))
    new = create_store(fresh)
    with new.writing():
        pass
    new.close()
    full.tix("db", "copy", full.store, copied)
    full.tix("--store", restored, "db", "restore", full.store, "--yes")
    for sql in _LOOKS.values():
        assert rows(copied, sql) == rows(fresh, sql)
        assert rows(restored, sql) == rows(fresh, sql)


STAGES = [("copying", 2), ("copying", 15), ("indexing texts", 2), ("making the indexes", 1), ("verifying", 3)]


@pytest.mark.parametrize(("stage", "count"), STAGES)
def test_a_copy_that_was_broken_off_is_no_desk_and_goes_on(server, full: Shell, stage: str, count: int):
    target = server.database()
    source = open_store(full.store)
    with pytest.raises(Broken):
        copies.copy(source, target, anew=False, tell=break_at(stage, count))
    source.close()
    for words in ("list", "new S -m x", "doctor", "init"):
        assert "has not finished" in full.tix("--store", target, *words.split(), check=8).err
    full.tix("new", "Written meanwhile", "-m", "printer, too")
    found = full.tix("db", "copy", full.store, target, "--json").json
    assert all(row["ok"] for row in found)
    assert answers(full, target) == answers(full, full.store)


FAULTS = {
    "a letter": "UPDATE item SET body = body || '.' WHERE id = 1",
    "a row": "DELETE FROM setting; DELETE FROM token",
    "NULL in place of nothing": "UPDATE ticket SET tags = '' WHERE tags IS NULL",
    "a byte of a file": "UPDATE blob SET data = set_byte(data, 7, 1)",
    "a text of the index": "DELETE FROM public_text WHERE rowid = (SELECT max(rowid) FROM public_text)",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_target_is_found(server, full: Shell, fault: str):
    target = server.database()
    source = open_store(full.store)
    with pytest.raises(Broken):
        copies.copy(source, target, anew=False, tell=break_at("verifying"))
    with psycopg.connect(target) as other:
        other.execute(FAULTS[fault])
    with pytest.raises(StorageFailure, match="differs from what was copied"):
        copies.copy(source, target, anew=False, tell=lambda stage, done, total: None)
    source.close()
    assert "has not finished" in full.tix("--store", target, "list", check=8).err
    full.tix("db", "copy", full.store, target, "--anew")
    assert answers(full, target) == answers(full, full.store)


def test_a_target_with_something_in_it_is_refused(server, full: Shell):
    target = server.database()
    with psycopg.connect(target) as other:
        other.execute("CREATE TABLE pets (name TEXT)")
    assert "tix did not create: pets" in full.tix("db", "copy", full.store, target, check=8).err
    assert rows(target, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [(1,)]
    desk = server.database()
    full.tix("db", "copy", full.store, desk)
    assert "already a desk" in full.tix("db", "copy", full.store, desk, "--anew", check=5).err
    assert "already a desk" in full.tix("db", "copy", full.store, desk, "--dry-run", check=5).err


def kill_within(words: list[object], desk: Shell, seconds: float) -> bool:
    """Start a command, kill it after some time, and return whether it had ended by itself."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tix", *map(str, words)],
        env=desk.environment(),
        cwd=desk.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        return False
    return True


def time_of(words: list[object], desk: Shell) -> float:
    """How many seconds a command takes on this machine, as it is busy now."""
    begun = time.monotonic()
    assert kill_within(words, desk, 600)
    return time.monotonic() - begun


@pytest.mark.long
@pytest.mark.parametrize("direction", ["to a database", "to a file"])
def test_a_copy_killed_at_any_time_is_finished_or_is_no_desk(server, full: Shell, direction: str):
    """Killed again and again, each time later, until it has finished: then every answer is the same."""
    source, target = full.store, server.database()
    if direction == "to a file":
        full.tix("db", "copy", full.store, target)
        source, target = target, full.folder / "new.db"
    other = full.folder / "other.db" if direction == "to a file" else server.database()
    whole = time_of(["db", "copy", source, other], full)
    kills = 0
    for place in range(200):
        if kill_within(["db", "copy", source, target], full, whole * (place + 1) / 20):
            break
        kills += 1
        code = full.tix("--store", target, "list", check=None).code
        there = full.tix("--store", target, "list", "--all", "-o", "ids", check=None).out.split()
        assert (code, there) == (8, []) or there in ([], ["TIX-1", "TIX-2"])
    assert kills > 3
    assert answers(full, target) == answers(full, full.store)


# ------------------------------------------------------------------------------------- backup and restore


def test_a_backup_is_a_desk_in_a_file(desk: Shell):
    furnish(desk)
    made = desk.tix("db", "backup", "saved.db", "--json").json
    assert made["bytes"] == (desk.folder / "saved.db").stat().st_size
    assert answers(desk, "saved.db") == answers(desk, desk.store)
    assert desk.tix("--store", "saved.db", "db", "check", "--json").json[0]["status"] == "ok"
    assert "already exists" in desk.tix("db", "backup", "saved.db", check=5).err
    desk.tix("new", "Later", "-m", "x")
    desk.tix("db", "backup", "saved.db", "--force")
    assert "Later" in desk.tix("--store", "saved.db", "list").out
    assert [path.name for path in desk.folder.iterdir() if path.name.startswith(".")] == []


def test_a_restore_takes_the_place_of_the_desk_and_keeps_the_old_tables(desk: Shell):
    furnish(desk)
    desk.tix("db", "backup", "saved.db")
    before = answers(desk, desk.store)
    desk.tix("new", "Written later", "-m", "x")
    assert "the old tables would be kept" in desk.tix("db", "restore", "saved.db", "--dry-run").err
    assert "Written later" in desk.tix("list").out
    desk.tix("user", "add", "bob", "--role", "agent")
    desk.tix("db", "restore", "saved.db", "--yes", as_="bob", check=4)
    kept = desk.tix("db", "restore", "saved.db", "--yes", "--json").json["kept"]
    assert kept.startswith("tix_before_")
    assert answers(desk, desk.store) == before
    # The old desk can be read, and copied, in its schema.
    old = f"{desk.store}&options=-csearch_path%3D{kept}"
    assert "Written later" in desk.tix("--store", old, "list").out
    desk.tix("db", "copy", old, "old.db")
    assert "Written later" in desk.tix("--store", "old.db", "list").out
    assert {
        name for (name,) in rows(desk.store, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tix%'")
    } == {kept}
    desk.tix("new", "Next", "-m", "x")


def test_a_restore_that_is_killed_changes_nothing_and_leaves_nothing(desk: Shell):
    furnish(desk)
    desk.tix("db", "backup", "saved.db")
    desk.tix("new", "Stays", "-m", "x")
    with psycopg.connect(desk.store) as other:  # what a killed restore leaves
        other.execute("CREATE SCHEMA tix_restoring; CREATE TABLE tix_restoring.tix_copying (name TEXT)")
    assert "Stays" in desk.tix("list").out
    desk.tix("db", "restore", "saved.db", "--yes")
    assert rows(desk.store, "SELECT count(*) FROM pg_namespace WHERE nspname = 'tix_restoring'") == [(0,)]
    with psycopg.connect(desk.store) as other:
        other.execute("CREATE SCHEMA tix_restoring; CREATE TABLE tix_restoring.pets (name TEXT)")
    assert "was not made by tix" in desk.tix("db", "restore", "saved.db", "--yes", check=5).err
    desk.tix("list")


@pytest.mark.long
def test_a_restore_killed_at_any_time_leaves_one_of_the_desks(desk: Shell):
    furnish(desk)
    desk.tix("db", "backup", "saved.db")
    whole = time_of(["db", "restore", "saved.db", "--yes"], desk)
    desk.tix("new", "Stays", "-m", "x")
    kills = 0
    for place in range(200):
        if kill_within(["db", "restore", "saved.db", "--yes"], desk, whole * (place + 1) / 20):
            break
        kills += 1
        # The server ends what the killed command had begun as soon as it notices.
        assert desk.tix("list", "--all", "--sort", "number", "-o", "ids").out.split() in (
            ["TIX-1", "TIX-2"],
            ["TIX-1", "TIX-2", "TIX-4"],
        )
    assert kills > 3
    assert desk.tix("list", "--all", "--sort", "number", "-o", "ids").out.split() == ["TIX-1", "TIX-2"]


def test_readers_see_the_old_desk_or_the_new_one(desk: Shell):
    """A reader that is at work is waited for, and one that comes meanwhile waits."""
    furnish(desk)
    desk.tix("db", "backup", "saved.db")
    desk.tix("new", "Later", "-m", "x")
    reader = open_store(desk.store)
    with reader.reading():
        assert reader.value("ticket_count") == 3
        running = subprocess.Popen(
            [sys.executable, "-m", "tix", "db", "restore", "saved.db", "--yes"],
            env=desk.environment(), cwd=desk.folder, stderr=subprocess.PIPE,
        )  # fmt: skip
        time.sleep(3)
        assert reader.value("ticket_count") == 3
        assert desk.tix("list", "--all", "--count").out.strip() == "3"
    said = running.communicate()[1].decode()
    assert running.returncode == 0, said
    assert reader.value("ticket_count") == 2
    reader.close()


def test_who_had_the_old_desk_open_notices(desk: Shell):
    """A long-lived store is opened again, and a write that was prepared on the old desk is not made on the new one."""
    furnish(desk)
    desk.tix("db", "backup", "saved.db")
    lasting = long_lived.LongLivedStore(desk.store)
    before = lasting.current()
    assert lasting.current() is before
    writer = open_store(desk.store)
    desk.tix("db", "restore", "saved.db", "--yes")
    after = lasting.current()
    assert after is not before
    server_side = after.execute("SELECT pg_backend_pid()").fetchone()[0]
    with psycopg.connect(desk.store) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (server_side,))
    # A connection that broke meanwhile is no failure of the next request.
    assert lasting.current().value("ticket_count") == 2
    lasting.close()
    with pytest.raises(Exception, match="has just been replaced"), writer.writing():
        pass
    writer.close()


def test_every_table_of_the_engine_moves(server):
    """A table that a new desk has and the list has not would stay behind."""
    address = server.database()
    new = create_store(address)
    with new.writing():
        pass
    new.close()
    there = rows(
        address, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    assert {name for (name,) in there} == set(postgresql.TABLES)
