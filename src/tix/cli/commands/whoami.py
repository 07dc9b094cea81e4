"""``tix whoami``: who I am on this desk, and what I may do."""

from typing import Annotated, Any

import typer

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.session import Session, os_login
from tix.render.records.formats import Kind

FIELDS = ("login", "name", "email", "role", "via", "os_user", "store")
PERMISSION_FIELDS = ("verb", "requester", "contact", "agent", "admin", "you")
_NOTE = "Roles on a local file are advisory: anybody who can write the file can change it."


@app.reading
def command(
    session: Session,
    permissions: Annotated[bool, typer.Option("--permissions", help="Show what each role may do.")] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show my login, role and permissions."""
    kind = Kind(PERMISSION_FIELDS, None, "verb") if permissions else Kind(FIELDS, None, "login")
    printer = Printer(session, output, kind)
    desk = session.reader()
    actor = desk.actor
    if permissions:
        from tix.domain.permissions import PERMISSIONS, rank_of

        rank = rank_of(actor.person)
        printer.records(
            {"verb": verb, **row._asdict(), "you": getattr(row, rank)} for verb, row in PERMISSIONS.items()
        )
        return
    record: dict[str, Any] = {
        "login": actor.login,
        "name": actor.person.name,
        "email": actor.person.email,
        "role": actor.person.role,
        "via": actor.via_login,
        "os_user": os_login(),
        "store": str(desk.store.path) if desk.store.exists else None,
    }
    printer.one(record)
    session.say(_NOTE)
