"""Saved views: named filters, columns and sort order of a list, personal or shared by staff."""

from __future__ import annotations

from tix.cli import app, resource_commands
from tix.cli.commands import list_
from tix.cli.filter_options import FilterOptions
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.tickets import view_options
from tix.desk.queue.filters import Filters
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.render.records.views import record
from tix.typing import TYPE_CHECKING, Annotated, Any, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk

FIELDS = ("name", "shared", "owner", "filters", "columns", "sort", "limit")
KIND = Kind(FIELDS)

Name = Annotated[str, Argument(metavar="NAME", help="Name of the view.")]
Shared = Annotated[
    bool, Option("--shared", help="The view shared by all staff (changed by admins), not mine.")
]
Columns = Annotated[
    list[str] | None,
    Option("-c", "--columns", metavar="A,B,…", help="Columns to show, e.g. ref,status,subject."),
]


class Format(NamedTuple):
    """How the view itself is printed: its columns are those of the lists."""

    output: Annotated[
        str | None,
        Option(
            "-o", "--output", metavar="FORMAT", help="Output format: table, plain, json, jsonl, csv or ids."
        ),
    ] = None
    json: Annotated[bool, Option("--json", help="Short for -o json.")] = False


def _words(session: Session, desk: Desk, filters: Filters, columns: list[str] | None) -> dict[str, Any]:
    """Return the given options, validated for the person who gives them."""
    from tix.desk.queue import select
    from tix.domain import values

    if filters.only_count:
        raise UsageError("--count cannot be saved in a view", hint="tix list --view NAME --count")
    if columns is not None:
        columns = values.split(columns)
        if not _is_cleared(columns):
            Printer(session, Output(columns=columns), list_.KIND)
    sort = None if _is_cleared([filters.sort or ""]) else filters.sort
    select.queue(desk, filters._replace(sort=sort), [])
    select.limit(filters, -1)
    found = view_options.words(filters, columns)
    for name, given in (("sort", [filters.sort or ""]), ("columns", columns or [])):
        if _is_cleared(given):
            found[name] = None
    return found


def _is_cleared(given: list[str]) -> bool:
    """Whether an option of a view is to be taken out of it."""
    from tix.domain.names import is_none

    return len(given) == 1 and is_none(given[0])


@app.reading
def list_views(
    session: Session,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List my views, then shared views."""
    printer = Printer(session, output, KIND)
    printer.records(session.records.views())


@app.reading
def show(
    session: Session,
    name: Name,
    shared: Shared = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show one view; my own view comes before a shared view of the same name."""
    printer = Printer(session, output, KIND)
    printer.one(session.records.view(name, shared=shared))


@app.command
def add(
    session: Session,
    name: Name,
    filters: FilterOptions = FilterOptions(),  # noqa: B008  # an immutable value
    columns: Columns = None,
    shared: Annotated[bool, Option("--shared", help="Share the view with all staff (admins).")] = False,
    format_: Format = Format(),  # noqa: B008  # as above
) -> None:
    """Save filters, columns, sort order and limit of a list as a view."""
    from tix.desk.queue import views

    printer = Printer(session, Output(*format_), KIND)
    desk = session.reader()
    given = {
        name: value for name, value in _words(session, desk, filters, columns).items() if value is not None
    }
    view = views.add(session.writer(), name, given, shared=shared)
    resource_commands.wrote(
        session, printer, record(view), f"Added view {view.name}. To use it: tix list --view '{view.name}'"
    )


@app.command
def edit(
    session: Session,
    name: Name,
    filters: FilterOptions = FilterOptions(),  # noqa: B008  # an immutable value
    columns: Columns = None,
    shared: Shared = False,
    clear: Annotated[
        bool, Option("--clear", help="Start from empty instead of the view's current options.")
    ] = False,
    format_: Format = Format(),  # noqa: B008  # as above
) -> None:
    """Change options of a view; other options stay. `--sort none` and `-c none` remove them."""
    from tix.desk.queue import views

    printer = Printer(session, Output(*format_), KIND)
    desk = session.reader()
    words = _words(session, desk, filters, columns)
    if not words and not clear:
        raise UsageError("nothing to change", hint=f"for example: tix view edit '{name}' --sort -created_at")
    view, changed = views.edit(session.writer(), name, words, shared=shared, clear=clear)
    resource_commands.wrote(session, printer, record(view), f"Updated view {view.name}.", changed)


@app.command
def rm(
    session: Session,
    name: Name,
    shared: Shared = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Remove a view."""
    from tix.desk.queue import views

    printer = Printer(session, output, KIND)
    gone = views.remove(session.writer(), name, shared=shared)
    resource_commands.wrote(session, printer, record(gone), f"Removed view {gone.name}.")


COMMANDS = {"list": list_views, "show": show, "add": add, "edit": edit, "rm": rm}
