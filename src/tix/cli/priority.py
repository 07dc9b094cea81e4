"""Priorities: how urgent a ticket can be; the higher the rank, the earlier in the queue."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tix.cli import arguments, selecting
from tix.cli.arguments import Output
from tix.cli.nouns import wrote
from tix.cli.printing import Kind, Printer
from tix.cli.session import Session
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.domain.organisation import Priority

KIND = Kind(("name", "rank", "aliases", "active"))
SHOWN = Kind((*KIND.fields, "tickets"))
Name = Annotated[str, typer.Argument(metavar="NAME")]
Alias = Annotated[list[str] | None, typer.Option("--alias", metavar="WORD,…", help="Another word for it.")]


def _record(priority: "Priority") -> dict[str, Any]:
    return {
        "name": priority.name,
        "rank": priority.rank,
        "aliases": list(priority.aliases),
        "active": priority.active,
    }


@arguments.command
def list_(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """The priorities, lowest first."""
    from tix.store import catalog

    printer = Printer(session, output, KIND)
    printer.records(_record(priority) for priority in catalog.priorities(session.reader().store))


@arguments.command
def show(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """One priority, and how many tickets you see of it."""
    from tix.desk import setup
    from tix.store import queues

    printer = Printer(session, output, SHOWN)
    desk = session.reader()
    priority = setup.get_priority(desk, name)
    chosen = queues.Selection({"rank": [priority.rank]})
    printer.one({**_record(priority), "tickets": queues.count(desk.store, desk.scope, chosen, desk.now)})


@arguments.command
def add(
    session: Session,
    name: Name,
    rank: Annotated[
        int, typer.Option("--rank", min=1, max=1_000_000, help="low is 10, medium 20, high 30, urgent 40.")
    ],
    alias: Alias = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Add a priority."""
    from tix.desk import setup

    printer = Printer(session, output, KIND)
    made = setup.add_priority(session.writer(), name, rank, tuple(selecting.split(alias)))
    wrote(session, printer, _record(made), "is a priority")


@arguments.command
def edit(
    session: Session,
    name: Name,
    alias: Alias = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether new tickets may have it.")
    ] = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Change the aliases of a priority, or put it in or out of use."""
    from tix.desk import setup

    printer = Printer(session, output, KIND)
    if alias is None and active is None:
        raise UsageError("nothing to change", hint="for example: tix priority edit high --alias red")
    aliases = None if alias is None else tuple(selecting.split(alias))
    priority, changed = setup.edit_priority(session.writer(), name, aliases, active)
    wrote(session, printer, _record(priority), "is changed", changed)


@arguments.command
def rm(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Take out a priority no ticket has."""
    from tix.desk import setup

    printer = Printer(session, output, KIND)
    wrote(session, printer, _record(setup.remove_priority(session.writer(), name)), "is gone")


COMMANDS = {"list": list_, "show": show, "add": add, "edit": edit, "rm": rm}
