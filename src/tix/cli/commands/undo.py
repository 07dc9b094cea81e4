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
from tix.words.sentence import Said, listed

if TYPE_CHECKING:
    from collections.abc import Callable

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
        raise UsageError(Said("--limit goes with --list"), hint="tix undo --list --limit 20")
    printer = Printer(session, output, show.WRITTEN)
    undone = undo.undo(session, dry_run=dry_run, records=prints_records(printer))
    if session.trial is not None:
        session.trial.keep([one.ticket.ref for one in undone.outcomes])
    say(session, printer, undone, "undo", dry_run=dry_run)
    print_shown(printer, undone.outcomes, undone.records, single=False)
    return None


def say(session: Session, printer: Printer, undone: Undone, verb: str, *, dry_run: bool) -> None:
    """Say which command was undone or redone, and on a terminal what that changed."""
    from tix.render.words import local

    for sentence in undone.passed:
        session.say(f"{sentence[:1].upper()}{sentence[1:]}.")
    many = {"verb": undone.verb, "at": local(undone.at, zone())}
    session.say(_SAID[verb, dry_run](len(undone.outcomes), many))
    if printer.is_table:
        for outcome, items in list(zip(undone.outcomes, undone.items, strict=True))[:_MOST_TOLD]:
            session.say(Said("  {ref}: {what}", ref=outcome.ticket.ref, what=_told(items)))
        if len(undone.outcomes) > _MOST_TOLD:
            session.say(Said("  and {n:,} more", n=len(undone.outcomes) - _MOST_TOLD))


def _told(items: list[dict[str, Any]]) -> str:
    from tix.render.event_phrases import phrase

    return listed([phrase(item, zone=zone()) for item in items], ";") or Said("no change")


_SAID: dict[tuple[str, bool], Callable[[int, dict[str, str]], str]] = {
    ("undo", False): lambda n, more: Said.counted(
        "Undid {verb} of {n} ticket ({at}).", "Undid {verb} of {n} tickets ({at}).", n, **more
    ),
    ("undo", True): lambda n, more: Said.counted(
        "Would undo {verb} of {n} ticket ({at}).", "Would undo {verb} of {n} tickets ({at}).", n, **more
    ),
    ("redo", False): lambda n, more: Said.counted(
        "Redid {verb} of {n} ticket ({at}).", "Redid {verb} of {n} tickets ({at}).", n, **more
    ),
    ("redo", True): lambda n, more: Said.counted(
        "Would redo {verb} of {n} ticket ({at}).", "Would redo {verb} of {n} tickets ({at}).", n, **more
    ),
}


def _list(session: Session, output: Output, limit: int | None) -> None:
    from tix.cli.desks import undo
    from tix.render.records.commands import FIELDS

    printer = Printer(
        session, output, Kind(FIELDS, ("id", "at", "verb", "tickets", "undone", "obstacle"), "id")
    )
    most = limit if limit is not None else _MOST_LISTED if printer.is_table else 0
    found = undo.commands(session, most or -1)
    printer.records(
        iter(found),
        lambda rows: _draw(printer, rows),
        none=Said("You have run no command that changed tickets."),
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
