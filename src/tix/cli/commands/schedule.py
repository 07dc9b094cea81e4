"""Recurring tickets: their content, frequency and next dates."""

from __future__ import annotations

from tix.cli import app
from tix.cli.input import text
from tix.cli.options import Output, Text
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.ticket_options import Flags, words
from tix.cli.tickets import schedule_options
from tix.cli.tickets.show import WRITTEN as TICKET
from tix.cli.writes import written
from tix.cli.writes.command import writing
from tix.errors import InvalidValue, UsageError
from tix.render.records.formats import Kind
from tix.render.records.schedules import KIND, SHOWN
from tix.typing import Annotated, Any

NEXT = Kind(("at", "local"), None, "at")
_MOST_DATES = 1_000

Name = Annotated[str, Argument(metavar="NAME")]
Subject = Annotated[str | None, Option("--subject", metavar="TEXT", help="Subject line of the tickets.")]
Every = Annotated[
    str | None,
    Option(
        "--every",
        metavar="HOW",
        help="Frequency: three-days, weekly, biweekly, monthly, quarterly, biannually, annually, or an RRULE (RFC 5545).",
    ),
]
Start = Annotated[
    str | None,
    Option(
        "--start", metavar="WHEN", help="First date and time of day, e.g. 2026-12-01 09:00 (default: today)."
    ),
]
Zone = Annotated[
    str | None, Option("--zone", metavar="ZONE", help="Time zone, e.g. Europe/Berlin (default: yours).")
]
RemoveTags = Annotated[
    list[str] | None, Option("--remove-tag", metavar="T,…", help="Remove tags, e.g. vip,printer.")
]
RemoveAssets = Annotated[
    list[str] | None, Option("--remove-asset", metavar="NAME", help="Remove an asset; repeatable.")
]


