"""A standby beside the server: it takes over under load, is read from, and PgBouncer in front of a server.

Two clusters of one machine, by streaming replication. With a synchronous standby nothing that was acknowledged is lost;
with an asynchronous one some is, which shows that the trial can see it.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.harness import PATIENCE_SECONDS, Shell
from tests.postgresql import cluster as clusters
from tests.postgresql import writers
from tests.postgresql.cluster import Cluster, cluster
from tests.postgresql.test_survival import Load, end_backends, follower, made

QUICK = ("fsync=off", "full_page_writes=off", "max_connections=60", "wal_receiver_timeout=5s")


class Pair:
    """Two clusters; ``first`` is written to, ``second`` follows it."""

    def __init__(self, first: Cluster, second: Cluster, *, is_synchronous: bool) -> None:
        self.first, self.second = first, second
        self._is_synchronous = is_synchronous
        self.follow()

    def follow(self) -> None:
        """Make ``second`` anew, as a standby of ``first``."""
        shutil.rmtree(self.second.data, ignore_errors=True)
        conninfo = f"{self.first.server} application_name=standby"
        # Nothing waits for a standby that is not there yet.
        self.first.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        self.first.execute("SELECT pg_reload_conf()")
        self.second.run("pg_basebackup", "-D", str(self.second.data), "-d", conninfo, "-R", "-c", "fast")
        self.second.start(*QUICK)
        self._wait("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
        if self._is_synchronous:
            self.first.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
            self.first.execute("SELECT pg_reload_conf()")
            self._wait("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")

    def _wait(self, sql: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while self.first.execute(sql) == [(0,)]:
            assert time.monotonic() < until
            time.sleep(0.05)

    def fail_over(self) -> None:
        """Kill the server that is written to, as a power cut would; the other takes its place."""
        os.kill(int((self.first.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        self.second.run("pg_ctl", "-D", str(self.second.data), "-w", "promote")
        self.first, self.second = self.second, self.first

    def stop_receiver(self) -> int:
        """Stop the standby's receiver: what is committed from here on it has not got. Return its process."""
        ((pid,),) = self.second.execute("SELECT pid FROM pg_stat_wal_receiver")
        os.kill(pid, signal.SIGSTOP)
        return int(pid)

    def address(self, database: str, **options: str) -> str:
        more = "".join(f"&{name}={value}" for name, value in options.items())
        both = (self.first, self.second)
        hosts, ports = ",".join(str(one.folder) for one in both), ",".join(str(one.port) for one in both)
        return f"postgresql://postgres@/{database}?host={hosts}&port={ports}{more}"


@contextmanager
def pair(*, is_synchronous: bool) -> Iterator[Pair]:
    if clusters.programs() is None:
        pytest.skip("needs PostgreSQL, which is not installed")
    with cluster(*QUICK) as first, cluster(*QUICK, port=clusters.PORT + 1) as second:
        second.stop()
        yield Pair(first, second, is_synchronous=is_synchronous)


def desk_on(pair: Pair, folder: Path) -> tuple[Shell, str]:
    """A desk on both, with a first ticket, and the name of its database."""
    desk = made(pair.first, folder)
    name = desk.store.partition("?")[0].rpartition("/")[2]
    desk.store = desk.env["TIX_STORE"] = pair.address(name)
    return desk, name


@pytest.mark.long
def test_ten_failovers_lose_nothing_that_was_acknowledged(tmp_path):
    with pair(is_synchronous=True) as both:
        desk, _ = desk_on(both, tmp_path)
        with follower(desk) as seen:
            load = Load(desk, 8)
            for _ in range(10):
                load.wait_for(8)
                both.fail_over()
                load.wait_for(1)
                both.follow()
            load.wait_for(8)
            found = load.stop()
        assert writers.faults(desk, found, seen) == [], load.said[-2000:]
        assert len(found.acknowledged) > 100
        assert "this is a bug" not in load.said


@pytest.mark.long
def test_an_asynchronous_standby_loses_some_and_the_trial_sees_it(tmp_path):
    """Control."""
    with pair(is_synchronous=False) as both:
        desk, _ = desk_on(both, tmp_path)
        load = Load(desk, 4)
        load.wait_for(8)
        receiver = both.stop_receiver()
        load.wait_for(8)
        (load.folder / "stop").touch()
        for one in load.running:
            one.wait(PATIENCE_SECONDS)
        os.kill(receiver, signal.SIGKILL)
        both.fail_over()
        wrong = writers.faults(desk, writers.outcome(load.folder))
        assert [one for one in wrong if one.endswith("is lost")]


@pytest.mark.long
def test_a_cancelled_wait_for_the_standby_is_no_success(tmp_path):
    """An administrator cancels the wait: the commit is there, and the standby has not got it. tix waits until it has."""
    with pair(is_synchronous=True) as both:
        desk, name = desk_on(both, tmp_path)
        receiver = both.stop_receiver()
        replying = desk.start("reply", "1", "-m", "once")
        waits = f"FROM pg_stat_activity WHERE datname = '{name}' AND wait_event = 'SyncRep'"
        both._wait(f"SELECT count(*) {waits}")
        both.first.execute(f"SELECT pg_cancel_backend(pid) {waits}")
        both._wait(f"SELECT count(*) {waits}")  # on another connection, with the key
        assert replying.poll() is None
        os.kill(receiver, signal.SIGCONT)
        assert replying.wait(PATIENCE_SECONDS) == 0
        assert desk.tix("show", 1, "--json").out.count('"once"') == 1
        desk.close()


