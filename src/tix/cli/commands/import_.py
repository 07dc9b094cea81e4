"""``tix import``: tickets from a file."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tix.cli import app
from tix.cli.errors import report
from tix.cli.imports.files import File, completed, look, told
from tix.cli.imports.inspection import KIND as INSPECTED
from tix.cli.imports.inspection import show
from tix.cli.imports.layouts import TableOptions, pairs, save
from tix.cli.imports.report import KIND, of_mail, refuse_report, refused, tell, write_report
from tix.cli.imports.unchanged import Unchanged
from tix.cli.messages import wants_json
from tix.cli.options import DryRun, Output, Yes
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.errors import InvalidValue, PartialFailure, StorageFailure
from tix.importers import detect
from tix.importers.tables.layout import Layout
from tix.typing import IO, Annotated, Any, BinaryIO, NamedTuple

MOST_FAULTS_SHOWN = 20
# A pipe is copied to the folder for temporary files first; a larger import can be read from a file.
LARGEST_PIPE = 1 << 30


@app.prints(KIND)
@app.command
def command(
    session: Session,
    file: Annotated[str, Argument(metavar="FILE", help="File to import (-: stdin), or a folder of mail.")],
    shape: Annotated[
        str | None,
        Option("--from", metavar="SHAPE", help=f"Format of the file: {', '.join(detect.NAMES)}."),
    ] = None,
    map_status: Annotated[
        list[str] | None,
        Option(
            "--map-status",
            metavar="WORD=STATUS",
            help="Status for a word, e.g. Parked=on-hold; *=open for all others.",
        ),
    ] = None,
    map_priority: Annotated[
        list[str] | None,
        Option(
            "--map-priority",
            metavar="WORD=PRIORITY",
            help="Priority for a word, e.g. Wish=low; *=medium for all others.",
        ),
    ] = None,
    map_type: Annotated[
        list[str] | None,
        Option(
            "--map-type",
            metavar="WORD=TYPE",
            help='Type for a word, e.g. Story=request; "none" leaves it empty, *=question for all others.',
        ),
    ] = None,
    source: Annotated[
        str | None,
        Option("--source", metavar="NAME", help="Repository or system the file comes from, e.g. acme/shop."),
    ] = None,
    update: Annotated[
        bool,
        Option(
            "--update",
            help="Let tickets imported before follow the file: new comments, statuses, and fields that nobody changed here.",
        ),
    ] = False,
    who: Annotated[
        str | None,
        Option(
            "--people",
            metavar="FILE",
            help='CSV or TOML file of who is who: a name in the source, and a login here or "Ann <ann@example.org>".',
        ),
    ] = None,
    report_file: Annotated[
        str | None,
        Option(
            "--report",
            metavar="FILE",
            help="Write what was imported and left out to FILE (Markdown, or JSON for .json).",
        ),
    ] = None,
    keep_going: Annotated[bool, Option("--keep-going", help="Skip broken records.")] = False,
    inspect: Annotated[
        bool, Option("--inspect", help="Say what the file looks like and print a mapping; import nothing.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    table: TableOptions = TableOptions(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Import tickets from a file."""
    printer = Printer(session, output, INSPECTED if inspect else KIND)
    words = {
        "status": pairs(map_status or [], "WORD=STATUS", "--map-status Parked=on-hold"),
        "priority": pairs(map_priority or [], "WORD=PRIORITY", "--map-priority Wish=low"),
        "type": pairs(map_type or [], "WORD=TYPE", "--map-type Story=request"),
    }
    layout = table.layout()
    if source is not None and (not source.strip() or not source.isprintable()):
        raise InvalidValue(f"'{source}' is not a source name", hint="for example --source acme/shop")
    if shape is not None and shape not in detect.NAMES:
        raise InvalidValue(f"'{shape}' is not a file format", hint="use one of " + ", ".join(detect.NAMES))
    refuse_report(report_file)
    known = _people(who)
    with _opened(file) as opened:
        unchanged = Unchanged(opened.path, opened.name)
        how = _How(keep_going, dry_run, yes, report_file, unchanged, update, known)
        chosen = _format(opened, shape)
        if opened.is_folder and chosen not in detect.MAIL:
            raise InvalidValue(f"'{file}' is a folder", hint="give one file, or - for stdin")
        if chosen in detect.MAIL:
            if layout != Layout() or source is not None or any(words.values()) or inspect:
                raise InvalidValue("options about tables, --source and --inspect do not apply to mail")
            if update or who is not None:
                raise InvalidValue(
                    "--update and --people do not apply to mail, which says itself who wrote it"
                )
            return _mails(session, printer, opened, shape, session.writer(), how)
        file_ = File(opened.path, opened.name, chosen, None if source is None else source.strip())
        if inspect:
            return _inspected(session, printer, file_, layout, words, table.save_mapping)
        desk = session.writer()
        if session.may_ask and not (yes or dry_run):
            layout, words = completed(session, desk, file_, layout, words)
        if table.save_mapping is not None:
            session.say(f"Mapping saved: {save(layout, table.save_mapping)}")
        return _imported(session, printer, desk, file_, layout, words, how)


