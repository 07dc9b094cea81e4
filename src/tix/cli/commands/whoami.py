"""``tix whoami``: who I am on this desk, and what I may do."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Option
from tix.cli.session import Session, os_login
from tix.render.records.formats import Kind
from tix.typing import Annotated
from tix.words.sentence import Said

FIELDS = ("login", "name", "email", "role", "via", "os_user", "store")
PERMISSION_FIELDS = ("verb", "requester", "contact", "agent", "admin", "you")
_NOTE = Said("Roles on a local file are advisory: anybody who can write the file can change it.")

_NOTE_OF_DATABASE = Said(
    "Roles are advisory here: anybody with an account that may write to the database can change it."
)


@app.prints(Kind(FIELDS, None, "login"))
@app.reading
def command(
    session: Session,
    permissions: Annotated[bool, Option("--permissions", help="Show what each role may do.")] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show my login, role and permissions."""
    kind = Kind(PERMISSION_FIELDS, None, "verb") if permissions else Kind(FIELDS, None, "login")
    printer = Printer(session, output, kind)
    me = session.records.whoami()
    rank = me.pop("rank")
    if permissions:
        from tix.domain.permissions import PERMISSIONS

        printer.records(
            {"verb": verb, **row._asdict(), "you": getattr(row, rank)} for verb, row in PERMISSIONS.items()
        )
        return
    printer.one({**me, "os_user": os_login(), "store": me["store"]})
    if session.remote is None:
        from tix.desk import people_hints

        desk = session.reader()
        sentence = people_hints.sight(desk, desk.actor.person)
        if sentence is not None:
            session.say(sentence)
        if desk.store.reader is None:
            session.say(_NOTE if desk.store.is_file else _NOTE_OF_DATABASE)
