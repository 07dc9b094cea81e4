"""Memory of `tix serve` over many mixed requests: `make bench-memory`.

Prints the server's memory (resident set size) as it goes; after the first tenth it should stay the same. What is asked
for is never the same twice where a cache or a map without a bound could keep it: keys, paths, words, addresses of pages.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import socket
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import desks
import server

CLIENTS = 4
# How often a client takes a new connection, in requests.
PER_CONNECTION = 40


class Drawn(NamedTuple):
    """What is drawn by lot for a request: a word that was never there, and the number of a ticket."""

    chance: random.Random
    word: str
    number: int


class Request(NamedTuple):
    """One request, as ``http.client`` takes it."""

    method: str
    path: str
    body: str | bytes | None = None
    headers: Mapping[str, str] = MappingProxyType({})


API = "/api/v1"


def _get(path: str) -> Callable[[Drawn], Request]:
    """Return what asks for a path, with the word and the number in their places."""
    return lambda drawn: Request("GET", path.format(word=drawn.word, number=drawn.number))


def _list(drawn: Drawn) -> Request:
    filters = drawn.chance.choice(
        ["", "&priority=high", f"&q={drawn.word}", "&all=true", "&fields=ref,subject"]
    )
    return Request("GET", f"{API}/tickets?limit={drawn.chance.choice([1, 10, 50])}{filters}")


def _search(drawn: Drawn) -> Request:
    return Request("GET", f"{API}/search?q={drawn.chance.choice([drawn.word, desks.RARE_WORD])}")


def _written(path: str, body: str, word: str) -> Request:
    return Request("POST", path, body, {"Content-Type": "application/json", "Idempotency-Key": word})


def _create(drawn: Drawn) -> Request:
    body = {"subject": f"Sound {drawn.word}", "message": f"Since the update of {drawn.word}."}
    return _written(f"{API}/tickets", json.dumps(body), drawn.word)


def _reply(drawn: Drawn) -> Request:
    body = {"message": f"We are looking into {drawn.word}."}
    return _written(f"{API}/tickets/{drawn.number}/replies", json.dumps(body), drawn.word)


def _malformed(drawn: Drawn) -> Request:
    return _written(f"{API}/tickets", drawn.chance.choice(["{", "[]", f'{{"{drawn.word}": 1}}']), drawn.word)


def _upload(drawn: Drawn) -> Request:
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f'attachment; filename="{drawn.word}.bin"',
    }
    content = os.urandom(drawn.chance.choice([10, 20_000]))
    return Request("POST", f"{API}/tickets/{drawn.number}/attachments", content, headers)


def _nowhere(drawn: Drawn) -> Request:
    return Request("GET", drawn.chance.choice([f"/{drawn.word}", f"{API}/{drawn.word}/{drawn.word}"]))


def _bad_key(drawn: Drawn) -> Request:
    return Request("GET", f"{API}/tickets", None, {"Authorization": f"Bearer tix_{drawn.word}"})


def _page(drawn: Drawn) -> Request:
    path = drawn.chance.choice(["/sign-in", f"/sign-in?to=/{drawn.word}", f"/tickets?q={drawn.word}"])
    return Request("GET", path, None, {"Cookie": f"tix={drawn.word}", "Accept-Language": drawn.word[:5]})


# How often each kind of request comes, of a thousand, and what makes it.
MIX: dict[str, tuple[int, Callable[[Drawn], Request]]] = {
    "list": (250, _list),
    "show": (280, _get(API + "/tickets/{number}")),
    "thread": (60, _get(API + "/tickets/{number}/thread")),
    "search": (100, _search),
    "create": (30, _create),
    "reply": (40, _reply),
    "upload": (10, _upload),
    "malformed": (40, _malformed),
    "no such ticket": (40, _get(API + "/tickets/1000000{number}")),
    "no such path": (50, _nowhere),
    "bad key": (40, _bad_key),
    "page": (40, _page),
    "events": (10, _get(API + "/events")),
    "healthz": (10, _get("/healthz")),
}


class Client(threading.Thread):
    """Sends its share of the requests, one after another."""

    def __init__(self, number: int, port: int, keys: list[str], tickets: int, requests: int) -> None:
        super().__init__()
        self.port, self.keys, self.tickets, self.requests = port, keys, tickets, requests
        self.chance = random.Random(number)
        self.done = 0
        self.statuses: Counter[tuple[str, int]] = Counter()

    def run(self) -> None:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while self.done < self.requests:
            if self.done % PER_CONNECTION == 0:
                client.close()
            name, request = self.request()
            try:
                client.request(request.method, request.path, request.body, dict(request.headers))
                answer = client.getresponse()
                if name == "events":
                    answer.read1(100)
                    client.close()  # a stream has no end
                else:
                    answer.read()
                self.statuses[name, answer.status] += 1
            except (OSError, http.client.HTTPException):
                self.statuses[name, 0] += 1
                client.close()
            self.done += 1
        client.close()

    def request(self) -> tuple[str, Request]:
        """Return one request of the mix, and its name."""
        chance = self.chance
        drawn = Drawn(chance, f"{chance.getrandbits(60):x}", chance.randrange(1, self.tickets + 1))
        name = chance.choices(list(MIX), [share for share, _ in MIX.values()])[0]
        request = MIX[name][1](drawn)
        own = {"Authorization": f"Bearer {chance.choice(self.keys)}"}
        return name, request._replace(headers={**own, **request.headers})


def main() -> None:
    """Send the requests, and print the memory at each twentieth of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desk", type=int, default=1000)
    parser.add_argument("--requests", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = desks.room_for(desks.desk(asked.desk), Path(folder) / "desk.db")
        keys = [
            json.loads(desks.tix(store, "token", "add", f"k{n}", "--scope", "write", "--json", *rate))["key"]
            for n, rate in enumerate([(), ("--rate", "1000000"), ("--rate", "1000")])
        ]
        measure(store, keys, asked.desk, asked.requests, Path(folder))


def measure(store: Path, keys: list[str], tickets: int, requests: int, folder: Path) -> None:
    """Start a server, send it all, print, and stop it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*desks.TIX, "serve", "--port", str(port)],
            env=desks.environment(store), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    clients = [Client(number, port, keys, tickets, requests // CLIENTS) for number in range(CLIENTS)]
    try:
        server.wait(port, process)
        print(f"{0:8} requests  {resident_kb(process.pid):8} KB", flush=True)
        for client in clients:
            client.start()
        step = requests // 20
        for mark in range(step, requests + 1, step):
            while sum(client.done for client in clients) < mark and any(one.is_alive() for one in clients):
                clients[0].join(0.2)
            print(f"{mark:8} requests  {resident_kb(process.pid):8} KB", flush=True)
    finally:
        for client in clients:
            client.requests = 0
        for client in clients:
            with contextlib.suppress(RuntimeError):
                client.join()
        process.terminate()
        process.wait(60)
    whole: Counter[tuple[str, int]] = Counter()
    for client in clients:
        whole.update(client.statuses)
    for (name, status), count in sorted(whole.items()):
        print(f"{name:16} {status:4} {count:8}")


def resident_kb(pid: int) -> int:
    """Return the resident set size of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


if __name__ == "__main__":
    main()
