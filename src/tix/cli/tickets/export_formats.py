"""Write an export as the file, or the folder, of another program."""

from __future__ import annotations

from pathlib import Path

from tix.cli.session import Session
from tix.cli.tickets import export_target
from tix.cli.tickets.export_target import Folder
from tix.desk.transfer.export import Export
from tix.errors import InvalidValue
from tix.render.exports.format import Format
from tix.render.exports.snapshot import tickets
from tix.render.exports.tickets import ExportedTicket, Tickets
from tix.typing import IO, TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.context import Desk


def check(format: Format, file: str | None, folder: str | None, *, force: bool) -> None:
    """Check where a format is to be written. Raises InvalidValue and AlreadyExists."""
    if folder is not None and file is not None:
        raise InvalidValue(Said("an export has one target"), hint=Said("give FILE, or --to FOLDER"))
    if format.pages is not None and folder is None:
        raise InvalidValue(
            Said("-o {name} writes a folder", name=format.name), hint=Said("name a new one: --to tickets")
        )
    if folder is not None:
        if force:
            raise InvalidValue(Said("--force does not apply to a folder"), hint=Said("name a new one"))
        export_target.refuse_full(Path(folder))


def into_stream(session: Session, format: Format, export: Export, desk: Desk, stream: IO[str]) -> int:
    """Write the tickets as one text; return how many there were."""
    assert format.pieces is not None
    found = tickets(export, format, staff=desk.scope.staff, now=desk.now)
    stream.writelines(format.pieces(found))
    _tell(session, format, found)
    return found.count


def into_folder(
    session: Session, format: Format, export: Export, desk: Desk, target: Path, *, files: bool
) -> int:
    """Write the tickets into a new folder with, unless ``files`` is False, their files beside."""
    found = tickets(export, format, staff=desk.scope.staff, now=desk.now, beside=files)
    with export_target.made(target) as folder:
        if format.pages is not None:
            for ticket in found:
                folder.write(f"{ticket.fields['ref']}.{format.extension}", format.pages(ticket).encode())
                _write_files(folder, export, ticket)
        else:
            assert format.pieces is not None
            with folder.text(f"tickets.{format.extension}") as stream:
                stream.writelines(format.pieces(found))
            for ticket in found if files else ():
                _write_files(folder, export, ticket)
    _tell(session, format, found)
    return found.count


def _write_files(folder: Folder, export: Export, ticket: ExportedTicket) -> None:
    for entry in ticket.entries:
        for file in entry.files:
            if file.path is not None:
                folder.write(file.path, export.data(file.sha256) or b"")


def _tell(session: Session, format: Format, found: Tickets) -> None:
    if found.left_out:
        what = "entry" if found.left_out == 1 else "entries"
        session.say(
            f"Left out {found.left_out:,} internal {what} (notes, files), because -o {format.name} cannot mark them as internal."
        )
