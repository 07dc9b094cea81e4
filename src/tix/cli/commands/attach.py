"""Attachments of a ticket: added, listed, saved, removed."""

from typing import Annotated

import typer

from tix.cli import app
from tix.cli.options import Output, Reference
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.domain.tickets.references import parse_reference
from tix.render.records.formats import Kind

KIND = Kind(("id", "name", "size", "mime", "sha256", "by", "at", "internal"), None, "id")
SAVED = Kind(("path", "name", "size", "sha256"), ("path",), "path")
Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="Files to attach.")]
Which = Annotated[
    list[str] | None, typer.Argument(metavar="[FILE]…", help="Attachments by name or id (default: all).")
]


@app.reading
def list_(
    session: Session,
    reference: Reference,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List the files of a ticket."""
    from tix.desk.tickets import attachments, read
    from tix.render.records.attachments import record

    printer = Printer(session, output, KIND)
    wanted = parse_reference(reference)
    whole = read.whole(session.reader(), wanted)
    printer.records(record(one) for one in attachments.files_of(whole))


@app.command
def add(
    session: Session,
    reference: Reference,
    paths: Files,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Attach files to a ticket: visible to everybody from a requester, internal from staff."""
    from tix.cli.tickets.bulk import print_outcomes, reopened, say_where
    from tix.desk.tickets import attachments, files

    printer = Printer(session, output, show.KIND)
    wanted = parse_reference(reference)
    uploads = files.read(session.reader(), paths)
    desk = session.writer()
    outcome = attachments.add(desk, wanted, uploads)
    say_where(session, outcome)
    if reopened(outcome):
        session.say(f"Reopened {outcome.ticket.ref}; status is now {outcome.ticket.status}.")
    elif printer.is_table:
        from tix.render.words import counted

        session.say(f"Attached {counted(len(uploads), 'file')} to {outcome.ticket.ref}.")
    print_outcomes(printer, desk, [outcome], single=True)


@app.command
def save(
    session: Session,
    reference: Reference,
    which: Which = None,
    directory: Annotated[
        str, typer.Option("--dir", metavar="D", help="Target folder (default: the current one).")
    ] = ".",
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Save files of a ticket to a folder."""
    from tix.cli.tickets.save_file import Folder
    from tix.desk.tickets import attachments, read

    printer = Printer(session, output, SAVED)
    wanted = parse_reference(reference)
    desk = session.reader()
    whole = read.whole(desk, wanted)
    saved = []
    with Folder(directory) as folder:
        for one in attachments.choose(attachments.files_of(whole), which or [], whole.ticket.ref):
            path = folder.save(one.file.name, attachments.content(desk, one), force)
            saved.append(
                {"path": path, "name": one.file.name, "size": one.file.size, "sha256": one.file.sha256}
            )
    if not saved:
        session.say(f"{whole.ticket.ref} has no attachments.")
    printer.records(saved)


@app.command
def rm(
    session: Session,
    reference: Reference,
    which: Annotated[list[str], typer.Argument(metavar="FILE…", help="Attachments by name or id.")],
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Remove files from a ticket permanently (staff)."""
    from tix.cli.tickets.bulk import print_outcomes
    from tix.desk.tickets import attachments

    printer = Printer(session, output, show.KIND)
    wanted = parse_reference(reference)
    desk = session.writer()
    outcome = attachments.remove(desk, wanted, which)
    if printer.is_table:
        from tix.render.words import counted

        left = counted(outcome.ticket.attachments, "file")
        session.say(f"Removed files from {outcome.ticket.ref}; {left} left.")
    print_outcomes(printer, desk, [outcome], single=True)


COMMANDS = {"list": list_, "add": add, "save": save, "rm": rm}
