"""Attachments of a ticket: added, listed, saved, opened, removed."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import One, Output, Reference, Yes
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.cli.tickets.references import verb
from tix.domain.tickets.references import parse_reference
from tix.render.records.formats import Kind
from tix.typing import Annotated, Any
from tix.words.sentence import Said

KIND = Kind(("id", "name", "size", "mime", "sha256", "by", "at", "internal"), None, "id")
SAVED = Kind(("path", "name", "size", "sha256"), ("path",), "path")
Files = Annotated[list[str], Argument(metavar="FILE…", help="Files to attach (-: stdin, with --name).")]
Which = Annotated[
    list[str] | None, Argument(metavar="[FILE]…", help="Attachments by name or id (default: all).")
]


@app.prints(KIND)
@app.reading
def list_(
    session: Session,
    reference: Reference,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List the files of a ticket."""
    printer = Printer(session, output, KIND)
    wanted = parse_reference(reference)
    whole = session.records.attachments(wanted)

    def draw(found: list[dict[str, Any]]) -> None:
        targets = printer.console().targets
        printer.table([{**one, "link": targets.of_file(whole.ref, one["id"])} for one in found])

    printer.records(whole.files, draw)


@app.prints(show.WRITTEN)
@verb
def add(
    session: Session,
    reference: Reference,
    paths: Files,
    name: Annotated[
        str | None, Option("--name", metavar="NAME", help="Name of the file on stdin, e.g. x.log.")
    ] = None,
    how: One = One(),  # noqa: B008  # as above
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Attach files to a ticket: visible to everybody from a requester, internal from staff."""
    from tix.cli.input import piped
    from tix.cli.tickets.bulk import Change, reopened
    from tix.cli.tickets.bulk_words import say_where
    from tix.cli.tickets.reply_context import read_files, sent_files
    from tix.cli.tickets.single import done_to, print_one
    from tix.desk.tickets import attachments

    printer = Printer(session, output, show.WRITTEN)
    wanted = parse_reference(reference)
    with piped.files(session, paths, name) as found:
        sent = sent_files(session, found)
        uploads = [] if sent else read_files(session, session.reader(), found)
    change = Change(
        lambda: lambda desk, ticket: attachments.add(desk, ticket, uploads), "attachments", files=sent
    )
    outcome, records = done_to(session, wanted, change, how)
    say_where(session, outcome)
    if reopened(outcome):
        session.tell_done(
            Said(
                "Reopened {ref}; status is now {status}.",
                ref=outcome.ticket.ref,
                status=outcome.ticket.status,
            )
        )
    elif printer.is_table and not outcome.already:
        session.tell_done(
            Said.counted(
                "Attached {n} file to {ref}.",
                "Attached {n} files to {ref}.",
                len(paths),
                ref=outcome.ticket.ref,
            )
        )
    print_one(printer, outcome, records)


@app.prints(SAVED)
@app.unpaged
def save(
    session: Session,
    reference: Reference,
    which: Which = None,
    directory: Annotated[
        str, Option("--dir", metavar="D", help="Target folder (default: the current one).")
    ] = ".",
    force: Annotated[bool, Option("--force", help="Overwrite existing files.")] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Save files of a ticket to a folder."""
    from tix.cli.tickets.save_file import Folder
    from tix.desk.tickets.attachments import choose

    printer = Printer(session, output, SAVED)
    wanted = parse_reference(reference)
    desk = session.records
    whole = desk.attachments(wanted)
    saved = []
    with Folder(directory) as folder:
        for one in choose(whole.files, which or [], whole.ref, lambda file: (file["id"], file["name"])):
            path = folder.save(one["name"], desk.content(wanted, one), force)
            saved.append({"path": path, **{name: one[name] for name in ("name", "size", "sha256")}})
    if not saved:
        session.say(Said("{ref} has no attachments.", ref=whole.ref))
    printer.records(saved)


@app.prints(SAVED)
@app.unpaged
def open_(
    session: Session,
    reference: Reference,
    which: Which = None,
    yes: Yes = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Open files of a ticket in the program for their kind."""
    from tix.cli.tickets import opened_files
    from tix.desk.tickets.attachments import choose

    printer = Printer(session, output, SAVED)
    wanted = parse_reference(reference)
    desk = session.records
    whole = desk.attachments(wanted)
    found = choose(whole.files, which or [], whole.ref, lambda file: (file["id"], file["name"]))
    if not found:
        session.say(Said("{ref} has no attachments.", ref=whole.ref))
        return
    if not opened_files.agreed(session, found, agreed=yes):
        return
    saved = opened_files.opened(session, found, lambda one: desk.content(wanted, one))
    printer.records(saved) if not printer.is_table else session.say(opened_files.told(saved))


@app.prints(show.WRITTEN)
@verb
def rm(
    session: Session,
    reference: Reference,
    which: Annotated[list[str], Argument(metavar="FILE…", help="Attachments by name or id.")],
    how: One = One(),  # noqa: B008  # as above
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Remove files from a ticket permanently (staff)."""
    from tix.cli.tickets.bulk import Change
    from tix.cli.tickets.single import done_to, print_one
    from tix.desk.tickets import attachments

    printer = Printer(session, output, show.WRITTEN)
    wanted = parse_reference(reference)
    change = Change(
        lambda: lambda desk, ticket: attachments.remove(desk, ticket, which),
        "attachments/remove",
        {"files": which},
    )
    outcome, records = done_to(session, wanted, change, how)
    if printer.is_table and not outcome.already:
        from tix.render.words import counted

        ticket = outcome.ticket
        left = counted(ticket.attachments + ticket.internal_attachments, "file")
        session.tell_done(Said("Removed files from {ref}; {left} left.", ref=ticket.ref, left=left))
    print_one(printer, outcome, records)


COMMANDS = {"list": list_, "add": add, "save": save, "open": open_, "rm": rm}
