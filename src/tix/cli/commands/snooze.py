"""``tix snooze``: out of the queue for a while."""

from typing import TYPE_CHECKING, Annotated

import typer

from tix.cli import app
from tix.cli.options import Bulk, Output, References
from tix.cli.session import Session
from tix.cli.tickets.bulk import write
from tix.cli.tickets.when import to_come

if TYPE_CHECKING:
    from tix.domain.tickets.ticket import Ticket


@app.command
def command(
    session: Session,
    references: References,
    until: Annotated[
        str,
        typer.Option("--until", metavar="WHEN", help="+3d, fri 14:00, …; none brings them back now."),
    ],
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Put tickets away until a moment, or until the requester writes."""
    from tix.desk.tickets import status
    from tix.domain.names import is_none

    moment = None if is_none(until) else to_come(session.reader(), until)
    return write(
        session,
        references,
        output,
        bulk,
        lambda desk, reference: status.snooze(desk, reference, moment),
        _told,
        lambda ticket: f"{_told(ticket)} already",
    )


def _told(ticket: "Ticket") -> str:
    if ticket.snoozed_until is None:
        return "is awake"
    from tix.cli.output import zone
    from tix.render.phrases import local

    return f"is snoozed until {local(ticket.snoozed_until, zone())}"
