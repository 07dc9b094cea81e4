"""``tix report NAME``: a table of numbers, and what they mean."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.commands.stats import Since, Until
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.errors import InvalidValue
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from tix.render.terminal.console import Console

# What each report prints, in its order.
COLUMNS = {
    "weeks": "week created solved backlog",
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
    explain: Annotated[bool, Option("--explain", help="Add the definitions of the numbers.")] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Print a report: weeks, summary, sla, agents, aging, ratings or time.

    On a terminal it is a table with bars; -o svg writes a picture of it.
    """
    fields = COLUMNS.get(name, "name").split()
    as_picture = output.output == "svg"
    if as_picture:
        _refuse_shape(output)
        output = output._replace(output="json")
    printer = Printer(session, output, Kind(fields, None, fields[0]))
    with Progress(session, "Counting"):
        rows = session.records.report(name, since, until, fields)
    if as_picture:
        from tix.render.documents.report_svg import svg

        sys.stdout.write(svg(name, rows, _period(since, until)))
    elif printer.is_table:
        _draw(session, printer, name, rows)
    else:
        printer.records(rows)
    if explain:
        _explain(session, name, printer.console() if printer.is_table else None)
    elif printer.is_table and rows:
        session.say(f"What the numbers mean: tix report {name} --explain")


def _draw(session: Session, printer: Printer, name: str, rows: list[dict[str, Any]]) -> None:
    from tix.render.terminal import charts, report_table, signs, tables

    console = printer.console()
    if not rows:
        session.say("Nothing to report.")
    elif printer.columns is not None:
        shown = [charts.readable(row) for row in rows]
        tables.draw_records(shown, [charts.HEADS.get(one, one) for one in printer.columns], console=console)
    else:
        bars = signs.draws_bars() and session.options.color != "never"
        report_table.draw_report(name, rows, console, bars=bars)


def _explain(session: Session, name: str, console: Console | None) -> None:
    """Say what the numbers mean: below the table, or beside other formats on stderr."""
    from tix.desk.reports import reports
    from tix.desk.reports.stats import DEFINITIONS

    definitions = [DEFINITIONS[one] for one in reports.REPORTS[name]]
    if console is None:
        for sentence in definitions:
            session.say(sentence)
    else:
        from tix.render.terminal import charts

        charts.draw_definitions(definitions, console)


def _refuse_shape(output: Output) -> None:
    for option, value in (
        ("--json", output.json),
        ("--jq", output.jq),
        ("--template", output.template),
        ("--columns", output.columns),
    ):
        if value is not None:
            raise InvalidValue(f"{option} and -o svg cannot be combined")


def _period(since: str | None, until: str | None) -> str:
    """Which time the picture is about, as it was asked for."""
    parts = [f"{word} {value}" for word, value in (("since", since), ("until", until)) if value is not None]
    return f"Asked for {' '.join(parts)}." if parts else ""
