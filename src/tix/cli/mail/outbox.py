"""``tix mail outbox``: what waits to be sent, what was sent, what could not be."""

from __future__ import annotations

from tix.cli import app
from tix.cli.mail.ids import Ids, each, number
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes.command import writing
from tix.errors import InvalidValue
from tix.render.records.formats import Kind
from tix.render.records.mail import OUTBOX, outbox_record
from tix.typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.mail.outbox import QueuedMail

KIND = Kind(OUTBOX, ("id", "to", "subject", "state", "attempts", "error"), "id")


@app.prints(KIND)
@app.reading
def list_(
    session: Session,
    state: Annotated[
        str | None,
        Option("-s", "--state", metavar="STATE", help="Only mails in this state, e.g. queued or failed."),
    ] = None,
    limit: Annotated[
        int | None, Option("--limit", min=0, metavar="N", help="Maximum number of mails (0: no limit).")
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List the mails of the outbox, newest first."""
    from tix.desk import outbox
    from tix.domain.mail.outbox import STATES

    printer = Printer(session, output, KIND)
    if state is not None and state not in STATES:
        raise InvalidValue(f"'{state}' is not a state of a mail", hint="use one of " + ", ".join(STATES))
    found = outbox.listed(session.reader(), state=state, limit=printer.most(limit))
    printer.records(map(outbox_record, found), none="No mail in the outbox.")


@app.prints(KIND)
@app.reading
def show(
    session: Session,
    id: Annotated[str, Argument(metavar="ID", help="Number of the mail, e.g. 7.")],
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Show one mail of the outbox."""
    from tix.desk import outbox

    printer = Printer(session, output, KIND)
    printer.one(outbox_record(outbox.get(session.reader(), number(id))))


@writing(KIND)
def retry(session: Session, ids: Ids, output: Output = Output()) -> int:  # noqa: B008  # as above
    """Queue mails to be sent now, failed and uncertain ones too."""
    from tix.desk import outbox

    printer = Printer(session, output, KIND)
    return each(
        session, printer, ids, outbox.retry, outbox_record, _retried, look=_found, undo="mail outbox cancel"
    )


@writing(KIND)
def cancel(session: Session, ids: Ids, output: Output = Output()) -> int:  # noqa: B008  # as above
    """Cancel mails that have not been sent yet."""
    from tix.desk import outbox

    printer = Printer(session, output, KIND)
    return each(
        session, printer, ids, outbox.cancel, outbox_record, _cancelled, look=_found, undo="mail outbox retry"
    )


def _found(desk: Desk, id: int) -> dict[str, Any]:
    from tix.desk import outbox

    return outbox_record(outbox.get(desk, id))


def _retried(mail: QueuedMail) -> str:
    return f"Mail {mail.id} to {mail.address} is sent with the next tix mail send."


def _cancelled(mail: QueuedMail) -> str:
    return f"Cancelled mail {mail.id} to {mail.address}."


COMMANDS = {"list": list_, "show": show, "retry": retry, "cancel": cancel}
