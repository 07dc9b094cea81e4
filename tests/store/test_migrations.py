"""Bringing an older store to our format: what it becomes, what is kept of it, and what a failure leaves."""

import ast
import json
import re
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text
from sqlmodel import SQLModel

from tests.soak.states import contents, is_whole
from tix.domain.tickets.ticket import opened, play
from tix.domain.tickets.timeline import Item
from tix.errors import DamagedStore, NewerStore, StorageFailure, StoreUnusable
from tix.store import migrations, restore
from tix.store.compiled import sqlite as compiled
from tix.store.connection import Store, connect
from tix.store.migrations import run, schema_2, schema_2_data
from tix.store.migrations.run import STEPS, Migrated, migrate
from tix.store.open import create_store, open_store
from tix.store.statements import compile as statement_compile

pytestmark = pytest.mark.long

STORES = sorted((Path(__file__).parents[1] / "stores").glob("schema-*.db"))
FIRST = next(path for path in STORES if path.stem == "schema-1")
NOW = compiled.SCHEMA_VERSION
EVERY_STORE = pytest.mark.parametrize("fixture", STORES, ids=lambda path: path.stem)


def _format_of(path: Path) -> int:
    (number,) = struct.unpack_from(">I", path.read_bytes(), 60)
    return int(number)


def _put(fixture: Path, folder: Path) -> Path:
    path = folder / "desk.db"
    shutil.copyfile(fixture, path)
    path.chmod(0o660)
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of the first format."""
    return _put(FIRST, tmp_path)


@pytest.fixture
def clocks(tmp_path: Path) -> Path:
    """One in which clocks stood still and began again."""
    return _put(next(path for path in STORES if path.stem == "schema-1-clocks"), tmp_path)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A store that was made as it is."""
    path = tmp_path / "fresh.db"
    with closing(create_store(path)) as store, store.writing():
        pass
    return path


def _beside(path: Path) -> set[str]:
    return {entry.name for entry in path.parent.iterdir()} - {path.name, "fresh.db"}


# ------------------------------------------------------------------------------------------ what it becomes


def test_there_are_old_stores() -> None:
    assert {_format_of(path) for path in STORES} == set(range(1, NOW))


@EVERY_STORE
def test_opening_an_old_store_brings_it_to_our_format(fixture: Path, tmp_path: Path) -> None:
    """In the same file, and the old one is kept whole beside it, for its owner alone."""
    path = _put(fixture, tmp_path)
    before, version = contents(path), _format_of(path)
    kept = path.with_name(f"desk.db.schema-{version}.backup")
    with closing(open_store(path)) as store:
        assert store.migrated == Migrated(version, NOW, kept)
        assert store.execute("PRAGMA user_version").fetchone() == (NOW,)
    assert is_whole(path)
    assert _beside(path) == {kept.name}
    assert contents(kept) == before == contents(fixture)
    assert _format_of(kept) == version
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    with closing(open_store(path)) as store:
        assert store.migrated is None
    assert _beside(path) == {kept.name}


# Tables that have another name since.
_RENAMED = {"idempotency": "keyed_write"}


@EVERY_STORE
def test_no_row_is_lost_or_changed(fixture: Path, tmp_path: Path) -> None:
    """Every table there was has the same rows, longer at their ends at most."""
    path = _put(fixture, tmp_path)
    before = contents(path)
    migrate(path)
    after = contents(path)
    before.pop("tally", None)  # counted anew
    for name, rows in before.items():
        now = after[_RENAMED.get(name, name)]
        assert [row[: len(was)] for row, was in zip(now, rows, strict=True)] == rows, name
    assert sum(map(len, before.values())) > 50


