"""``tix follow``: get notified of public updates of a ticket."""

from typing import TYPE_CHECKING, Annotated

import typer

from tix.cli import app
from tix.cli.options import Bulk, Output, References
from tix.cli.session import Session
from tix.cli.tickets.bulk import write

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.references import Reference


@app.command
def command(
    session: Session,
    references: References,
    who: Annotated[
        str | None,
        typer.Option("--who", metavar="WHO", help="Follower: login or e-mail address (staff; default: me)."),
    ] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Stop following.")] = False,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Follow the public updates of tickets."""
    from tix.desk.tickets import followers
    from tix.desk.tickets.change import refuse

    login = followers.named(session.reader(), who)
    mine = login == session.reader().actor.login

    def action(desk: "Desk", reference: "Reference") -> "Outcome":
        if login is None:
            return refuse(desk, reference, "follow others")
        return (followers.leave if stop else followers.follow)(desk, reference, login)

    return write(
        session,
        references,
        output,
        bulk,
        action,
        lambda ticket: _said(ticket.ref, login, mine, "no longer follow" if stop else "now follow"),
        lambda ticket: _said(ticket.ref, login, mine, "do not follow" if stop else "already follow"),
    )


def _said(ref: str, login: str | None, mine: bool, words: str) -> str:
    """``You now follow TIX-1.``, ``kim does not follow TIX-1.``."""
    if mine:
        return f"You {words} {ref}."
    return f"{login} {'does not follow' if words.startswith('do ') else f'{words}s'} {ref}."
