"""``tix logout``: forget the API key of a server."""

from __future__ import annotations

from tix.cli import app
from tix.cli.commands.login import Server, named
from tix.cli.session import Session


@app.command
def command(session: Session, url: Server = None) -> None:
    """Forget the API key of a server.

    The key itself stays valid until it is removed there.
    """
    from tix.cli.remote import keys
    from tix.cli.remote.address import parse_address

    address = parse_address(named(session, url))
    if keys.forget(address):
        session.say(f"Forgot the API key for {address.url}. To end it there: tix token rm")
    else:
        session.say(f"There is no API key for {address.url}.")
