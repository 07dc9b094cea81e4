"""A desk that is served over HTTP by a thread of the test, and a key for each of its people.

What only a process has (signals, a kill, a refusal to start) is for tests that start one. While the server answers,
leave the store alone: a file that is opened and closed beside SQLite in the same process ends SQLite's locks.
"""

import asyncio
import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn.server

from tests import in_process
from tests.harness import Shell
from tix.api.app import Server, application
from tix.api.description import document
from tix.api.server.access import Application
from tix.api.server.process import listen, uvicorn_server
from tix.domain.times import parse_instant

# The described paths, those without parameters first, and what is described of each.
DESCRIBED = [
    (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), methods)
    for path, methods in sorted(document.document()["paths"].items(), key=lambda one: "{" in one[0])
]
# The parameters that a list cannot do without, by a part of its path.
NEEDED = {"/search": "q=sound", "/completion": "kind=ticket", "/topic-fields": "topic=Repair"}
HOSTS = ("127.0.0.1", "localhost", "[::1]")


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: Any


class Site:
    """``log`` is the access log, a line a request; ``keys`` are those made so far, by login and scope."""

    def __init__(self, shell: Shell, port: int, keys: dict[str, str]) -> None:
        self.shell, self.port, self.keys = shell, port, dict(keys)
        self.log: list[str] = []

    @property
    def now(self) -> int:
        """The clock of the server: the desk's where that is fixed."""
        return int(time.time()) if self.shell.now is None else parse_instant(self.shell.now)

    def rows(self, sql: str) -> list[Any]:
        """What the store has, read beside the server."""
        with closing(sqlite3.connect(f"file:{self.shell.store}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def key(self, login: str, scope: str = "write") -> str:
        if (named := f"{login}-{scope}") not in self.keys:
            self.keys[named] = new_key(self.shell, login, scope)
        return self.keys[named]

    def ask(
        self, method: str, path: str, body: object = None, *, by: str | None = "ada", **headers: str
    ) -> Reply:
        """Send a request as somebody; headers are written with ``_`` for ``-``."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if by is not None:
            given.setdefault("Authorization", f"Bearer {self.key(by)}")
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            given.setdefault("Content-Type", "application/json")
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            client.request(method, path if path.startswith("/") else f"/api/v1/{path}", data, given)
            answer = client.getresponse()
            text = answer.read()
        finally:
            client.close()
        found = {name.lower(): value for name, value in answer.getheaders()}
        self._expect_documented(method, path, answer.status, found, text)
        is_json = found.get("content-type", "").partition(";")[0].endswith(("/json", "+json"))
        return Reply(answer.status, found, json.loads(text) if is_json else text.decode())

    def _expect_documented(
        self, method: str, path: str, status: int, headers: dict[str, str], body: bytes
    ) -> None:
        """Every answer is in the description, with its code."""
        place = path.partition("?")[0] if path.startswith("/") else f"/api/v1/{path.partition('?')[0]}"
        verb = "get" if method == "HEAD" else method.lower()
        # The endpoints of ITFlow are described there, and not here.
        for_itflow = re.fullmatch(r"/api/v1/tickets/(read|create|resolve)(\.php)?", place)
        if status == 421 or "%" in place or for_itflow:
            return
        for pattern, methods in DESCRIBED:
            if verb in methods and pattern.fullmatch(place):
                answers = methods[verb]["responses"]
                assert str(status) in answers, (method, path, status, body)
                if headers.get("content-type") == "application/problem+json":
                    schema = answers[str(status)]["content"]["application/problem+json"]["schema"]
                    known = schema["allOf"][1]["properties"]["code"]["enum"]
                    assert json.loads(body)["code"] in known, (method, path, status, body)
                return

    def record(self, path: str, *, by: str = "ada") -> Any:
        """The answer to a GET that has to be answered."""
        reply = self.ask("GET", path, by=by)
        assert reply.status == 200, reply
        return reply.body

    def problem(self, method: str, path: str, body: object = None, **more: Any) -> tuple[int, str]:
        """The status and the code of a refusal."""
        reply = self.ask(method, path, body, **more)
        assert reply.headers["content-type"] == "application/problem+json", reply
        assert reply.body["status"] == reply.status
        return reply.status, reply.body["code"]


def new_key(shell: Shell, login: str, scope: str = "write") -> str:
    added = shell.tix("token", "add", f"{login}-{scope}", "--user", login, "--scope", scope, "--json")
    return json.loads(added.out)["key"]


PEOPLE = ("ada:admin", "sam:agent", "lan:requester", "bob:requester")


def furnish(shell: Shell) -> dict[str, str]:
    """Set up the desk of these tests; return the keys of its people.

    ``ada`` is the admin, ``sam`` an agent, ``lan`` and ``bob`` are requesters; TIX-1 is lan's and has a note.
    """
    shell.tix("init")
    for who in PEOPLE:
        login, role = who.split(":")
        shell.tix("user", "add", login, "--role", role)
    shell.tix("new", "No sound", "-m", "Since the update.", "--for", "lan")
    shell.tix("note", 1, "-m", "canary-note")
    return {f"{who.split(':')[0]}-write": new_key(shell, who.split(":")[0]) for who in PEOPLE}


@contextmanager
def served(shell: Shell, keys: dict[str, str], root_path: str = "") -> Iterator[Site]:
    """Serve the desk of ``shell`` until the end of the block; then the server has stopped as after a signal."""
    listening = listen("127.0.0.1", 0)
    site = Site(shell, listening.getsockname()[1], keys)
    desk = Server(shell.store, lambda: site.now, lambda: UTC, root_path=root_path)
    with running(application(desk, HOSTS, site.log.append), listening):
        yield site


class _Asyncio:
    """``asyncio`` as uvicorn's loop has it here: it looks every 5 ms whether it is to stop, for which a test waits."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.005))


@contextmanager
def running(app: Application, listening: socket.socket) -> Iterator[None]:
    """Answer on a thread of this process until the end of the block."""
    server = uvicorn_server(app)
    uvicorn.server.asyncio = _Asyncio()
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), name="server")
    with in_process.unsynced():
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(60)
            listening.close()
    assert not thread.is_alive()


def copied(store: Path, shell: Shell) -> None:
    """Give ``shell`` a copy of a furnished desk."""
    shutil.copyfile(store, shell.store)
    os.chmod(shell.store, 0o600)
