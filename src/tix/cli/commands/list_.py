"""``tix list``: the queue."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.filter_options import FilterOptions
from tix.cli.options import Cursor, Output, View
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.errors import InvalidValue, UsageError
from tix.render.records.formats import Kind
from tix.render.records.tickets import LIST_FIELDS
from tix.typing import Annotated, Any

_FLAGS = frozenset(
    {"answered", "unanswered", *(name for name, value in Filters._field_defaults.items() if value is False)}
)
KIND = Kind(LIST_FIELDS, "ref status priority assignee requester due_at subject".split(), "ref", True)


@app.prints(KIND)
@app.reading
def command(
    session: Session,
    words: Annotated[
        list[str] | None, Argument(metavar="[WORDS]…", help="Words to search for, e.g. printer.")
    ] = None,
    filters: FilterOptions = FilterOptions(),  # noqa: B008  # an immutable value
    view: View = None,
    group_by: Annotated[
        str | None,
        Option(
            "--group-by", metavar="COLUMN", help="A heading for each value, e.g. assignee (in the table)."
        ),
    ] = None,
    watch: Annotated[
        float | None,
        Option("--watch", metavar="SECONDS", help="Redraw the list every SECONDS, e.g. 5; ctrl-c stops."),
    ] = None,
    cursor: Cursor = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """List open tickets, most urgent first."""
    if group_by is not None and group_by not in LIST_FIELDS:
        raise InvalidValue(f"no column named '{group_by}'", hint="columns: " + ", ".join(LIST_FIELDS))
    if watch is None:
        _once(session, words or [], filters, view, output, group_by, cursor=cursor)
        return
    from tix.cli.tickets import watch as ticket_watch

    Printer(session, output, KIND)
    seconds = ticket_watch.interval(session, watch, plain=_is_for_programs(output))
    if filters.only_count or cursor is not None:
        what = "--cursor" if cursor is not None else "--count"
        raise UsageError(f"--watch and {what} cannot be combined")
    ticket_watch.redraw(
        session, seconds, lambda: _once(session, words or [], filters, view, output, group_by, fit=True)
    )


def _is_for_programs(output: Output) -> bool:
    given = (output.json, output.jq, output.template)
    return given != (None, None, None) or output.output not in (None, "table")


def _once(
    session: Session,
    words: list[str],
    filters: Filters,
    view: str | None,
    output: Output,
    group: str | None,
    *,
    fit: bool = False,
    cursor: str | None = None,
) -> None:
    """The list as it is now; with ``fit`` no more of it than the screen has room for."""
    if view is None:
        printer = Printer(
            session, output, KIND
        )  # what is wrong with the words comes before what is not allowed
        chosen = session.records.listing(filters, words)
    else:
        from tix.cli.tickets import view_options

        filters, output = view_options.shown(session.records.saved(view), filters, output)
        chosen = session.records.listing(filters, words, view)
        printer = Printer(session, output, KIND)
    if filters.only_count:
        sys.stdout.write(f"{chosen.count()}\n")
        return
    limit = select.limit(filters, printer.rows)
    if fit:
        from tix.cli.tickets import watch

        limit = watch.fitting(limit)
    if cursor is not None or (printer.format == "json" and filters.limit):
        from tix.cli.tickets import page

        if page.is_wanted(printer, filters.limit, cursor):
            page.show(printer, *chosen.page(limit, page.after(cursor), answers=bool(printer.answers)))
            return
    if printer.format == "jsonl" and printer.columns is None:
        sys.stdout.writelines(chosen.lines(limit))
        return
    records = chosen.records(limit, answers=bool(printer.answers))

    def draw(found: list[dict[str, Any]]) -> None:
        from tix.cli.local import Listing
        from tix.cli.tickets import queue_output

        asleep = 0
        if isinstance(chosen, Listing):  # a server would have to be asked once more for each
            asleep = chosen.snoozed()
            if printer.columns is None:
                queue_output.mark_unread(session, found, chosen)
        queue_output.draw(printer, found, chosen.left_out(len(found), limit), group, asleep)

    printer.records(records, draw, none=_nothing(words))


def _nothing(words: list[str]) -> str:
    """What a person reads of an empty list; they may have meant a filter by a word."""
    if not words:
        return "No tickets to list."
    said = f"No ticket matches '{' '.join(words)}'."
    meant = [word.lower() for word in words if word.lower() in _FLAGS]
    return f"{said} Did you mean tix list --{meant[0]}?" if meant else said
