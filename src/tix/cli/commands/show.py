"""``tix show``: tickets and their threads."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.options import Output, References
from tix.cli.output import Printer
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets import references as ticket_references
from tix.cli.tickets import show
from tix.errors import NotFound, UsageError
from tix.typing import TYPE_CHECKING, Annotated
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.aside import Shown


@app.prints(show.KIND)
@ticket_references.reading_verb
def command(
    session: Session,
    references: References,
    no_events: Annotated[
        bool, Option("--no-events", help="Show messages and notes only, no changes.")
    ] = False,
    as_requester: Annotated[
        bool, Option("--as-requester", help="Show exactly what the requester sees.")
    ] = False,
    full: Annotated[bool, Option("--full", help="Show everything, without shortening.")] = False,
    ids: Annotated[
        bool, Option("--ids", help="Number the entries, as tix split --entry takes them (on a terminal).")
    ] = False,
    markdown: Annotated[bool, Option("--markdown", help="Draw texts as Markdown (on a terminal).")] = False,
    raw_mail: Annotated[
        int | None,
        Option("--raw-mail", metavar="ENTRY", help="Print the mail that this entry (its id) came by."),
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Show tickets with their threads."""
    from tix.cli.errors import Results

    printer = Printer(session, output, show.KIND)
    if raw_mail is not None:
        if session.remote is not None:
            session.remote.refuse("--raw-mail", True)
        return _raw_mail(session, references, raw_mail)
    parsed = ticket_references.parse(references)
    desk = session.records
    results = Results(session, parsed.single)
    found: list[Shown] = []
    for reference in desk.expand(parsed):
        with results.item(lambda: desk.called(reference)):  # noqa: B023  # called before the next one
            one = desk.whole(reference, as_requester=as_requester)
            if one is not None:
                found.append(one)
    results.tell()
    look = {"events": not no_events, "full": full, "ids": ids, "markdown": markdown}
    _print(printer, found, parsed.single, look)
    return results.status


def _print(printer: Printer, found: list[Shown], single: bool, look: dict[str, bool]) -> None:
    if not look["events"]:
        for one in found:
            one.record["thread"] = [item for item in one.record["thread"] if item["kind"] != "event"]
    if printer.is_table and printer.columns is None:
        for position, one in enumerate(found):
            if position:
                show.rule(printer)
            show.draw(printer, one.record, one.aside(), **look)
    elif single and printer.format == "json":
        printer.one(found[0].record)
    elif printer.format == "plain" and printer.columns is None:
        for position, one in enumerate(found):
            sys.stdout.write("\n" if position else "")
            show.plain(one.record)
    else:
        printer.records(one.record for one in found)


def _raw_mail(session: Session, references: list[str], entry: int) -> int:
    """Print the mail of an entry of one ticket, byte for byte."""
    from tix.cli.mail.quarantine import write_raw
    from tix.desk.mail import quarantine
    from tix.desk.tickets import bulk, read

    parsed = ticket_references.parse(references)
    if not parsed.single:
        raise UsageError(
            Said("--raw-mail is for one ticket"), hint=Said("for example: tix show 12 --raw-mail 345")
        )
    desk = session.reader()
    for reference in bulk.expand(desk, parsed):
        whole = read.whole(desk, reference)
        if all(line.item.id != entry for line in whole.lines):
            raise NotFound(
                Said("{ref} has no entry {entry}", ref=whole.ticket.ref, entry=entry),
                hint=f"tix show {whole.ticket.number} --json",
            )
        write_raw(quarantine.raw_of_item(desk, entry))
    return 0
