"""People's own accounts on the database server: ``tix db accounts``, ``grant`` and ``revoke``."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes import written
from tix.cli.writes.command import writing
from tix.render.records.accounts import FIELDS, record
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.accounts.readers import Change

KIND = Kind(FIELDS, None, "account")
CHANGED = Kind((*FIELDS, "statements"), None, "account")


@app.prints(KIND)
@app.reading
def accounts(
    session: Session,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List the accounts of the server that read this desk as a person."""
    from tix.desk.accounts import readers

    printer = Printer(session, output, KIND)
    found = [record(one) for one in readers.listed(session.reader())]
    printer.records(found, none=Said("No accounts read this desk."))


@writing(CHANGED)
def grant(
    session: Session,
    login: Annotated[str, Argument(metavar="LOGIN", help="Person the account reads as.")],
    account: Annotated[
        str | None,
        Option(
            "--account",
            metavar="ACCOUNT",
            help="Account of the server (default: named like the login; created if it is missing).",
        ),
    ] = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Let an account of the server read what a person may see.

    It reads with psql or tix, and writes nothing. With --dry-run, print the SQL.
    """
    from tix.desk.accounts import readers

    printer = Printer(session, output, CHANGED)
    done = readers.grant(session.writer(), login, account, rehearsed=session.rehearses)
    after = done.after
    assert after is not None
    said = Said("Account {account} now reads what {user} may see.", account=after.account, user=after.user)
    if _is_shown(session, printer, done, said):
        return
    found = record(after) | {"statements": done.statements}
    undo = ["tix", "db", "revoke", after.account]
    if done.before is None:
        written.created(session, printer, found, said, undo)
    else:
        before = record(done.before) | {"statements": []}
        already = Said(
            "Account {account} already reads what {user} may see.", account=after.account, user=after.user
        )
        written.updated(
            session, printer, before, found, f"Account {after.account}", said=said, undo=undo, already=already
        )
    if done.is_new and not session.rehearses and printer.is_table:
        session.say(
            Said("It has no password yet; set one in psql: \\password {account}", account=after.account)
        )


@writing(CHANGED)
def revoke(
    session: Session,
    account: Annotated[str, Argument(metavar="ACCOUNT", help="Account of the server.")],
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Stop an account of the server from reading this desk; the account itself stays."""
    from tix.desk.accounts import readers

    printer = Printer(session, output, CHANGED)
    done = readers.revoke(session.writer(), account, rehearsed=session.rehearses)
    before = done.before
    assert before is not None
    said = Said("Account {account} no longer reads this desk.", account=before.account)
    if _is_shown(session, printer, done, said):
        return
    undo = ["tix", "db", "grant", before.user, "--account", before.account]
    written.deleted(session, printer, record(before) | {"statements": done.statements}, said, undo)


def _is_shown(session: Session, printer: Printer, done: Change, said: str) -> bool:
    """In a rehearsal, print the SQL that would be run: for psql, or for whoever may run it. Return whether it was printed."""
    if not (
        session.rehearses
        and done.statements
        and printer.columns is None
        and printer.format in ("table", "plain")
    ):
        return False
    sys.stdout.writelines(f"{one};\n" for one in done.statements)
    session.tell_done(said)
    return True


COMMANDS = {"accounts": accounts, "grant": grant, "revoke": revoke}
