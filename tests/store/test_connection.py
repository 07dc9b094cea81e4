"""A connection: what is in force, how a transaction ends, what an error means."""

import gc
import sqlite3
import stat
import threading
import weakref
from contextlib import closing
from pathlib import Path

import pytest

from tix.errors import DamagedStore, ForeignStore, NewerStore, StorageFailure, StoreBusy
from tix.store import connection
from tix.store.compiled import sqlite as compiled
from tix.store.connection import Store, failure
from tix.store.database import Connection, _watch
from tix.store.file_header import examine
from tix.store.open import create_store, empty_store, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A new store that has had its first commit."""
    path = tmp_path / "desk.db"
    with closing(create_store(path)) as store, store.writing():
        pass
    return path


def _put(store: Store, value: str) -> None:
    store.run("setting_put", key="prefix", value=value)


def _prefix(path: Path) -> list[str]:
    with closing(open_store(path)) as store:
        return [value for key, value in store.run("settings") if key == "prefix"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("foreign_keys", 1),
        ("synchronous", 3),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("secure_delete", 1),
        ("mmap_size", 0),
        ("journal_mode", "delete"),
        ("application_id", compiled.APPLICATION_ID),
        ("user_version", compiled.SCHEMA_VERSION),
    ],
)
def test_what_the_reliability_page_decides_is_in_force(path: Path, name: str, value: object) -> None:
    """On a store just opened and on one just made."""
    with closing(open_store(path)) as store:
        row = store.execute(f"PRAGMA {name}").fetchone()
    assert (row or (0,))[0] == value
    with closing(create_store(path.with_name("second.db"))) as store:
        with store.writing():
            pass
        row = store.execute(f"PRAGMA {name}").fetchone()
    assert (row or (0,))[0] == value


def test_a_new_store_appears_with_its_first_commit(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with closing(create_store(path)) as store:
        assert not path.exists()
        with store.writing():
            _put(store, "ABC-")
            assert not path.exists()
        assert store.created
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _prefix(path) == ["ABC-"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["desk.db"]


def test_a_new_store_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = create_store(tmp_path / "desk.db")
    with pytest.raises(ZeroDivisionError), store.writing():
        _put(store, str(1 // 0))
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_is_there_is_not_made_again(path: Path) -> None:
    with pytest.raises(FileExistsError):
        create_store(path)
    path.unlink()
    path.symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        create_store(path)


def test_what_a_killed_creation_left_is_cleaned_away(tmp_path: Path) -> None:
    stale = tmp_path / ".desk.db.123.new"
    stale.write_bytes(b"half a store")
    other = tmp_path / ".other.db.123.new"
    other.touch()
    with closing(create_store(tmp_path / "desk.db")) as store, store.writing():
        pass
    assert not stale.exists()
    assert other.exists()


def test_a_failed_transaction_is_as_if_it_had_not_been(path: Path) -> None:
    def interrupted() -> None:
        with store.writing():
            _put(store, "ABC-")
            raise KeyboardInterrupt

    with closing(open_store(path)) as store:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert not store.connection.in_transaction
        with store.writing():
            pass
    assert _prefix(path) == []


def test_a_write_takes_its_lock_at_the_start(path: Path) -> None:
    """IMMEDIATE: two who read and then write would otherwise both have read before either wrote."""
    with closing(open_store(path)) as store, store.writing():
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_a_read_within_a_write_is_the_same_transaction(path: Path) -> None:
    with closing(open_store(path)) as store, store.writing():
        _put(store, "ABC-")
        with store.reading():
            assert ("prefix", "ABC-") in store.run("settings").fetchall()
        assert store.connection.in_transaction


@pytest.mark.parametrize("what", ["reading", "writing", "together"])
@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_transaction_that_is_let_go_of_after_the_file_says_nothing(path: Path, what: str) -> None:
    """A signal can come between a ``with`` and its body: Python ends the generator whenever it gets to it."""
    store = open_store(path)
    broken_off = getattr(store, what)()
    broken_off.__enter__()
    if what != "reading":
        _put(store, "ABC-")
    store.close()
    del broken_off
    gc.collect()
    assert _prefix(path) == []


def test_several_statements_of_one_read_see_one_moment(path: Path) -> None:
    with closing(open_store(path)) as reader, closing(open_store(path)) as writer:
        with reader.reading():
            before = reader.run("settings").fetchall()
            done = threading.Event()

            def write() -> None:
                with closing(open_store(path)) as store, store.writing():
                    _put(store, "ABC-")
                done.set()

            thread = threading.Thread(target=write)
            thread.start()
            assert not done.wait(0.3)
            assert reader.run("settings").fetchall() == before
        thread.join()
        assert ("prefix", "ABC-") in writer.run("settings").fetchall()


def test_a_busy_store_is_waited_for_and_said_once(path: Path) -> None:
    said = []
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(2.5, lambda: holder.execute("ROLLBACK"))
    timer.start()
    with closing(open_store(path, lambda: said.append("waiting"))) as store, store.writing():
        _put(store, "ABC-")
    timer.join()
    holder.close()
    assert said == ["waiting"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, StoreBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusy),
        (sqlite3.SQLITE_LOCKED, StoreBusy),
        (sqlite3.SQLITE_FULL, StorageFailure),
        (sqlite3.SQLITE_READONLY, StorageFailure),
        (sqlite3.SQLITE_READONLY_DIRECTORY, StorageFailure),
        (sqlite3.SQLITE_IOERR_FSYNC, StorageFailure),
        (sqlite3.SQLITE_CANTOPEN, StorageFailure),
        (sqlite3.SQLITE_CORRUPT, DamagedStore),
        (sqlite3.SQLITE_CORRUPT_VTAB, DamagedStore),
        (sqlite3.SQLITE_NOTADB, DamagedStore),
    ],
)
def test_an_error_of_sqlite_is_a_failure_with_a_name(code: int, kind: type[Exception]) -> None:
    error = sqlite3.OperationalError("words of the database")
    error.sqlite_errorcode = code
    assert isinstance(failure(error, Path("desk.db")), kind)


def test_an_error_that_is_a_fault_of_ours_stays_one() -> None:
    with pytest.raises(sqlite3.OperationalError):
        failure(sqlite3.OperationalError('near "SELEC": syntax error'), Path("desk.db"))


def test_what_is_not_ours_is_told_apart(path: Path) -> None:
    whole = path.read_bytes()
    for content, kind in (
        (b"", DamagedStore),
        (b"text", ForeignStore),
        (whole[:99], ForeignStore),
        (whole[:68] + bytes(4) + whole[72:], ForeignStore),
        (whole[:60] + (99).to_bytes(4, "big") + whole[64:], NewerStore),
    ):
        path.write_bytes(content)
        with pytest.raises(kind):
            examine(path)
        with pytest.raises(kind):
            open_store(path)
        assert path.read_bytes() == content


def test_an_empty_desk_is_in_memory(tmp_path: Path) -> None:
    with closing(empty_store(tmp_path / "desk.db")) as store:
        assert not store.exists
        assert store.run("settings").fetchall() == []
    assert list(tmp_path.iterdir()) == []


def test_the_wait_is_thirty_seconds() -> None:
    """The reliability page says so; `tests/soak` waits it out."""
    assert connection.BUSY_SECONDS == 30


def test_what_watches_for_signals_can_be_given_up():
    """A connection that is closed leaves it where it stands."""
    watching = _watch([])
    assert next(watching) == 0
    watching.close()
    assert next(watching, None) is None


def test_a_connection_forgets_its_cursors():
    """Python keeps a weak reference to each, and drops those that are dead only where ``cursor`` is called."""

    def references() -> int:
        return sum(type(one) is weakref.ref for one in gc.get_objects())

    opened = Connection(":memory:")
    opened.execute("CREATE TABLE t (a)")
    before = references()
    for _ in range(1000):
        opened.execute("SELECT 1").fetchone()
        opened.executemany("INSERT INTO t VALUES (?)", [(1,)])
    assert references() - before < 500
    opened.close()
