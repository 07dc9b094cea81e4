"""``tix login``: the API key of a server, kept in a file of your own."""

from __future__ import annotations

from tix.cli import app
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.errors import Interrupted, InvalidValue, UsageError
from tix.typing import Annotated

Server = Annotated[
    str | None,
    Argument(metavar="[URL]", help="Server, e.g. https://desk.example (default: $TIX_STORE)."),
]


def named(session: Session, url: str | None) -> str:
    """The address that was given, or that of the store. Raises UsageError."""
    given = url or session.server
    if given is None:
        raise UsageError("no server given", hint="for example: tix login https://desk.example")
    return given


@app.command
def command(
    session: Session,
    url: Server = None,
    stdin: Annotated[bool, Option("--stdin", help="Read the API key from stdin.")] = False,
) -> None:
    """Store the API key of a server.

    It is stored once the server has accepted it, in a file that only you may read.
    """
    import os

    from tix.cli.remote import keys
    from tix.cli.remote.address import parse_address
    from tix.cli.remote.connection import Connection

    address = parse_address(named(session, url))
    if not stdin and not session.may_ask:
        raise UsageError("no API key given", hint=f"tix login {address.url} --stdin < FILE")
    key = keys.parse_key(_piped() if stdin else _asked(address.place))
    connection = Connection(address, key)
    try:
        found = connection.get("whoami").body
    finally:
        connection.close()
    who = found.get("login") if isinstance(found, dict) else None
    if not isinstance(who, str):
        raise connection.malformed("the person")
    keys.keep(address, key)
    session.say(f"Stored the API key of {who} for {address.url}.")
    if session.server is None or os.environ.get("TIX_TOKEN"):
        session.say(
            "It is not used while TIX_TOKEN is set."
            if os.environ.get("TIX_TOKEN")
            else f"To use this server from now on: tix config set store {address.url}"
        )


def _asked(place: str) -> str:
    from getpass import getpass

    from tix.cli.input.ask import ended_by_signals

    with ended_by_signals():
        try:
            return getpass(f"? API key for {place}: ")
        except EOFError:
            raise Interrupted from None


def _piped() -> str:
    import sys

    data = b"" if sys.stdin is None else sys.stdin.buffer.read(10_000)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InvalidValue("the API key on stdin is not valid UTF-8") from error
