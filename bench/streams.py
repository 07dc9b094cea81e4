"""Event streams of many people while somebody writes: ``python bench/streams.py [STREAMS] [WRITES]``.

Each of STREAMS requesters has a ticket and a stream of their own. WRITES replies go round their tickets, five a second,
written beside the server as the shell does. It prints how many events each has received of those they may see, of those
of others, and twice; the time from commit to client, and the server's processor time. At the end, SIGTERM with all streams
open. (An address may have 200 connections.) The exit status is 1 if anything was missed, doubled or shown to another.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tix.desk import people, tokens
from tix.desk.context import Desk
from tix.desk.tickets import new, reply
from tix.desk.tickets.request import TicketRequest
from tix.domain.people import Actor, parse_contact
from tix.domain.tickets.references import Reference
from tix.store import people as people_rows
from tix.store.connection import Store
from tix.store.open import open_store

RATE = 5.0


class Listener:
    """One stream: when each reply came, by its number."""

    def __init__(self, login: str, key: str) -> None:
        self.login, self.key = login, key
        self.at: dict[int, float] = {}
        self.twice = self.strange = 0
        self.has_ended = False

    async def listen(self, port: int, begun: asyncio.Semaphore) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        head = f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.key}\r\n\r\n"
        writer.write(head.encode())
        while line := await reader.readline():
            if line.startswith(b"retry:"):
                begun.release()
            elif line.startswith(b"data: "):
                self._take(json.loads(line[6:]))
        self.has_ended = True
        writer.close()

    def _take(self, entry: dict[str, str]) -> None:
        login, _, number = (entry["body"] or "").partition(" ")
        if not number:
            return
        if login != self.login:
            self.strange += 1
        elif int(number) in self.at:
            self.twice += 1
        else:
            self.at[int(number)] = time.monotonic()


def furnish(store: Store, count: int) -> list[Listener]:
    """Add the people, a key and a ticket for each, in a transaction."""
    found = []
    now = int(time.time())
    owner = people_rows.by_login(store, _admin(store))
    assert owner is not None
    desk = Desk(store, Actor(owner), now)
    with store.together():
        for number in range(count):
            login = f"reader{number:04}"
            people.add(desk, login, {})
            _, key = tokens.add(desk, login=login)
            new.open_ticket(desk, TicketRequest(subject=login, body="m", requester=parse_contact(login)))
            found.append(Listener(login, key))
    return found


def _admin(store: Store) -> str:
    row = store.execute("SELECT login FROM person WHERE role = 'admin'").fetchone()
    return str(row[0])


def write(path: Path, listeners: list[Listener], count: int) -> dict[str, dict[int, float]]:
    """Reply to the tickets in turn; return when each reply was committed, by login and number."""
    store = open_store(path)
    owner = people_rows.by_login(store, _admin(store))
    assert owner is not None
    done: dict[str, dict[int, float]] = {one.login: {} for one in listeners}
    for number in range(count):
        began = time.monotonic()
        place = number % len(listeners)
        login = listeners[place].login
        desk = Desk(store, Actor(owner), int(time.time()))
        reply.reply(desk, Reference(None, place + 1), f"{login} {number}")
        done[login][number] = time.monotonic()
        time.sleep(max(0.0, 1 / RATE - (time.monotonic() - began)))
    store.close()
    return done


def cpu(pid: int) -> float:
    """Return the processor seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(
    server: subprocess.Popen[bytes], path: Path, port: int, listeners: list[Listener], writes: int
) -> bool:
    """Measure and print; return whether every reader got what they should."""
    begun = asyncio.Semaphore(0)
    listening = [asyncio.create_task(one.listen(port, begun)) for one in listeners]
    for _ in listeners:
        await asyncio.wait_for(begun.acquire(), 60)
    idle_from, idle_cpu = time.monotonic(), cpu(server.pid)
    await asyncio.sleep(3)
    idle = (cpu(server.pid) - idle_cpu) / (time.monotonic() - idle_from)
    busy_from, busy_cpu = time.monotonic(), cpu(server.pid)
    done = await asyncio.to_thread(write, path, listeners, writes)
    busy = (cpu(server.pid) - busy_cpu) / (time.monotonic() - busy_from)
    await asyncio.sleep(2)
    stopped = time.monotonic()
    server.send_signal(signal.SIGTERM)
    await asyncio.wait_for(asyncio.gather(*listening), 60)
    code = await asyncio.to_thread(server.wait, 60)
    ended = time.monotonic() - stopped
    late = sorted(
        one.at[number] - at for one in listeners for number, at in done[one.login].items() if number in one.at
    )
    missed = sum(number not in one.at for one in listeners for number in done[one.login])
    sums = Counter(twice=sum(one.twice for one in listeners), strange=sum(one.strange for one in listeners))
    print(f"{len(listeners)} streams, {writes} writes: received {len(late)}, missed {missed}, {dict(sums)}")
    if late:
        p50, p99 = (late[int(len(late) * part)] * 1000 for part in (0.5, 0.99))
        print(f"from commit to client: p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    print(f"processor: idle {idle:.1%}, busy {busy:.1%} of a core; SIGTERM: exit {code} after {ended:.2f} s")
    return missed == 0 and not any(sums.values()) and code == 0


def main(count: int = 190, writes: int = 100) -> int:
    """Make a desk, serve it, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        tix = [sys.executable, "-m", "tix", "--store", str(path)]
        subprocess.run([*tix, "init"], check=True, stdout=subprocess.DEVNULL)
        store = open_store(path)
        listeners = furnish(store, count)
        store.close()
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = found.getsockname()[1]
        with (
            open(Path(folder) / "log", "wb") as log,
            subprocess.Popen(
                [*tix, "serve", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=log
            ) as server,
        ):
            try:
                for _ in range(300):
                    try:
                        socket.create_connection(("127.0.0.1", port)).close()
                        break
                    except OSError:
                        time.sleep(0.1)
                is_right = asyncio.run(measure(server, path, port, listeners, writes))
            finally:
                server.kill()
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
