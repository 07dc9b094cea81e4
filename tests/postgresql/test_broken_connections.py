"""A connection that breaks: what runs again, what ends with exit 6 and its text saved, and that nothing is done twice.

The server ends the connection of a command at a statement that the test chooses, once or always.
"""

import io
import json
from datetime import UTC
from pathlib import Path

import psycopg
import pytest

from tests.harness import Shell
from tix.desk.context import Desk
from tix.desk.tickets import files
from tix.domain.people import Actor, newcomer
from tix.errors import BrokenOff, StorageFailure, StoreBusy
from tix.store import attempts
from tix.store.long_lived import LongLivedStore
from tix.store.postgresql import commits
from tix.store.postgresql.open import create_store, open_store


class Faults:
    """Breaks connections: ``at`` a text that a statement begins with or holds, ``times`` times, before or after it was run."""

    def __init__(self, monkeypatch, server) -> None:
        self.at, self.times, self.is_after, self.broken, self.skip = "", 0, False, 0, 0
        self._server, self._writers = server, set()
        sent = psycopg.Connection.execute

        def execute(wire, sql, *values, **options):
            hit = bool(self.at) and self.at in sql and self.broken < self.times
            hit = hit and (sql != "COMMIT" or wire in self._writers)  # not that of a snapshot
            if "commit_key" in sql:
                self._writers.add(wire)
            if hit and self.skip:
                hit, self.skip = False, self.skip - 1
            if hit and not self.is_after:
                self._end(wire)
            done = sent(wire, sql, *values, **options)
            if hit:
                self._end(wire)
                raise psycopg.OperationalError("server closed the connection unexpectedly")
            return done

        monkeypatch.setattr(psycopg.Connection, "execute", execute)

    def plan(self, at: str, times: int = 1, *, after: bool = False, skip: int = 0) -> None:
        self.at, self.times, self.is_after, self.broken, self.skip = at, times, after, 0, skip

    def _end(self, wire) -> None:
        self.broken += 1
        at, self.at = self.at, ""
        self._server.execute(f"SELECT pg_terminate_backend({wire.info.backend_pid}, 5000)")
        self.at = at
        if self.is_after:
            wire.close()


@pytest.fixture
def faults(monkeypatch, server) -> Faults:
    monkeypatch.setattr(attempts, "SECONDS", 3.0)
    return Faults(monkeypatch, server)


@pytest.fixture
def busy_desk(desk: Shell) -> Shell:
    desk.tix("new", "One", "-m", "x")
    return desk


@pytest.mark.parametrize(
    ("at", "after"),
    [("BEGIN; SET", False), ("BEGIN; SET", True), ("INSERT INTO deed", False), ("INSERT INTO item", False), ("COMMIT", False), ("COMMIT", True)],
)  # fmt: skip
@pytest.mark.parametrize("words", [("-m", "hello"), ()], ids=["flag", "pipe"])
def test_a_reply_whose_connection_breaks_is_there_once(busy_desk: Shell, faults, at, after, words):
    """Wherever it breaks, also with the text on a pipe, which cannot be read twice."""
    faults.plan(at, after=after)
    done = busy_desk.tix("reply", 1, *words, stdin=None if words else "hello")
    assert faults.broken == 1
    assert "Replied" in done.err or done.out == "TIX-1\n"
    faults.plan("")
    thread = busy_desk.tix("show", 1, "--json").json["thread"]
    assert [one["body"] for one in thread if one["body"] == "hello"] == ["hello"]


@pytest.mark.parametrize("at", ["SELECT", "BEGIN ISOLATION"])
@pytest.mark.parametrize(
    "words", [("list", "-o", "ids"), ("show", "1", "-o", "ids"), ("search", "One", "-o", "ids")]
)
def test_what_only_reads_reads_again(busy_desk: Shell, faults, at, words):
    faults.plan(at)
    assert "TIX-1" in busy_desk.tix(*words).out


def test_the_first_command_of_a_desk_makes_it_once(desk: Shell, faults):
    """Tables and the first ticket are one transaction, which is lost, or is not answered."""
    faults.plan("COMMIT", after=True)
    assert desk.tix("new", "One", "-m", "x").out == "TIX-1\n"
    assert faults.broken == 1
    faults.plan("INSERT INTO deed")
    assert desk.tix("new", "Two", "-m", "x").out == "TIX-2\n"


