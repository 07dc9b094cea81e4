"""``tix show``: tickets and their threads."""

import sys
from functools import partial
from typing import Annotated

import typer

from tix.cli import app
from tix.cli.options import Output, References
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import references as ticket_references
from tix.cli.tickets import show
from tix.errors import NotFound, UsageError
from tix.render.records import show as record_show


@app.reading
def command(
    session: Session,
    references: References,
    no_events: Annotated[
        bool, typer.Option("--no-events", help="Show messages and notes only, no changes.")
    ] = False,
    as_requester: Annotated[
        bool, typer.Option("--as-requester", help="Show exactly what the requester sees.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Show everything, without shortening.")] = False,
    raw_mail: Annotated[
        int | None,
        typer.Option("--raw-mail", metavar="ENTRY", help="Print the mail that this entry (its id) came by."),
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Show tickets with their threads."""
    from tix.cli.tickets.bulk import Results
    from tix.desk.tickets import bulk, read
    from tix.domain.permissions import requester_scope

    printer = Printer(session, output, show.KIND)
    if raw_mail is not None:
        return _raw_mail(session, references, raw_mail)
    parsed = ticket_references.parse(references)
    desk = session.reader()
    results = Results(session, parsed.single)
    found = []
    for reference in bulk.expand(desk, parsed):
        with results.item(partial(bulk.called, desk, reference)):
            whole = read.whole(desk, reference)
            if as_requester:
                whole = read.of(desk, whole.ticket, requester_scope(whole.ticket.requester))
            found.append((whole, record_show.record(desk, whole, events=not no_events)))
    results.tell()
    if printer.is_table and printer.columns is None:
        for whole, record in found:
            show.draw(printer, desk, whole, record, events=not no_events, full=full)
    elif parsed.single and printer.format == "json":
        printer.one(found[0][1])
    elif printer.format == "plain" and printer.columns is None:
        for position, (_, record) in enumerate(found):
            sys.stdout.write("\n" if position else "")
            show.plain(record)
    else:
        printer.records(record for _, record in found)
    return results.status


def _raw_mail(session: Session, references: list[str], entry: int) -> int:
    """Print the mail of an entry of one ticket, byte for byte."""
    from tix.cli.mail.quarantine import write_raw
    from tix.desk.mail import quarantine
    from tix.desk.tickets import bulk, read

    parsed = ticket_references.parse(references)
    if not parsed.single:
        raise UsageError("--raw-mail is for one ticket", hint="for example: tix show 12 --raw-mail 345")
    desk = session.reader()
    for reference in bulk.expand(desk, parsed):
        whole = read.whole(desk, reference)
        if all(line.item.id != entry for line in whole.lines):
            raise NotFound(
                f"{whole.ticket.ref} has no entry {entry}", hint=f"tix show {whole.ticket.number} --json"
            )
        write_raw(quarantine.raw_of_item(desk, entry))
    return 0
