"""``tix undo``: undo my last command that changed tickets."""

from typing import TYPE_CHECKING, Annotated, Any

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer, zone
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.cli.tickets.bulk import print_shown, shown

if TYPE_CHECKING:
    from tix.desk.tickets.outcome import Outcome
    from tix.desk.tickets.undo import Undone

# So many tickets are told of one by one.
_MOST_TOLD = 20


@app.command
def command(
    session: Session,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Show what would happen without writing anything.")
    ] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Undo my last command that changed tickets."""
    from tix.desk.tickets import undo

    printer = Printer(session, output, show.KIND)
    desk = session.writer()
    records: list[dict[str, Any]] = []

    def told(undone: "Undone") -> None:
        records.extend(shown(printer, desk, undone.outcomes))

    undone = undo.undo(desk, dry_run=dry_run, told=told)
    _say(session, printer, undone, dry_run)
    print_shown(printer, undone.outcomes, records, single=False)


def _say(session: Session, printer: Printer, undone: "Undone", dry_run: bool) -> None:
    from tix.render.words import counted, local

    many = counted(len(undone.outcomes), "ticket")
    session.say(
        f"{'Would undo' if dry_run else 'Undid'} {undone.verb} of {many} ({local(undone.at, zone())})."
    )
    if printer.is_table:
        for outcome in undone.outcomes[:_MOST_TOLD]:
            session.say(f"  {_told(outcome)}")
        if len(undone.outcomes) > _MOST_TOLD:
            session.say(f"  and {len(undone.outcomes) - _MOST_TOLD:,} more")
    if dry_run:
        session.say("Nothing was written (--dry-run).")


def _told(outcome: "Outcome") -> str:
    from tix.domain.tickets.timeline import UNDONE
    from tix.render.event_phrases import phrase
    from tix.render.records.tickets import item_record

    said = [
        phrase(item_record(item._replace(reason=None), None), zone=zone())
        for item in outcome.items
        if item.reason == UNDONE
    ]
    return f"{outcome.ticket.ref}: {'; '.join(said) or 'no change'}"
