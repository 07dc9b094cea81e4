"""``tix redo``: do my last undone command again."""

from __future__ import annotations

from tix.cli.commands.undo import say
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.cli.tickets.bulk import print_shown, prints_records
from tix.cli.writes.command import writing
from tix.typing import Annotated


@writing(show.WRITTEN)
def command(
    session: Session,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Show what would happen without writing anything.")
    ] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Redo my last undone command."""
    from tix.cli.desks.undo import undo

    printer = Printer(session, output, show.WRITTEN)
    redone = undo(session, dry_run=dry_run, records=prints_records(printer), again=True)
    if session.trial is not None:
        session.trial.keep([one.ticket.ref for one in redone.outcomes])
    say(session, printer, redone, "redo", dry_run=dry_run)
    print_shown(printer, redone.outcomes, redone.records, single=False)