def _schema(path: Path) -> dict[str, str]:
    """The text of everything in a store by name, without what white space and capitals do not say."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: re.sub(r"\s*([(),])\s*", r"\1", " ".join(sql.split())) for name, sql in rows}


@EVERY_STORE
def test_a_migrated_store_has_the_schema_of_a_new_one(fixture: Path, fresh: Path, tmp_path: Path) -> None:
    """To the letter: the order of columns, DESC, WHERE and WITHOUT ROWID are all in it."""
    path = _put(fixture, tmp_path)
    assert _schema(path) != _schema(fresh)
    migrate(path)
    assert _schema(path) == _schema(fresh)
    assert "rank DESC" in _schema(path)["open_queue"]


def test_a_migrated_store_starts_with_the_plans_of_a_new_one(old: Path, fresh: Path) -> None:
    migrate(old)
    assert contents(old)["sla_plan"] == contents(fresh)["sla_plan"]
    assert len(contents(old)["sla_plan"]) == 4


def _found_by_alembic(path: Path) -> list[Any]:
    """What Alembic would have to change for the file to be what the tables say, the full text aside."""

    def include(name: str, kind: str) -> bool:
        return kind != "table" or not name.startswith(("public_text", "internal_text"))

    assert statement_compile.SQLModel.metadata is SQLModel.metadata  # which has read every table there is
    engine = create_engine(f"sqlite:///{path}")
    options = {"include_object": lambda _object, name, kind, *_: include(name, kind)}
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)
    engine.dispose()
    return found


def test_alembic_finds_nothing_to_do_in_a_migrated_store(old: Path) -> None:
    """And it would: not one table, column or index of the new format is missing unseen."""
    assert len(_found_by_alembic(old)) > 20
    migrate(old)
    assert _found_by_alembic(old) == []
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("DROP INDEX by_topic")
        connection.execute("ALTER TABLE person DROP COLUMN teams")
    assert len(_found_by_alembic(old)) == 2


def test_nouns_that_an_import_named_are_there(old: Path) -> None:
    """The first format kept their names and had no nouns."""
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("UPDATE person SET client = 'Acme' WHERE login = 'lan'")
        connection.execute("UPDATE ticket SET client = 'Globex', department = 'Help', team = 'Night'")
        connection.execute("UPDATE ticket SET topic = CASE number WHEN 1 THEN 'B' ELSE 'A' END")
        connection.commit()
    migrate(old)
    after = contents(old)
    assert [row[0] for row in after["client"]] == ["Acme", "Globex"]
    assert [row[0] for row in after["department"]] == ["Help"]
    assert [row[0] for row in after["team"]] == ["Night"]
    assert [(row[0], row[-2]) for row in after["topic"]] == [("A", 0), ("B", 1)]


# ----------------------------------------------------------------------------------------------- the clocks


def test_what_stopped_a_clock_is_worked_out_from_the_timeline(clocks: Path) -> None:
    """Read off the script that made the store, by hand: an hour a command from the first of September."""

    def at(day: int, hour: int) -> int:
        return 1_788_220_800 + (day - 1) * 86_400 + hour * 3600  # 2026-09-01T00:00:00Z

    migrate(clocks)
    with closing(sqlite3.connect(clocks)) as connection:
        rows = connection.execute("SELECT number, clock_at, pauses FROM ticket ORDER BY number").fetchall()
    moved = at(10, 3)  # to a workflow that knows no pause
    assert {number: (clock_at, json.loads(pauses or "[]")) for number, clock_at, pauses in rows} == {
        1: (None, [[at(1, 13), at(1, 14)], [at(1, 15), at(1, 16)]]),
        2: (at(1, 20), [[at(1, 21), at(1, 22)], [at(1, 23), moved]]),
        3: (at(2, 6), []),
        4: (at(9, 11), [[at(9, 12), at(9, 13)]]),
        5: (None, [[at(9, 15), moved]]),
        6: (None, [[at(9, 17), moved], [at(10, 5), at(10, 6)]]),
        7: (at(10, 8), []),
        9: (at(10, 0), [[at(10, 1), at(10, 2)]]),
    }


_SETS = st.fixed_dictionaries(
    {},
    optional={
        "phase": st.sampled_from(["open", "resolved", "closed"]),
        "paused_at": st.none() | st.integers(0, 50),
    },
)


@given(first=_SETS, later=st.lists(st.tuples(st.integers(0, 50), _SETS), max_size=12))
def test_a_clock_is_worked_out_as_the_domain_does(
    first: dict[str, Any], later: list[tuple[int, dict[str, Any]]]
) -> None:
    """Whatever a timeline sets, in any order: the step says what ``evolve`` says of it."""
    head = {"subject": "x", "status": "open", "priority": "medium", "rank": 20, "phase": "open"} | first
    later.sort(key=lambda change: change[0])
    opening = Item("message", 0, "lan", None, "requester", False, body="x", sets=head)
    items = [Item("event", at, "lan", None, "staff", False, sets=sets) for at, sets in later]
    ticket = play(opened(1, "T-", "u", opening), items)
    clock_at, pauses = schema_2_data._clock([(0, head), *later])
    assert (clock_at, pauses) == (ticket.clock_at, [list(pause) for pause in ticket.pause_list()])


# ------------------------------------------------------------------------------------------ what a failure leaves


class _Planned(Exception):
    """A fault of a test."""


class _FailingAt:
    """Alembic's operations, of which the n-th raises."""

    def __init__(self, operations: Operations, countdown: int, error: Exception) -> None:
        self._operations = operations
        self._countdown = countdown
        self._error = error

    def __getattr__(self, name: str) -> Any:
        self._countdown -= 1
        if self._countdown == 0:
            raise self._error
        return getattr(self._operations, name)


