"""``tix reply``: a public answer, or a message."""

from __future__ import annotations

from tix.cli import app
from tix.cli.input import text
from tix.cli.options import (
    Attach,
    AttachName,
    Bulk,
    BulkReferences,
    Cc,
    EditLast,
    Output,
    Retract,
    Text,
    Worked,
)
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.references import verb
from tix.cli.tickets.show import WRITTEN
from tix.typing import Annotated
from tix.words.sentence import Said


def quietly(no_notify: bool) -> dict[str, bool]:
    """What a server is told of ``--no-notify``."""
    return {"notify": False} if no_notify else {}


@app.prints(WRITTEN)
@verb
def command(
    session: Session,
    references: BulkReferences,
    texts: Text = Text(),  # noqa: B008  # an immutable value
    attach: Attach = None,
    name: AttachName = None,
    canned: Annotated[
        str | None,
        Option("--canned", metavar="NAME", help="Canned reply to send; --message text goes below it."),
    ] = None,
    status: Annotated[
        str | None,
        Option("--status", metavar="S", help="Set the status as well (staff), e.g. on-hold."),
    ] = None,
    cc: Cc = None,
    no_notify: Annotated[bool, Option("--no-notify", help="Send no notifications.")] = False,
    worked: Worked = None,
    edit_last: EditLast = False,
    retract: Retract = False,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Reply to the requester."""
    from tix.cli.tickets.canned import begun, ready_made, whole
    from tix.cli.tickets.reply_context import files_of, prepare, spent
    from tix.desk.tickets import reply

    if cc is not None:
        from tix.desk.tickets.followers import copied
    if edit_last or retract:
        from tix.cli.tickets import own_words

        own_words.refuse_others(
            any(one is not None for one in (attach, name, canned, status, cc, worked)) or no_notify
        )
        return own_words.change(
            session, references, "reply", texts, output, bulk, edit=edit_last, retract=retract
        )
    if attach is not None and "-" in attach:
        from tix.cli.input import piped

        piped.refuse_twice(references, texts, needs_text=canned is None)
    work = spent(session, worked)
    flagged = text.flagged(session, texts, "reply", references)
    if session.remote is not None:
        session.remote.refuse("--canned with --editor", texts.editor and canned)
    said = {"status": status, "time": worked, "watchers": cc, "canned": canned, **quietly(no_notify)}
    desk, context = prepare(session, references, "reply", said)
    watchers = () if cc is None or desk is None else copied(desk, cc)
    uploads, sent = files_of(session, desk, attach, name)
    ready = None if canned is None or desk is None else ready_made(desk, canned)
    if canned is None or texts.editor:
        start = flagged if ready is None or desk is None else begun(desk, references, ready, flagged)
        body = text.required(session, texts, "reply", references, start, context)
        ready = None
    else:
        body = flagged or ""
    return write(
        session,
        references,
        output,
        bulk,
        Change(
            lambda: (
                lambda desk, reference: reply.reply(
                    desk,
                    reference,
                    whole(desk, reference, ready, body),
                    uploads,
                    status,
                    notify=not no_notify,
                    work=work,
                    watchers=watchers,
                )
            ),
            "replies",
            {"message": body, **said},
            sent,
        ),
        lambda ticket: Said(
            "Replied to {ref}; status is now {status}.",
            ref=ticket.ref,
            status=Said.named("status", ticket.status),
        ),
        lambda ticket: Said(
            "{ref} is already {status}.", ref=ticket.ref, status=Said.named("status", ticket.status)
        ),
    )
