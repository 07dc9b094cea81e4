"""``tix mcp``: the commands as tools of an MCP server on standard input and output."""

from __future__ import annotations

from tix.cli import app
from tix.cli.session import Session
from tix.errors import Refused
from tix.typing import Any


@app.unpaged
def command(session: Session) -> None:
    """Serve tickets as tools to an AI agent, over MCP.

    Each tool is a command and does what the command does, with the permissions of who acts (--as). With --read-only there
    are only the tools that read. An MCP client starts this command and speaks to it on stdin and stdout; it ends when the
    client closes its input.
    """
    try:
        from tix.mcp.server import serve
    except ModuleNotFoundError as error:
        raise Refused(
            f"tix mcp needs {error.name}, which is not installed", hint="pip install 'tix-desk[mcp]'"
        ) from error
    from importlib import import_module

    from tix import __version__
    from tix.cli.remote.offered import OFFERED

    offered: Any = import_module(
        "tix.cli.tools.offered"
    )  # by name: they are made of all commands, this one included
    run: Any = import_module("tix.cli.tools.run")

    remote = session.remote
    found = {
        offered.name_of(" ".join(path)): (path, one)
        for path, one in offered.commands(
            reads_only=session.is_read_only, offered=None if remote is None else OFFERED
        )
    }
    everywhere = _options(session)
    if session.may_ask:
        session.say("An MCP client starts this command and speaks to it; ctrl-c ends it.")

    def call(name: str, given: Any) -> Any:
        path, one = found[name]
        return run.answer(everywhere, path, one, given)

    tools = [offered.tool(path, one) for path, one in found.values()]
    instructions = _instructions(session)
    session.close()
    serve(tools, call, version=__version__, instructions=instructions)


def _options(session: Session) -> list[str]:
    """The options of this command that hold for each call."""
    given = session.options
    return [
        *([f"--store={given.store}"] if given.store else []),
        *([f"--as={given.as_}"] if given.as_ else []),
        *(["--read-only"] if given.read_only else []),
    ]


def _instructions(session: Session) -> str:
    """Who acts, and the rules. Raises what the desk or the person is refused with."""
    from tix.cli.help import prime

    if session.remote is not None:
        me = session.records.whoami()
        who = f"You act as {me['login']}, role {me['role']}, on {session.server}."
    else:
        actor = session.reader().actor
        who = f"You act as {actor.login}, role {actor.person.role}."
    return f"tix is a help desk: tickets with threads.\n{who}\n{prime.rules()}"
