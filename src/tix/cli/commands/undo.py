"""``tix undo``: undo my last command that changed tickets."""

from __future__ import annotations

from tix.cli.options import Output
from tix.cli.output import Printer, zone
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.cli.tickets.bulk import print_shown, prints_records
from tix.cli.writes.command import writing
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from tix.cli.desks.undo import Undone

# So many tickets are told of one by one, and so many commands are listed.
_MOST_TOLD = 20
_MOST_LISTED = 10
# So many tickets of a command are named in the list.
_MOST_NAMED = 4


@writing(show.WRITTEN)
def command(
    session: Session,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Show what would happen without writing anything.")
    ] = False,
    list_: Annotated[
        bool, Option("--list", help="List my last commands, and which of them can be undone.")
    ] = False,
    limit: Annotated[
        int | None, Option("--limit", metavar="N", help="With --list: show N commands (default 10; 0: all).")
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Undo my last command that changed tickets."""
    from tix.cli.desks import undo

    if list_:
        return _list(session, output, limit)
    if limit is not None:
        raise UsageError("--limit goes with --list", hint="tix undo --list --limit 20")
    printer = Printer(session, output, show.WRITTEN)
    undone = undo.undo(session, dry_run=dry_run, records=prints_records(printer))
    if session.trial is not None:
        session.trial.keep([one.ticket.ref for one in undone.outcomes])
    say(session, printer, undone, "undo" if dry_run else "Undid", dry_run=dry_run)
    print_shown(printer, undone.outcomes, undone.records, single=False)
    return None


def say(session: Session, printer: Printer, undone: Undone, verb: str, *, dry_run: bool) -> None:
    """Say which command was undone or redone, and on a terminal what that changed."""
    from tix.render.words import counted, local

    for sentence in undone.passed:
        session.say(f"{sentence[:1].upper()}{sentence[1:]}.")
    many = counted(len(undone.outcomes), "ticket")
    said = f"Would {verb}" if dry_run else verb
    session.say(f"{said} {undone.verb} of {many} ({local(undone.at, zone())}).")
    if printer.is_table:
        for outcome, items in list(zip(undone.outcomes, undone.items, strict=True))[:_MOST_TOLD]:
            session.say(f"  {outcome.ticket.ref}: {_told(items)}")
        if len(undone.outcomes) > _MOST_TOLD:
            session.say(f"  and {len(undone.outcomes) - _MOST_TOLD:,} more")


def _told(items: list[dict[str, Any]]) -> str:
    from tix.render.event_phrases import phrase

    return "; ".join(phrase(item, zone=zone()) for item in items) or "no change"


def _list(session: Session, output: Output, limit: int | None) -> None:
    from tix.cli.desks import undo
    from tix.render.records.commands import FIELDS

    printer = Printer(
        session, output, Kind(FIELDS, ("id", "at", "verb", "tickets", "undone", "obstacle"), "id")
    )
    most = limit if limit is not None else _MOST_LISTED if printer.is_table else 0
    found = undo.commands(session, most or -1)
    printer.records(
        iter(found), lambda rows: _draw(printer, rows), none="You have run no command that changed tickets."
    )


def _draw(printer: Printer, found: list[dict[str, Any]]) -> None:
    from tix.cli.output import zone
    from tix.domain.times import parse_instant
    from tix.render.terminal import tables
    from tix.render.words import local

    names = printer.columns or ["when", "verb", "tickets", "undo"]
    rows = [
        {
            **one,
            "when": local(parse_instant(one["at"]), zone()),
            "tickets": _named(one["tickets"]),
            "undo": "undone" if one["undone"] else one["obstacle"] or "can be undone",
        }
        for one in found
    ]
    tables.draw_records(rows, names, console=printer.console(), zone=zone())


def _named(refs: list[str]) -> str:
    more = len(refs) - _MOST_NAMED
    return ", ".join(refs[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
