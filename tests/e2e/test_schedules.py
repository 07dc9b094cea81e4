"""A schedule makes one ticket for each of its moments, whoever ticks, however many at once, and whatever kills them."""

import random
import shutil
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import Shell
from tests.soak.races import crowd, together
from tix.desk.schedules import run
from tix.store.setup import schedules as rows

pytestmark = pytest.mark.long

NOON = "2027-01-20T12:00:00Z"


def scheduled(desk: Shell, count: int) -> None:
    """As many schedules, all due."""
    desk.tix("schedule", "add", "s0", "--subject", "Run s0", "-m", "x", "--every", "weekly", "-a", "ann")
    with closing(sqlite3.connect(desk.store)) as store, store:
        columns = [row[1] for row in store.execute("PRAGMA table_info(schedule)")][3:]
        plain = ", ".join(columns)
        for number in range(1, count):
            store.execute(
                f"INSERT INTO schedule (name, owner, subject, {plain}) "
                f"SELECT 's{number}', owner, 'Run s{number}', {plain} FROM schedule WHERE name = 's0'"
            )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path)
    shell.now = NOON
    shell.tix("init")
    shell.people("ann:agent")
    yield shell
    shell.close()


def subjects(desk: Shell) -> Counter[str]:
    """How many tickets there are of each schedule."""
    return Counter(one["subject"] for one in desk.tix("list", "--all", "--json").json)


def test_eight_who_tick_at_once_make_each_ticket_once(desk: Shell) -> None:
    """They all wait for one lock, which is then let go; together they count as many as there are."""
    scheduled(desk, 40)
    results = together(desk, [(None, ["tick", "--json"])] * 8)
    assert [result.code for result in results] == [0] * 8
    assert sum(result.json["scheduled"] for result in results) == 40
    assert subjects(desk) == Counter({f"Run s{number}": 1 for number in range(40)})
    assert desk.tix("tick", "--json").json["scheduled"] == 0
    desk.tix("doctor")


def test_ticks_that_follow_each_other_make_each_moment_once(desk: Shell) -> None:
    """Four who tick again and again while the days go by."""
    scheduled(desk, 5)
    for week in ("20", "27"):
        desk.now = f"2027-01-{week}T12:00:00Z"
        crowd(desk, 4, 3, lambda *_: ["tick"])
    assert subjects(desk) == Counter({f"Run s{number}": 2 for number in range(5)})


def test_a_killed_tick_makes_each_ticket_once(desk: Shell) -> None:
    """SIGKILL at random instants: a schedule has gone on if and only if its ticket is there; the next tick goes on."""
    scheduled(desk, 250)
    base = desk.folder / "base.db"
    shutil.copy2(desk.store, base)
    started = time.monotonic()
    desk.tix("tick", process=True)  # as long as those that are killed
    seconds = time.monotonic() - started
    chance, killed, halfway = random.Random("schedules"), 0, 0
    for _ in range(12):
        for left in desk.folder.glob("desk.db*"):
            left.unlink()
        shutil.copy2(base, desk.store)
        process = desk.start("tick")
        time.sleep(chance.uniform(0.2, 1.0) * seconds)
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        listed = desk.tix("schedule", "list", "--json").json
        gone_on = {one["subject"] for one in listed if one["last_at"] is not None}
        assert subjects(desk) == Counter(dict.fromkeys(gone_on, 1))
        halfway += 0 < len(gone_on) < 250
        desk.tix("tick")
        assert subjects(desk) == Counter({f"Run s{number}": 1 for number in range(250)})
    assert killed > 3
    assert halfway > 0
    desk.tix("doctor")


# ------------------------------------------------------------------------------------------ planted faults


def test_a_second_look_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: two who have both seen it due make two tickets where neither looks whether it has gone on."""
    from tests.factories import world
    from tix.desk.schedules.schedules import Times, add
    from tix.desk.tickets.request import TicketRequest
    from tix.domain.schedules.recurrence import zone_of

    with world(tmp_path) as made:
        root = made.desk("root")
        add(root, "s", TicketRequest(subject="Run", body="x"), Times(zone_of("UTC"), "weekly"))
        assert [run.fire(root, ["s"], _never) for _ in range(2)] == [1, 0]
        stale = rows.SCHEDULES.get(made.store, "s")
        assert stale is not None
        stale = stale._replace(next_at=stale.last_at)
        monkeypatch.setattr(rows.SCHEDULES, "get", lambda store, name: stale)
        assert run.fire(root, ["s"], _never) == 0, "the row count says that somebody was there"
        monkeypatch.setattr(rows, "advance", lambda *given: True)
        assert run.fire(root, ["s"], _never) == 1


def _never(error: Exception) -> None:
    raise error
