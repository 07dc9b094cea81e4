"""``tix prime``: what an AI agent has to know before it works with tix."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.errors import TixError
from tix.typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from tix.domain.people import Actor


@app.page
def command(
    session: Session,
    skill: Annotated[
        bool, Option("--skill", help="Print the folder of the skill, to copy or to link, and nothing else.")
    ] = False,
) -> None:
    """Print what an AI agent has to know."""
    if skill:
        from pathlib import Path

        import tix
        from tix.cli.output import write_path

        write_path(Path(tix.__file__).parent / "skill")
        return
    from tix.cli.help import layout, prime
    from tix.render.safe import safe_line

    actor, place = _desk(session)
    lines = prime.page(actor, safe_line(place)).split("\n")
    text = (
        layout.draw("\n".join(lines), layout.WIDEST)
        if session.on_terminal
        else "\n".join(map(_flat, lines)) + "\n"
    )
    sys.stdout.write(text)


def _flat(line: str) -> str:
    """A line for a program: not wrapped, a term before a colon."""
    term, tab, about = line.partition("\t")
    return f"{term}: {about}" if tab else line


def _desk(session: Session) -> tuple[Actor | None, str]:
    """Who acts, and a sentence about the desk; nobody where that cannot be told."""
    try:
        if session.remote is not None:
            me = session.records.whoami()
            return (
                None,
                f"The desk is the server {session.server}; you act as {me['login']}, role {me['role']}.",
            )
        desk = session.reader()
    except TixError as error:
        return None, f"The desk cannot be read: {error.message}."
    if not desk.store.exists:
        return (
            None,
            "There is no desk yet: tix init or the first tix new makes one, tix demo one to practise on.",
        )
    return desk.actor, f"The desk is {desk.store.place}."
