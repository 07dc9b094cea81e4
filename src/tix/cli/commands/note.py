"""``tix note``: an internal note."""

from __future__ import annotations

from tix.cli import app
from tix.cli.input import text
from tix.cli.options import Attach, AttachName, Bulk, BulkReferences, EditLast, Output, Retract, Text, Worked
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
    texts: Text = Text(),  # noqa: B008  # an immutable value
    attach: Attach = None,
    name: AttachName = None,
    worked: Worked = None,
    edit_last: EditLast = False,
    retract: Retract = False,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Write an internal note."""
    from tix.cli.tickets.reply_context import files_of, prepare, spent
    from tix.desk.tickets import reply

    if edit_last or retract:
        from tix.cli.tickets import own_words

        own_words.refuse_others(any(one is not None for one in (attach, name, worked)))
        return own_words.change(
            session, references, "note", texts, output, bulk, edit=edit_last, retract=retract
        )
    if attach is not None and "-" in attach:
        from tix.cli.input import piped

        piped.refuse_twice(references, texts, needs_text=True)
    work = spent(session, worked)
    flagged = text.flagged(session, texts, "note", references)
    desk, context = prepare(session, references, "note", {"time": worked})
    uploads, sent = files_of(session, desk, attach, name)
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
        lambda ticket: Said("Added an internal note to {ref}.", ref=ticket.ref),
        lambda ticket: Said("{ref} already has this note.", ref=ticket.ref),
    )
