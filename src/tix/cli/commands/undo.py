"""``tix undo``: undo my last command that changed tickets."""

from __future__ import annotations

from tix.cli.options import Output
from tix.cli.output import Printer, zone
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.cli.tickets.bulk import print_shown, prints_records
from tix.cli.writes.command import writing
from tix.typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from tix.cli.desks.undo import Undone

# So many tickets are told of one by one.
_MOST_TOLD = 20


@writing(show.WRITTEN)
def command(
    session: Session,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Show what would happen without writing anything.")
    ] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Undo my last command that changed tickets."""
    from tix.cli.desks.undo import undo

    printer = Printer(session, output, show.WRITTEN)
    undone = undo(session, dry_run=dry_run, records=prints_records(printer))
    if session.trial is not None:
        session.trial.keep([one.ticket.ref for one in undone.outcomes])
    _say(session, printer, undone, dry_run)
    print_shown(printer, undone.outcomes, undone.records, single=False)


def _say(session: Session, printer: Printer, undone: Undone, dry_run: bool) -> None:
    from tix.render.words import counted, local

    many = counted(len(undone.outcomes), "ticket")
    session.say(
        f"{'Would undo' if dry_run else 'Undid'} {undone.verb} of {many} ({local(undone.at, zone())})."
    )
    if printer.is_table:
        for outcome, items in list(zip(undone.outcomes, undone.items, strict=True))[:_MOST_TOLD]:
            session.say(f"  {outcome.ticket.ref}: {_told(items)}")
        if len(undone.outcomes) > _MOST_TOLD:
            session.say(f"  and {len(undone.outcomes) - _MOST_TOLD:,} more")


def _told(items: list[dict[str, Any]]) -> str:
    from tix.render.event_phrases import phrase

    return "; ".join(phrase(item, zone=zone()) for item in items) or "no change"
