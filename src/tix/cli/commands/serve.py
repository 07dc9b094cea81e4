"""``tix serve``: the HTTP API and the web page."""

import sys
from typing import Annotated

import typer

from tix.cli import app
from tix.cli.session import Session, store_path
from tix.domain.permissions import require
from tix.errors import InvalidValue, Refused, StoreUnusable

PORT = 8642
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@app.command
def command(
    session: Session,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on, e.g. 0.0.0.0.")
    ] = LOOPBACK[0],
    port: Annotated[int, typer.Option("--port", metavar="N", help="Port to listen on.")] = PORT,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="NAME",
            help="Name the server is called by, e.g. desk.example; repeatable.",
        ),
    ] = None,
) -> int:
    """Serve the desk over HTTP."""
    if not 1 <= port <= 65535:
        raise InvalidValue(f"{port} is not a port", hint=f"use 1 to 65535, for example --port {PORT}")
    try:
        from tix.api.app import Server, application
        from tix.api.server import listen, serve
        from tix.web.site import Site
    except ModuleNotFoundError as error:
        raise Refused(
            f"tix serve needs {error.name}, which is not installed", hint="pip install 'tix-desk[api]'"
        ) from error
    from tix.cli.timezone import local_zone

    path = store_path(session.options.store)
    if not path.exists():
        raise StoreUnusable(f"there is no desk at {path}", hint="create one: tix init")
    require(session.reader().actor, "serve")
    host = host.strip("[]")
    listening = listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    names = {name.lower() for name in (*LOOPBACK, shown, *(allow_host or ()))}
    session.say(f"Serving {path} on http://{shown}:{port} (stop with ctrl-c).")
    server = Server(path, lambda: session.now, local_zone)
    site = Site(server)
    serve(application(server, names, _log, site.routes(), site.failed), listening)
    return 0


def _log(line: str) -> None:
    """Write a line of the access log."""
    sys.stderr.write(line + "\n")
