"""``tix list``: the queue."""

import sys
from typing import Annotated

import typer

from tix.cli import arguments, selecting
from tix.cli.arguments import Output
from tix.cli.filters import Filters
from tix.cli.printing import Kind, Printer
from tix.cli.session import Session
from tix.render.records import LIST_FIELDS

KIND = Kind(LIST_FIELDS, "ref status priority assignee requester due_at subject".split(), "ref", True)
TABLE_ROWS = 50


@arguments.command
def command(
    session: Session,
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]…", help="Words to find.")] = None,
    filters: Filters = Filters(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """The queue."""
    from tix.domain.policy import require

    printer = Printer(session, output, KIND)
    desk = session.reader()
    require(desk.actor, "list")
    chosen = selecting.queue(desk, filters, words or [])
    if filters.only_count:
        sys.stdout.write(f"{selecting.count(desk, chosen)}\n")
        return
    limit = selecting.limit(filters, TABLE_ROWS if printer.is_table else -1)
    if printer.format == "jsonl" and printer.columns is None:
        sys.stdout.writelines(selecting.lines(desk, chosen._replace(limit=limit)))
        return
    records = selecting.records(desk, chosen._replace(limit=limit), answers=bool(printer.answers))
    printer.records(records, lambda found: selecting.draw(printer, desk, chosen, found, limit))
