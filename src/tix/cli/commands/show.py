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
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Show tickets with their threads."""
    from tix.cli.tickets.bulk import Results
    from tix.desk.tickets import bulk, read
    from tix.domain.permissions import requester_scope

    printer = Printer(session, output, show.KIND)
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