def _inspected(
    session: Session,
    printer: Printer,
    file: File,
    layout: Layout,
    words: dict[str, dict[str, str]],
    name: str | None,
) -> int:
    seen = look(session.reader(), file, layout, words)
    show(session, printer, seen, file.name)
    if name is not None:
        if seen.layout is None:
            raise InvalidValue(f"'{file.name}' is no table; it needs no mapping")
        session.say(f"Mapping saved: {save(seen.layout, name)}")
    return 0


def _imported(
    session: Session,
    printer: Printer,
    desk: Any,
    file: File,
    layout: Layout,
    words: dict[str, dict[str, str]],
    how: _How,
) -> int:
    from tix.desk.transfer.import_ import Import
    from tix.desk.transfer.translation import Translation, words_of

    translation = Translation(words["status"], words["priority"], words["type"])
    job = Import(desk, translation=translation, is_named=file.source is not None)
    try:
        job.know(how.people)
        with Progress(session, "Importing") as progress:
            job.progress = progress
            faults = job.gather(told(file, layout, desk.now))
        how.unchanged.check()
        gathered = job.gathered
        refusal = refused(faults, gathered.broken, words_of(gathered.translation, {}))
        _report(session, faults, refusal, gathered.count, how)
        if not _agreed(session, job.gathered.count, file.name, how.yes or how.dry_run):
            job.gathered.close()
            return 0
        with Progress(session, "Importing") as progress:
            job.progress = progress
            done = job.write(dry_run=how.dry_run, update=how.update)
    except BaseException:
        job.gathered.close()
        raise
    with closing(job.gathered):
        tell(session, printer, done, done.report, how.dry_run)
        write_report(how.report_file, _title(file.name, how.dry_run), done.report, _after(how.dry_run))
    return _exit_status(done, faults)


class _How(NamedTuple):
    """How a file is imported; ``people`` are who is who in it."""

    keep_going: bool
    dry_run: bool
    yes: bool
    report_file: str | None
    unchanged: Unchanged
    update: bool
    people: dict[str, str]


def _mails(
    session: Session, printer: Printer, source: Source, shape: str | None, desk: Any, how: _How
) -> int:
    from tix.mail.archive.import_ import MailImport

    with closing(MailImport(desk, None, source.path, source.name, shape)) as job:
        with Progress(session, "Importing") as progress:
            job.progress = progress
            faults = job.gather()
        how.unchanged.check()
        _report(session, faults, refused(faults, len(faults)), job.count, how)
        if not _agreed(session, job.count, source.name, how.yes or how.dry_run):
            return 0
        with Progress(session, "Importing") as progress:
            job.progress = progress
            done = job.write(dry_run=how.dry_run)
    found = of_mail(done, faults)
    tell(session, printer, done, found, how.dry_run, "mail")
    write_report(how.report_file, _title(source.name, how.dry_run), found, _after(how.dry_run))
    return _exit_status(done, faults)


def _title(file: str, dry_run: bool) -> str:
    return f"{'Rehearsal of an import' if dry_run else 'Import'} of {file}"


def _after(dry_run: bool) -> str:
    return "nothing was to be imported" if dry_run else "the import itself is complete"


def _people(file: str | None) -> dict[str, str]:
    if file is None:
        return {}
    from tix.importers.people_file import people_file

    return people_file(Path(file), file)


