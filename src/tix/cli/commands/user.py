"""People: staff and requesters of this desk, with their roles."""

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from tix.cli import app
from tix.cli.options import Output, option
from tix.cli.output import Printer
from tix.cli.resource_commands import wrote
from tix.cli.session import Session
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.render.records.people import record, whole_record

if TYPE_CHECKING:
    from tix.desk.context import Desk

_FIELDS = "login name email phone role active client contact manager departments teams away_until merged_into".split()
KIND = Kind(_FIELDS, "login name email phone role active client".split(), "login")
SHOWN = Kind((*_FIELDS, "reports", "open_tickets", "tickets"), None, "login")

Login = Annotated[str, typer.Argument(metavar="LOGIN")]
Role = Annotated[str | None, typer.Option("--role", metavar="ROLE", help="Role: admin, agent or requester.")]


class UserOptions(NamedTuple):
    """The attributes of a person; ``none`` clears."""

    name: Annotated[str | None, option("--name", metavar="NAME", help="Full name.")] = None
    email: Annotated[
        str | None, option("--email", metavar="ADDR", help="E-mail address, e.g. ben@acme.example.")
    ] = None
    phone: Annotated[str | None, option("--phone", metavar="NUMBER", help="Phone number.")] = None
    role: Role = None
    client: Annotated[
        str | None, option("--client", metavar="NAME", help="Client the person belongs to.")
    ] = None
    contact: Annotated[
        str | None,
        option(
            "--contact",
            metavar="KIND,…",
            help="Kind of contact: primary or technical (see all tickets of the client), billing.",
        ),
    ] = None
    manager: Annotated[
        str | None, option("--manager", metavar="LOGIN", help="Manager, who sees the person's tickets too.")
    ] = None
    departments: Annotated[
        str | None,
        option(
            "--departments",
            metavar="A,B",
            help='Departments an agent sees, e.g. Support,Sales, or "all" or "none".',
        ),
    ] = None
    teams: Annotated[
        str | None, option("--teams", metavar="A,B", help="Teams of the person, e.g. Network,Hardware.")
    ] = None
    away_until: Annotated[
        str | None,
        option(
            "--away-until",
            metavar="WHEN",
            help="Absent until then, e.g. 2026-12-24, monday: no tickets are assigned.",
        ),
    ] = None
    active: Annotated[
        bool | None,
        typer.Option("--active/--inactive", help="Let the person act and be assigned tickets, or not."),
    ] = None


def _given(desk: "Desk", told: UserOptions) -> dict[str, Any]:
    given = told._asdict()
    from tix.domain.names import is_none

    if told.away_until is not None and not is_none(told.away_until):
        given["away_until"] = desk.moment(told.away_until)
    elif told.away_until is not None:
        del given["away_until"]
        given["back"] = True
    return given


@app.reading
def list_(
    session: Session,
    role: Role = None,
    client: Annotated[
        str | None, option("--client", metavar="NAME", help="Only people of this client.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Include inactive people.")] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List people."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    wanted = None if role is None else people.parse_role(role)
    printer.records(
        record(person)
        for person in people.listed(session.reader(), wanted, client)
        if person.active or all_ or not printer.is_table
    )


@app.reading
def show(
    session: Session,
    login: Login,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show one person and the number of their tickets."""
    from tix.desk import people

    printer = Printer(session, output, SHOWN)
    found = people.whole(session.reader(), login)
    # An agent who sees no department's tickets would read as one of whom nothing is said.
    sees_none = {"departments": ["none"]} if found.person.departments == () and printer.is_table else {}
    printer.one({**whole_record(found), **sees_none})


@app.command
def add(
    session: Session,
    login: Login,
    told: UserOptions = UserOptions(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Add a person (default role: requester)."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    given = _given(session.reader(), told)
    person = people.add(session.writer(), login, given)
    wrote(session, printer, record(person), f"Added {person.role} {person.login}.")


@app.command
def edit(
    session: Session,
    login: Login,
    told: UserOptions = UserOptions(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Change a person ('none' clears a value)."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    if told == UserOptions():
        raise UsageError("nothing to change", hint="for example: tix user edit lan --role agent")
    given = _given(session.reader(), told)
    person, changed = people.edit(session.writer(), login, given)
    wrote(session, printer, record(person), f"Updated {person.login}.", changed)


@app.command
def merge(
    session: Session,
    login: Login,
    into: Annotated[str, option("--into", metavar="LOGIN", help="Login of the person to keep.")],
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Merge one person into another; the old login and address keep working."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    person = people.merge(session.writer(), login, into)
    wrote(session, printer, record(person), f"{login} is now {person.login}.")


@app.command
def rm(
    session: Session,
    login: Login,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Remove a person no ticket refers to."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    gone = people.remove(session.writer(), login)
    wrote(session, printer, record(gone), f"Removed {gone.login}.")


COMMANDS = {"list": list_, "show": show, "add": add, "edit": edit, "rm": rm, "merge": merge}
