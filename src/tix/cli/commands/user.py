"""People: staff and requesters of this desk, with their roles."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Confirm, DryRun, Output, Yes
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes import user_undo, written
from tix.cli.writes.command import writing
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.render.records.people import record
from tix.render.records.sessions import FIELDS as SESSION_FIELDS
from tix.typing import TYPE_CHECKING, Annotated, Any, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.people import Person

_FIELDS = "login name email phone role active client contact manager departments teams away_until merged_into".split()
KIND = Kind(_FIELDS, "login name email phone role active client".split(), "login")
SHOWN = Kind((*_FIELDS, "reports", "open_tickets", "tickets"), None, "login")

SESSIONS = Kind(SESSION_FIELDS, None, "login")

Login = Annotated[str, Argument(metavar="LOGIN")]
Role = Annotated[str | None, Option("--role", metavar="ROLE", help="Role: admin, agent or requester.")]


class UserOptions(NamedTuple):
    """The attributes of a person; ``none`` clears."""

    name: Annotated[str | None, Option("--name", metavar="NAME", help="Full name.")] = None
    email: Annotated[
        str | None, Option("--email", metavar="ADDR", help="E-mail address, e.g. ben@acme.example.")
    ] = None
    phone: Annotated[str | None, Option("--phone", metavar="NUMBER", help="Phone number.")] = None
    role: Role = None
    client: Annotated[
        str | None, Option("--client", metavar="NAME", help="Client the person belongs to.")
    ] = None
    contact: Annotated[
        str | None,
        Option(
            "--contact",
            metavar="KIND,…",
            help="Kind of contact: primary or technical (see all tickets of the client), billing.",
        ),
    ] = None
    manager: Annotated[
        str | None, Option("--manager", metavar="LOGIN", help="Manager, who sees the person's tickets too.")
    ] = None
    departments: Annotated[
        str | None,
        Option(
            "--departments",
            metavar="A,B",
            help='Departments an agent sees, e.g. Support,Sales, or "all" or "none".',
        ),
    ] = None
    teams: Annotated[
        str | None, Option("--teams", metavar="A,B", help="Teams of the person, e.g. Network,Hardware.")
    ] = None
    away_until: Annotated[
        str | None,
        Option(
            "--away-until",
            metavar="WHEN",
            help="Absent until then, e.g. 2026-12-24, monday: no tickets are assigned.",
        ),
    ] = None
    active: Annotated[
        bool | None,
        Option("--active/--inactive", help="Let the person act and be assigned tickets, or not."),
    ] = None


def _given(desk: Desk, told: UserOptions) -> dict[str, Any]:
    given = told._asdict()
    from tix.domain.names import is_none

    if told.away_until is not None and not is_none(told.away_until):
        given["away_until"] = desk.moment(told.away_until)
    elif told.away_until is not None:
        del given["away_until"]
        given["back"] = True
    return given


@app.prints(KIND)
@app.reading
def list_(
    session: Session,
    role: Role = None,
    client: Annotated[
        str | None, Option("--client", metavar="NAME", help="Only people of this client.")
    ] = None,
    all_: Annotated[bool, Option("--all", help="Include inactive people.")] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List people."""
    printer = Printer(session, output, KIND)
    everything = all_ or not printer.is_table
    found = session.records.people(role, client)
    printer.records(person for person in found if person["active"] or everything)


