"""``tix stats``: how the desk is going."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.render.records.formats import Kind
from tix.typing import Annotated

FIELDS = Kind(
    "now since until tickets open resolved closed unassigned mine overdue by_status by_assignee by_department "
    "by_priority by_age raised_by_day first_response resolution sla ratings".split(),
    None,
    "now",
)
Since = Annotated[
    str | None,
    Option(
        "--since", metavar="WHEN", help="Only tickets created on or after this day, e.g. 2026-12-01, -30d."
    ),
]
Until = Annotated[
    str | None,
    Option("--until", metavar="WHEN", help="Only tickets created on or before this day, e.g. 2026-12-31."),
]


@app.prints(FIELDS)
@app.reading
def command(
    session: Session,
    since: Since = None,
    until: Until = None,
    watch: Annotated[
        float | None,
        Option("--watch", metavar="SECONDS", help="Redraw the figures every SECONDS, e.g. 60; ctrl-c stops."),
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show key figures: counts, times, ratings."""
    printer = Printer(session, output, FIELDS)
    if watch is not None:
        from tix.cli.tickets import watch as ticket_watch

        seconds = ticket_watch.interval(session, watch, plain=not printer.is_table)
        ticket_watch.redraw(session, seconds, lambda: _once(session, printer, since, until))
    _once(session, printer, since, until)


def _once(session: Session, printer: Printer, since: str | None, until: str | None) -> None:
    """Print the figures as they are now."""
    with Progress(session, "Counting"):
        record = session.records.stats(since, until)
    if not printer.is_table or printer.columns is not None:
        printer.one(record)
        return
    from tix.desk.reports import stats
    from tix.render.terminal import charts

    definitions = [text for name, text in stats.DEFINITIONS.items() if name != "time"]
    charts.draw_stats(record, definitions, printer.console())