def _failing_at(count: int, error: Exception) -> Callable[[Operations, Connection], None]:
    def step(op: Operations, connection: Connection) -> None:
        schema_2.upgrade(_FailingAt(op, count, error), connection)  # type: ignore[arg-type]  # as good as

    return step


def test_a_step_that_fails_anywhere_leaves_the_store_as_it_was(old: Path) -> None:
    """At its first operation, its second … its last: no byte differs, no copy is left, and the next try does it."""
    before = old.read_bytes()
    failed = 0
    for count in range(1, 100):
        try:
            migrate(old, steps={2: _failing_at(count, _Planned())})
        except _Planned:
            failed += 1
        else:
            break
        assert old.read_bytes() == before
        assert _beside(old) == set()
    assert failed > 30
    assert _format_of(old) == 2


def test_a_commit_that_was_killed_is_not_believed(old: Path, tmp_path: Path) -> None:
    """Its new header is in the file already, and its journal takes it back: the format is what SQLite says it is."""
    (tmp_path / "killed").mkdir()
    killed = tmp_path / "killed" / "desk.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # or the journal's number of pages comes with its sync
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA user_version={NOW}")
        for ending in ("", "-journal"):
            shutil.copyfile(f"{old}{ending}", f"{killed}{ending}")
    data = bytearray(killed.read_bytes())
    data[60:64] = NOW.to_bytes(4, "big")
    killed.write_bytes(data)
    assert _format_of(killed) == NOW
    with closing(open_store(killed)) as store:
        assert store.migrated is not None
        assert store.execute("SELECT count(pauses) FROM ticket").fetchone() == (0,)
    assert is_whole(killed)


def test_a_later_step_that_fails_takes_the_earlier_ones_back(old: Path) -> None:
    def third(op: Operations, connection: Connection) -> None:
        connection.execute(text("CREATE TABLE third (x)"))
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    before = old.read_bytes()
    with pytest.raises(StoreUnusable) as refused:
        migrate(old, steps={**STEPS, 3: third})
    assert "format 3: no such table: nowhere" in refused.value.message
    assert "unchanged" in (refused.value.hint or "")
    assert refused.value.exit_status == 8
    assert old.read_bytes() == before
    assert migrate(old) is not None


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE item SET sets = 'no JSON \"phase\"' WHERE id = 6",
        "UPDATE item SET sets = '[\"phase\"]' WHERE id = 6",
        "UPDATE ticket SET topic = x'00ff' WHERE id = 1",
    ],
)
def test_what_no_tix_has_written_is_carried_over_or_refused(old: Path, damage: str) -> None:
    """Somebody's hand in the file is no bug of the step: exit 8 in a sentence, or all is well."""
    with closing(sqlite3.connect(old)) as connection:
        connection.execute(damage)
        connection.commit()
    before = old.read_bytes()
    try:
        migrate(old)
    except StoreUnusable:
        assert old.read_bytes() == before
    else:
        assert is_whole(old)


def test_a_step_that_leaves_a_name_of_nobody_is_refused(old: Path) -> None:
    """Foreign keys are looked at again before anything is committed, whatever was switched off meanwhile."""

    def careless(op: Operations, connection: Connection) -> None:
        schema_2.upgrade(op, connection)
        connection.execute(text("PRAGMA writable_schema=ON"))
        connection.execute(
            text(
                "UPDATE sqlite_master SET sql = replace(sql, 'person (login)', 'client (name)') WHERE name = 'notice'"
            )
        )
        connection.execute(
            text("INSERT INTO notice (login, ticket_id, item_id, reason, at) VALUES ('lan', 1, 1, 'x', 1)")
        )
        connection.execute(text("PRAGMA writable_schema=RESET"))

    before = contents(old)
    with pytest.raises(StoreUnusable, match="a row of notice refers to a missing client"):
        migrate(old, steps={2: careless})
    assert contents(old) == before


def test_a_full_disk_is_said_to_be_full(old: Path) -> None:
    """Exit 7 and how much room it takes; the store and its folder are as before."""

    def hungry(op: Operations, connection: Connection) -> None:
        (pages,) = connection.execute(text("PRAGMA page_count")).one()
        connection.execute(text(f"PRAGMA max_page_count={pages}"))
        schema_2.upgrade(op, connection)

    before = old.read_bytes()
    with pytest.raises(StorageFailure, match="full") as full:
        migrate(old, steps={2: hungry})
    assert "MB of free space" in (full.value.hint or "")
    assert old.read_bytes() == before
    assert _beside(old) == set()


