"""Say what an import did: on the terminal, in machine formats, and in the file of ``--report``."""

from __future__ import annotations

import sys
from pathlib import Path

from tix.cli.imports.inspection import many
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.desk.transfer.report import BROKEN, MOST_EXAMPLES, ImportReport, LeftOut, WordLeft
from tix.errors import AlreadyExists, InvalidValue, StorageFailure
from tix.importers.record import Fault
from tix.render.records.formats import Kind
from tix.typing import Any

KIND = Kind(ImportReport._fields, ("imported", "skipped", "failed", "entries", "people"), "imported")


def refuse_report(path: str | None) -> None:
    """Raise for a report that cannot be written: its file exists, or its folder does not."""
    if path is None:
        return
    target = Path(path)
    if target.exists() or target.is_symlink():
        raise AlreadyExists(f"the file {target} already exists", hint="name another file with --report")
    if not target.absolute().parent.is_dir():
        raise InvalidValue(f"the folder of '{target}' does not exist", hint="create it first")


def write_report(path: str | None, title: str, found: ImportReport, after: str) -> None:
    """Write the report: JSON where the name ends in ``.json``, else Markdown.

    ``after`` says what became of the import. Raises StorageFailure; what was written of the report is removed.
    """
    if path is None:
        return
    target, record = Path(path), found.record()
    if target.suffix.lower() == ".json":
        from tix.domain.json_columns import encoder

        text = encoder()(record) + "\n"
    else:
        from tix.render.documents.import_report import import_report

        text = import_report(title, record)
    try:
        stream = target.open("x", encoding="utf-8")
    except OSError as error:
        raise StorageFailure(f"cannot write the report {target}: {error.strerror}; {after}") from error
    try:
        with stream:
            stream.write(text)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise StorageFailure(f"cannot write the report {target}: {error.strerror}; {after}") from error


def refused(faults: list[Fault], broken: int, words: tuple[WordLeft, ...] = ()) -> ImportReport:
    """Return the report of an import that was refused, because so many records are broken or have unknown words."""
    lines = [f"{'' if line is None else f'line {line}: '}{message}" for line, message, _ in faults]
    left = LeftOut(BROKEN, broken, tuple(lines[:MOST_EXAMPLES]))
    return ImportReport(0, 0, broken, 0, 0, left_out=(left,), unknown_words=words)


def of_mail(done: Any, faults: list[Fault]) -> ImportReport:
    """Return the report of an import of mail, of which ``done`` has the counts."""
    left = refused(faults, len(faults)).left_out if faults else ()
    return ImportReport(done.imported, done.skipped, len(faults), done.entries, done.people, left_out=left)


def tell(
    session: Session, printer: Printer, done: Any, found: ImportReport, dry_run: bool, skipped: str = "ticket"
) -> None:
    """Print what was done; ``done`` has the references of new tickets and the sentences to print."""
    done_words = "Would import" if dry_run else "Imported"
    words = (
        f"{done_words} {many(found.imported, 'ticket', 'tickets')}, "
        f"{many(found.entries, 'entry', 'entries')}, {many(found.people, 'person', 'people')}; "
        f"skipped {many(found.skipped, skipped, f'{skipped}s')}"
    )
    if skipped == "ticket":
        words += " imported before"
    if found.failed:
        words += f", {many(found.failed, 'broken record', 'broken records')}"
    session.say(f"{words}.")
    for more in done.words:
        session.say(more)
    if printer.format not in ("table", "plain", "ids") or printer.columns is not None:
        printer.one(found.record())
    elif printer.format != "table" and not dry_run:
        for ref in done.refs:
            sys.stdout.write(f"{ref}\n")
