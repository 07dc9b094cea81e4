"""``tix follow``: get notified of public updates of a ticket."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Bulk, BulkReferences, Output
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.references import verb
from tix.cli.tickets.show import WRITTEN
from tix.typing import TYPE_CHECKING, Annotated
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.tickets.outcome import Action


@app.prints(WRITTEN)
@verb
def command(
    session: Session,
    references: BulkReferences,
    who: Annotated[
        str | None,
        Option("--who", metavar="WHO", help="Follower: login or e-mail address (staff; default: me)."),
    ] = None,
    stop: Annotated[bool, Option("--stop", help="Stop following.")] = False,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Follow the public updates of tickets."""
    from tix.desk.tickets import followers
    from tix.desk.tickets.change import refuse

    login: str | None = who
    mine = who is None

    def action() -> Action:
        nonlocal login, mine
        login = followers.named(session.reader(), who)
        mine = login == session.reader().actor.login
        if login is None:
            return lambda desk, reference: refuse(desk, reference, "follow others")
        write_it, follower = (followers.leave if stop else followers.follow), login
        return lambda desk, reference: write_it(desk, reference, follower)

    if session.remote is not None and who is not None:
        mine = who in ("@me", session.remote.whoami()["login"], session.remote.whoami()["email"])

    return write(
        session,
        references,
        output,
        bulk,
        Change(action, "follow", {"who": who, "stop": stop}),
        lambda ticket: _done(ticket.ref, None if mine else login, stop=stop),
        lambda ticket: _already(ticket.ref, None if mine else login, stop=stop),
    )


def _done(ref: str, who: str | None, *, stop: bool) -> str:
    if who is None:
        return (
            Said("You no longer follow {ref}.", ref=ref) if stop else Said("You now follow {ref}.", ref=ref)
        )
    if stop:
        return Said("{who} no longer follows {ref}.", who=who, ref=ref)
    return Said("{who} now follows {ref}.", who=who, ref=ref)


def _already(ref: str, who: str | None, *, stop: bool) -> str:
    if who is None:
        return (
            Said("You do not follow {ref}.", ref=ref) if stop else Said("You already follow {ref}.", ref=ref)
        )
    if stop:
        return Said("{who} does not follow {ref}.", who=who, ref=ref)
    return Said("{who} already follows {ref}.", who=who, ref=ref)
