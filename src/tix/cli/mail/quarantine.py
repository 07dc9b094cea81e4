"""``tix mail quarantine``: mail that did not become a ticket, to be read, released or deleted."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.mail.ids import Ids, each, number
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes.command import writing
from tix.render.records.formats import Kind
from tix.render.records.mail import KEPT, TAKEN, kept_record, taken_record
from tix.typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.mail.intake import Taken
    from tix.domain.mail.kept import KeptMail

KIND = Kind(KEPT, ("id", "at", "from", "subject", "outcome", "reason"), "id")
RELEASED = Kind(TAKEN, None, "id")
SHOWN = Kind((*KEPT, "text", "files", "flags"), None, "id")


@app.prints(KIND)
@app.reading
def list_(
    session: Session,
    all_: Annotated[
        bool, Option("--all", help="Include mails that are not, or no longer, in quarantine.")
    ] = False,
    limit: Annotated[
        int | None, Option("--limit", min=0, metavar="N", help="Maximum number of mails (0: no limit).")
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List the mails in quarantine, newest first."""
    from tix.desk.mail import quarantine

    printer = Printer(session, output, KIND)
    desk = session.reader()
    found = quarantine.listed(desk, every=all_, limit=printer.most(limit))
    printer.records(
        map(kept_record, found),
        lambda records: _draw_list(printer, records, desk.now, every=all_),
        none="No mail." if all_ else "No mail in quarantine.",
    )


def _draw_list(printer: Printer, records: list[dict[str, Any]], now: int, *, every: bool) -> None:
    """The table: times are relative and the outcome is there only where it says more, so that there is room for the reason."""
    from tix.cli.output import zone
    from tix.domain.times import parse_instant
    from tix.render.terminal import tables
    from tix.render.words import relative

    rows = [{**one, "at": relative(parse_instant(one["at"]), now, zone())} for one in records]
    shown = ["id", "at", "from", "subject", *(["outcome"] if every else []), "reason"]
    tables.draw_records(rows, printer.columns or shown, console=printer.console())


@app.prints(SHOWN)
@app.reading
def show(
    session: Session,
    id: Annotated[str, Argument(metavar="ID", help="Number of the mail, e.g. 7.")],
    raw_mail: Annotated[bool, Option("--raw-mail", help="Print the mail as it came, byte for byte.")] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Show a received mail as plain text that is safe to read."""
    from tix.desk.mail import quarantine

    printer = Printer(session, output, SHOWN)
    desk = session.reader()
    kept = quarantine.kept_mail(desk, number(id))
    if raw_mail:
        write_raw(quarantine.raw(desk, kept.id))
        return
    data = quarantine.raw(desk, kept.id) if kept.outcome != "deleted" else b""
    record = kept_record(kept) | _content(data)
    printer.one(record, lambda one: _draw(printer, one))


def write_raw(data: bytes) -> None:
    """Print a mail as it came; on a terminal with control characters made visible."""
    from tix.render.safe import safe

    if sys.stdout.isatty():
        sys.stdout.write(safe(data.decode("utf-8", "replace")).rstrip("\n") + "\n")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)


def _content(data: bytes) -> dict[str, Any]:
    """Return what can be read in a mail: its text, the names of its files, its links; nothing where it is deleted."""
    from tix.errors import Unreadable
    from tix.mail.mime.message import read

    try:
        mail = read(data)
    except Unreadable:
        return {"text": None, "files": [], "flags": []}
    return {"text": mail.text, "files": [file.name for file in mail.attachments], "flags": list(mail.flags)}


def _draw(printer: Printer, record: dict[str, Any]) -> None:
    """The head as a card, then the text, each line behind a gutter so that it cannot imitate the card."""
    from tix.cli.output import zone
    from tix.render.safe import safe
    from tix.render.terminal import cards

    head = {key: value for key, value in record.items() if key != "text"}
    cards.draw_card(head, console=printer.console(), zone=zone())
    text = record["text"]
    if text:
        lines = safe(text).rstrip("\n").split("\n")
        sys.stdout.write("\n" + "".join(f"│ {line}\n" for line in lines))


@writing(RELEASED)
def release(session: Session, ids: Ids, output: Output = Output()) -> int:  # noqa: B008  # as above
    """Release mails: each becomes a ticket or an entry, as if its sender were known."""
    from tix.desk.mail import intake, quarantine
    from tix.mail.inbound import incoming

    def act(desk: Desk, id: int) -> Taken:
        return intake.release(desk, id, incoming(desk, quarantine.raw(desk, id), "quarantine"))

    return each(session, Printer(session, output, RELEASED), ids, act, taken_record, _released)


@writing(KIND)
def rm(session: Session, ids: Ids, output: Output = Output()) -> int:  # noqa: B008  # as above
    """Delete mails in quarantine permanently."""
    from tix.desk.mail import quarantine

    return each(
        session,
        Printer(session, output, KIND),
        ids,
        quarantine.delete,
        kept_record,
        _deleted,
        effect="deleted",
    )


def _released(taken: Taken) -> str:
    return f"Mail {taken.id}: {taken.outcome}" + (f" as {taken.ref}." if taken.ref else f" ({taken.reason}).")


def _deleted(mail: KeptMail) -> str:
    return f"Deleted mail {mail.id}."


COMMANDS = {"list": list_, "show": show, "release": release, "rm": rm}
