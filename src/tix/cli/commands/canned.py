"""Canned replies: saved texts with placeholders, filled in by `tix reply ID --canned NAME`."""

from __future__ import annotations

from tix.cli import app, resource_commands
from tix.cli.input import text
from tix.cli.options import Output, Text
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes import written
from tix.cli.writes.command import writing
from tix.desk.resources.canned import CANNED
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.typing import Annotated
from tix.words.sentence import Said

KIND = Kind(CANNED.fields)

Name = Annotated[str, Argument(metavar="NAME", help="Name of the canned reply.")]


@app.prints(KIND)
@app.reading
def show(
    session: Session,
    name: Name,
    for_: Annotated[
        str | None,
        Option("--for", metavar="ID", help="Fill in the placeholders for this ticket, e.g. 12."),
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show one canned reply, or preview it for a ticket."""
    from tix.domain.tickets.references import parse_reference

    printer = Printer(session, output, KIND)
    reference = None if for_ is None else parse_reference(for_)
    printer.one(session.records.canned(name, reference), lambda record: _draw(record["body"]))


def _draw(body: str) -> None:
    import sys

    from tix.render.safe import safe

    sys.stdout.write(safe(body).rstrip("\n") + "\n")


@writing(KIND)
def add(
    session: Session,
    name: Name,
    texts: Text = Text(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Add a canned reply."""
    from tix.desk.resources import resource as desk_nouns
    from tix.domain.canned import checked
    from tix.domain.permissions import require

    printer = Printer(session, output, KIND)
    desk_nouns.parse_name(name, CANNED.title)
    body = text.flagged(session, texts, "canned")
    if body is not None:
        checked(body)
    require(session.reader().actor, CANNED.verb)
    body = text.required(session, texts, "canned", [], body)
    made = desk_nouns.add(session.writer(), CANNED, name, {"body": body})
    said = f"Added canned reply {made.name}. To use it: tix reply ID --canned '{made.name}'"
    written.created(session, printer, made._asdict(), said, ["tix", "canned", "rm", made.name])


@writing(KIND)
def edit(
    session: Session,
    name: Name,
    texts: Text = Text(),  # noqa: B008  # an immutable value
    active: Annotated[
        bool | None, Option("--active/--inactive", help="Offer the canned reply, or stop offering it.")
    ] = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Change the text of a canned reply, or activate or deactivate it."""
    from tix.desk.resources import resource as desk_nouns
    from tix.domain.permissions import require

    printer = Printer(session, output, KIND)
    body = text.given(session, texts, "canned")
    if body is None and not texts.editor and active is None:
        raise UsageError(
            Said("nothing to change"), hint=Said("for example: tix canned edit '{name}' -e", name=name)
        )
    if texts.editor:
        from tix.cli.input.editor import compose

        desk = session.reader()
        require(desk.actor, CANNED.verb)
        body = compose(session, "canned", body or desk_nouns.get(desk, CANNED, name).body, "")
    desk = session.writer()
    with desk.store.writing():
        old = desk_nouns.before(desk, CANNED, name)
        value, _ = desk_nouns.edit(desk, CANNED, name, {"body": body, "active": active})
    before, after = {} if old is None else old._asdict(), value._asdict()
    undo = ["tix", "canned", "edit", value.name]
    undo += [f"--message={before['body']}"] if before["body"] != after["body"] else []
    if before["active"] != after["active"]:
        undo.append("--active" if before["active"] else "--inactive")
    written.updated(session, printer, before, after, f"Canned reply {value.name}", undo=undo)


COMMANDS = {**resource_commands.commands(CANNED), "show": show, "add": add, "edit": edit}