@app.prints(SHOWN)
@app.reading
def show(
    session: Session,
    login: Login,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show one person and the number of their tickets."""
    printer = Printer(session, output, SHOWN)
    found = session.records.person(login)
    # An agent who sees no department's tickets would read as one of whom nothing is said.
    sees_none = printer.is_table and found["role"] != "requester" and not found["departments"]
    printer.one({**found, **({"departments": ["none"]} if sees_none else {})})
    if session.remote is None and printer.is_table:
        from tix.desk import people

        desk = session.reader()
        _tell_sight(session, people.get(desk, login))


@writing(KIND)
def add(
    session: Session,
    login: Login,
    password_stdin: Annotated[
        bool, Option("--password-stdin", help="Read a password for the web page from stdin.")
    ] = False,
    told: UserOptions = UserOptions(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Add a person (default role: requester)."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    given = _given(session.reader(), told)
    if password_stdin:
        from tix.cli.input.password import piped
        from tix.desk.accounts import passwords

        person = passwords.add_person(session.writer(), login, given, piped())
    else:
        person = people.add(session.writer(), login, given)
    undo = ["tix", "user", "rm", person.login]
    written.created(session, printer, record(person), f"Added {person.role} {person.login}.", undo)
    if not session.rehearses:
        _tell_sight(session, person)
        _offer_client(session, person)


def _tell_sight(session: Session, person: Person) -> None:
    """Say what an agent with departments sees, and what not."""
    from tix.desk import people_hints

    sentence = people_hints.sight(session.reader(), person)
    if sentence is not None:
        session.say(sentence)


def _offer_client(session: Session, person: Person) -> None:
    """Offer the client that a requester seems to belong to: on a terminal as a question, else as a command."""
    from tix.desk import people, people_hints

    offer = people_hints.client_to_offer(session.reader(), person)
    if offer is None:
        return
    client, why = offer
    session.say(f"{person.login} has no client, but {why}.")
    if session.may_ask:
        from tix.cli.input import ask

        if ask.confirm(f"Does {person.login} belong to client {client}?"):
            people.edit(session.writer(), person.login, {"client": client})
            session.say(f"{person.login} belongs to client {client}.")
            return
    session.say(f"To set it: tix user edit {person.login} --client '{client}'")


@writing(KIND)
def edit(
    session: Session,
    login: Login,
    told: UserOptions = UserOptions(),  # noqa: B008  # an immutable value
    tickets_to: Annotated[
        str | None,
        Option("--tickets-to", metavar="LOGIN", help="Assign their open tickets to LOGIN ('none': nobody)."),
    ] = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Change a person ('none' clears a value)."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    if told == UserOptions() and tickets_to is None:
        raise UsageError("nothing to change", hint="for example: tix user edit lan --role agent")
    given = _given(session.reader(), told)
    desk = session.writer()
    with desk.store.writing():
        before = _before(desk, login)
        person, changed = people.edit(desk, login, given, tickets_to)
    after = record(person)
    undo = user_undo.of_edit(before, after)
    written.updated(session, printer, before, after, person.login, undo=undo, changed=changed)
    if not session.rehearses and (told.departments is not None or told.role is not None):
        _tell_sight(session, person)


def _before(desk: Desk, login: str) -> dict[str, Any]:
    """The record of a person who is about to be changed; empty where the write will be refused."""
    from tix.desk import people
    from tix.errors import NotFound

    try:
        return record(people.get(desk, login))
    except NotFound:
        return {}


@writing(KIND)
def merge(
    session: Session,
    login: Login,
    into: Annotated[str, Option("--into", metavar="LOGIN", help="Login of the person to keep.")],
    dry_run: DryRun = False,
    yes: Yes = False,
    confirm: Confirm = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Merge one person into another; the old login and address keep working."""
    from tix.cli.input.confirmation import confirmed
    from tix.desk import people
    from tix.render.words import counted

    printer = Printer(session, output, KIND)
    agreed = yes or dry_run or confirm is not None
    stake = None if agreed and not dry_run else people.merging(session.reader(), login, into)

    def told() -> list[str]:
        assert stake is not None
        many = f"moves {counted(stake.tickets, 'ticket')}"
        return [f"It {many} from {stake.gone.login} to {stake.target.login}."]

    if not confirmed(
        session,
        "user merge",
        1,
        f"Merge {login} into {into}?",
        agreed=agreed,
        told=told,
        kept="Nobody was merged.",
        name=login,
        given=confirm,
    ):
        return
    if dry_run and stake is not None:
        many = counted(stake.tickets, "ticket")
        words = f"{stake.gone.login} would become {stake.target.login} ({many} would move)."
        target = record(stake.target)
        written.updated(session, printer, target, target, login, said=words, changed=True)
        return
    desk = session.writer()
    with desk.store.writing():
        before = _before(desk, into)
        person = people.merge(desk, login, into)
    said = f"{login} is now {person.login}."
    written.updated(session, printer, before, record(person), person.login, said=said, changed=True)


@writing(KIND)
def rm(
    session: Session,
    login: Login,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Remove a person no ticket refers to."""
    from tix.desk import people

    printer = Printer(session, output, KIND)
    gone = people.remove(session.writer(), login)
    written.deleted(session, printer, record(gone), f"Removed {gone.login}.")


@writing(KIND)
def password(
    session: Session,
    login: Annotated[
        str, Argument(metavar="[LOGIN]", help="Person whose password is set (default: me).")
    ] = "@me",
    stdin: Annotated[bool, Option("--stdin", help="Read the password from stdin.")] = False,
    clear: Annotated[
        bool, Option("--clear", help="Remove the password: the person cannot sign in with one.")
    ] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Set a person's password for the web page; it is asked for twice. They are signed out everywhere."""
    from tix.cli.input.password import asked, piped
    from tix.desk.accounts import passwords

    printer = Printer(session, output, KIND)
    if stdin and clear:
        raise UsageError("--stdin and --clear cannot be combined", hint="use one of the two")
    if clear:
        person, changed = passwords.clear(session.writer(), login)
        _wrote(session, printer, person, f"Removed the password of {person.login}.", changed)
        return
    owner = passwords.owner(session.reader(), login)
    if not stdin and not session.may_ask:
        raise UsageError("no password given", hint=f"tix user password {login} --stdin < FILE")
    word = piped() if stdin else asked(owner.login)
    person = passwords.set_(session.writer(), login, word)
    _wrote(session, printer, person, f"Set the password of {person.login}.", changed=True)


def _wrote(session: Session, printer: Printer, person: Person, said: str, changed: bool) -> None:
    """Print the result of a write that no field of a person shows."""
    found = record(person)
    written.updated(session, printer, found, found, person.login, said=said, changed=changed)


@app.prints(SESSIONS)
@app.reading
def sessions(
    session: Session,
    login: Annotated[
        str | None, Argument(metavar="[LOGIN]", help="Only this person (default: everybody I may see).")
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List who is signed in to the web page: admins see everybody, others themselves."""
    from tix.desk.accounts import sessions as accounts
    from tix.render.records.sessions import record as session_record

    printer = Printer(session, output, SESSIONS)
    desk = session.reader()
    found, lifetime = accounts.listed(desk, login), accounts.lifetime(desk.settings)
    printer.records((session_record(one, lifetime) for one in found), none="Nobody is signed in.")


@writing(KIND)
def sign_out(
    session: Session,
    login: Annotated[str, Argument(metavar="[LOGIN]", help="Who is signed out (default: me).")] = "@me",
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """End all sessions of a person on the web page."""
    from tix.desk.accounts import sessions as accounts

    printer = Printer(session, output, KIND)
    person, count = accounts.sign_out_everywhere(session.writer(), login)
    ended = "1 session" if count == 1 else f"{count} sessions"
    _wrote(session, printer, person, f"Signed {person.login} out ({ended}).", count > 0)


COMMANDS = {
    "list": list_,
    "show": show,
    "add": add,
    "edit": edit,
    "rm": rm,
    "merge": merge,
    "password": password,
    "sessions": sessions,
    "sign-out": sign_out,
}
