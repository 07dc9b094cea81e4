"""``tix new``: raise a ticket; what is missing is asked for on a terminal."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tix.cli import arguments, text
from tix.cli.arguments import Attach, Output, Text
from tix.cli.session import Session
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.cli.opening import Told
    from tix.cli.printing import Printer
    from tix.desk.context import Desk
    from tix.desk.files import Upload
    from tix.desk.tickets import Outcome


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help)


@arguments.command
def command(
    session: Session,
    subject: Annotated[str | None, typer.Argument(metavar="[SUBJECT]", help="In one line.")] = None,
    texts: Text = Text(),  # noqa: B008  # an immutable value
    type_: Annotated[str | None, _option("--type", metavar="T", help="issue, request, …")] = None,
    category: Annotated[str | None, _option("--category", metavar="C", help="A word of your own.")] = None,
    priority: Annotated[
        str | None, _option("-p", "--priority", metavar="P", help="low, medium, high, urgent.")
    ] = None,
    for_: Annotated[
        str | None, _option("--for", metavar="WHO", help="Whose it is: login, address, Name <address>.")
    ] = None,
    email: Annotated[str | None, _option("--email", metavar="ADDR", help="Contact address.")] = None,
    phone: Annotated[str | None, _option("--phone", metavar="NUMBER", help="Contact number.")] = None,
    assign: Annotated[str | None, _option("-a", "--assign", metavar="WHO", help="Who holds it.")] = None,
    notify_email: Annotated[
        str | None, _option("--notify-email", metavar="ADDR", help="Address of a holder without account.")
    ] = None,
    due: Annotated[str | None, _option("--due", metavar="WHEN", help="+3d, fri 14:00, …")] = None,
    about: Annotated[str | None, _option("--about", metavar="KIND:REF", help="campaign:42, …")] = None,
    tag: Annotated[list[str] | None, _option("--tag", metavar="T,…", help="A tag.")] = None,
    attach: Attach = None,
    source: Annotated[
        str | None, _option("--source", metavar="S", help="cli, phone, email, web, api, other.")
    ] = None,
    idempotency_key: Annotated[
        str | None, _option("--idempotency-key", metavar="K", help="The same key again makes no second.")
    ] = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Raise a ticket."""
    from tix.cli import opening, showing
    from tix.cli.printing import Printer
    from tix.desk import files
    from tix.desk import opening as raising
    from tix.desk.values import parse_subject

    given: dict[str, Any] = {
        "type": type_,
        "category": category,
        "priority": priority,
        "for": for_,
        "email": email,
        "phone": phone,
        "assign": assign,
        "notify-email": notify_email,
        "due": due,
        "about": about,
        "tag": tag,
        "source": source,
        "idempotency-key": idempotency_key,
    }
    printer = Printer(session, output, showing.KIND)
    if subject is None and not session.may_ask:
        raise UsageError("the subject is missing", hint='tix new "What is wrong" -m "How it came about"')
    if subject is not None:
        _refuse_file(subject, attach)
        subject = parse_subject(subject)
    desk = session.reader()
    parsed = opening.parse(desk, given)
    uploads = files.read(desk, attach or [])
    body = text.flagged(session, texts, "new")
    opening.refuse(desk, given, parsed)
    if subject is None and texts == Text():
        told = _form(session, desk, uploads, priority)
    else:
        told = opening.Told(*_words(session, desk, texts, subject, body), uploads)
    values = parsed.values if told.priority is None else parsed.values | {"priority": told.priority}
    draft = raising.Draft(
        told.subject,
        told.body,
        values,
        parsed.requester,
        parsed.assignee,
        parsed.tags,
        told.uploads,
        parsed.idempotency_key,
    )
    desk = session.writer()
    outcome = raising.open_ticket(desk, draft)
    session.early.typed = None  # the desk has it
    _print(session, printer, desk, outcome)
    return 0


def _refuse_file(subject: str, attach: list[str] | None) -> None:
    """``--attach a.pdf b.zip``: the second is no subject. Raises UsageError."""
    if attach and Path(subject).is_file():
        raise UsageError(
            f"'{subject}' is a file and would become the subject",
            hint=f"repeat the flag: --attach {attach[-1]} --attach {subject}",
        )


def _form(session: Session, desk: "Desk", uploads: "list[Upload]", priority: str | None) -> "Told":
    """Everything is asked but what a flag has said."""
    from tix.cli import forms

    sheet = forms.Sheet(session.early)
    told = forms.new_ticket(session, desk, sheet, ask_priority=priority is None, uploads=uploads or None)
    text.sent_now(session)
    return told


def _words(
    session: Session, desk: "Desk", texts: Text, subject: str | None, body: str | None
) -> tuple[str, str]:
    """Subject and message; what is required and missing is asked for where somebody can answer."""
    if body is None:
        body = text.piped(session, texts, "new")
    required = desk.settings.flag("message_required")
    if body is None and not texts.editor and not required:
        body = ""
    if body is None and not texts.editor and not session.may_ask:
        raise UsageError(
            "the message is missing", hint="give it with --message TEXT, --file or through a pipe"
        )
    if subject is not None and body is not None and not texts.editor:
        return subject, body
    from tix.cli import editor, forms

    sheet = forms.Sheet(session.early, body or "")
    if subject is None:
        subject = forms.subject(session, sheet)
    if texts.editor:
        body = editor.compose(session, "new", body or "", "", keep=sheet.keep_body)
    elif body is None:
        body = forms.message(session, desk, sheet)
    text.sent_now(session)
    return subject, body


def _print(session: Session, printer: "Printer", desk: "Desk", outcome: "Outcome") -> None:
    from tix.cli import showing
    from tix.cli.writing import print_outcomes
    from tix.desk import reading

    if outcome.already:
        session.say(f"{outcome.ticket.ref} was made with this key before; nothing new was made")
    if printer.is_table and printer.columns is None:
        whole = reading.of(desk, outcome.ticket, desk.scope)
        showing.draw(printer, desk, whole, showing.record(desk, whole))
    else:
        print_outcomes(printer, desk, [outcome], single=True)
