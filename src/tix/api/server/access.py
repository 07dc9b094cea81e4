"""Around the application: the list of allowed hosts, and a line in the log for each request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from tix.api.problems import refused
from tix.errors import InvalidValue
from tix.words.sentence import as_text

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_encode = msgspec.json.Encoder(enc_hook=as_text).encode


class Told(NamedTuple):
    """What is told of a request: no more than the table of routes has."""

    method: str
    route: str
    status: int
    seconds: float


Observe: TypeAlias = Callable[[Told], None]


class Application:
    """The application as the server runs it."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str],
        log: Callable[[str], None],
        observe: Observe,
    ) -> None:
        self._app, self._hosts, self._log = app, hosts, log
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        scope.setdefault("state", {})

        async def watched(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            if self._is_allowed(scope):
                await self._app(scope, receive, watched)
            else:
                answer = refused(InvalidValue("this server does not answer for that host"), 421)
                await answer(scope, receive, watched)
        finally:
            route = scope.get("route")
            told = Told(
                # The path that the table has, never what the client wrote.
                scope["method"] if status != 405 else "-",
                "-" if route is None else route.path,
                status,
                time.perf_counter() - started,
            )
            self._observe(told)
            self._log(_line(told, scope))

    def _is_allowed(self, scope: Scope) -> bool:
        found = [value for name, value in scope["headers"] if name == b"host"]
        if len(found) != 1:
            return False
        host = found[0].decode("latin-1").lower()
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return name in self._hosts


def _line(told: Told, scope: Scope) -> str:
    line = {
        "method": told.method,
        "path": told.route,
        "status": told.status,
        "ms": round(told.seconds * 1000, 1),
        "login": scope["state"].get("login"),
        "address": (scope.get("client") or (None,))[0],
    }
    return str(_encode(line), "ascii")
