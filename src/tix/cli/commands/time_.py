"""Time entries of tickets (staff): logged, corrected, or measured by a timer."""

from __future__ import annotations

from collections.abc import Callable

from tix.cli import app
from tix.cli.options import One, Output, Reference
from tix.cli.output import Printer, zone
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.cli.tickets.references import verb
from tix.cli.timezone import local_zone
from tix.domain.tickets.references import parse_reference
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.references import Reference as TicketReference

KIND = Kind(("id", "ref", "at", "by", "worked_seconds", "billable", "invoice", "text"), None, "id")
TIMERS = Kind(("ref", "by", "started_at", "running_seconds"), None, "ref")

Message = Annotated[str | None, Option("-m", "--message", metavar="TEXT", help="What the time was spent on.")]
Billable = Annotated[
    bool, Option("--billable/--no-billable", help="Whether the time is billed to the client.")
]


@app.prints(KIND)
@app.reading
def list_(
    session: Session,
    reference: Annotated[
        str | None, Argument(metavar="[ID]", help="Ticket, e.g. 12 (default: all you may see).")
    ] = None,
    by: Annotated[str | None, Option("--by", metavar="WHO", help="Only time of this person.")] = None,
    since: Annotated[
        str | None,
        Option(
            "--since", metavar="WHEN", help="Only time worked on or after this day, e.g. 2026-12-01, -30d."
        ),
    ] = None,
    until: Annotated[
        str | None,
        Option("--until", metavar="WHEN", help="Only time worked on or before this day, e.g. 2026-12-31."),
    ] = None,
    unbilled: Annotated[
        bool, Option("--unbilled", help="Only billable time that is not on an invoice yet.")
    ] = False,
    limit: Annotated[
        int | None,
        Option("--limit", min=0, metavar="N", help="Maximum number of time entries (0: no limit)."),
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List time entries, latest work first."""
    printer = Printer(session, output, KIND)
    wanted = None if reference is None else parse_reference(reference)
    most = printer.most(limit, every=wanted is not None)
    found = session.records.time_entries(wanted, by, since, until, unbilled=unbilled, limit=most)
    printer.records(found, lambda rows: _draw(printer, session.now, rows))
    if unbilled and wanted is None:
        from tix.cli.uncovered import tell_uncovered

        tell_uncovered(session)


def _draw(printer: Printer, now: int, found: list[dict[str, Any]]) -> None:
    """The table, and what it adds up to."""
    from tix.domain.times import format_work, parse_instant
    from tix.render.terminal import tables
    from tix.render.words import relative

    shown = printer.columns
    if shown is None:
        same = {one["ref"] for one in found}
        names = ["id", *(["ref"] if len(same) > 1 else []), "at", "by", "worked_seconds", "billed", "text"]
        here = zone()
        rows = [
            {**one, "at": relative(parse_instant(one["at"]), now, here), "billed": _billed(one)}
            for one in found
        ]
        tables.draw_records(rows, names, console=printer.console())
    else:
        tables.draw_records(found, shown, console=printer.console(), zone=zone())
    total = sum(one["worked_seconds"] for one in found)
    waiting = sum(one["worked_seconds"] for one in found if one["billable"] and one["invoice"] is None)
    printer.session.say(
        Said(
            "Total {total}, {waiting} not billed yet.", total=format_work(total), waiting=format_work(waiting)
        )
    )


def _billed(one: dict[str, Any]) -> str:
    if one["invoice"] is not None:
        return f"invoice {one['invoice']}"
    return "not yet" if one["billable"] else "no"


@app.prints(show.WRITTEN)
@verb
def add(
    session: Session,
    reference: Reference,
    duration: Annotated[
        str, Argument(metavar="DURATION", help="Time spent, e.g. 25 (minutes), 0.5h, 1h30m or 1:30.")
    ],
    message: Message = None,
    on: Annotated[
        str | None,
        Option(
            "--on", metavar="DATE", help="When the work was done, e.g. yesterday, 2026-12-01 (default: now)."
        ),
    ] = None,
    billable: Billable = True,
    minus: Annotated[bool, Option("--minus", help="Subtract the time, as a correction.")] = False,
    how: One = One(),  # noqa: B008  # as above
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Log time spent on a ticket."""
    from tix.cli.date_order import date_order
    from tix.cli.tickets.bulk import Change
    from tix.cli.tickets.single import done_to
    from tix.desk.billing import time_entries
    from tix.domain.billing.time_entries import check_at, parse_worked
    from tix.domain.moments import parse_moment
    from tix.domain.tickets.timeline import Work
    from tix.domain.times import instant

    printer = Printer(session, output, show.WRITTEN)
    wanted = parse_reference(reference)
    seconds = parse_worked(duration)
    text = _line(message)
    at = (
        session.now
        if on is None
        else parse_moment(on, session.now, local_zone(), past=True, order=date_order())
    )
    check_at(at, session.now, on)
    work = Work(at, -seconds if minus else seconds, billable)
    body = {
        "time": duration,
        "note": text,
        "at": None if on is None else instant(at),
        "billable": billable,
        "minus": minus,
    }
    change = Change(lambda: lambda desk, ticket: time_entries.add(desk, ticket, work, text), "time", body)
    _print(session, printer, *done_to(session, wanted, change, how))


def _line(message: str | None) -> str | None:
    if message is None:
        return None
    from tix.domain.values import parse_line

    return parse_line(message)


def _print(
    session: Session, printer: Printer, outcome: Outcome, rows: Callable[[], Any], said: str | None = None
) -> None:
    """The ticket as it now is, of which ``rows`` finds the record; on a terminal what its time adds up to."""
    from tix.cli.tickets.single import print_one
    from tix.domain.times import format_work

    if printer.is_table:
        ticket = outcome.ticket
        total, waiting = format_work(ticket.time_seconds), format_work(ticket.unbilled_seconds)
        words = Said(
            "{ref}: {total} logged in total, {waiting} not billed yet.",
            ref=ticket.ref,
            total=total,
            waiting=waiting,
        )
        session.tell_done(said or words)
    print_one(printer, outcome, rows)


@app.prints(show.WRITTEN)
@verb
def start(
    session: Session,
    reference: Reference,
    how: One = One(),  # noqa: B008  # as above
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Start my timer on a ticket (one timer per person)."""
    from tix.cli.tickets.bulk import Change
    from tix.cli.tickets.single import done_to
    from tix.desk.billing import time_entries
    from tix.desk.tickets.outcome import Outcome

    def action(desk: Desk, ticket: TicketReference) -> Outcome:
        found, is_new = time_entries.start(desk, ticket)
        return Outcome(found, already=not is_new)

    printer = Printer(session, output, show.WRITTEN)
    wanted = parse_reference(reference)
    outcome, rows = done_to(session, wanted, Change(lambda: action, "time/start"), how)
    ref = outcome.ticket.ref
    said = Said("Your timer is now running on {ref}.", ref=ref)
    if outcome.already:
        said = Said("Your timer is already running on {ref}.", ref=ref)
    if outcome.already and not printer.is_table:
        session.say(said)
    _print(session, printer, outcome, rows, said)


@app.prints(show.WRITTEN)
@verb
def stop(
    session: Session,
    reference: Reference,
    message: Message = None,
    billable: Billable = True,
    discard: Annotated[bool, Option("--discard", help="Log no time.")] = False,
    how: One = One(),  # noqa: B008  # as above
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Stop my timer and log the time."""
    from tix.cli.tickets.bulk import Change
    from tix.cli.tickets.single import done_to
    from tix.desk.billing import time_entries
    from tix.domain.times import format_work

    printer = Printer(session, output, show.WRITTEN)
    wanted = parse_reference(reference)
    text = _line(message)
    change = Change(
        lambda: (
            lambda desk, ticket: time_entries.stop(desk, ticket, text, billable=billable, discard=discard)[0]
        ),
        "time/stop",
        {"note": text, "billable": billable, "discard": discard},
    )
    outcome, rows = done_to(session, wanted, change, how)
    said = None
    logged = [int(item.new) for item in outcome.items if item.type == "time-added" and item.new]
    if not logged:
        said = Said("Stopped the timer on {ref}; no time logged.", ref=outcome.ticket.ref)
        if not printer.is_table and not discard:
            session.say(said)
    elif printer.is_table:
        session.tell_done(
            Said("Logged {work} on {ref}.", work=format_work(sum(logged)), ref=outcome.ticket.ref)
        )
    _print(session, printer, outcome, rows, said)


@app.prints(TIMERS)
@app.reading
def timers(session: Session, output: Output = Output()) -> None:  # noqa: B008  # as above
    """List running timers."""
    printer = Printer(session, output, TIMERS)
    found = list(session.records.timers())
    printer.records(found)
    if printer.is_table and not found:
        session.say(Said("No timers are running."))


@app.prints(show.WRITTEN)
@app.command
def rm(
    session: Session,
    entry: Annotated[str, Argument(metavar="ENTRY", help="Number of the time entry, as in tix time list.")],
    how: One = One(),  # noqa: B008  # as above
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Delete a time entry that is not on an invoice."""
    from tix.cli.desks import times
    from tix.cli.numbers import number

    printer = Printer(session, output, show.WRITTEN)
    wanted = number(entry, "the number of a time entry", "tix time list")
    _print(session, printer, *times.remove(session, wanted, how))


COMMANDS = {"list": list_, "add": add, "start": start, "stop": stop, "timers": timers, "rm": rm}
