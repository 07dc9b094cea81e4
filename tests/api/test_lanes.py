"""Lanes, and the stores they keep open."""

import asyncio
import json
import os
import sqlite3
import threading

import pytest

from tests.api.site import Site
from tests.harness import Shell
from tix.api import problems
from tix.api.server.lanes import Lane
from tix.errors import NewerStore, Overloaded, StoreBusy, StoreUnusable
from tix.store.long_lived import BUSY_SECONDS, LongLivedStore


def test_a_lane_that_is_full_refuses_at_once(desk: Shell):
    desk.tix("init")
    free = threading.Event()

    async def crowd() -> list[object]:
        lane = Lane("reader", desk.store, most_waiting=2)
        held = [asyncio.create_task(lane.run(lambda store: free.wait())) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await lane.run(lambda store: None)
        free.set()
        done = await asyncio.gather(*held)
        after = await lane.run(lambda store: store.execute("SELECT 1").fetchone())
        lane.close()
        return [*done, after]

    assert asyncio.run(crowd())[:2] == [True, True]


def test_a_failure_leaves_room_in_the_lane(desk: Shell):
    desk.tix("init")

    async def fail() -> None:
        lane = Lane("reader", desk.store, most_waiting=1)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await lane.run(lambda store: 1 / 0)
        lane.close()

    asyncio.run(fail())


def test_a_store_that_stays_open_follows_its_file(desk: Shell, tmp_path):
    """It is the same connection until the file is another one."""
    desk.tix("init")
    opened = LongLivedStore(desk.store)
    first = opened.current()
    assert first.connection.busy_seconds == BUSY_SECONDS
    assert opened.current() is first
    desk.tix("db", "backup", tmp_path / "old.db")
    desk.tix("new", "A", "-m", "m")
    desk.tix("db", "restore", tmp_path / "old.db")
    assert opened.current() is not first
    assert opened.current().execute("SELECT count(*) FROM ticket").fetchone() == (0,)
    opened.close()


def test_a_store_that_a_newer_tix_has_migrated_is_not_read(desk: Shell):
    desk.tix("init")
    opened = LongLivedStore(desk.store)
    version = opened.current().execute("PRAGMA user_version").fetchone()[0]
    other = LongLivedStore(desk.store)
    other.current().execute(f"PRAGMA user_version={version + 1}")
    with pytest.raises(NewerStore):
        opened.current()
    other.close()


def test_a_failure_of_sqlite_is_one_that_people_know(desk: Shell):
    def fail(store: object) -> None:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    desk.tix("init")
    opened = LongLivedStore(desk.store)
    with pytest.raises(StoreBusy):
        opened.do(fail)
    opened.close()


def test_a_store_that_is_gone_is_a_failure(desk: Shell):
    desk.tix("init")
    opened = LongLivedStore(desk.store)
    opened.current()
    os.rename(desk.store, desk.folder / "elsewhere.db")
    with pytest.raises(StoreUnusable):
        opened.current()


def test_a_failure_of_the_store_names_none_of_its_files(site: Site, monkeypatch: pytest.MonkeyPatch):
    """Where the desk lies is for its operator, in the log."""
    logged: list[str] = []
    monkeypatch.setattr(problems._log, "error", lambda form, *values: logged.append(form % values))
    os.rename(site.shell.store, elsewhere := site.shell.folder / "elsewhere.db")
    try:
        for path in ("tickets", "tickets/1", "/readyz"):
            reply = site.ask("GET", path)
            assert (reply.status, reply.body["code"]) == (503, "store-unusable")
            assert "desk.db" not in json.dumps(reply.body)
        old = site.ask("GET", f"/api/v1/tickets/read.php?api_key={site.key('ada')}", by=None)
        assert "desk.db" not in json.dumps(old.body)
    finally:
        os.rename(elsewhere, site.shell.store)
    assert all("desk.db cannot be opened" in line for line in logged)
    assert len(logged) == 4
    assert site.ask("GET", "tickets").status == 200
