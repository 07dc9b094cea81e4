"""``tix export``: the desk, or what one may see of it, as a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tix.cli import app
from tix.cli.filter_options import FilterOptions
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.cli.tickets.export_target import opened, refuse_existing
from tix.desk.queue import select
from tix.errors import InvalidValue
from tix.render.records import formats
from tix.render.records.formats import Kind
from tix.render.records.tickets import LIST_FIELDS, SHOW_FIELDS
from tix.typing import IO, TYPE_CHECKING, Annotated, Any, NamedTuple

if TYPE_CHECKING:
    from tix.cli.remote.desk import Remote
    from tix.desk.queue.filters import Filters
    from tix.render.exports.format import Format

# Besides the formats of other programs, which are in `render.exports.registry`.
FORMATS = ("jsonl", "json", "csv", "mbox", "ics")
# What a ticket becomes in formats that are not records.
_PIECES = {
    "mbox": "an mbox, in which each entry is a mail",
    "ics": "a calendar, in which each due date is an event",
}
# A table has no thread; the opening message stands in its place, where `import` looks for it.
_TABLE = [*LIST_FIELDS[:3], "body", *LIST_FIELDS[3:], *(name for name in SHOW_FIELDS if name != "thread")]
_FIELDS = [*LIST_FIELDS, *SHOW_FIELDS, "body"]
_PIPE = 65_536  # what a pipe holds; in pieces of 8 KB the kernel took a sixth of the time


@app.prints(Kind(_FIELDS, None, "ref", True))
@app.unpaged
def command(
    session: Session,
    file: Annotated[
        str | None, Argument(metavar="[FILE]", help="Target file (default, or -: stdout).")
    ] = None,
    folder: Annotated[
        str | None,
        Option(
            "--to",
            metavar="FOLDER",
            help="Write a new folder with the attachments beside (markdown, github, jira, zendesk, taskwarrior).",
        ),
    ] = None,
    no_files: Annotated[bool, Option("--no-files", help="Leave out the contents of attachments.")] = False,
    force: Annotated[bool, Option("--force", help="Overwrite an existing file.")] = False,
    filters: FilterOptions = FilterOptions(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Export tickets without loss, as JSON lines by default."""
    from tix.desk.transfer import export as transfer_export

    if output.jq is not None or output.template is not None:
        raise InvalidValue("an export is not filtered", hint="tix list --all --limit 0 --jq EXPR")
    wanted = "json" if output.json else output.output or "jsonl"
    foreign = _foreign(wanted, output, file, folder, force=force)
    as_mail = wanted == "mbox"
    shape = output._replace(output="jsonl" if wanted in _PIECES or foreign is not None else wanted)
    printer = Printer(session, shape, Kind(_FIELDS, None, "ref", True), table=False)
    target = None if file in (None, "-") else Path(str(file))
    if target is not None:
        refuse_existing(target, force)
    if session.remote is not None:
        session.remote.refuse("-o mbox", as_mail)
        session.remote.refuse(f"-o {wanted}", foreign is not None)
        how = _How(force=force, files=not no_files, as_dates=wanted == "ics")
        _from_server(session, session.remote, printer, filters, target, how)
        return
    desk = session.reader()
    chosen = select.found(desk, filters)
    chosen = chosen._replace(sort=chosen.sort or "number", limit=select.limit(filters, -1))
    if filters.only_count:
        sys.stdout.write(f"{select.count(desk, chosen)}\n")
        return
    whole = wanted not in ("csv", "ics") and printer.columns is None
    wants_files = (whole if foreign is None else folder is not None) and not no_files
    with transfer_export.taken(desk, chosen, files=wants_files) as export:
        if folder is not None and foreign is not None:
            from tix.cli.tickets.export_formats import into_folder

            target = Path(folder)
            with Progress(session, "Exporting"):
                written = into_folder(session, foreign, export, desk, target, files=wants_files)
            _tell(session, written, target)
            return
        shown = Progress(session, "Exporting", beside=target is None)
        with opened(target, force) as stream, shown as progress:
            writer = _Writer(export, printer, staff=desk.scope.staff, now=desk.now, progress=progress)
            if foreign is not None:
                from tix.cli.tickets.export_formats import into_stream

                written = into_stream(session, foreign, export, desk, stream)
            elif as_mail:
                written = _write_mails(export, desk, stream)
            elif wanted == "ics":
                written = _write_dates(writer.tickets(), desk.now, stream)
            else:
                written = writer.lines(stream.write) if whole else writer.records(stream)
        if target is not None:
            _tell(session, written, target, wanted == "ics")


