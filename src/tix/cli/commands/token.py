"""API keys: what programs identify themselves with to the HTTP API."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes import written
from tix.cli.writes.command import writing
from tix.errors import NotFound, Unconfirmed
from tix.render.records import effects
from tix.render.records.formats import Kind
from tix.render.records.tokens import FIELDS, record
from tix.typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from tix.desk.context import Desk

KIND = Kind(FIELDS)
ADDED = Kind((*FIELDS, "key"))


@app.prints(KIND)
@app.reading
def list_(
    session: Session,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List API keys: my own, or those of everybody (admins)."""
    from tix.desk import tokens

    printer = Printer(session, output, KIND)
    printer.records(map(record, tokens.listed(session.reader())), none="No API keys.")


@app.prints(KIND)
@app.reading
def show(
    session: Session,
    name: Annotated[str, Argument(metavar="NAME", help="Name of the API key.")],
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show one API key, without the key itself, which is stored nowhere."""
    from tix.desk import tokens

    printer = Printer(session, output, KIND)
    printer.one(record(tokens.get(session.reader(), name)))


@writing(ADDED)
def add(
    session: Session,
    name: Annotated[
        str | None,
        Argument(metavar="[NAME]", help="Name of the API key, e.g. backup (default: key-1, key-2, …)."),
    ] = None,
    user: Annotated[
        str | None,
        Option("--user", metavar="LOGIN", help="Person the key acts as (default: me; others: admins)."),
    ] = None,
    scope: Annotated[
        str, Option("--scope", metavar="SCOPE", help="What the key may do: read or write.")
    ] = "read",
    expires: Annotated[
        str | None,
        Option(
            "--expires",
            metavar="WHEN",
            help='When it stops working, e.g. 2027-12-31, +90d (default: "none").',
        ),
    ] = None,
    rate: Annotated[
        int | None,
        Option("--rate", metavar="N", help="Most requests a minute (default: any number)."),
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Add an API key and print it, once: it is stored only as a hash."""
    from tix.desk import tokens
    from tix.domain.tokens import parse_rate, parse_scope

    printer = Printer(session, output, ADDED)
    scope = parse_scope(scope)
    rate = None if rate is None else parse_rate(rate)
    until = _moment(session.reader(), expires)
    token, key = tokens.add(session.writer(), name, user, scope, until, rate)
    told = f"Added API key {token.name} for {token.login} ({token.scope})."
    undo = ["tix", "token", "rm", token.name, "--yes"]
    if printer.columns is None and printer.format in ("table", "plain"):
        if session.trial is not None:
            session.trial.keep([token.name], single=True)
        if session.rehearses:
            session.tell_done(told)
            return
        if printer.is_table:
            session.say(f"{told} It is shown only now:")
        sys.stdout.write(f"{key}\n")
        return
    # The key of a rehearsal opens nothing.
    found = {**record(token), "key": None if session.rehearses else key}
    written.created(session, printer, found, told, undo)


def _moment(desk: Desk, expires: str | None) -> int | None:
    from tix.domain.names import is_none

    return None if expires is None or is_none(expires) else desk.moment(expires, ends=True)


@writing(KIND)
def rm(
    session: Session,
    names: Annotated[list[str], Argument(metavar="NAME…", help="Names of API keys.")],
    yes: Annotated[bool, Option("--yes", help="Remove without asking.")] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Remove API keys; they stop working at once."""
    from tix.cli.errors import Results
    from tix.desk import tokens
    from tix.domain.names import name_key

    printer = Printer(session, output, KIND)
    yes = yes or session.rehearses
    if not yes and not session.may_ask:
        raise Unconfirmed("a removed API key cannot be brought back", hint="confirm it with --yes")
    names = list({name_key(name): name for name in names}.values())
    if not yes and not _confirmed(session.reader(), names):
        session.say("Nothing was removed.")
        return 0
    desk = session.writer()
    results = Results(session, len(names) == 1)
    gone = []
    for name in names:
        with results.item(name):
            gone.append(record(tokens.remove(desk, name)))
    results.tell()
    done = [effects.done("deleted", one, rehearsed=session.rehearses) for one in gone]
    said = [f"Removed API key {one['name']} of {one['user']}." for one in gone]
    written.several(session, printer, done, said, single=len(names) == 1)
    return results.status


def _confirmed(desk: Desk, names: list[str]) -> bool:
    """Ask about the keys that are there; names of others are reported afterwards, and need no question."""
    from tix.cli.input import ask
    from tix.desk import tokens

    found = []
    for name in names:
        try:
            token = tokens.get(desk, name)
        except NotFound:
            continue
        found.append(f"{token.name} of {token.login}")
    what = "API key" if len(found) == 1 else f"{len(found)} API keys:"
    return not found or ask.confirm(f"Remove {what} {', '.join(found)}?")


COMMANDS = {"list": list_, "show": show, "add": add, "rm": rm}