def _agreed(session: Session, count: int, file: str, agreed: bool) -> bool:
    """Whether an import of so many records goes on."""
    from tix.cli.input.confirmation import confirmed

    question = f"Import {count:,} records of {file}?"
    return confirmed(session, "import", count, question, agreed=agreed, kept="Nothing was imported.")


def _exit_status(done: Any, faults: list[Any]) -> int:
    if not faults:
        return 0
    return PartialFailure.exit_status if done.imported or done.skipped else InvalidValue.exit_status


# --------------------------------------------------------------------------------------------- the file


class Source(NamedTuple):
    """A file that can be read from the start, or a folder, and what people call it."""

    path: Path
    name: str
    is_folder: bool = False


@contextmanager
def _opened(file: str) -> Iterator[Source]:
    """The file to read; what can be read only once (stdin, a pipe) is copied to an unlinked file first.

    Raises InvalidValue for what cannot be read.
    """
    import tempfile

    from tix.cli.repeats import stdin

    stdin.spend()  # a named pipe, too, gives what it has once
    name = "stdin" if file == "-" else file
    try:
        descriptor = os.dup(sys.stdin.fileno()) if file == "-" else os.open(file, os.O_RDONLY)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidValue(f"cannot read the file '{name}': {reason}") from error
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(kind) and file != "-":
        os.close(descriptor)
        yield Source(Path(file), name, is_folder=True)
        return
    if not (stat.S_ISREG(kind) or stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind) or file == "-"):
        os.close(descriptor)
        raise InvalidValue(f"'{name}' is not a file", hint="give one file, or - for stdin")
    with os.fdopen(descriptor, "rb") as stream:
        if stat.S_ISREG(kind) and file != "-":
            yield Source(Path(file), name)
            return
        with tempfile.TemporaryFile(prefix="tix-") as copy:
            try:
                copy_within(stream, copy, LARGEST_PIPE, name)
                copy.flush()
            except OSError as error:
                raise StorageFailure(f"cannot buffer {name}: {error.strerror}") from error
            copy.seek(0)
            # Opening it anew by its descriptor is how a file without a name is given a path.
            yield Source(Path(f"/dev/fd/{copy.fileno()}"), name)


def copy_within(stream: BinaryIO, copy: IO[bytes], limit: int, name: str) -> None:
    """Copies what can be read only once. Raises InvalidValue as soon as it is more than ``limit`` bytes."""
    copied = 0
    while chunk := stream.read(1 << 20):
        copied += len(chunk)
        if copied > limit:
            raise InvalidValue(
                f"{name} has more than {limit / 2**30:g} GiB", hint="save it to a file and import the file"
            )
        copy.write(chunk)


def _format(source: Source, named: str | None) -> str:
    """Return the format of a file: the one that was named, if it can be that, else by its content. Raises InvalidValue."""
    if source.is_folder:
        return named or "eml"  # only mail comes in folders; each file of it is looked at
    try:
        with source.path.open("rb") as stream:
            head = stream.read(detect.HEAD_BYTES)
    except OSError as error:
        raise InvalidValue(f"cannot read the file '{source.name}': {error.strerror}") from error
    if named is None:
        return detect.detect(head, source.name)
    detect.refuse_unfit(head, source.name, named)
    return named


# ------------------------------------------------------------------------------------------- what is said


def _report(session: Session, faults: list[Any], refusal: Any, good: int, how: _How) -> None:
    """One line for each broken record and each unknown word. Raises InvalidValue unless they may be left out."""
    if not faults:
        return
    as_json = wants_json(session.early.argv)
    shown = faults if how.keep_going else faults[:MOST_FAULTS_SHOWN]
    for fault in shown:
        place = "" if fault.line is None else f"line {fault.line}: "
        report(InvalidValue(f"{place}{fault.message}", hint=fault.hint), as_json)
    if how.keep_going:
        return
    write_report(how.report_file, "Refused import", refusal, "nothing was imported")
    raise InvalidValue(
        f"{refusal.failed:,} of {good + refusal.failed:,} records cannot be read; nothing was written",
        hint="fix them, or skip them with --keep-going",
    )