def test_a_server_that_stays_away_ends_the_command_and_the_text_is_saved(busy_desk: Shell, faults):
    faults.plan("INSERT INTO item", times=1000)
    done = busy_desk.tix("reply", 1, stdin="a text of mine", check=6)
    assert "nothing was written" in done.err
    assert Path(done.err.partition("your text is saved: ")[2].strip()).read_text() == "a text of mine"
    faults.plan("")
    assert "a text of mine" not in busy_desk.tix("show", 1, "--json").out


def test_a_commit_whose_outcome_nobody_knows_says_so(busy_desk: Shell, faults, monkeypatch):
    """The key cannot be asked for: exit 7, and the hint to look before the next attempt."""
    monkeypatch.setattr(commits, "is_committed", _unreachable)
    faults.plan("COMMIT", after=True)
    done = busy_desk.tix("reply", 1, stdin="a text of mine", check=7)
    assert "while the change was being saved" in done.err
    assert "check whether" in done.err
    assert "your text is saved" in done.err


def _unreachable(_store):
    raise StoreBusy("nobody answers")


@pytest.mark.parametrize("after", [False, True])
def test_a_key_of_the_person_holds_over_a_break(busy_desk: Shell, faults, after):
    """``--idempotency-key``: the run that is repeated is the same command, and a later one with the key is told so."""
    for words in (
        ("new", "Two", "-m", "x", "--idempotency-key", "k1"),
        ("client", "add", "Acme", "--idempotency-key", "k2"),
    ):
        faults.plan("COMMIT", after=after)
        busy_desk.tix(*words)
        assert faults.broken == 1
        faults.plan("")
        busy_desk.tix(*words)
    assert len(busy_desk.tix("list", "--json").json) == 2
    assert len(busy_desk.tix("client", "list", "--json").json) == 1


def test_references_on_a_pipe_are_kept(busy_desk: Shell, faults):
    busy_desk.tix("new", "Two", "-m", "x")
    faults.plan("INSERT INTO deed")
    busy_desk.tix("close", "-", stdin="1 2")
    assert faults.broken == 1
    faults.plan("")
    assert busy_desk.tix("list", "-o", "ids").out == ""


def test_a_text_from_the_editor_is_not_asked_for_twice(busy_desk: Shell, faults, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\nsleep 0.1\necho run >> {tmp_path}/runs\necho 'from the editor' > $1\n")
    editor.chmod(0o755)
    faults.plan("INSERT INTO deed")
    busy_desk.tix("reply", 1, "--editor", env={"TIX_EDITOR": str(editor)})
    assert (faults.broken, (tmp_path / "runs").read_text()) == (1, "run\n")
    faults.plan("")
    assert busy_desk.tix("show", 1, "--json").out.count("from the editor") == 1


def test_what_reads_stdin_as_it_goes_does_not_run_again(busy_desk: Shell, faults):
    """``tix apply``: a line that was broken off was not done, and the lines before it were, and answered."""
    lines = "".join(json.dumps({"argv": ["note", "1", "-m", f"n{n}"]}) + "\n" for n in range(3))
    faults.plan("INSERT INTO deed")
    done = busy_desk.tix("apply", "-", stdin=lines, check=6)
    assert "nothing was written" in done.err
    faults.plan("")
    assert '"n0"' not in busy_desk.tix("show", 1, "--json").out


def test_a_command_that_has_written_something_says_so(busy_desk: Shell, faults):
    """Several transactions in one command, the second broken off: it does not run again, nor say that nothing was written."""
    lines = "".join(json.dumps({"argv": ["note", "1", "-m", f"n{n}"]}) + "\n" for n in range(2))
    (busy_desk.folder / "lines").write_text(lines)
    faults.plan("INSERT INTO deed", skip=1)
    done = busy_desk.tix("apply", "lines", check=6)
    assert "have been written before" in done.err
    faults.plan("")
    assert [one["body"] for one in busy_desk.tix("show", 1, "--json").json["thread"]].count("n0") == 1


def test_a_commit_that_no_standby_has_is_asked_after(server, monkeypatch):
    """A warning 01000 at the commit: the wait for the standby was cancelled. Whoever finds the key waits for it."""
    store = create_store(server.database())
    with store.writing():
        pass
    asked = []
    monkeypatch.setattr(commits, "is_committed", lambda one: bool(asked.append(one)) or True)
    with store.writing():
        store.run("setting_put", key="prefix", value="HD-")
        store.execute("DO $$ BEGIN RAISE WARNING 'before the commit is no matter'; END $$")
    assert asked == []
    store.execute(
        "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'as a cancelled wait'; RETURN NULL; END $$"
    )
    store.execute(
        "CREATE CONSTRAINT TRIGGER warns AFTER UPDATE ON setting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn()"
    )
    with store.writing():
        store.run("setting_put", key="prefix", value="AB-")
    assert len(asked) == 1
    store.close()


def test_keys_are_forgotten_after_a_day(server):
    store = create_store(server.database())
    with store.writing():
        store.execute("UPDATE commit_key SET made_at = now() - interval '25 hours'")
        store.execute(
            "INSERT INTO commit_key (key, made_at) VALUES (gen_random_uuid(), now() - interval '23 hours')"
        )
    count = "SELECT count(*) FROM commit_key"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commits, "REMOVES", "")
        with store.writing():
            pass
    assert store.execute(count).fetchone() == (2,)  # that of 23 hours, and this one's
    store.close()


