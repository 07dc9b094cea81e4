"""``tix unmerge``: takes a merge back."""

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
    """Undo a merge."""
    from tix.desk.tickets import merge

    return write(
        session,
        references,
        output,
        bulk,
        Change(lambda: merge.unmerge, "unmerge"),
        lambda ticket: Said(
            "Unmerged {ref}; status is now {status}.",
            ref=ticket.ref,
            status=Said.named("status", ticket.status),
        ),
        lambda ticket: Said("{ref} is not merged.", ref=ticket.ref),
    )
