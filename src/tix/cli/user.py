"""People: who may do what on this desk, and who its requesters are."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tix.cli import arguments
from tix.cli.arguments import Output
from tix.cli.nouns import wrote
from tix.cli.printing import Kind, Printer
from tix.cli.session import Session
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.domain.people import Person

KIND = Kind(("login", "name", "email", "phone", "role", "active", "client"), None, "login")
SHOWN = Kind((*KIND.fields, "open_tickets", "tickets"), None, "login")

Login = Annotated[str, typer.Argument(metavar="LOGIN")]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="Full name.")]
Email = Annotated[str | None, typer.Option("--email", metavar="ADDR", help="Address; none clears.")]
Phone = Annotated[str | None, typer.Option("--phone", metavar="NUMBER", help="Number; none clears.")]
RoleOption = Annotated[str | None, typer.Option("--role", metavar="ROLE", help="admin, agent or requester.")]


def _record(person: "Person") -> dict[str, Any]:
    return {
        "login": person.login,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "role": person.role,
        "active": person.active,
        "client": None,
    }


@arguments.command
def list_(
    session: Session,
    role: RoleOption = None,
    all_: Annotated[bool, typer.Option("--all", help="Inactive people too.")] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Who the desk knows."""
    from tix.desk.people import parse_role
    from tix.domain.policy import require
    from tix.store import people

    printer = Printer(session, output, KIND)
    wanted = None if role is None else parse_role(role)
    desk = session.reader()
    require(desk.actor, "user list")
    printer.records(
        _record(person)
        for person in people.everybody(desk.store)
        if (wanted is None or person.role == wanted) and (person.active or all_ or not printer.is_table)
    )


@arguments.command
def show(
    session: Session,
    login: Login,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """One person, and how many tickets they have."""
    from tix.desk.people import get
    from tix.domain.policy import require
    from tix.store import queues

    printer = Printer(session, output, SHOWN)
    desk = session.reader()
    if not desk.actor.is_staff and login not in ("@me", desk.actor.login):
        require(desk.actor, "user list")
    person = get(desk, login)
    filters: dict[str, Any] = {"user": [person.login]}
    every = queues.Selection(filters)
    still_open = queues.Selection({**filters, "open": None})
    record = _record(person)
    record["open_tickets"] = queues.count(desk.store, desk.scope, still_open, desk.now)
    record["tickets"] = queues.count(desk.store, desk.scope, every, desk.now)
    printer.one(record)


@arguments.command
def add(
    session: Session,
    login: Login,
    name: Name = None,
    email: Email = None,
    phone: Phone = None,
    role: RoleOption = None,
    active: Annotated[
        bool, typer.Option("--active/--inactive", help="Whether they may act and hold tickets.")
    ] = True,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Add somebody; a requester unless --role says otherwise."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    person = people.add(
        session.writer(), login, name=name, email=email, phone=phone, role=role, active=active
    )
    wrote(session, printer, _record(person), f"is a new {person.role}")


@arguments.command
def edit(
    session: Session,
    login: Login,
    name: Name = None,
    email: Email = None,
    phone: Phone = None,
    role: RoleOption = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether they may act and hold tickets.")
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Change somebody."""
    from tix.desk import people
    from tix.desk.values import parse_line
    from tix.domain.people import parse_email

    printer = Printer(session, output, KIND)
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = parse_line(name)
    if email is not None:
        changes["email"] = None if email == "none" else parse_email(email)
    if phone is not None:
        changes["phone"] = None if phone == "none" else parse_line(phone)
    if role is not None:
        changes["role"] = people.parse_role(role)
    if active is not None:
        changes["active"] = active
    if not changes:
        raise UsageError("nothing to change", hint="for example: tix user edit lan --role agent")
    person, changed = people.edit(session.writer(), login, changes)
    wrote(session, printer, _record(person), "is changed", changed)


@arguments.command
def rm(
    session: Session,
    login: Login,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Take somebody out whom nothing mentions."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    wrote(session, printer, _record(people.remove(session.writer(), login)), "is gone")


COMMANDS = {"list": list_, "show": show, "add": add, "edit": edit, "rm": rm}
