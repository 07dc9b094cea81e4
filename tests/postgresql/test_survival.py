"""Sixteen writers while servers restart, connections end, processes are killed, and a standby takes over.

What was acknowledged is there once; what was refused is not there; numbers have no gaps; a follower misses nothing.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.api.site import new_key
from tests.api.test_serve import process
from tests.harness import PATIENCE_SECONDS, Shell
from tests.postgresql import writers
from tests.postgresql.cluster import Cluster, cluster
from tests.postgresql.test_broken_connections import Faults
from tix.store.postgresql import commits

pytestmark = pytest.mark.long
SYNCED = ("fsync=on", "max_connections=60")
WRITERS = 16


class Load:
    """Writers at work on the desk of a shell."""

    def __init__(self, desk: Shell, count: int = WRITERS, **env: str) -> None:
        self.desk, self._env = desk, env
        self.folder = desk.folder / "writers"
        self.folder.mkdir()
        self._count = 0
        self.running: list[subprocess.Popen[bytes]] = []
        for _ in range(count):
            self.add()

    def add(self) -> None:
        self._count += 1
        words = [sys.executable, "-m", "tests.postgresql.writers", f"w{self._count}", str(self.folder)]
        env = self.desk.environment(env={**self._env, "PYTHONPATH": str(Path.cwd())})
        with (self.folder / "errors").open("ab") as errors:
            self.running.append(subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=errors))

    def kill(self, chance: random.Random) -> None:
        """End a writer at once, and start another."""
        victim = self.running.pop(chance.randrange(len(self.running)))
        victim.kill()
        victim.wait()
        self.add()

    def wait_for(self, acknowledged: int) -> None:
        """Return once so many more commands were acknowledged."""
        until, wanted = time.monotonic() + PATIENCE_SECONDS, self.acknowledged + acknowledged
        while self.acknowledged < wanted:
            assert time.monotonic() < until, (self.folder / "errors").read_text()[-2000:]
            time.sleep(0.05)

    @property
    def acknowledged(self) -> int:
        return sum(path.read_text().count("\n0\t") for path in self.folder.glob("w*"))

    def stop(self) -> writers.Outcome:
        (self.folder / "stop").touch()
        for one in self.running:
            one.wait(PATIENCE_SECONDS)
        return writers.outcome(self.folder)

    @property
    def said(self) -> str:
        return (self.folder / "errors").read_text()


@contextmanager
def follower(desk: Shell) -> Iterator[set[str]]:
    """``tix log --follow`` as a process of its own; the texts that it has printed, once the block has ended."""
    seen: set[str] = set()
    path = desk.folder / "followed"
    with path.open("wb") as out:
        following = desk.start("log", "--follow", "--json", stdout=out, stderr=subprocess.DEVNULL)
    yield seen
    before = -1
    while path.stat().st_size != before:  # what was written last
        before = path.stat().st_size
        time.sleep(2.5)
    following.send_signal(signal.SIGINT)
    following.wait(PATIENCE_SECONDS)
    for line in path.read_text().splitlines():
        record = json.loads(line)
        seen |= {str(record.get(name)) for name in ("body", "subject", "new")}


@pytest.fixture
def own(tmp_path) -> Iterator[tuple[Cluster, Shell]]:
    """A server that syncs its disk, with a desk that has a first ticket."""
    from tests.postgresql import cluster as clusters

    if clusters.programs() is None:
        pytest.skip("needs PostgreSQL, which is not installed")
    with cluster(*SYNCED) as server:
        desk = made(server, tmp_path)
        yield server, desk
        desk.close()


def made(server: Cluster, folder: Path) -> Shell:
    desk = Shell(folder)
    desk.store = desk.env["TIX_STORE"] = server.database()
    desk.tix("init")
    desk.tix("new", "first", "-m", "x")
    return desk


def end_backends(server: Cluster, name: str, chance: random.Random, count: int) -> None:
    for _ in range(count):
        time.sleep(chance.random() / 10)
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid != pg_backend_pid() ORDER BY random() LIMIT 1"
        )


def test_writers_survive_restarts_ended_backends_and_kills(own):
    """Twenty restarts without a shutdown, hundreds of ended backends, a dozen killed processes."""
    server, desk = own
    chance = random.Random(20)
    name = desk.store.partition("?")[0].rpartition("/")[2]
    with follower(desk) as seen:
        load = Load(desk)
        for turn in range(20):
            load.wait_for(6)
            end_backends(server, name, chance, 4)
            if turn % 2:
                load.kill(chance)
            server.stop("immediate")
            server.start(*SYNCED)
        load.wait_for(30)
        found = load.stop()
    assert writers.faults(desk, found, seen) == [], load.said[-2000:]
    assert len(found.acknowledged) > 150
    assert "this is a bug" not in load.said


def test_the_same_through_a_server(own):
    """``tix serve`` on the database, restarted beneath it: its lanes connect again, and do the work again."""
    server, desk = own
    desk.tix("user", "add", "ada", "--role", "admin")
    key = new_key(desk, "ada")
    name = desk.store.partition("?")[0].rpartition("/")[2]
    chance = random.Random(5)
    with follower(desk) as seen, process(desk) as (port, _):
        load = Load(desk, TIX_STORE=f"http://127.0.0.1:{port}", TIX_TOKEN=key)
        for _ in range(5):
            load.wait_for(20)
            end_backends(server, name, chance, 5)
            server.stop("immediate")
            server.start(*SYNCED)
        load.wait_for(30)
        found = load.stop()
    assert writers.faults(desk, found, seen) == [], load.said[-2000:]


@pytest.mark.parametrize(("claims", "after", "fault"), [(False, True, "2 times"), (True, False, "is lost")])
def test_a_planted_fault_is_found(server, tmp_path, monkeypatch, claims, after, fault):
    """Control: without the key a command is done twice, or a write that is lost is acknowledged."""
    desk = made(server, tmp_path)
    monkeypatch.setattr(commits, "is_committed", lambda store: store.connect_again() or claims)
    broken = Faults(monkeypatch, server)
    folder = tmp_path / "writers"
    folder.mkdir()
    broken.plan("COMMIT", after=after)
    status = desk.tix("reply", 1, "-m", "w1.1").code
    broken.plan("")
    (folder / "w1").write_text(f"begun\tw1.1\n{status}\tw1.1\tTIX-1\n")
    wrong = writers.faults(desk, writers.outcome(folder))
    assert len(wrong) == 1
    assert fault in wrong[0]


def test_too_few_connections_and_a_lock_that_is_held(tmp_path):
    """Three connections for sixteen writers: each is done, or refused with exit 6 and nothing written."""
    from tests.postgresql import cluster as clusters

    if clusters.programs() is None:
        pytest.skip("needs PostgreSQL, which is not installed")
    with cluster(
        "fsync=off", "max_connections=5", "superuser_reserved_connections=0", "max_wal_senders=0"
    ) as server:
        desk = made(server, tmp_path)
        load = Load(desk)
        time.sleep(8)
        found = load.stop()
        assert writers.faults(desk, found) == [], load.said[-2000:]
        assert found.refused
        assert found.acknowledged
        assert "no connection left" in load.said


def test_a_full_disk_ends_a_write_with_its_text_saved(own, tmp_path):
    """The tables are in a small file system. What is refused is not there; with room again all goes on."""
    server, _ = own
    folder = server.folder / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=777", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a file system")
    try:
        (folder / "space").mkdir()
        shutil.chown(folder / "space", "postgres")
        server.execute(f"CREATE TABLESPACE small LOCATION '{folder}/space'")
        desk = Shell(tmp_path)
        desk.store = desk.env["TIX_STORE"] = server.database(
            "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' TABLESPACE small"
        )
        desk.tix("new", "first", "-m", "x")
        ballast = folder / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(65_536)):
                pass
        texts, refused = [f"w1.{n} " + random.Random(n).randbytes(60_000).hex() for n in range(1, 30)], []
        for text in texts:
            done = desk.tix("reply", 1, stdin=text, check=None)
            assert done.code in (0, 7), done
            if done.code == 7:
                refused.append(text)
                assert "disk" in done.err
                assert Path(done.err.partition("your text is saved: ")[2].strip()).read_text() == text
                break
        assert refused
        assert desk.tix("list", "-o", "ids").out == "TIX-1\n"
        ballast.unlink()
        desk.tix("reply", 1, "-m", "again")
        bodies = [one["body"] for one in desk.tix("show", 1, "--json").json["thread"]]
        assert not set(refused) & set(bodies)
        assert [text for text in texts[: texts.index(refused[0])] if bodies.count(text) != 1] == []
        assert [one for one in desk.tix("doctor", "--json").json if one["status"] == "failed"] == []
        server.execute(f"DROP DATABASE {desk.store.partition('?')[0].rpartition('/')[2]}")
        server.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