@app.prints(KIND)
@app.reading
def list_(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """List the schedules."""
    printer = Printer(session, output, KIND)
    printer.records(session.records.schedules(), lambda found: schedule_options.table(printer, found))


@app.prints(SHOWN)
@app.reading
def show(
    session: Session,
    name: Name,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show one schedule with its next dates."""
    printer = Printer(session, output, SHOWN)
    printer.one(session.records.schedule(name), lambda found: schedule_options.card(printer, found))


@writing(KIND)
def add(
    session: Session,
    name: Name,
    subject: Subject = None,
    texts: Text = Text(),  # noqa: B008  # an immutable value
    every: Every = None,
    start: Start = None,
    zone: Zone = None,
    flags: Flags = Flags(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Add a recurring ticket; it takes the options of tix new, too."""
    from tix.desk.schedules import schedules
    from tix.desk.tickets.request import needs_message
    from tix.domain.values import parse_subject

    printer = Printer(session, output, KIND)
    if subject is None or every is None:
        missing = "subject" if subject is None else "every"
        raise UsageError(
            f"a schedule needs --{missing}",
            hint="tix schedule add backup --subject 'Check the backups' -m 'All of them' --every weekly",
        )
    desk = session.reader()
    times = schedule_options.times(every, start, zone)
    title = parse_subject(subject)
    asked = schedule_options.asked(desk, words(flags), times, title, "")
    body = text.given(session, texts, "new")
    if body is None and needs_message(desk):
        body = text.required(session, texts, "new", [], None)
    made = schedules.add(session.writer(), name, asked._replace(body=body or ""), times)
    undo = ["tix", "schedule", "rm", made.name]
    said = f"Added schedule {made.name}{schedule_options.coming_words(made)}."
    written.created(session, printer, schedule_options.told(made), said, undo)


@writing(KIND)
def edit(
    session: Session,
    name: Name,
    subject: Subject = None,
    texts: Text = Text(),  # noqa: B008  # an immutable value
    every: Every = None,
    start: Start = None,
    zone: Zone = None,
    flags: Flags = Flags(),  # noqa: B008  # an immutable value
    remove_tag: RemoveTags = None,
    remove_asset: RemoveAssets = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Change a schedule ('none' clears a value; --tag and --asset add)."""
    from tix.desk.schedules import schedules

    printer = Printer(session, output, KIND)
    desk = session.reader()
    times = schedule_options.times(every, start, zone)
    body = text.flagged(session, texts, "new")
    said = words(flags)
    says = (subject, body, remove_tag, remove_asset) != (None,) * 4 or flags != Flags() or texts.editor
    if not says and (every, start, zone) == (None, None, None):
        raise UsageError("nothing to change", hint=f"for example: tix schedule edit '{name}' --every weekly")
    asked = None
    if says:
        from tix.domain.values import parse_subject

        old = schedules.get(desk, name)
        if texts.editor:
            body = text.required(session, texts, "new", [], body or old.body)
        given = schedule_options.overlaid(old, said, remove_tag, remove_asset)
        title = old.subject if subject is None else parse_subject(subject)
        asked = schedule_options.asked(desk, given, times, title, old.body if body is None else body)
    schedule_options.change(
        session, printer, name, lambda desk: schedules.edit(desk, name, asked, times), coming=True
    )


@writing(KIND)
def rm(
    session: Session,
    name: Name,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Remove a schedule; tickets it has created stay."""
    from tix.desk.resources import resource as changing
    from tix.desk.schedules.schedules import SCHEDULE

    printer = Printer(session, output, KIND)
    gone = changing.remove(session.writer(), SCHEDULE, name)
    written.deleted(session, printer, schedule_options.told(gone), f"Removed schedule {gone.name}.")


@writing(KIND)
def pause(
    session: Session,
    name: Name,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Pause a schedule: no tickets are created until it is resumed."""
    from tix.desk.schedules import schedules

    printer = Printer(session, output, KIND)
    undo = ["tix", "schedule", "resume", name]
    schedule_options.change(session, printer, name, lambda desk: schedules.pause(desk, name), "Paused", undo)


@writing(KIND)
def resume(
    session: Session,
    name: Name,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Resume a schedule at its next date; missed dates are not caught up."""
    from tix.desk.schedules import schedules

    printer = Printer(session, output, KIND)
    undo = ["tix", "schedule", "pause", name]
    schedule_options.change(
        session, printer, name, lambda desk: schedules.resume(desk, name), "Resumed", undo, coming=True
    )


@writing(TICKET)
def run(
    session: Session,
    name: Name,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Create a ticket from a schedule now; its dates stay unchanged."""
    from tix.desk.schedules import run as schedule_run
    from tix.render.records import show as ticket_records

    printer = Printer(session, output, TICKET)
    desk = session.writer()
    outcome = schedule_run.run(desk, name)
    record = ticket_records.written(desk, outcome)
    written.created(session, printer, record, f"Created {outcome.ticket.ref} from schedule {name}.")


@app.prints(NEXT)
@app.reading
def next_(
    session: Session,
    name: Name,
    count: Annotated[int, Option("--count", metavar="N", help="Number of dates (default: 5).")] = 5,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List the next dates of a schedule."""
    from tix.domain.schedules.recurrence import zone_of
    from tix.domain.times import parse_instant

    printer = Printer(session, output, NEXT)
    if not 1 <= count <= _MOST_DATES:
        raise InvalidValue(f"--count {count} is out of range", hint=f"use 1 to {_MOST_DATES:,}")
    one = session.records.schedule(name, count)
    if one["paused"]:
        called = one["name"]
        session.say(
            f"Schedule {called} is paused; its dates apply once it is resumed: tix schedule resume '{called}'"
        )
    zone = zone_of(one["zone"])
    printer.records(
        {"at": at, "local": schedule_options.clock_there(parse_instant(at), zone)} for at in one["next"]
    )


COMMANDS: dict[str, Any] = {
    "list": list_,
    "show": show,
    "add": add,
    "edit": edit,
    "rm": rm,
    "pause": pause,
    "resume": resume,
    "run": run,
    "next": next_,
}
