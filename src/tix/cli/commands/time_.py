"""Time worked on tickets (staff): put down, corrected, measured by a timer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tix.cli import app
from tix.cli import app as cli_app
from tix.cli.options import Output, Reference
from tix.cli.output import Kind, Printer, zone
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.domain.tickets.references import parse_reference
from tix.domain.times import instant
from tix.errors import InvalidValue

if TYPE_CHECKING:
    from tix.domain.billing.time_entries import Entry

KIND = Kind(("id", "ref", "at", "by", "worked_seconds", "billable", "invoice", "text"), None, "id")
TIMERS = Kind(("ref", "by", "started_at", "running_seconds"), None, "ref")

Message = Annotated[str | None, typer.Option("-m", "--message", metavar="TEXT", help="What it went into.")]
Billable = Annotated[bool, typer.Option("--billable/--no-billable", help="Whether the client pays for it.")]


def record(entry: "Entry") -> dict[str, Any]:
    """Some time as it is printed."""
    return {
        "id": entry.id,
        "ref": entry.ref,
        "at": instant(entry.work.at),
        "by": entry.by,
        "worked_seconds": entry.work.seconds,
        "billable": entry.work.billable,
        "invoice": entry.work.invoice,
        "text": entry.text,
    }


@cli_app.reading
def list_(
    session: Session,
    reference: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="By default all that you see.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="WHO", help="What somebody worked.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="WHEN", help="Worked from then on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="WHEN", help="Worked until then.")] = None,
    unbilled: Annotated[
        bool, typer.Option("--unbilled", help="What is for billing and on no invoice yet.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, metavar="N", help="At most so many; 0 is all.")
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Time worked, what was worked last first."""
    from tix.desk.billing import time_entries
    from tix.desk.queue import names

    printer = Printer(session, output, KIND)
    wanted = None if reference is None else parse_reference(reference)
    desk = session.reader()
    most = printer.most(limit, every=wanted is not None)
    found = time_entries.listed(
        desk,
        wanted,
        by=None if by is None else names.login(desk, by),
        since=None if since is None else desk.moment(since, past=True),
        until=None if until is None else desk.moment(until, past=True, ends=True),
        unbilled=unbilled,
        limit=most,
    )
    printer.records(map(record, _some(found, most)), lambda rows: _draw(printer, desk.now, rows))


def _some(found: "Iterator[Entry]", most: int) -> "Iterator[Entry]":
    for at, entry in enumerate(found):
        if 0 <= most <= at:
            return
        yield entry


def _draw(printer: Printer, now: int, found: list[dict[str, Any]]) -> None:
    """The table, and what it adds up to."""
    from tix.domain.times import format_work, parse_instant
    from tix.render.phrases import relative
    from tix.render.terminal import tables

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
    printer.session.say(f"{format_work(total)} in all, {format_work(waiting)} not billed yet")


def _billed(one: dict[str, Any]) -> str:
    if one["invoice"] is not None:
        return f"invoice {one['invoice']}"
    return "not yet" if one["billable"] else "no"


@app.command
def add(
    session: Session,
    reference: Reference,
    duration: Annotated[str, typer.Argument(metavar="DURATION", help="25m, 1h30m or 0:02:35.")],
    message: Message = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="When it was worked; by default now.")
    ] = None,
    billable: Billable = True,
    minus: Annotated[bool, typer.Option("--minus", help="Take so much back: a correction.")] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Put down time."""
    from tix.desk.billing import time_entries
    from tix.domain.billing.time_entries import parse_worked
    from tix.domain.tickets.timeline import Work

    printer = Printer(session, output, show.KIND)
    wanted = parse_reference(reference)
    seconds = parse_worked(duration)
    text = _line(message)
    at = session.now if on is None else session.reader().moment(on, past=True)
    if at > session.now:
        raise InvalidValue(f"'{on}' has not come yet", hint="time is put down when it was worked")
    desk = session.writer()
    work = Work(at, -seconds if minus else seconds, billable)
    _print(session, printer, time_entries.add(desk, wanted, work, text))


def _line(message: str | None) -> str | None:
    if message is None:
        return None
    from tix.domain.values import parse_line

    return parse_line(message)


def _print(session: Session, printer: Printer, outcome: Any, said: str | None = None) -> None:
    """The ticket as it now is; on a terminal what its time adds up to."""
    from tix.cli.tickets.bulk import print_outcomes
    from tix.domain.times import format_work

    if printer.is_table:
        ticket = outcome.ticket
        total, waiting = format_work(ticket.time_seconds), format_work(ticket.unbilled_seconds)
        session.say(said or f"{ticket.ref} has {total} of time, {waiting} not billed yet")
    print_outcomes(printer, session.reader(), [outcome], single=True)


@app.command
def start(
    session: Session,
    reference: Reference,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Start my timer on a ticket; I have one."""
    from tix.desk.billing import time_entries
    from tix.desk.tickets.outcome import Outcome

    printer = Printer(session, output, show.KIND)
    wanted = parse_reference(reference)
    ticket, started = time_entries.start(session.writer(), wanted)
    if not started:
        session.say(f"your timer runs on {ticket.ref} already")
    _print(session, printer, Outcome(ticket, already=not started), f"your timer runs on {ticket.ref}")


@app.command
def stop(
    session: Session,
    reference: Reference,
    message: Message = None,
    billable: Billable = True,
    discard: Annotated[bool, typer.Option("--discard", help="Put nothing down.")] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Stop it and put down what it has measured."""
    from tix.desk.billing import time_entries
    from tix.domain.times import format_work

    printer = Printer(session, output, show.KIND)
    wanted = parse_reference(reference)
    text = _line(message)
    desk = session.writer()
    outcome, timer = time_entries.stop(desk, wanted, text, billable=billable, discard=discard)
    said = None
    if not outcome.items:
        said = f"the timer on {timer.ref} is off; nothing was put down"
        if not printer.is_table and not discard:
            session.say(said)
    elif printer.is_table:
        session.say(f"{format_work(desk.now - timer.started_at)} on {timer.ref}")
    _print(session, printer, outcome, said)


@cli_app.reading
def timers(session: Session, output: Output = Output()) -> None:  # noqa: B008  # as above
    """The timers that run."""
    from tix.desk.billing import time_entries

    printer = Printer(session, output, TIMERS)
    desk = session.reader()
    found = time_entries.running(desk)
    printer.records(
        {
            "ref": timer.ref,
            "by": timer.by,
            "started_at": instant(timer.started_at),
            "running_seconds": max(0, desk.now - timer.started_at),
        }
        for timer in found
    )
    if printer.is_table and not found:
        session.say("no timer runs")


@app.command
def rm(
    session: Session,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="Its number in tix time list.")],
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Take out time that is on no invoice."""
    from tix.desk.billing import time_entries

    printer = Printer(session, output, show.KIND)
    if not (entry.isascii() and entry.isdigit() and len(entry) < 17):
        raise InvalidValue(f"'{entry}' is not the number of any time", hint="tix time list shows them")
    _print(session, printer, time_entries.remove(session.writer(), int(entry)))


COMMANDS = {"list": list_, "add": add, "start": start, "stop": stop, "timers": timers, "rm": rm}
