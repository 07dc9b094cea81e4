"""Event streams: to each reader what they may see, in order, nothing twice, until they may no longer read."""

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, NamedTuple

import pytest

from tests.api.site import Site, copied, served
from tests.harness import Shell
from tix.api import events


class Got(NamedTuple):
    id: str
    kind: str
    data: Any


class Listener:
    """A client of the stream, read by a thread of its own."""

    def __init__(self, site: Site, by: str, last: str | None = None, key: str | None = None) -> None:
        self.got: list[Got] = []
        self.beats = 0
        self.has_ended = False
        self._client = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        headers = {"Authorization": f"Bearer {key or site.key(by)}"}
        if last is not None:
            headers["Last-Event-ID"] = last
        self._client.request("GET", "/api/v1/events", headers=headers)
        self.answer = self._client.getresponse()
        self._sock = self._client.sock
        # Begun: from here on nothing is missed.
        self.has_begun = self.answer.readline() == b"retry: 2000\n"
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        found: dict[str, str] = {}
        while line := self.answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if line.startswith(":"):
                self.beats += 1
            elif name:
                found[name] = value
            elif "data" in found:
                self.got.append(Got(found.get("id", ""), found["event"], json.loads(found["data"])))
                found = {}
        self.has_ended = True

    def wait(self, done: Any) -> None:
        """Wait until ``done()``, as long as a busy machine may take."""
        for _ in range(600):
            if done():
                return
            time.sleep(0.05)
        raise AssertionError(self.got)

    def bodies(self) -> list[str]:
        return [one.data["body"] for one in self.got if one.data.get("body")]

    def close(self) -> None:
        # The connection is read by the thread: here only its end can be cut.
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(30)
        self.answer.close()
        self._client.close()
        self._sock.close()


@contextmanager
def listening(site: Site, *who: str, **more: Any) -> Iterator[list[Listener]]:
    with ExitStack() as stack:
        opened = []
        for one in who:
            opened.append(Listener(site, one, **more))
            stack.callback(opened[-1].close)
        yield opened


def reply(site: Site, ticket: int, text: str, by: str = "ada", verb: str = "replies") -> None:
    assert site.ask("POST", f"tickets/{ticket}/{verb}", {"message": text}, by=by).status == 201


def test_each_reader_gets_what_they_may_see_once_and_in_order(site: Site):
    """Bob has a ticket of his own; an agent sees notes; what the shell writes comes as well."""
    site.ask("POST", "tickets", {"subject": "B", "message": "m", "requester": "bob"})
    with listening(site, "ada", "sam", "lan", "bob", "lan") as (ada, sam, lan, bob, again):
        for number in range(5):
            reply(site, 1, f"to lan {number}")
            reply(site, 1, f"note {number}", "sam", "notes")
            reply(site, 2, f"to bob {number}")
        site.shell.tix("reply", 1, "-m", "from the shell")
        every = ada.bodies
        ada.wait(lambda: "from the shell" in every())
        for one in (sam, lan, again):
            one.wait(lambda one=one: "from the shell" in one.bodies())
        bob.wait(lambda: "to bob 4" in bob.bodies())
        assert every() == [text for n in range(5) for text in (f"to lan {n}", f"note {n}", f"to bob {n}")] + [
            "from the shell"
        ]
        assert sam.got == ada.got
        assert lan.bodies() == [*(f"to lan {n}" for n in range(5)), "from the shell"]
        assert again.got == lan.got
        assert bob.bodies() == [f"to bob {n}" for n in range(5)]
        assert "note" not in json.dumps([one.data for one in (*lan.got, *bob.got)])
        # They are the records of the log.
        logged = json.loads(site.shell.tix("log", "--json", "--limit", 0).out)
        seen = [one.data for one in ada.got]
        assert [one for one in reversed(logged) if one in seen] == seen
        assert {one.kind for one in ada.got} == {"entry"}


