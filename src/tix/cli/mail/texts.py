"""``tix mail text``: what outgoing mail says."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.input import text
from tix.cli.options import Output, Text
from tix.cli.output import Printer
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.cli.writes import written
from tix.cli.writes.command import writing
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from collections.abc import Callable

    from tix.desk.context import Desk
    from tix.desk.mail.texts import MailText

KIND = Kind(("name", "body", "own"), ("name", "own"))

Name = Annotated[str, Argument(metavar="NAME", help="Name of the text, e.g. answered.")]


@app.prints(KIND)
@app.reading
def list_(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """List the texts of outgoing mail, one for each notification rule."""
    from tix.desk.mail import texts

    printer = Printer(session, output, KIND)
    printer.records(one._asdict() for one in texts.listed(session.reader()))


@app.prints(KIND)
@app.reading
def show(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Show one text."""
    from tix.desk.mail import texts

    printer = Printer(session, output, KIND)
    found = texts.get(session.reader(), name)
    printer.one(found._asdict(), lambda one: _draw(one["body"]))


def _draw(body: str) -> None:
    from tix.render.safe import safe

    sys.stdout.write(safe(body).rstrip("\n") + "\n")


@writing(KIND)
def edit(
    session: Session,
    name: Name,
    given: Text = Text(),  # noqa: B008  # as above
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Replace a text: by -m or -F, or in the editor."""
    from tix.cli.input.editor import compose
    from tix.desk.mail import texts
    from tix.domain.permissions import require

    printer = Printer(session, output, KIND)
    body = text.given(session, given, "mail text")
    if given.editor or (body is None and session.on_terminal):
        desk = session.reader()
        require(desk.actor, "mail change")
        body = compose(session, "mail text", body or texts.get(desk, name).body, "")
    if body is None:
        raise UsageError("no text given", hint=f"for example: tix mail text edit {name} -F FILE")
    new = body
    _change(session, printer, name, "Changed", lambda desk: texts.put(desk, name, new))


@writing(KIND)
def reset(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Return to the text that comes with tix."""
    from tix.desk.mail import texts

    printer = Printer(session, output, KIND)
    _change(session, printer, name, "Reset", lambda desk: texts.reset(desk, name))


def _change(
    session: Session, printer: Printer, name: str, verb: str, act: Callable[[Desk], MailText]
) -> None:
    from tix.desk.mail import texts
    from tix.errors import TixError

    desk = session.writer()
    with desk.store.writing():
        try:
            before = texts.get(desk, name)._asdict()
        except TixError:
            before = {}  # it is refused
        after = act(desk)._asdict()
    undo = ["tix", "mail", "text", "reset", after["name"]]
    if before["own"]:
        undo[3:] = ["edit", after["name"], f"--message={before['body']}"]
    said = f"{verb} the mail text {after['name']}."
    written.updated(session, printer, before, after, after["name"], said=said, undo=undo)


COMMANDS = {"list": list_, "show": show, "edit": edit, "reset": reset}
