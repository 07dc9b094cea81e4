"""The five commands that change a status: start, hold, resolve, close, reopen."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Bulk, BulkReferences, Note, Output
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.references import verb as ticket_verb
from tix.cli.tickets.show import WRITTEN
from tix.domain.workflows.workflow import Trigger
from tix.typing import Annotated, Any
from tix.words.sentence import Said

Message = Annotated[
    str | None, Option("-m", "--message", metavar="TEXT", help="Send a public reply as well.")
]


def verb(trigger: Trigger, summary: str) -> Any:
    """Build the command for ``trigger``."""

    def command(
        session: Session,
        references: BulkReferences,
        message: Message = None,
        note: Note = None,
        bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
        output: Output = Output(),  # noqa: B008  # an immutable value
    ) -> int:
        from tix.cli.input.content import checked
        from tix.desk.tickets import status

        said = None if message is None else checked(message)
        internal = None if note is None else checked(note)
        if said is not None or internal is not None:
            session.early.typed = (trigger, "\n\n".join(filter(None, (said, internal))), False)
        return write(
            session,
            references,
            output,
            bulk,
            Change(
                lambda: lambda desk, reference: status.pull(desk, reference, trigger, said, internal),
                trigger,
                {"message": said, "note": internal},
            ),
            lambda ticket: Said(
                "{ref}: status is now {status}.", ref=ticket.ref, status=Said.named("status", ticket.status)
            ),
            lambda ticket: Said(
                "{ref} is already {status}.", ref=ticket.ref, status=Said.named("status", ticket.status)
            ),
        )

    command.__doc__ = summary
    return app.prints(WRITTEN)(ticket_verb(command))
