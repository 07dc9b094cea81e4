"""``tix claim``: exactly one of several who claim at once gets the ticket."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Bulk, BulkReferences, Output
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.references import verb
from tix.cli.tickets.show import WRITTEN


@app.prints(WRITTEN)
@verb
def command(
    session: Session,
    references: BulkReferences,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Assign unassigned tickets to me."""
    from tix.desk.tickets import assign

    return write(
        session,
        references,
        output,
        bulk,
        Change(lambda: assign.claim, "claim"),
        lambda ticket: f"Assigned {ticket.ref} to you.",
        lambda ticket: f"{ticket.ref} is already assigned to you.",
    )
