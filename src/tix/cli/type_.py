"""Ticket types: what kinds of ticket there are."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tix.cli import arguments
from tix.cli.arguments import Output
from tix.cli.nouns import wrote
from tix.cli.printing import Kind, Printer
from tix.cli.session import Session

if TYPE_CHECKING:
    from tix.store.catalog import TicketType

KIND = Kind(("name", "active"))
SHOWN = Kind(("name", "active", "tickets"))
Name = Annotated[str, typer.Argument(metavar="NAME")]


def _record(kind: "TicketType") -> dict[str, Any]:
    return {"name": kind.name, "active": kind.active}


@arguments.command
def list_(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """The ticket types."""
    from tix.store import catalog

    printer = Printer(session, output, KIND)
    printer.records(_record(kind) for kind in catalog.types(session.reader().store))


@arguments.command
def show(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """One type, and how many tickets you see of it."""
    from tix.desk import setup
    from tix.store import queues

    printer = Printer(session, output, SHOWN)
    desk = session.reader()
    kind = setup.get_type(desk, name)
    count = queues.count(desk.store, desk.scope, queues.Selection({"type": [kind.name]}), desk.now)
    printer.one({**_record(kind), "tickets": count})


@arguments.command
def add(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Add a ticket type."""
    from tix.desk import setup

    printer = Printer(session, output, KIND)
    wrote(session, printer, _record(setup.add_type(session.writer(), name)), "is a ticket type")


@arguments.command
def edit(
    session: Session,
    name: Name,
    active: Annotated[bool, typer.Option("--active/--inactive", help="Whether new tickets may have it.")],
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Put a ticket type in or out of use."""
    from tix.desk import setup

    printer = Printer(session, output, KIND)
    kind, changed = setup.edit_type(session.writer(), name, active)
    wrote(session, printer, _record(kind), "is changed", changed)


@arguments.command
def rm(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Take out a type no ticket is of."""
    from tix.desk import setup

    printer = Printer(session, output, KIND)
    wrote(session, printer, _record(setup.remove_type(session.writer(), name)), "is gone")


COMMANDS = {"list": list_, "show": show, "add": add, "edit": edit, "rm": rm}
