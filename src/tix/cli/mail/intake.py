"""``tix mail in`` and ``tix mail fetch``: mail comes in."""

from __future__ import annotations

import sys
from pathlib import Path

from tix.cli import app
from tix.cli.errors import report
from tix.cli.mail.send import clock
from tix.cli.messages import wants_json
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.errors import InvalidValue, StorageFailure, StoreBusy, StoreUnusable
from tix.render.records.formats import Kind
from tix.render.records.mail import TAKEN, taken_record
from tix.typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from tix.desk.mail.intake import Taken
    from tix.mail.mailbox import Summary

KIND = Kind(TAKEN, ("outcome", "ref", "from", "subject", "reason"), "id")
# sysexits.h: the mail server is asked to deliver the mail again later.
TRY_AGAIN = 75
_MOST_BYTES = 64 * 1024 * 1024  # what is larger is no mail that a server would deliver


@app.prints(KIND)
@app.command
def in_(
    session: Session,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Show what would happen without writing anything.")
    ] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Read one mail from stdin, for .forward, procmail and Postfix (exit 75: deliver it again later)."""
    from tix.cli.repeats import stdin
    from tix.desk.mail.intake import refuse_switched_off, take
    from tix.domain.permissions import require
    from tix.errors import SwitchedOff
    from tix.mail.inbound import incoming

    printer = Printer(session, output, KIND)
    if sys.stdin.isatty():
        raise InvalidValue("there is no mail on stdin", hint="tix mail in < FILE.eml")
    stdin.spend()
    raw = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if not raw:
        raise InvalidValue("there is no mail on stdin", hint="tix mail in < FILE.eml")
    try:
        desk = session.writer()
        require(desk.actor, "mail")
        refuse_switched_off(desk)
        taken = take(desk, incoming(desk, raw, "in"), dry_run=dry_run)
    except (StoreBusy, StorageFailure, StoreUnusable, SwitchedOff) as error:
        # The server keeps the mail and tries again: nothing is lost while the desk cannot take it.
        report(error, wants_json(session.early.argv))
        return TRY_AGAIN
    _tell(session, printer, taken, dry_run=dry_run)
    return 0


def _tell(session: Session, printer: Printer, taken: Taken, *, dry_run: bool) -> None:
    if printer.format == "table" and printer.columns is None:
        session.say(words(taken, dry_run=dry_run))
    elif printer.format == "plain" and printer.columns is None:
        if taken.ref is not None:
            sys.stdout.write(f"{taken.ref}\n")
        session.say(words(taken, dry_run=dry_run))
    else:
        printer.one(taken_record(taken))


def words(taken: Taken, *, dry_run: bool = False) -> str:
    """Return what became of a mail, in a sentence."""
    what = f"Would be {taken.outcome}" if dry_run else taken.outcome.capitalize()
    place = f" ({taken.ref})" if taken.ref else ""
    return f"{what}{place}, because {taken.reason}."


@app.prints(KIND)
@app.command
def fetch(
    session: Session,
    maildir: Annotated[
        str | None,
        Option("--maildir", metavar="DIR", help="Fetch from this maildir instead of the IMAP server."),
    ] = None,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Show what would happen without writing anything.")
    ] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Fetch mail from the IMAP server or a maildir; each mail is taken once."""
    from tix.mail.inbound import fetch as run
    from tix.mail.inbound import summed_up

    printer = Printer(session, output, KIND)
    with Progress(session, "Fetching mail") as progress:
        folder = None if maildir is None else Path(maildir)

        def at(done: int, total: int) -> None:
            progress("looked at", done, total)

        done = run(session.writer(), folder, clock=clock(session), dry_run=dry_run, progress=at)
    if done is None:
        session.say("Another tix mail fetch is running; nothing was fetched.")
        return 0
    if printer.format != "table" or printer.columns is not None:
        printer.records(map(taken_record, done.taken))
    session.say(summed_up(done.taken, done.summary.failed, dry_run=dry_run))
    return _failures(session, done.summary)


def _failures(session: Session, summary: Summary) -> int:
    for error in summary.errors():
        report(error, wants_json(session.early.argv))
    return 9 if summary.partial else 0
