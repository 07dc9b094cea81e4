"""``tix new``: create a ticket; on a terminal, tix asks for what is missing."""

from __future__ import annotations

import os

from tix.cli import app
from tix.cli.input import text
from tix.cli.options import Attach, AttachName, Cc, DryRun, Output, Text
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.ticket_options import Flags, words
from tix.cli.tickets.show import WRITTEN
from tix.errors import UsageError
from tix.typing import TYPE_CHECKING, Annotated, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.input.ticket_form import Filled
    from tix.cli.output import Printer
    from tix.cli.remote.desk import Remote
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.desk.tickets.request import TicketRequest
    from tix.domain.topics import Field


@app.prints(WRITTEN)
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
    attach_name: AttachName = None,
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
    dry_run: DryRun = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Create a ticket."""
    from tix.cli.output import Printer
    from tix.cli.tickets.reply_context import files_of
    from tix.desk.tickets import new as raising
    from tix.desk.tickets import request, routing
    from tix.domain.values import parse_subject

    printer = Printer(session, output, WRITTEN)
    _refuse_nothing(session, subject)
    if subject is not None:
        _refuse_stray(subject, attach, flags.field)
        subject = parse_subject(subject)
    notify = False if no_notify else None
    said = words(flags, notify=notify, watchers=cc, source=source, idempotency_key=idempotency_key)
    if attach is not None and "-" in attach:
        _refuse_twice(session, texts)
    if session.remote is not None:
        session.remote.refuse("--dry-run with tix new", dry_run)
        return _sent(session, session.remote, printer, texts, (subject, said, attach, attach_name))
    desk = session.reader()
    uploads, _ = files_of(session, desk, attach, attach_name)
    asked = request.parse(desk, said)._replace(uploads=uploads)
    body = text.flagged(session, texts, "new")
    raising.refuse(desk, asked)
    route = routing.routed(desk, asked)
    missing = routing.unanswered(desk, route.topic, asked.answers) if session.may_ask else []
    if subject is None and texts == Text():
        filled = _form(session, said, attach)
        asked = request.parse(desk, filled.said)._replace(
            subject=filled.subject, body=filled.body, uploads=asked.uploads or filled.uploads
        )
        route = routing.routed(desk, asked)
    else:
        if not missing:
            routing.answered(desk, route.topic, asked.answers)
        subject, body = _words(session, desk, texts, subject, body)
        asked = asked._replace(subject=subject, body=body)
        if missing:
            asked = asked._replace(answers={**asked.answers, **_answers(session, missing)})
    if route.left_out is not None:
        _say_left_out(session, route.left_out.login)
    answers = routing.answered(desk, route.topic, asked.answers)
    if asked.idempotency_key is not None:
        asked = asked._replace(digest=_digest(said, asked))
    desk = session.writer()
    if dry_run:
        with desk.store.together() as whole:
            whole.take_back()
            _print(session, printer, desk, raising.open_ticket(desk, asked, route, answers), rehearsed=True)
        return 0
    outcome = raising.open_ticket(desk, asked, route, answers)
    session.early.typed = None  # the desk has it
    _print(session, printer, desk, outcome)
    _warn_past(session, said, outcome)
    return 0


def _refuse_nothing(session: Session, subject: str | None) -> None:
    if subject is None and not session.may_ask:
        raise UsageError(
            Said("no subject given"), hint='tix new "Printer is jammed" -m "It stopped this morning."'
        )


def _refuse_twice(session: Session, texts: Text) -> None:
    """Refuse a message that is to come from stdin as well as a file. Raises UsageError."""
    from tix.cli.input import piped

    desk = None if session.remote is not None else session.reader()
    piped.refuse_twice((), texts, needs_text=_needs_message(session, desk))


def _digest(said: dict[str, Any], asked: TicketRequest) -> str:
    """The digest of what a key stands for."""
    from tix.desk.tickets import request

    typed = {**said, "answers": dict(asked.answers)}
    return request.digest_of(typed, asked.subject, asked.body, [one.file for one in asked.uploads])


def _warn_past(session: Session, said: dict[str, Any], outcome: Outcome) -> None:
    if said["due_at"] is not None and outcome.ticket.due_at is not None:
        from tix.cli.tickets import past_due
        from tix.domain.times import instant

        past_due.warn(session, outcome.ticket.ref, instant(outcome.ticket.due_at))


def _sent(
    session: Session,
    remote: Remote,
    printer: Printer,
    texts: Text,
    given: tuple[str | None, dict[str, Any], list[str] | None, str | None],
) -> int:
    """Create it on a server, which judges what was said; on a terminal, tix asks for what is missing."""
    from tix.cli.remote.connection import Upload
    from tix.cli.tickets import show
    from tix.cli.tickets.bulk import print_created
    from tix.cli.tickets.reply_context import files_of

    subject, said, attach, name = given
    _, files = files_of(session, None, attach, name)
    body = text.flagged(session, texts, "new")
    key = said.pop("idempotency_key")
    form = remote.form(said) if session.may_ask else None
    if form is not None and subject is None and texts == Text():
        filled = _form(session, said, attach)
        subject, body, said = filled.subject, filled.body, filled.said
        files = files or [Upload(one.file.name, one.data) for one in filled.uploads]
    else:
        subject, body = _words(session, None, texts, subject, body)
        missing = [] if form is None else [one for one in form.fields if one.required and one.default is None]
        if missing:
            said["answers"] = {**(said["answers"] or {}), **_answers(session, missing)}
    asked = {name: value for name, value in said.items() if value not in (None, [], {})}
    if "due_at" in asked:
        asked["due_at"] = remote.due(asked["due_at"])
    answers = asked.pop("answers", {})
    record, already = remote.create(
        {**asked, "subject": subject, "message": body, "fields": answers}, files, key
    )
    session.early.typed = None  # the desk has it
    if record["topic"] is not None and (record["assignee"], record["team"]) == (None, None):
        # Perhaps the topic names somebody who cannot take it.
        left_out = remote.form({"topic": record["topic"], "assignee": said["assignee"]}).left_out
        if left_out is not None:
            _say_left_out(session, left_out)
    if asked.get("due_at") is not None:
        from tix.cli.tickets import past_due

        past_due.warn(session, record["ref"], record["due_at"])
    if already:
        session.say(
            Said("{ref} was created earlier with this key; no new ticket was created.", ref=record["ref"])
        )
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
            Said("'{subject}' would be used as the subject", subject=subject),
            hint=f"repeat the option: --field {field[-1]} --field {subject}",
        )
    if attach and os.path.isfile(subject):  # noqa: PTH113  # pathlib takes longer than the rest
        raise UsageError(
            Said("'{subject}' is a file and would be used as the subject", subject=subject),
            hint=f"repeat the option: --attach {attach[-1]} --attach {subject}",
        )


def _say_left_out(session: Session, login: str) -> None:
    session.say(Said("The topic's assignee {login} cannot take tickets now; left unassigned.", login=login))


def _form(session: Session, said: dict[str, Any], attach: list[str] | None) -> Filled:
    """Everything is asked but what a flag has said."""
    from tix.cli.input import ticket_form

    sheet = ticket_form.FormDraft(session.early)
    filled = ticket_form.new_ticket(session, session.records.form, sheet, said, has_files=bool(attach))
    text.sent_now(session)
    return filled


def _answers(session: Session, missing: list[Field]) -> dict[str, str]:
    """What a topic asks and no flag has said."""
    from tix.cli.input import ticket_form

    return ticket_form.answers(session, missing)


def _needs_message(session: Session, desk: Desk | None) -> bool:
    from tix.desk.tickets.request import needs_message

    if desk is not None:
        return needs_message(desk)
    return session.remote is not None and session.remote.needs_message


def _words(
    session: Session, desk: Desk | None, texts: Text, subject: str | None, body: str | None
) -> tuple[str, str]:
    """Return subject and message; prompt for missing required values where there is a terminal."""
    if body is None:
        body = text.piped(session, texts, "new")
    if body is None and not texts.editor and not _needs_message(session, desk):
        body = ""
    if body is None and not texts.editor and not session.may_ask:
        raise UsageError(Said("no message given"), hint=Said("use --message TEXT, --file PATH or a pipe"))
    if subject is not None and body is not None and not texts.editor:
        return subject, body
    from tix.cli.input import editor, ticket_form

    sheet = ticket_form.FormDraft(session.early, body or "")
    if subject is None:
        subject = ticket_form.subject(session, sheet)
    if texts.editor:
        body = editor.compose(session, "new", body or "", "", keep=sheet.keep_body)
    elif body is None:
        body = ticket_form.message(session, sheet, required=True)
    text.sent_now(session)
    return subject, body


def _print(
    session: Session, printer: Printer, desk: Desk, outcome: Outcome, *, rehearsed: bool = False
) -> None:
    from tix.cli.tickets import show as ticket_show
    from tix.cli.tickets.bulk import print_outcomes
    from tix.desk.aside import aside
    from tix.desk.tickets import read
    from tix.render.records import show

    if outcome.already:
        session.say(
            Said(
                "{ref} was created earlier with this key; no new ticket was created.", ref=outcome.ticket.ref
            )
        )
    elif rehearsed and printer.is_table:
        session.say(Said("Would create {ref}.", ref=outcome.ticket.ref))
    if printer.is_table and printer.columns is None:
        whole = read.of(desk, outcome.ticket, desk.scope)
        ticket_show.draw(printer, show.record(desk, whole), aside(desk, whole))
    else:
        print_outcomes(printer, desk, [outcome], single=True, rehearsed=rehearsed)
