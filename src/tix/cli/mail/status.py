"""``tix mail status``, ``test`` and ``setup``: what is set up, and whether it works."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.errors import InvalidValue, Refused, TixError, UsageError
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.mail.trial import Trial

STATUS = Kind(
    (
        "sends_through",
        "fetches_from",
        "from_address",
        "takes_mail",
        "outbox",
        "received",
        "last_fetch",
        "last_send",
    ),
    None,
    "from_address",
)
TRIAL = Kind(("what", "works", "words", "details", "hint"), None, "what")
# The questions of `tix mail setup`, in their order: the setting, the question.
QUESTIONS = (
    ("mail.from_address", "Address of the desk, e.g. help@example.org"),
    ("mail.from_name", "Name of the desk in its mail"),
    ("mail.imap.host", "Server for incoming mail, e.g. imap.example.org"),
    ("mail.imap.port", "Port of that server"),
    ("mail.imap.encryption", "Its encryption: tls, starttls or none"),
    ("mail.imap.user", "User name there"),
    ("mail.imap.password_command", "Command that prints the password there (none: TIX_IMAP_PASSWORD)"),
    ("mail.imap.folder", "Folder to fetch mail from"),
    ("mail.imap.done", "Fetched mail: folder (moves there) or keyword (stays, marked)"),
    ("mail.smtp.host", "Server for outgoing mail, e.g. smtp.example.org"),
    ("mail.smtp.port", "Port of that server"),
    ("mail.smtp.encryption", "Its encryption: tls, starttls or none"),
    ("mail.smtp.user", "User name there (none: no login)"),
    ("mail.smtp.password_command", "Command that prints the password there (none: TIX_SMTP_PASSWORD)"),
    ("mail.unknown_senders", "Mail from unknown senders: ignore or accept"),
    ("notify.requester_created", "Confirm new tickets to the requester by mail: true or false"),
)


@app.prints(STATUS)
@app.reading
def status(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """Show the mail servers, what is waiting, and what the last runs did."""
    from tix.desk.mail.status import status as asked

    printer = Printer(session, output, STATUS)
    printer.one(asked(session.reader())._asdict(), lambda record: _draw(printer, record))


def _draw(printer: Printer, record: dict[str, Any]) -> None:
    from tix.cli.output import zone
    from tix.render.terminal import cards

    shown = {
        name: _counts(value) if isinstance(value, dict) else "not set" if value is None else value
        for name, value in record.items()
    }
    cards.draw_card(shown, console=printer.console(), zone=zone())


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"


@app.prints(TRIAL)
@app.reading
def try_(
    session: Session,
    send: Annotated[
        bool,
        Option("--send", help="Send a test mail to the desk's own address, and wait until it arrives."),
    ] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Try the connection to the mail servers, without fetching anything."""
    from tix.domain.permissions import require
    from tix.mail import trial

    printer = Printer(session, output, TRIAL)
    desk = session.reader()
    require(desk.actor, "mail")
    names = {"mail.imap.host": trial.incoming, "mail.smtp.host": trial.outgoing}
    wanted = [act for key, act in names.items() if desk.settings.name(key) is not None]
    if not wanted:
        raise Refused("no mail server is set up", hint="tix mail setup")
    done = [act(desk) for act in wanted]
    if send and all(one.works for one in done):
        done.append(trial.round_trip(desk))
    if printer.format == "table" and printer.columns is None:
        for one in done:
            _told(one)
    else:
        printer.records(map(_record, done))
    return _exit_status(done)


def _record(one: Trial) -> dict[str, object]:
    hint = None if one.error is None else one.error.hint
    return {
        "what": one.what,
        "works": one.works,
        "words": one.words,
        "details": list(one.details),
        "hint": hint,
    }


def _exit_status(done: list[Trial]) -> int:
    """The code of what failed, 6 for a server that does not answer."""
    codes = {one.error.exit_status for one in done if one.error is not None}
    return 0 if not codes else 6 if 6 in codes else codes.pop()


def _told(one: Trial) -> None:
    from tix.render.safe import safe_line

    mark = "ok" if one.works else "failed"
    sys.stdout.write(f"{one.what}: {mark}: {safe_line(one.words)}\n")
    for detail in one.details:
        sys.stdout.write(f"  {safe_line(detail)}\n")
    if one.error is not None and one.error.hint:
        sys.stdout.write(f"  hint: {safe_line(one.error.hint)}\n")


@app.command
def setup(session: Session) -> int:
    """Ask for the settings of mail on a terminal, then try both servers."""
    from tix.cli.input import ask
    from tix.domain.permissions import require
    from tix.mail import trial

    if not session.may_ask:
        raise UsageError(
            "tix mail setup needs a terminal",
            hint="set the values one by one, e.g. tix config set mail.imap.host imap.example.org; then: tix mail test",
        )
    desk = session.writer()
    require(desk.actor, "config set")
    ask.tell("Enter keeps the value in brackets, none clears it. Nothing is sent unasked.")
    for key, question in QUESTIONS:
        _ask(desk, key, question)
    done = [act(desk) for act in (trial.incoming, trial.outgoing)]
    for one in done:
        _told(one)
    _offer_check(desk, done[0])
    if all(one.works for one in done):
        _offer_round_trip(desk)
    session.say("To fetch mail, run: tix mail fetch. In cron: tix mail fetch; tix tick")
    return _exit_status(done)


def _ask(desk: Desk, key: str, question: str) -> None:
    """Ask for one setting until the answer is a value it takes."""
    from tix.cli.input import ask
    from tix.desk import settings

    now = settings.current(desk, key)[0]
    while True:
        typed = ask.line(f"{question} [{now}]:").strip()
        if not typed or typed == now:
            return
        try:
            settings.put(desk, key, typed)
        except InvalidValue as error:
            ask.tell(error.message + (f" ({error.hint})" if error.hint else ""))
        except TixError:
            raise
        else:
            return


def _offer_round_trip(desk: Desk) -> None:
    """Ask, then send a mail to the desk and one to a ticket's address; ``mail.plus_address`` says whether that arrived."""
    from tix.cli.input import ask
    from tix.desk import settings
    from tix.mail import trial

    if not ask.confirm(f"Send a test mail to {desk.settings.text('mail.from_address')} and wait for it"):
        return
    _told(trial.round_trip(desk))
    plus = trial.round_trip(desk, plus=True)
    _told(plus)
    settings.put(desk, "mail.plus_address", "true" if plus.works else "false")


def _offer_check(desk: Desk, incoming: Trial) -> None:
    """Ask which of the names found is that of the desk's own mail server; only its word on senders counts."""
    from tix.cli.input import ask

    known = [
        one.removeprefix("senders are checked by ")
        for one in incoming.details
        if one.startswith("senders are checked by ")
    ]
    if known:
        ask.tell("Names of servers that checked senders, from the newest mails: " + ", ".join(known))
        _ask(desk, "mail.authserv_id", "Name of your own server")
