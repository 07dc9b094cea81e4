"""People: who may do what on this desk, and who its requesters are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from tix.cli import app
from tix.cli import app as cli_app
from tix.cli.options import Output
from tix.cli.output import Kind, Printer
from tix.cli.resource_commands import wrote
from tix.cli.session import Session
from tix.errors import UsageError
from tix.render.records.people import record

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.people import Person

_FIELDS = "login name email phone role active client contact manager departments teams away_until merged_into".split()
KIND = Kind(_FIELDS, "login name email phone role active client".split(), "login")
SHOWN = Kind((*_FIELDS, "reports", "open_tickets", "tickets"), None, "login")

Login = Annotated[str, typer.Argument(metavar="LOGIN")]
Role = Annotated[str | None, typer.Option("--role", metavar="ROLE", help="admin, agent or requester.")]


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help)


class Told(NamedTuple):
    """What is said of somebody; ``none`` clears."""

    name: Annotated[str | None, _option("--name", metavar="NAME", help="Full name.")] = None
    email: Annotated[str | None, _option("--email", metavar="ADDR", help="Address.")] = None
    phone: Annotated[str | None, _option("--phone", metavar="NUMBER", help="Number.")] = None
    role: Role = None
    client: Annotated[str | None, _option("--client", metavar="NAME", help="Whom they belong to.")] = None
    contact: Annotated[
        str | None,
        _option(
            "--contact", metavar="KIND,…", help="primary, technical (both see all of the client), billing."
        ),
    ] = None
    manager: Annotated[
        str | None, _option("--manager", metavar="LOGIN", help="Who sees their tickets too.")
    ] = None
    departments: Annotated[
        str | None, _option("--departments", metavar="A,B", help="Whose tickets an agent sees; all, none.")
    ] = None
    teams: Annotated[str | None, _option("--teams", metavar="A,B", help="The teams they are in.")] = None
    away_until: Annotated[
        str | None, _option("--away-until", metavar="WHEN", help="They take no tickets until then.")
    ] = None
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether they may act and hold tickets.")
    ] = None


def _given(desk: "Desk", told: Told) -> dict[str, Any]:
    given = told._asdict()
    from tix.domain.names import is_none

    if told.away_until is not None and not is_none(told.away_until):
        given["away_until"] = desk.moment(told.away_until)
    elif told.away_until is not None:
        del given["away_until"]
        given["back"] = True
    return given


@cli_app.reading
def list_(
    session: Session,
    role: Role = None,
    client: Annotated[str | None, _option("--client", metavar="NAME", help="Of one client.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Inactive people too.")] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Who the desk knows."""
    from tix.desk.people import parse_role
    from tix.domain.permissions import require
    from tix.store import people

    printer = Printer(session, output, KIND)
    wanted = None if role is None else parse_role(role)
    desk = session.reader()
    found: Sequence[Person]
    if client is not None:
        from tix.desk.resources.registry import spelled

        name = spelled(desk, "client", client, inactive=True)
    require(desk.actor, "user list")
    found = (
        people.everybody(desk.store)
        if client is None
        else people.some(desk.store, "people_of_client", client=name)
    )
    printer.records(
        record(person)
        for person in found
        if (wanted is None or person.role == wanted) and (person.active or all_ or not printer.is_table)
    )


@cli_app.reading
def show(
    session: Session,
    login: Login,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """One person, and how many tickets they have."""
    from tix.desk.people import get
    from tix.domain.permissions import require
    from tix.store import people
    from tix.store.search import queue

    printer = Printer(session, output, SHOWN)
    desk = session.reader()
    mine = login in ("@me", desk.actor.login)
    require(desk.actor, "whoami" if mine else "user list")
    person = get(desk, login)
    filters: dict[str, Any] = {"user": [person.login]}
    every = queue.Selection(filters)
    still_open = queue.Selection({**filters, "open": None})
    printer.one(
        {
            **record(person),
            # An agent who sees no department's tickets would read as one of whom nothing is said.
            **({"departments": ["none"]} if person.departments == () and printer.is_table else {}),
            "reports": [one.login for one in people.some(desk.store, "reports_of", login=person.login)],
            "open_tickets": queue.count(desk.store, desk.scope, still_open, desk.now),
            "tickets": queue.count(desk.store, desk.scope, every, desk.now),
        }
    )


@app.command
def add(
    session: Session,
    login: Login,
    told: Told = Told(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Add somebody; a requester unless --role says otherwise."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    given = _given(session.reader(), told)
    person = people.add(session.writer(), login, given)
    wrote(session, printer, record(person), f"is a new {person.role}")


@app.command
def edit(
    session: Session,
    login: Login,
    told: Told = Told(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Change somebody; none clears."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    if told == Told():
        raise UsageError("nothing to change", hint="for example: tix user edit lan --role agent")
    given = _given(session.reader(), told)
    person, changed = people.edit(session.writer(), login, given)
    wrote(session, printer, record(person), "is changed", changed)


@app.command
def merge(
    session: Session,
    login: Login,
    into: Annotated[str, _option("--into", metavar="LOGIN", help="Who they really are.")],
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Two people who are one: tickets go over, and the old name and address still find them."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    person = people.merge(session.writer(), login, into)
    wrote(session, printer, record(person), f"is who {login} was too")


@app.command
def rm(
    session: Session,
    login: Login,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Take somebody out whom nothing mentions."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    wrote(session, printer, record(people.remove(session.writer(), login)), "is gone")


COMMANDS = {"list": list_, "show": show, "add": add, "edit": edit, "rm": rm, "merge": merge}
