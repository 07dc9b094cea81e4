"""Run the application: uvicorn with our limits, until a signal ends it."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from tix.api.server.protocol import LimitedProtocol
from tix.errors import Interrupted, Refused

if TYPE_CHECKING:
    from tix.api.server.access import Application

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


class Transport(NamedTuple):
    """How requests arrive: over TLS with a certificate, and through proxies whose headers are believed."""

    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[str, ...] = ()


def check_certificate(transport: Transport) -> None:
    """Raises Refused where the certificate or its key cannot be used."""
    if transport.certificate is None:
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(transport.certificate, transport.key, _no_password)
    except ssl.SSLError as error:
        raise _unusable(transport, "they are not PEM, or do not belong together") from error
    except (OSError, ValueError) as error:
        raise _unusable(transport, getattr(error, "strerror", None) or str(error)) from error


def _unusable(transport: Transport, reason: str) -> Refused:
    return Refused(
        f"the certificate {transport.certificate} and the key {transport.key} cannot be used: {reason}",
        hint="name the chain with --tls-cert and its key with --tls-key, both PEM",
    )


def _no_password() -> str:
    raise ValueError("the key has a password")


def serve(
    make: Callable[[], Application], listening: socket.socket, transport: Transport, workers: int = 1
) -> bool:
    """Answer requests until SIGTERM or SIGINT; what has begun is finished first. Returns whether it could start.

    ``make`` returns the application of one process; with several it is sent to each, so it can be pickled.
    """
    config = _config(make, transport, factory=True, workers=workers)
    if workers > 1:
        supervisor = Multiprocess(config, sockets=[listening])
        supervisor.run()
        return all(process.exitcode != STARTUP_FAILURE for process in supervisor.processes)
    server = uvicorn.Server(config)
    # Once it has stopped, uvicorn raises the signal that stopped it again.
    with suppress(Interrupted, KeyboardInterrupt):
        server.run(sockets=[listening])
    return server.started


def uvicorn_server(app: Application) -> uvicorn.Server:
    """Return the server of an application, with our limits; it is not running yet."""
    return uvicorn.Server(_config(app, Transport()))


def _config(app: Any, transport: Transport, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=LimitedProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(transport.proxies),
        forwarded_allow_ips=list(transport.proxies),
        ssl_certfile=transport.certificate,
        ssl_keyfile=transport.key,
        limit_concurrency=MOST_REQUESTS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_worker_healthcheck=30,
        **more,
    )
