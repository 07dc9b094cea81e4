"""``tix split``: a new ticket from entries of this one."""

from typing import Annotated

import typer

from tix.cli import app
from tix.cli.options import Output, Reference
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import show


@app.command
def command(
    session: Session,
    reference: Reference,
    entry: Annotated[
        list[str],
        typer.Option("--entry", metavar="N,M-O", help="Ids of entries, as in the thread of show --json."),
    ],
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="TEXT", help="Its subject; else this one's.")
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Make a ticket from entries of another."""
    from tix.cli.tickets.bulk import print_outcomes
    from tix.desk.tickets import split
    from tix.domain.tickets.references import parse_reference
    from tix.domain.tickets.split import parse_entries
    from tix.domain.values import parse_subject

    printer = Printer(session, output, show.KIND)
    wanted = parse_reference(reference)
    spans = [span for word in entry for span in parse_entries(word)]
    title = None if subject is None else parse_subject(subject)
    desk = session.writer()
    outcome = split.split(desk, wanted, spans, title)
    if printer.is_table:
        session.say(f"{outcome.ticket.ref} is made of entries of {wanted.text}")
    print_outcomes(printer, desk, [outcome], single=True)
