"""``tix new``: create a ticket; on a terminal, tix asks for what is missing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from tix.cli import app
from tix.cli.input import text
from tix.cli.options import Attach, Cc, Output, Text
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.ticket_options import Flags, words
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.cli.output import Printer
    from tix.cli.remote.desk import Remote
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.desk.tickets.request import TicketRequest
    from tix.domain.topics import Field


@app.command
def command(
    session: Session,
    subject: Annotated[
        str | None, Argument(metavar="[SUBJECT]", help='Subject line, e.g. "Printer is jammed".')
    ] = None,
    texts: Text = Text(),  # noqa: B008  # an immutable value
    flags: Flags = Flags(),  # noqa: B008  # an immutable value
    no_notify: Annotated[bool, Option("--no-notify", help="Send no notifications.")] = False,
    attach: Attach = None,
    cc: Cc = None,
    source: Annotated[
        str | None,
        Option(
            "--source", metavar="S", help="How the request came in: cli, phone, email, web, api or other."
        ),
    ] = None,
    idempotency_key: Annotated[
        str | None,
        Option(
            "--idempotency-key",
            metavar="K",
            help="Reusing a key returns the first ticket instead of creating another.",
        ),
    ] = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Create a ticket."""
    from tix.cli.output import Printer
    from tix.cli.tickets import show
    from tix.desk.tickets import files, request, routing
    from tix.desk.tickets import new as raising
    from tix.domain.values import parse_subject

    printer = Printer(session, output, show.KIND)
    if subject is None and not session.may_ask:
        raise UsageError("no subject given", hint='tix new "Printer is jammed" -m "It stopped this morning."')
    if subject is not None:
        _refuse_stray(subject, attach, flags.field)
        subject = parse_subject(subject)
    notify = False if no_notify else None
    said = words(flags, notify=notify, watchers=cc, source=source, idempotency_key=idempotency_key)
    if session.remote is not None:
        return _sent(session, session.remote, printer, texts, (subject, said, attach))
    desk = session.reader()
    asked = request.parse(desk, said)._replace(uploads=files.read(desk, attach or []))
    body = text.flagged(session, texts, "new")
    raising.refuse(desk, asked)
    route = routing.routed(desk, asked)
    missing = routing.unanswered(desk, route.topic, asked.answers) if session.may_ask else []
    if subject is None and texts == Text():
        topic = asked.topic
        asked = _form(session, desk, asked)
        if asked.topic != topic:
            route = routing.routed(desk, asked)
    else:
        if not missing:
            routing.answered(desk, route.topic, asked.answers)
        subject, body = _words(session, desk, texts, subject, body)
        asked = asked._replace(subject=subject, body=body)
        if missing:
            asked = asked._replace(answers={**asked.answers, **_answers(session, missing)})
    if route.left_out is not None:
        session.say(f"The topic's assignee {route.left_out.login} cannot take tickets now; left unassigned.")
    answers = routing.answered(desk, route.topic, asked.answers)
    desk = session.writer()
    outcome = raising.open_ticket(desk, asked, route, answers)
    session.early.typed = None  # the desk has it
    _print(session, printer, desk, outcome)
    return 0


def _sent(
    session: Session,
    remote: "Remote",
    printer: "Printer",
    texts: Text,
    given: tuple[str | None, dict[str, Any], list[str] | None],
) -> int:
    """Create it on a server, which judges what was said; on a terminal, tix asks for a subject and a message."""
    from tix.cli.tickets import show
    from tix.cli.tickets.bulk import print_created
    from tix.cli.tickets.reply_context import sent_files

    subject, said, attach = given
    files = sent_files(session, attach)
    subject, body = _words(session, None, texts, subject, text.flagged(session, texts, "new"))
    key = said.pop("idempotency_key")
    asked = {name: value for name, value in said.items() if value not in (None, [], {})}
    if "due_at" in asked:
        asked["due_at"] = remote.due(asked["due_at"])
    answers = asked.pop("answers", {})
    record, already = remote.create(
        {**asked, "subject": subject, "message": body, "fields": answers}, files, key
    )
    session.early.typed = None  # the desk has it
    if already:
        session.say(f"{record['ref']} was created earlier with this key; no new ticket was created.")
    if printer.is_table and printer.columns is None:
        show.draw(printer, record, remote.aside(record))
    else:
        print_created(printer, record)
    return 0


def _refuse_stray(subject: str, attach: list[str] | None, field: list[str] | None) -> None:
    """``--attach a.pdf b.zip``, ``--field a=b c=d``: the second is no subject. Raises UsageError."""
    key, equals, _ = subject.partition("=")
    if field and equals and key and not any(char.isspace() for char in key):
        raise UsageError(
            f"'{subject}' would be used as the subject",
            hint=f"repeat the option: --field {field[-1]} --field {subject}",
        )
    if attach and Path(subject).is_file():
        raise UsageError(
            f"'{subject}' is a file and would be used as the subject",
            hint=f"repeat the option: --attach {attach[-1]} --attach {subject}",
        )


def _form(session: Session, desk: "Desk", asked: "TicketRequest") -> "TicketRequest":
    """Everything is asked but what a flag has said."""
    from tix.cli.input import ticket_form

    whole = ticket_form.new_ticket(session, desk, ticket_form.FormDraft(session.early), asked)
    text.sent_now(session)
    return whole


def _answers(session: Session, missing: "list[Field]") -> dict[str, str]:
    """What a topic asks and no flag has said."""
    from tix.cli.input import ticket_form

    return ticket_form.answers(session, missing)


def _needs_message(session: Session, desk: "Desk | None") -> bool:
    from tix.desk.tickets.request import needs_message

    if desk is not None:
        return needs_message(desk)
    return session.remote is not None and session.remote.needs_message


def _words(
    session: Session, desk: "Desk | None", texts: Text, subject: str | None, body: str | None
) -> tuple[str, str]:
    """Return subject and message; prompt for missing required values where there is a terminal."""
    if body is None:
        body = text.piped(session, texts, "new")
    if body is None and not texts.editor and not _needs_message(session, desk):
        body = ""
    if body is None and not texts.editor and not session.may_ask:
        raise UsageError("no message given", hint="use --message TEXT, --file PATH or a pipe")
    if subject is not None and body is not None and not texts.editor:
        return subject, body
    from tix.cli.input import editor, ticket_form

    sheet = ticket_form.FormDraft(session.early, body or "")
    if subject is None:
        subject = ticket_form.subject(session, sheet)
    if texts.editor:
        body = editor.compose(session, "new", body or "", "", keep=sheet.keep_body)
    elif body is None:
        body = ticket_form.message(session, desk, sheet)
    text.sent_now(session)
    return subject, body


def _print(session: Session, printer: "Printer", desk: "Desk", outcome: "Outcome") -> None:
    from tix.cli.tickets import show as ticket_show
    from tix.cli.tickets.bulk import print_outcomes
    from tix.desk.aside import aside
    from tix.desk.tickets import read
    from tix.render.records import show

    if outcome.already:
        session.say(f"{outcome.ticket.ref} was created earlier with this key; no new ticket was created.")
    if printer.is_table and printer.columns is None:
        whole = read.of(desk, outcome.ticket, desk.scope)
        ticket_show.draw(printer, show.record(desk, whole), aside(desk, whole))
    else:
        print_outcomes(printer, desk, [outcome], single=True)