def _foreign(
    wanted: str, output: Output, file: str | None, folder: str | None, *, force: bool
) -> Format | None:
    """The format of another program, None where it is one of ours. Raises InvalidValue."""
    if wanted in FORMATS:
        if wanted in _PIECES and output.columns is not None:
            raise InvalidValue(f"--columns does not apply to {_PIECES[wanted]}")
        if folder is not None:
            raise InvalidValue(f"-o {wanted} writes one file", hint="name it as the argument FILE")
        return None
    from tix.cli.tickets import export_formats
    from tix.render.exports import registry

    found = registry.FORMATS.get(wanted)
    if found is None:
        names = ", ".join((*FORMATS, *registry.FORMATS))
        raise InvalidValue(f"'{wanted}' is not an export format", hint=f"use one of {names}")
    if output.columns is not None:
        raise InvalidValue(f"--columns does not apply to -o {wanted}, which has columns of its own")
    export_formats.check(found, file, folder, force=force)
    return found


class _How(NamedTuple):
    """How the export of a server is written."""

    force: bool
    files: bool
    as_dates: bool


def _tell(session: Session, written: int, target: Path, as_dates: bool = False) -> None:
    what = "due date" if as_dates else "ticket"
    session.say(f"Exported {written:,} {what}{'' if written == 1 else 's'} to {target}.")


def _from_server(
    session: Session,
    remote: Remote,
    printer: Printer,
    filters: Filters,
    target: Path | None,
    how: _How,
) -> None:
    """Write what a server exports."""
    from tix.cli.tickets.export_there import Exported

    if filters.only_count:
        sys.stdout.write(f"{remote.count_exported(filters)}\n")
        return
    whole = printer.format != "csv" and printer.columns is None and not how.as_dates
    exported = Exported(remote.export(filters, select.limit(filters, -1), files=whole and how.files))
    shown = Progress(session, "Exporting", beside=target is None)
    with opened(target, how.force) as stream, shown:
        if how.as_dates:
            written = _write_dates(exported.records(), session.now, stream)
        elif not whole:
            _write_records(printer, map(printer.answered, exported.records()), stream)
        elif printer.format == "json":
            exported.write_array(stream.write)
        else:
            exported.write_lines(stream.write)
    if target is not None:
        _tell(session, written if how.as_dates else exported.count, target, how.as_dates)


def _write_dates(records: Iterator[dict[str, Any]], now: int, stream: IO[str]) -> int:
    """Write the due dates as a calendar; return how many there were."""
    from tix.render.documents.calendar import Calendar

    calendar = Calendar(now)
    for line in calendar.text(records):
        stream.write(line)
    return calendar.count


def _write_records(printer: Printer, records: Iterator[dict[str, Any]], stream: Any) -> None:
    """Write chosen fields, or a table."""
    columns = printer.columns
    if printer.format == "csv":
        formats.write_csv(records, columns or _TABLE, stream, printer.raw)
    elif printer.format == "json":
        formats.write_json(records, columns, stream)
    else:
        formats.write_jsonl(records, columns, stream)


def _write_mails(export: Any, desk: Any, stream: Any) -> int:
    """Write the tickets as an mbox; return how many there were."""
    from tix.desk.mail.postmark import postmark
    from tix.mail.archive.threads import Threads

    threads = Threads(export, postmark(desk, export.facts))
    for mail in threads.mails():
        stream.buffer.write(mail)
    return threads.tickets


class _Writer:
    """Turns what was read into text."""

    def __init__(self, export: Any, printer: Printer, *, staff: bool, now: int, progress: Progress) -> None:
        from tix.render.records.archive import Lines

        self._export = export
        self._printer = printer
        self._staff = staff
        self._now = now
        self._lines = Lines(export.names, export.data, staff=staff, now=now)
        self._count = 0
        self._progress = progress

    def lines(self, write: Callable[[str], Any]) -> int:
        """Whole tickets as JSON lines, or as one array with a ticket a line; how many there were."""
        array = self._printer.format == "json"
        before, between, end = ("[\n", ",\n", "\n]\n") if array else ("", "\n", "\n")
        facts = self._export.facts
        pieces: list[str] = []
        size = 0
        for part in self._parts():
            for row in part.rows:
                pieces.append(between if self._count else before)
                items = part.items.get(row[0], ())
                for piece in self._lines.line(row, items, part.files, None if self._count else facts):
                    pieces.append(piece)
                    size += len(piece)
                    if size > _PIPE:  # inside a ticket, too: its files may be large
                        write("".join(pieces))
                        pieces.clear()
                        size = 0
                self._count += 1
        write("".join(pieces))
        if self._count:
            write(end)
        elif array:
            write("[]\n")
        else:
            from tix.render.records.ticket_encoder import encode

            write(encode({"desk": facts}) + "\n")
        return self._count

    def _parts(self) -> Iterator[Any]:
        for part in self._export.parts():
            self._progress("tickets", self._count, None)
            yield part

    def records(self, stream: Any) -> int:
        """Chosen fields, or a table."""
        _write_records(self._printer, self.tickets(), stream)
        return self._count

    def tickets(self) -> Iterator[dict[str, Any]]:
        """Yield each ticket as a record, with the text of its opening message."""
        import json

        from tix.render.records.archive import opening_text

        for part in self._parts():
            for row in part.rows:
                items = part.items.get(row[0], ())
                record = json.loads("".join(self._lines.line(row, items, part.files)))
                yield self._printer.answered(record) | {"body": opening_text(record)}
                self._count += 1
