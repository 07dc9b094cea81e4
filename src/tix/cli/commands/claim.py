"""``tix claim``: exactly one of several who claim at once gets the ticket."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Bulk, BulkReferences, Output
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.references import verb
from tix.cli.tickets.show import WRITTEN
from tix.words.sentence import Said


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
        lambda ticket: Said("Assigned {ref} to you.", ref=ticket.ref),
        lambda ticket: Said("{ref} is already assigned to you.", ref=ticket.ref),
    )
