"""``tix serve``: the HTTP API and the web page."""

from __future__ import annotations

import os
import sys
import time
from ipaddress import ip_network
from pathlib import Path

from tix.cli import app
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.domain.permissions import require
from tix.errors import InvalidValue, Refused, StoreUnusable, UsageError
from tix.typing import Annotated

PORT = 8642
MOST_WORKERS = 64
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@app.command
def command(
    session: Session,
    host: Annotated[
        str, Option("--host", metavar="ADDRESS", help="Address to listen on, e.g. 0.0.0.0.")
    ] = LOOPBACK[0],
    port: Annotated[int, Option("--port", metavar="N", help="Port to listen on.")] = PORT,
    allow_host: Annotated[
        list[str] | None,
        Option(
            "--allow-host",
            metavar="NAME",
            help="Name the server is called by, e.g. desk.example; repeatable.",
        ),
    ] = None,
    workers: Annotated[
        int,
        Option("--workers", min=1, max=MOST_WORKERS, metavar="N", help="Number of processes."),
    ] = 1,
    root_path: Annotated[
        str,
        Option("--root-path", metavar="PATH", help="Path that a proxy serves the desk under, e.g. /desk."),
    ] = "",
    tls_cert: Annotated[
        Path | None,
        Option("--tls-cert", metavar="FILE", help="Certificate chain for HTTPS, in PEM format."),
    ] = None,
    tls_key: Annotated[
        Path | None,
        Option("--tls-key", metavar="FILE", help="Private key of the certificate, in PEM format."),
    ] = None,
    proxy_headers: Annotated[
        list[str] | None,
        Option(
            "--proxy-headers",
            metavar="ADDRESS",
            help="Believe X-Forwarded-For and -Proto of this proxy, e.g. 127.0.0.1; repeatable.",
        ),
    ] = None,
    with_tick: Annotated[
        bool,
        Option("--with-tick", help="Also fetch mail, apply what is due and send mail, every minute."),
    ] = False,
) -> int:
    """Serve the desk over HTTP."""
    if not 1 <= port <= 65535:
        raise InvalidValue(f"{port} is not a port", hint=f"use 1 to 65535, for example --port {PORT}")
    try:
        from tix.api.server.process import Transport, check_certificate, listen, serve
        from tix.api.site import Site
        from tix.web.site import pages
    except ModuleNotFoundError as error:
        raise Refused(
            f"tix serve needs {error.name}, which is not installed", hint="pip install 'tix-desk[api]'"
        ) from error
    from tix.cli.timezone import local_zone

    if (tls_cert is None) != (tls_key is None):
        raise UsageError("--tls-cert and --tls-key go together")
    transport = Transport(tls_cert, tls_key, tuple(map(_proxy, proxy_headers or ())))
    check_certificate(transport)
    desk = session.reader()
    if not desk.store.exists:
        raise StoreUnusable(f"there is no desk at {desk.store.place}", hint="create one: tix init")
    actor = desk.actor
    require(actor, "serve")
    host = host.strip("[]")
    listening = listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    site = Site(
        desk.store.address,
        frozenset(name.lower() for name in (*LOOPBACK, shown, *(allow_host or ()))),
        _now,
        local_zone,
        _log,
        _root_path(root_path),
        actor.login if with_tick else None,
        workers,
        pages,
    )
    scheme = "http" if tls_cert is None else "https"
    session.say(f"Serving {desk.store.place} on {scheme}://{shown}:{port} (stop with ctrl-c).")
    return 0 if serve(site.application, listening, transport, workers) else 1


def _proxy(text: str) -> str:
    """Return the address or network of a proxy. Raises InvalidValue; ``*`` would let anybody name any address."""
    try:
        ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise InvalidValue(
            f"--proxy-headers: '{text}' is not an address or a network",
            hint="name your proxy, for example --proxy-headers 127.0.0.1",
        ) from error
    return text.strip()


def _root_path(text: str) -> str:
    """Return the path with a slash before it and none behind. Raises InvalidValue."""
    path = "/" + text.strip("/") if text.strip("/") else ""
    if not path.isascii() or any(char in path for char in '?#%\\"<> ') or "//" in path or "/." in path:
        raise InvalidValue(f"--root-path: '{text}' is not a path", hint="for example --root-path /desk")
    return path


# These are sent to the processes of the server by name, so they are functions of a module.


def _now() -> int:
    """The time of a request, UTC seconds; ``TIX_NOW`` fixes it, which ``Session.now`` has judged."""
    from tix.domain.times import parse_instant

    fixed = os.environ.get("TIX_NOW")
    return parse_instant(fixed) if fixed else int(time.time())


def _log(line: str) -> None:
    """Write a line of the access log."""
    sys.stderr.write(line + "\n")