def test_a_stream_continues_after_the_last_event(site: Site):
    with listening(site, "lan") as (lan,):
        for number in range(3):
            reply(site, 1, f"a{number}")
        lan.wait(lambda: "a2" in lan.bodies())
        cut = next(one.id for one in lan.got if one.data["body"] == "a0")
    reply(site, 1, "b")
    reply(site, 1, "canary", "sam", "notes")
    with listening(site, "lan", last=cut) as (lan,):
        reply(site, 1, "c")
        lan.wait(lambda: "c" in lan.bodies())
        assert lan.bodies() == ["a1", "a2", "b", "c"]
        assert len({one.id for one in lan.got}) == len(lan.got)


def test_what_cannot_be_continued_after_begins_anew(site: Site, monkeypatch: pytest.MonkeyPatch):
    """An entry that one may not see is as one that is not there."""
    with listening(site, "ada") as (ada,):
        reply(site, 1, "canary", "sam", "notes")
        reply(site, 1, "x")
        ada.wait(lambda: "x" in ada.bodies())
        note, public = (one.id for one in ada.got if one.data["body"] in ("canary", "x"))
    told = []
    for last in (note, "999999.1", f"{public.partition('.')[0]}.1", "1", "x", "-1.0"):
        with listening(site, "lan", last=last) as (lan,):
            lan.wait(lambda lan=lan: lan.got)
            told.append(lan.got)
    assert told == [[Got("", "reset", {})]] * 6
    monkeypatch.setattr(events, "MOST_MISSED", 2)
    for number in range(3):
        reply(site, 1, f"m{number}")
    with listening(site, "lan", last=public) as (lan,):
        lan.wait(lambda: lan.got)
        assert [one.kind for one in lan.got] == ["reset"]


def test_one_event_is_sent_however_long_and_a_few_long_ones_are_a_reset(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(events, "MOST_BYTES", 3000)
    with listening(site, "lan") as (lan,):
        reply(site, 1, "first")
        lan.wait(lambda: lan.bodies() == ["first"])
        last = lan.got[-1].id
    reply(site, 1, "x" * 4000)
    with listening(site, "lan", last=last) as (lan,):
        lan.wait(lambda: lan.got)
        assert [len(body) for body in lan.bodies()] == [4000]
    reply(site, 1, "y")
    with listening(site, "lan", last=last) as (lan,):
        lan.wait(lambda: lan.got)
        assert [one.kind for one in lan.got] == ["reset"]


def test_events_that_wait_are_bounded_by_their_bytes():
    async def wait() -> list[bool]:
        client = events.Client("key", "lan")
        ended = []
        for size in (6_000_000, None, 2_000_000, 2_000_000, None, 2_000_000, 1):
            if size is None:
                await client.next()
            else:
                client.put(events.Event(1, b"x" * size))
            ended.append(client.has_ended.is_set())
        return ended

    assert asyncio.run(wait()) == [False] * 6 + [True]


def test_a_restored_desk_is_told_and_followed(site: Site, tmp_path):
    site.shell.tix("db", "backup", tmp_path / "old.db")
    for number in range(3):
        reply(site, 1, f"lost {number}")
    with listening(site, "lan") as (lan,):
        reply(site, 1, "also lost")
        lan.wait(lambda: "also lost" in lan.bodies())
        last = lan.got[-1].id
        site.shell.tix("db", "restore", tmp_path / "old.db")
        lan.wait(lambda: lan.got[-1].kind == "reset")
        reply(site, 1, "after")
        lan.wait(lambda: lan.bodies()[-1] == "after")
    for _ in range(4):
        reply(site, 1, "more")
    # The number of the lost entry is that of another one now.
    with listening(site, "lan", last=last) as (lan,):
        lan.wait(lambda: lan.got)
        assert [one.kind for one in lan.got] == ["reset"]


def test_a_removed_key_and_an_inactive_owner_end_their_streams(site: Site, monkeypatch: pytest.MonkeyPatch):
    """At the next heartbeat, and before the next event."""
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.3)
    with listening(site, "ada", "lan", "bob") as (ada, lan, bob):
        ada.wait(lambda: ada.beats and lan.beats)
        site.shell.tix("token", "rm", "lan-write", "--yes")
        site.shell.tix("user", "edit", "bob", "--inactive")
        lan.wait(lambda: lan.has_ended and bob.has_ended)
        reply(site, 1, "for others")
        ada.wait(lambda: "for others" in ada.bodies())
        assert not lan.bodies()
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 1000)
    with listening(site, "ada", "sam") as (ada, sam):
        site.shell.tix("token", "rm", "sam-write", "--yes")
        reply(site, 1, "later")
        sam.wait(lambda: sam.has_ended)
        assert "later" not in sam.bodies()


