"""``tix note``: an internal note."""

from __future__ import annotations

from tix.cli import app
from tix.cli.input import text
from tix.cli.options import Attach, Bulk, Output, References, Text, Worked
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.show import WRITTEN


@app.prints(WRITTEN)
@app.command
def command(
    session: Session,
    references: References,
    texts: Text = Text(),  # noqa: B008  # an immutable value
    attach: Attach = None,
    worked: Worked = None,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Write an internal note."""
    from tix.cli.tickets.reply_context import prepare, sent_files, spent
    from tix.desk.tickets import files, reply

    work = spent(session, worked)
    flagged = text.flagged(session, texts, "note", references)
    desk, context = prepare(session, references, "note", {"time": worked})
    uploads = [] if desk is None else files.read(desk, attach or [])
    sent = sent_files(session, attach)
    body = text.required(session, texts, "note", references, flagged, context)
    return write(
        session,
        references,
        output,
        bulk,
        Change(
            lambda: lambda desk, reference: reply.note(desk, reference, body, uploads, work),
            "notes",
            {"message": body, "time": worked},
            sent,
        ),
        lambda ticket: f"Added an internal note to {ticket.ref}.",
        lambda ticket: f"{ticket.ref} already has this note.",
    )
