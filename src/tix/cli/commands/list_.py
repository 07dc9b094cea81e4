"""``tix list``: the queue."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.filter_options import FilterOptions
from tix.cli.options import Cursor, FailEmpty, Output, View
from tix.cli.output import NOTHING_FOUND, Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.errors import InvalidValue, UnknownName, UsageError
from tix.render.records.formats import Kind
from tix.render.records.tickets import LIST_FIELDS
from tix.typing import Annotated, Any
from tix.words.sentence import Said

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
    fail_empty: FailEmpty = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """List open tickets, most urgent first."""
    if group_by is not None and group_by not in LIST_FIELDS:
        raise InvalidValue(
            Said("no column named '{group_by}'", group_by=group_by),
            hint=Said("columns: {names}", names=", ".join(LIST_FIELDS)),
        )
    if watch is not None:
        from tix.cli.tickets import watch as ticket_watch

        Printer(session, output, KIND)
        seconds = ticket_watch.interval(session, watch, plain=_is_for_programs(output))
        if filters.only_count or cursor is not None or fail_empty:
            what = "--cursor" if cursor is not None else "--fail-empty" if fail_empty else "--count"
            raise UsageError(f"--watch and {what} cannot be combined")
        ticket_watch.redraw(
            session, seconds, lambda: _once(session, words or [], filters, view, output, group_by, fit=True)
        )
    found = _once(session, words or [], filters, view, output, group_by, cursor=cursor)
    return NOTHING_FOUND if fail_empty and not found else 0


def _is_for_programs(output: Output) -> bool:
    given = (output.json, output.jq, output.template)
    return given != (None, None, None) or output.output not in (None, "table")


def _with_my_columns(session: Session, output: Output) -> Output:
    """The output with the columns of the person's settings, where it is a table and nothing else was asked for."""
    is_table = session.on_terminal or output.output == "table"
    if output.columns is not None or _is_for_programs(output) or not is_table:
        return output
    return output._replace(columns=session.personal.get("list.columns"))


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
) -> bool:
    """Print the list as it is now; with ``fit`` no more of it than the screen has room for. Return whether it has any."""
    view, standing = _through(session, view, output, filters)
    if view is None:
        output = _with_my_columns(session, output)
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
        number = chosen.count()
        sys.stdout.write(f"{number}\n")
        return number > 0
    limit = select.limit(filters, printer.rows)
    if fit:
        from tix.cli.tickets import watch

        limit = watch.fitting(limit)
    if cursor is not None or (printer.format == "json" and filters.limit):
        from tix.cli.tickets import page

        if page.is_wanted(printer, filters.limit, cursor):
            return page.show(printer, *chosen.page(limit, page.after(cursor), answers=bool(printer.answers)))
    if printer.format == "jsonl" and printer.columns is None:
        printer.count = 0
        sys.stdout.writelines(printer.counted(chosen.lines(limit)))
        return printer.count > 0
    records = chosen.records(limit, answers=bool(printer.answers))

    def draw(found: list[dict[str, Any]]) -> None:
        from tix.cli.local import Listing
        from tix.cli.tickets import queue_output

        asleep = 0
        if isinstance(chosen, Listing):  # a server would have to be asked once more for each
            asleep = chosen.snoozed()
            if printer.columns is None:
                queue_output.mark_unread(session, found, chosen)
        queue_output.draw(
            printer, found, chosen.left_out(len(found), limit), group, asleep, standing=standing
        )

    printer.records(records, draw, none=_nothing(words, standing))
    return printer.count > 0


def _through(
    session: Session, view: str | None, output: Output, filters: Filters
) -> tuple[str | None, str | None]:
    """The view that the list goes through, and again if it is the one that the person uses all the time."""
    if view is not None:
        return (None if view.strip().lower() == "none" else view), None
    standing = None if filters.only_count else _standing(session, output)
    return standing, standing


def _standing(session: Session, output: Output) -> str | None:
    """The view that the person uses, for a table; None if there is none, or none any longer."""
    if not session.on_terminal and output.output != "table":
        return None
    if _is_for_programs(output) or output.envelope:
        return None
    from tix.cli.desks import standing_view

    name = standing_view.used(session)
    if name is None:
        return None
    try:
        return str(session.records.saved(name)["name"])
    except UnknownName:
        session.say(Said("View {name} was removed; tix list shows all tickets again.", name=name))
        standing_view.use(session, None)
        return None


def _nothing(words: list[str], standing: str | None) -> str:
    """What a person reads of an empty list; they may have meant a filter by a word."""
    if standing is not None:
        return Said("No tickets to list of view {view}; to see all: tix view use none", view=standing)
    if not words:
        return Said("No tickets to list.")
    nothing = Said("No ticket matches '{words}'.", words=" ".join(words))
    meant = [word.lower() for word in words if word.lower() in _FLAGS]
    if not meant:
        return nothing
    return Said("{nothing} Did you mean {command}?", nothing=nothing, command=f"tix list --{meant[0]}")