@pytest.mark.long
def test_a_standby_is_read_and_refuses_writes_with_one_sentence(tmp_path):
    with pair(is_synchronous=True) as both:
        desk, name = desk_on(both, tmp_path)
        desk.tix("user", "add", "rita", "--role", "requester")
        desk.tix("new", "Printer on fire", "-m", "It burns.", "--for", "rita", "--tag", "hot")
        standby = both.second.address(name)
        looks = (
            ("list", "--json"), ("show", "2", "--json"), ("search", "burns", "--json"), ("log", "--json"), ("stats", "--json"),
            ("inbox", "--json"), ("user", "list", "--json"), ("report", "weeks", "--json"), ("whoami", "--json"), ("export", "-"), ("attach", "list", "2"),
            ("why", "2"), ("doctor", "--json"), ("db", "info", "--json"), ("notify", "list"),
        )  # fmt: skip
        for words in looks:
            for who in ("root", "rita"):
                here = desk.tix(*words, as_=who, check=None)
                for place in (
                    standby,
                    both.address(name, target_session_attrs="prefer-standby"),
                    both.address(name, target_session_attrs="standby"),
                ):
                    there = desk.tix(*words, as_=who, check=None, env={"TIX_STORE": place})
                    assert there.code == here.code, there
                    if words[0] not in (
                        "doctor",
                        "db",
                        "log",
                        "stats",
                        "export",
                        "whoami",
                    ):  # times, and places
                        assert there.out == here.out
        for words in (
            ("new", "x", "-m", "x"),
            ("reply", 2, "-m", "x"),
            ("close", 2),
            ("client", "add", "Acme"),
            ("inbox", "--read"),
        ):
            done = desk.tix(*words, check=None, env={"TIX_STORE": standby})
            if done.code != 2:  # not a command of this tix
                assert done.code == 7, done
                assert "is a standby, and takes no writes" in done.err
                assert len([line for line in done.err.splitlines() if "saved" not in line]) == 2
        assert (
            "standby" in desk.tix("init", check=None, env={"TIX_STORE": both.second.address("postgres")}).err
        )


@contextmanager
def pooler(server: Cluster, folder: Path) -> Iterator[str]:
    """PgBouncer in transaction mode before a server, with few connections; what an address says of it."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("needs pgbouncer, which is not installed")
    place = server.folder / "bouncer"
    place.mkdir()
    (place / "bouncer.ini").write_text(
        f"[databases]\n* = host={server.folder} port={server.port} user=postgres\n[pgbouncer]\nlisten_addr=\nlisten_port=6439\n"
        f"unix_socket_dir={place}\nauth_type=any\npool_mode=transaction\ndefault_pool_size=4\nmax_client_conn=100\n"
        f"logfile={place}/log\npidfile={place}/pid\n"
    )
    for path in (place, place / "bouncer.ini"):
        if os.getuid() == 0:
            shutil.chown(path, "postgres")
    user = "postgres" if os.getuid() == 0 else None
    running = subprocess.Popen(
        [program, "-q", str(place / "bouncer.ini")], user=user, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + PATIENCE_SECONDS
    while not (place / ".s.PGSQL.6439").exists():
        assert running.poll() is None, (place / "log").read_text()
        assert time.monotonic() < until
        time.sleep(0.02)
    try:
        yield f"host={place}&port=6439"
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(PATIENCE_SECONDS)


@pytest.mark.long
def test_a_day_through_a_pooler(tmp_path):
    """More writers than connections, a follower, backends that end; what a desk does in a day, and nothing is set for a session."""
    if clusters.programs() is None:
        pytest.skip("needs PostgreSQL, which is not installed")
    with cluster() as server, pooler(server, tmp_path) as way:
        desk = made(server, tmp_path)
        name = desk.store.partition("?")[0].rpartition("/")[2]
        desk.store = desk.env["TIX_STORE"] = f"postgresql://postgres@/{name}?{way}"
        desk.tix("user", "add", "rita", "--role", "requester", "--email", "rita@x.example")
        chance = random.Random(1)
        with follower(desk) as seen:
            load = Load(desk, 8)
            for _ in range(4):
                load.wait_for(10)
                end_backends(server, name, chance, 3)
            found = load.stop()
        assert writers.faults(desk, found, seen) == [], load.said[-2000:]
        ref = desk.tix(
            "new", "Printer on fire", "-m", "It burns.", "--for", "rita", "--idempotency-key", "k"
        ).ref
        (desk.folder / "a.txt").write_text("some lines\n" * 10_000)
        for words in (
            ("attach", "add", ref, "a.txt"), ("reply", ref, "-m", "On my way."), ("note", ref, "-m", "Hot."), ("edit", ref, "--priority", "urgent"),
            ("time", "add", ref, "25m"), ("resolve", ref, "-m", "Done."), ("undo",), ("search", "burns"), ("list", "--all"), ("show", ref),
            ("stats",), ("export", "all.jsonl", "--all"), ("tick",), ("db", "info"), ("doctor",),
        ):  # fmt: skip
            desk.tix(*words)
        assert (
            desk.tix(
                "new", "Printer on fire", "-m", "It burns.", "--for", "rita", "--idempotency-key", "k"
            ).ref
            == ref
        )