def test_a_damaged_store_is_left_alone(old: Path) -> None:
    """It is looked at before it is copied."""
    with closing(sqlite3.connect(old)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'item'").fetchone()
    data = bytearray(old.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    old.write_bytes(data)
    with pytest.raises(DamagedStore, match=r"the store .* is damaged"):
        open_store(old)
    assert old.read_bytes() == data
    assert _beside(old) == set()


def test_a_store_of_no_known_format_is_left_alone(old: Path) -> None:
    data = bytearray(old.read_bytes())
    for version, error in ((0, DamagedStore), (NOW + 1, NewerStore)):
        data[60:64] = version.to_bytes(4, "big")
        old.write_bytes(data)
        with pytest.raises(error):
            open_store(old)
        assert old.read_bytes() == data
        assert _beside(old) == set()


def test_where_it_may_not_migrate_an_old_store_is_refused(old: Path) -> None:
    """A key press of completion does not wait for it."""
    before = old.read_bytes()
    with pytest.raises(StoreUnusable):
        open_store(old, may_migrate=False)
    assert old.read_bytes() == before
    assert _beside(old) == set()


def test_who_has_waited_does_not_write_into_a_newer_format(fresh: Path) -> None:
    """A tix that was open, in somebody's editor perhaps, when a newer one migrated: it must not write."""
    with closing(open_store(fresh)) as store:
        with closing(connect(fresh)) as newer:
            newer.execute(f"PRAGMA user_version={NOW + 1}")
        with pytest.raises(NewerStore), store.writing():
            raise AssertionError("it may write")
        assert not store.connection.in_transaction


# ------------------------------------------------------------------------------------------- what is kept


def test_nothing_is_overwritten_by_the_copy_that_is_kept(old: Path) -> None:
    """A file, a folder, a link to nowhere: the copy takes the next name."""
    name = "desk.db.schema-1.backup"
    old.with_name(name).write_text("precious")
    old.with_name(f"{name}.1").mkdir()
    old.with_name(f"{name}.2").symlink_to("nowhere")
    before = contents(old)
    done = migrate(old)
    assert done is not None
    assert done.kept == old.with_name(f"{name}.3")
    assert contents(done.kept) == before
    assert old.with_name(name).read_text() == "precious"
    assert str(old.with_name(f"{name}.2").readlink()) == "nowhere"
    assert len(_beside(old)) == 4


def test_a_killed_attempt_leaves_one_copy_however_often(old: Path, tmp_path: Path) -> None:
    """The copy it made is used again if it is what a new one would be, and the half of one is taken away."""
    store = tmp_path / "again.db"
    shutil.copyfile(old, store)
    killed = migrate(old)
    assert killed is not None
    assert killed.kept is not None
    shutil.copyfile(store, old)  # as a kill before the commit would leave it
    half = old.with_name(f".{killed.kept.name}.123.part")
    half.write_bytes(b"half")
    half.with_name(f"{half.name}-journal").touch()
    of_another = old.with_name(".other.db.schema-1.backup.123.part")
    of_another.touch()
    assert migrate(old) == killed
    assert _beside(old) == {killed.kept.name, of_another.name, store.name}


def test_a_copy_that_is_out_of_date_is_kept_apart(old: Path) -> None:
    """An older tix has written since the attempt that made it."""
    stale = old.with_name("desk.db.schema-1.backup")
    shutil.copyfile(old, stale)
    with closing(connect(old)) as connection:
        connection.execute("UPDATE ticket SET subject = 'written since'")
    done = migrate(old)
    assert done is not None
    assert done.kept == old.with_name("desk.db.schema-1.backup.1")
    assert {row[4] for row in contents(done.kept)["ticket"]} == {"written since"}
    assert "written since" not in {row[4] for row in contents(stale)["ticket"]}


def test_the_copy_lies_beside_the_file_a_link_leads_to(old: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(old)
    with closing(open_store(link)) as store:
        assert store.migrated.kept == old.with_name("desk.db.schema-1.backup")
    assert link.is_symlink()
    assert _format_of(old) == NOW


@pytest.mark.parametrize("name", ["a?mode=ro", "100%41.db", "a#b.db", "*[x].db", "ñ€.db", "a\nb.db"])
def test_an_odd_name_is_the_name_of_the_file(old: Path, name: str) -> None:
    odd = old.rename(old.with_name(name))
    odd.with_name(f".{name}.schema-1.backup.123.part").touch()  # of a killed attempt
    done = migrate(odd)
    assert done is not None
    assert done.kept == odd.with_name(f"{name}.schema-1.backup")
    assert _beside(odd) == {done.kept.name}
    assert is_whole(odd)


# -------------------------------------------------------------------------------------------- several at once


def test_of_two_at_once_one_does_it(old: Path) -> None:
    """The other one, who saw an old store too, waits and finds it done: one copy, one set of plans."""
    for _ in range(5):
        shutil.copyfile(FIRST, old)
        for copy in _beside(old):
            old.with_name(copy).unlink()
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(migrate, [old] * 4))
        assert sum(one is not None for one in done) == 1
        assert _beside(old) == {"desk.db.schema-1.backup"}
        assert len(contents(old)["sla_plan"]) == 4


def test_it_waits_for_who_is_writing(old: Path) -> None:
    """An older tix in the middle of a write: what it writes is migrated, and is in the copy."""
    said: list[str] = []
    with closing(connect(old)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE ticket SET subject = 'at the last moment'")
        waiting = pool.submit(migrate, old, lambda: said.append("waiting"))
        while not said:
            pass
        other.execute("COMMIT")
        done = waiting.result()
    assert said == ["waiting"]
    assert done is not None
    assert done.kept is not None
    assert {row[4] for row in contents(done.kept)["ticket"]} == {"at the last moment"}
    assert {row[4] for row in contents(old)["ticket"]} == {"at the last moment"}


def test_the_lock_is_held_from_the_copy_to_the_commit(old: Path) -> None:
    """Nothing an older tix acknowledges can fall between the two; another process has to ask, since ours may."""
    answers = []
    program = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"

    def watched(op: Operations, connection: Connection) -> None:
        other = subprocess.run(
            [sys.executable, "-c", program, old], capture_output=True, text=True, check=False
        )
        answers.append(other.stderr.splitlines()[-1:])
        schema_2.upgrade(op, connection)

    migrate(old, steps={2: watched})
    assert answers == [["sqlite3.OperationalError: database is locked"]]


# ------------------------------------------------------------------------------------------------- restoring


def test_an_old_backup_is_brought_to_our_format_as_it_is_restored(old: Path, fresh: Path) -> None:
    """The backup stays what it is; what is put in the store's place is ours, with no further copy of it."""
    saved = old.with_name("saved.db")
    shutil.copyfile(old, saved)
    before = saved.read_bytes()
    seen: list[int] = []
    kept = restore.restore(saved, fresh, 0, lambda copy: seen.append(_format_of(copy)))
    assert seen == [NOW]
    assert _format_of(fresh) == NOW
    assert len(contents(fresh)["ticket"]) == len(contents(saved)["ticket"]) > 0
    assert saved.read_bytes() == before
    assert kept is not None
    assert _beside(fresh) == {"desk.db", "saved.db", kept.name}
    with closing(open_store(fresh)) as store:
        assert store.migrated is None


def test_who_may_not_restore_changes_nothing(old: Path, fresh: Path) -> None:
    def nobody_may(copy: Path) -> None:
        raise _Planned

    before = fresh.read_bytes()
    with pytest.raises(_Planned):
        restore.restore(old, fresh, 0, nobody_may)
    assert fresh.read_bytes() == before
    assert _beside(fresh) == {"desk.db"}


# ------------------------------------------------------------------------------------------------- the steps


def test_there_is_a_step_to_every_format() -> None:
    assert list(STEPS) == list(range(2, NOW + 1))


@pytest.mark.parametrize(
    "path", sorted(Path(migrations.__path__[0]).glob("schema_*.py")), ids=lambda p: p.stem
)
def test_a_step_is_frozen(path: Path) -> None:
    """It imports nothing of ours but what is frozen with it, since that changes and the step must not."""
    imports = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    modules = {alias.name for node in imports for alias in node.names if isinstance(node, ast.Import)}
    modules |= {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
    assert {module for module in modules if module.split(".")[0] == "tix"} <= {"tix.store.migrations"}
    assert "alembic.operations" in modules


def test_nothing_of_alembic_stays_in_the_store(old: Path) -> None:
    """The format is ``PRAGMA user_version`` and nothing else."""
    migrate(old)
    assert "alembic_version" not in contents(old)
    assert not any("tmp" in name for name in contents(old))


def test_a_store_of_our_format_is_not_touched(fresh: Path) -> None:
    before = fresh.read_bytes()
    assert migrate(fresh) is None
    assert fresh.read_bytes() == before
    assert run._format(Store(connect(fresh), fresh)) == NOW
