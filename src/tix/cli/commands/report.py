"""``tix report NAME``: a table of numbers, and what they mean."""

from __future__ import annotations

from tix.cli import app
from tix.cli.commands.stats import Since, Until
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.render.records.formats import Kind
from tix.typing import Annotated

# What each report prints, in its order.
COLUMNS = {
    "summary": "month raised open resolved closed reopened median_response_seconds median_resolution_seconds",
    "sla": "plan tickets response_met response_missed response_percent resolution_met resolution_missed "
    "resolution_percent overdue",
    "agents": "assignee open overdue over median_response_seconds median_resolution_seconds rating",
    "aging": "age open unassigned unanswered overdue oldest",
    "ratings": "assignee count average 1 2 3 4 5",
    "time": "by entries seconds billable_seconds unbilled_seconds",
}


@app.reading
def command(
    session: Session,
    name: Annotated[str, Argument(metavar="NAME", help=f"Report: {', '.join(COLUMNS)}.")],
    since: Since = None,
    until: Until = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Print a report: summary, sla, agents, aging, ratings or time."""
    fields = COLUMNS.get(name, "name").split()
    printer = Printer(session, output, Kind(fields, None, fields[0]))
    with Progress(session, "Counting"):
        rows = session.records.report(name, since, until, fields)
    if not printer.is_table:
        printer.records(rows)
        return
    from tix.desk.reports import reports
    from tix.desk.reports.stats import DEFINITIONS
    from tix.render.terminal import charts, tables

    console = printer.console()
    if rows:
        shown = [charts.readable(row) for row in rows]
        columns = printer.columns or fields
        tables.draw_records(shown, [charts.HEADS.get(one, one) for one in columns], console=console)
    else:
        session.say("Nothing to report.")
    charts.draw_definitions([DEFINITIONS[one] for one in reports.REPORTS[name]], console)
