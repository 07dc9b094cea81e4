"""``tix follow``: hear of a ticket's public updates."""

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
    name = "you" if login == session.reader().actor.login else login

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
        lambda ticket: f"is not followed by {name} any more" if stop else f"is followed by {name} now",
        lambda ticket: f"is not followed by {name}" if stop else f"is followed by {name} already",
    )
