"""``tix mail in`` and ``tix mail fetch``: mail comes in."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tix.cli import app
from tix.cli.errors import report, wants_json
from tix.cli.mail.send import clock
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.errors import InvalidValue, StorageFailure, StoreBusy, StoreUnusable, TixError
from tix.render.records.formats import Kind
from tix.render.records.mail import TAKEN, taken_record

if TYPE_CHECKING:
    from tix.desk.mail.intake import Taken
    from tix.mail.mailbox import Summary

KIND = Kind(TAKEN, ("outcome", "ref", "from", "subject", "reason"), "id")
# sysexits.h: the mail server is asked to deliver the mail again later.
TRY_AGAIN = 75
_MOST_BYTES = 64 * 1024 * 1024  # what is larger is no mail that a server would deliver


@app.command
def in_(
    session: Session,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would happen without writing anything.")
    ] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Read one mail from stdin, for .forward, procmail and Postfix (exit 75: deliver it again later)."""
    from tix.desk.mail.intake import refuse_switched_off, take
    from tix.domain.permissions import require
    from tix.errors import SwitchedOff
    from tix.mail.inbound import incoming

    printer = Printer(session, output, KIND)
    if sys.stdin.isatty():
        raise InvalidValue("there is no mail on stdin", hint="tix mail in < FILE.eml")
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


def _tell(session: Session, printer: Printer, taken: "Taken", *, dry_run: bool) -> None:
    if printer.format == "table" and printer.columns is None:
        session.say(words(taken, dry_run=dry_run))
    elif printer.format == "plain" and printer.columns is None:
        if taken.ref is not None:
            sys.stdout.write(f"{taken.ref}\n")
        session.say(words(taken, dry_run=dry_run))
    else:
        printer.one(taken_record(taken))


def words(taken: "Taken", *, dry_run: bool = False) -> str:
    """Return what became of a mail, in a sentence."""
    what = f"Would be {taken.outcome}" if dry_run else taken.outcome.capitalize()
    place = f" ({taken.ref})" if taken.ref else ""
    return f"{what}{place}, because {taken.reason}."


@app.command
def fetch(
    session: Session,
    maildir: Annotated[
        Path | None,
        typer.Option("--maildir", metavar="DIR", help="Fetch from this maildir instead of the IMAP server."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would happen without writing anything.")
    ] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Fetch mail from the IMAP server or a maildir; each mail is taken once."""
    from tix.desk.mail.intake import refuse_switched_off
    from tix.desk.mail.status import ran
    from tix.domain.permissions import require
    from tix.mail.inbound import seen_before, taking
    from tix.mail.mailbox import fetch as run
    from tix.mail.servers import mailbox as mailbox_of

    printer = Printer(session, output, KIND)
    desk = session.writer()
    require(desk.actor, "mail")
    refuse_switched_off(desk)
    with _alone(session) as is_alone:
        if not is_alone:
            session.say("Another tix mail fetch is running; nothing was fetched.")
            return 0
        mailbox = mailbox_of(desk, maildir)
        taken: list[Taken] = []
        try:
            with _progress(session) as progress:
                summary = run(
                    mailbox,
                    seen_before(desk),
                    taking(desk, taken, clock=clock(session), dry_run=dry_run),
                    progress,
                    mark=not dry_run,
                )
        finally:
            mailbox.close()
    told = summed_up(taken, summary.failed, dry_run=dry_run)
    if not dry_run:
        ran(desk, "fetch", told)
    if printer.format != "table" or printer.columns is not None:
        printer.records(map(taken_record, taken))
    session.say(told)
    return _failures(session, summary)


@contextmanager
def _alone(session: Session) -> "Iterator[bool]":
    """A lock beside the store against two runs at once; it goes with the process, however that ends."""
    import fcntl

    from tix.cli.session import store_path

    path = store_path(session.options.store)
    descriptor = os.open(f"{path}.fetch", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[int, int], None] | None]:
    """A line on a terminal that counts; nothing elsewhere."""
    if not (session.on_terminal and sys.stderr.isatty()):
        yield None
        return

    def show(done: int, total: int) -> None:
        sys.stderr.write(f"\r{done} of {total} mails")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")


def _failures(session: Session, summary: "Summary") -> int:
    from tix.errors import PartialFailure

    for failure in summary.failures:
        error = failure.error
        message = error.message if isinstance(error, TixError) else f"{type(error).__name__}: {error}"
        report(
            PartialFailure(f"mail {failure.found.uid} in {failure.found.folder}: {message}"),
            wants_json(session.early.argv),
        )
    for sentence in (summary.stopped, summary.unmarked):
        if sentence is not None:
            report(PartialFailure(sentence.rstrip(".")), wants_json(session.early.argv))
    return 9 if summary.partial else 0


def summed_up(taken: "list[Taken]", failed: int, *, dry_run: bool) -> str:
    """Return what a run did, in one sentence; ``failed`` is the number of mails that it had to leave."""
    counts = Counter(one.outcome for one in taken)
    order = "created appended mentioned recorded declined ignored quarantined duplicate".split()
    what = ", ".join(f"{counts[name]} {name}" for name in order if counts[name])
    if not taken and not failed:
        return "No new mail."
    mails = "no mail" if not taken else "1 mail" if len(taken) == 1 else f"{len(taken)} mails"
    told = f"{'Would take' if dry_run else 'Took'} {mails}{': ' if what else ''}{what}"
    return f"{told}; {failed} failed." if failed else f"{told}."