def test_a_lock_that_is_not_free_leaves_no_transaction_behind(server, monkeypatch):
    """The store of a server goes on after somebody waited in vain."""
    address = server.database()
    create_store(address).close()
    first = create_store(address)
    with first.writing():
        pass
    second = open_store(address)
    second.connection.busy_seconds = 1
    with first.writing():
        with pytest.raises(StoreBusy), second.writing():
            pass
        assert not second.connection.in_transaction
    with second.writing():
        second.run("setting_put", key="prefix", value="HD-")
    first.close()
    second.close()


class TestLanes:
    """A store that stays open, as each lane of a server has one."""

    @pytest.fixture
    def lane(self, server):
        address = server.database()
        made = create_store(address)
        with made.writing():
            pass
        made.close()
        lane = LongLivedStore(address)
        lane.current()
        yield lane
        lane.close()

    @staticmethod
    def _put(store) -> None:
        with store.writing():
            store.run("setting_put", key="prefix", value="HD-")

    @pytest.mark.parametrize("at", ["BEGIN; SET", "INSERT INTO setting", "COMMIT"])
    def test_work_that_was_broken_off_is_done_again(self, lane, faults, at):
        runs = []

        def work(store):
            runs.append(1)
            self._put(store)

        faults.plan(at)
        lane.do(work)
        assert (faults.broken, len(runs)) == (1, 1 if at == "BEGIN; SET" else 2)
        assert lane.do(lambda store: dict(store.run("settings").fetchall())) == {"prefix": "HD-"}

    def test_work_that_has_written_is_not_done_again(self, lane, faults):
        """Two transactions, the second broken off: the caller has to know."""
        runs = []

        def work(store):
            runs.append(1)
            faults.plan("")
            self._put(store)
            faults.plan("INSERT INTO setting")
            self._put(store)

        with pytest.raises(BrokenOff):
            lane.do(work)
        assert len(runs) == 1

    def test_a_server_that_was_gone_before_is_told_at_once(self, faults):
        lane = LongLivedStore("postgresql://postgres@/x?host=/nowhere")
        with pytest.raises(StoreBusy):
            lane.do(lambda store: None)

    def test_an_upload_that_is_judged_again_has_its_bytes(self, lane, monkeypatch):
        judged, sizes = files.accept, []

        def accept(desk, uploads):
            sizes.append([one.file.size for one in uploads])
            if len(sizes) == 1:
                raise BrokenOff("the connection broke")
            judged(desk, uploads)

        monkeypatch.setattr(files, "accept", accept)
        parts = [("a.txt", io.BytesIO(b"some text"))]
        (found,) = lane.do(
            lambda store: files.received(Desk(store, Actor(newcomer("x", "X")), 0, lambda: UTC), parts)
        )
        assert (sizes, found.data) == ([[9], [9]], b"some text")

    @pytest.mark.parametrize("code", ["40P01", "40001", "08P01", "57P01"])
    def test_what_the_server_gave_up_is_tried_again(self, lane, code):
        """A deadlock, a conflict, what PgBouncer says of a backend that ended, and an administrator's end."""
        runs = []

        def work(store):
            runs.append(1)
            with store.writing():
                if len(runs) == 1:
                    store.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '" + code + "'; END $$")
                store.run("setting_put", key="prefix", value="HD-")

        lane.do(work)
        assert len(runs) == 2

    def test_a_database_that_is_read_only_is_one_sentence(self, lane, server):
        name = lane._place.partition("?")[0].rpartition("/")[2]
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        lane.close()
        with pytest.raises(StorageFailure, match="read-only"):
            lane.do(self._put)
