"""Run the application: uvicorn with our limits, until a signal ends it."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

from tix.api.protocol import LimitedProtocol
from tix.errors import Interrupted, Refused

if TYPE_CHECKING:
    from tix.api.access import Application

MOST_REQUESTS = 1000
KEEP_ALIVE_SECONDS = 5
STOP_SECONDS = 10


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address. Raises Refused where that cannot be."""
    try:
        return socket.create_server((host, port), family=_family(host), backlog=2048)
    except OSError as error:
        # Of a taken address, strerror names the address a second time; of an unknown host, the number is none of the system's.
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise Refused(
            f"cannot listen on {host}, port {port}: {reason}",
            hint="name another with --port or --host",
        ) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def serve(app: Application, listening: socket.socket) -> None:
    """Answer requests until SIGTERM or SIGINT; what has begun is finished first."""
    # Once it has stopped, uvicorn raises the signal that stopped it again.
    with suppress(Interrupted, KeyboardInterrupt):
        uvicorn_server(app).run(sockets=[listening])


def uvicorn_server(app: Application) -> uvicorn.Server:
    """Return the server of an application, with our limits; it is not running yet."""
    config = uvicorn.Config(
        app,
        http=LimitedProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_REQUESTS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return _Server(config, app)


class _Server(uvicorn.Server):
    """uvicorn, which waits for what is being answered: first it ends what would not end by itself."""

    def __init__(self, config: uvicorn.Config, app: Application) -> None:
        super().__init__(config)
        self._application = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._application.stop()
        await super().shutdown(sockets)
