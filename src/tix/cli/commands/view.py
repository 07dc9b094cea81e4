"""Saved views: named filters, columns and sort order of a list, personal or shared by staff."""

from __future__ import annotations

from tix.cli import app
from tix.cli.commands import list_
from tix.cli.filter_options import FilterOptions
from tix.cli.options import Jq, Json, Output, Template
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes import written
from tix.cli.writes.command import writing
from tix.desk.queue.filters import Filters
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.typing import Annotated, NamedTuple
from tix.words.sentence import Said

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
            "-o",
            "--output",
            metavar="FORMAT",
            help="Output format: table, plain, json, jsonl, csv, tsv, md or ids.",
        ),
    ] = None
    json: Json = None
    jq: Jq = None
    template: Template = None


def _check(session: Session, filters: Filters, columns: list[str] | None) -> None:
    """Refuse what cannot be saved, and answer ``-c help``; the desk checks the rest."""
    from tix.domain import values
    from tix.domain.names import is_none

    if filters.only_count:
        raise UsageError(Said("--count cannot be saved in a view"), hint="tix list --view NAME --count")
    if columns is not None:
        names = values.split(columns)
        if len(names) != 1 or not is_none(names[0]):
            Printer(session, Output(columns=names), list_.KIND)


@app.prints(KIND)
@app.reading
def list_views(
    session: Session,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List my views, then shared views."""
    printer = Printer(session, output, KIND)
    printer.records(session.records.views())


@app.prints(KIND)
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


@writing(KIND)
def add(
    session: Session,
    name: Name,
    filters: FilterOptions = FilterOptions(),  # noqa: B008  # an immutable value
    columns: Columns = None,
    shared: Annotated[bool, Option("--shared", help="Share the view with all staff (admins).")] = False,
    format_: Format = Format(),  # noqa: B008  # as above
) -> None:
    """Save filters, columns, sort order and limit of a list as a view."""
    from tix.cli.desks import views

    printer = Printer(session, Output(**format_._asdict()), KIND)
    _check(session, filters, columns)
    view = views.of(session).add(name, filters, columns, shared=shared)
    called = view["name"]
    undo = ["tix", "view", "rm", called, *(["--shared"] if shared else [])]
    said = f"Added view {called}. To use it: tix list --view '{called}'"
    written.created(session, printer, view, said, undo)


@writing(KIND)
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
    from tix.cli.desks import views
    from tix.desk.queue.views import given_of

    printer = Printer(session, Output(**format_._asdict()), KIND)
    _check(session, filters, columns)
    if not given_of(filters, columns) and not clear:
        raise UsageError(
            Said("nothing to change"),
            hint=Said("for example: tix view edit '{name}' --sort -created_at", name=name),
        )
    before, view = views.of(session).edit(name, filters, columns, shared=shared, clear=clear)
    written.updated(session, printer, before, view, f"View {view['name']}")


@writing(KIND)
def rm(
    session: Session,
    name: Name,
    shared: Shared = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Remove a view."""
    from tix.cli.desks import views

    printer = Printer(session, output, KIND)
    gone = views.of(session).remove(name, shared=shared)
    written.deleted(session, printer, gone, f"Removed view {gone['name']}.")


@app.prints(KIND)
@app.reading
def use(
    session: Session,
    name: Annotated[str, Argument(metavar="NAME", help='Name of the view ("none" for no view).')],
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Let `tix list` on a terminal go through a view, until another one is used."""
    from tix.cli.desks import standing_view
    from tix.domain.names import is_none

    printer = Printer(session, output, KIND)
    if is_none(name):
        before = standing_view.used(session)
        standing_view.use(session, None)
        said = "No view is used." if before is None else f"View {before} is no longer used."
        session.say(said)
        return
    view = session.records.view(name, shared=False)
    standing_view.use(session, view["name"])
    session.say(
        Said(
            "tix list on a terminal goes through view {name}. To end that: tix view use none",
            name=view["name"],
        )
    )
    if printer.format not in ("table", "plain") or printer.columns is not None:
        printer.one(view)


COMMANDS = {"list": list_views, "show": show, "use": use, "add": add, "edit": edit, "rm": rm}