def test_a_role_that_changes_counts_from_the_next_event(site: Site):
    with listening(site, "sam", "ada") as (sam, ada):
        reply(site, 1, "first", "ada", "notes")
        sam.wait(lambda: "first" in sam.bodies())
        site.shell.tix("user", "edit", "sam", "--role", "requester")
        reply(site, 1, "second", "ada", "notes")
        ada.wait(lambda: "second" in ada.bodies())
        assert "second" not in sam.bodies()


def test_nobody_takes_all_streams(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(events, "MOST_STREAMS_OF_LOGIN", 1)
    with listening(site, "lan"):
        refused = site.ask("GET", "events", by="lan")
        assert (refused.status, refused.headers["retry-after"]) == (429, "60")
        with listening(site, "ada") as (ada,):
            assert ada.has_begun


def test_a_stream_counts_as_a_request_of_its_key(site: Site):
    made = site.shell.tix("token", "add", "slow", "--rate", 2, "--json").json["key"]
    held = {"Authorization": f"Bearer {made}"}
    assert [site.ask("GET", "whoami", **held).status for _ in range(2)] == [200, 200]
    assert site.ask("GET", "events", **held).status == 429


def test_the_head_of_a_stream_opens_none(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(events, "MOST_STREAMS", 0)
    head = site.ask("HEAD", "events")
    assert (head.status, head.body) == (200, "")
    assert head.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_a_stream_needs_a_key_and_room(site: Site, monkeypatch: pytest.MonkeyPatch):
    assert site.problem("GET", "events", by=None) == (401, "unauthorized")
    monkeypatch.setattr(events, "MOST_STREAMS", 1)
    with listening(site, "lan") as (lan,):
        assert lan.answer.getheader("content-type") == "text/event-stream; charset=utf-8"
        assert lan.answer.getheader("cache-control") == "no-store"
        assert site.ask("GET", "events").status == 503
    for _ in range(200):  # once the server has seen that lan is gone
        with listening(site, "ada") as (ada,):
            if ada.has_begun:
                return
        time.sleep(0.05)
    raise AssertionError


def test_a_reader_who_does_not_read_is_let_go(site: Site, monkeypatch: pytest.MonkeyPatch):
    """And keeps nobody else waiting."""
    monkeypatch.setattr(events, "MOST_WAITING", 3)
    with socket.create_connection(("127.0.0.1", site.port)) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(
            f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {site.key('lan')}\r\n\r\n".encode()
        )
        assert b"200" in slow.recv(15)
        with listening(site, "ada") as (ada,):
            for number in range(12):
                reply(site, 1, f"{number} " + "x" * 1_000_000)
                ada.wait(lambda number=number: len(ada.bodies()) == number + 1)
        for _ in range(200):
            if any('"path":"/api/v1/events"' in line and '"login":"lan"' in line for line in site.log):
                return
            time.sleep(0.05)
        raise AssertionError


@pytest.mark.parametrize("delay", [0.0, 0.2])
def test_streams_end_whole_when_the_server_stops(desk: Shell, furnished, monkeypatch, delay: float):
    """What was answered is told before the end, and the server does not wait until it has to cut them off."""
    looks = events.Events._look

    def look(*arguments: Any) -> Any:
        time.sleep(delay)
        return looks(*arguments)

    monkeypatch.setattr(events.Events, "_look", look)
    store, keys = furnished
    copied(store, desk)
    with ExitStack() as stack:
        with served(desk, keys) as site:
            opened = [Listener(site, one) for one in ("ada", "lan", "bob")]
            for one in opened:
                stack.callback(one.close)
            reply(site, 1, "last")
        for one in opened:
            one.wait(lambda one=one: one.has_ended)
        assert opened[1].bodies() == ["last"]
