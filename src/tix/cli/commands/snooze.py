"""``tix snooze``: out of the queue for a while."""

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
    from tix.domain.tickets.ticket import Ticket


@app.prints(WRITTEN)
@verb
def command(
    session: Session,
    references: BulkReferences,
    until: Annotated[
        str,
        Option(
            "--until",
            metavar="WHEN",
            help='When tickets return to the queue, e.g. +3d, fri 14:00 ("none": now).',
        ),
    ],
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Hide tickets from the queue until a time or until the requester writes."""
    from tix.desk.tickets import status

    def action() -> Action:
        moment = status.parse_until(session.reader(), until)
        return lambda desk, reference: status.snooze(desk, reference, moment)

    body = {"until": until if session.remote is None else session.remote.until(until)}
    return write(
        session,
        references,
        output,
        bulk,
        Change(action, "snooze", body),
        _snoozed,
        _unchanged,
    )


def _snoozed(ticket: Ticket) -> str:
    if ticket.snoozed_until is None:
        return Said("Returned {ref} to the queue.", ref=ticket.ref)
    return Said("Snoozed {ref} until {until}.", ref=ticket.ref, until=_until(ticket.snoozed_until))


def _unchanged(ticket: Ticket) -> str:
    if ticket.snoozed_until is None:
        return Said("{ref} is not snoozed.", ref=ticket.ref)
    return Said("{ref} is already snoozed until {until}.", ref=ticket.ref, until=_until(ticket.snoozed_until))


def _until(at: int) -> str:
    from tix.cli.output import zone
    from tix.render.words import local

    return local(at, zone())
