"""``tix export``: the desk, or what one may see of it, as a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tix.cli import app
from tix.cli.filter_options import FilterOptions
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.desk.queue import select
from tix.errors import AlreadyExists, InvalidValue, StorageFailure
from tix.render.records import formats
from tix.render.records.formats import Kind
from tix.render.records.tickets import LIST_FIELDS, SHOW_FIELDS
from tix.typing import IO, TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from tix.cli.remote.desk import Remote
    from tix.desk.queue.filters import Filters

FORMATS = ("jsonl", "json", "csv", "mbox")
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
    if wanted not in FORMATS:
        raise InvalidValue(f"'{wanted}' is not an export format", hint="use one of " + ", ".join(FORMATS))
    as_mail = wanted == "mbox"
    if as_mail and output.columns is not None:
        raise InvalidValue("--columns does not apply to an mbox, in which each entry is a mail")
    shape = output._replace(output="jsonl" if as_mail else wanted)
    printer = Printer(session, shape, Kind(_FIELDS, None, "ref", True), table=False)
    target = None if file in (None, "-") else Path(str(file))
    if target is not None:
        _refuse_existing(target, force)
    if session.remote is not None:
        session.remote.refuse("-o mbox", as_mail)
        _from_server(session, session.remote, printer, filters, target, force=force, files=not no_files)
        return
    desk = session.reader()
    chosen = select.found(desk, filters)
    chosen = chosen._replace(sort=chosen.sort or "number", limit=select.limit(filters, -1))
    if filters.only_count:
        sys.stdout.write(f"{select.count(desk, chosen)}\n")
        return
    whole = wanted != "csv" and printer.columns is None
    with transfer_export.taken(desk, chosen, files=whole and not no_files) as export:
        shown = Progress(session, "Exporting", beside=target is None)
        with _opened(target, force) as stream, shown as progress:
            writer = _Writer(export, printer, staff=desk.scope.staff, now=desk.now, progress=progress)
            if as_mail:
                written = _write_mails(export, desk, stream)
            else:
                written = writer.lines(stream.write) if whole else writer.records(stream)
        if target is not None:
            _tell(session, written, target)


def _tell(session: Session, written: int, target: Path) -> None:
    session.say(f"Exported {written:,} {'ticket' if written == 1 else 'tickets'} to {target}.")


def _from_server(
    session: Session,
    remote: Remote,
    printer: Printer,
    filters: Filters,
    target: Path | None,
    *,
    force: bool,
    files: bool,
) -> None:
    """Write what a server exports."""
    from tix.cli.tickets.export_there import Exported

    if filters.only_count:
        sys.stdout.write(f"{remote.count_exported(filters)}\n")
        return
    whole = printer.format != "csv" and printer.columns is None
    exported = Exported(remote.export(filters, select.limit(filters, -1), files=whole and files))
    with _opened(target, force) as stream, Progress(session, "Exporting", beside=target is None):
        if not whole:
            _write_records(printer, map(printer.answered, exported.records()), stream)
        elif printer.format == "json":
            exported.write_array(stream.write)
        else:
            exported.write_lines(stream.write)
    if target is not None:
        _tell(session, exported.count, target)


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
        _write_records(self._printer, self._records(), stream)
        return self._count

    def _records(self) -> Iterator[dict[str, Any]]:
        import json

        for part in self._parts():
            for row in part.rows:
                items = part.items.get(row[0], ())
                record = json.loads("".join(self._lines.line(row, items, part.files)))
                opening = record["thread"][0] if record["thread"] else {}
                yield self._printer.answered(record) | {"body": opening.get("body")}
                self._count += 1


def _refuse_existing(target: Path, force: bool) -> None:
    if target.is_dir():
        raise InvalidValue(f"'{target}' is a folder", hint=f"name a file in it: {target}/desk.jsonl")
    if not target.parent.is_dir():
        raise InvalidValue(f"the folder {target.parent} does not exist")
    if not force and (target.exists() or target.is_symlink()):
        raise AlreadyExists(f"the file {target} already exists", hint="to overwrite it, add --force")


@contextmanager
def _opened(target: Path | None, force: bool) -> Iterator[IO[str]]:
    """Standard output, or a file that appears whole under its name, readable by its owner alone."""
    if target is None:
        yield sys.stdout
        return
    pending = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with open(pending, "x", encoding="utf-8", newline="", opener=_private) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if force:
            pending.replace(target)
        else:
            os.link(pending, target)  # unlike a rename it never replaces what appeared meanwhile
            pending.unlink()
    except FileExistsError as error:
        pending.unlink(missing_ok=True)
        raise AlreadyExists(
            f"the file {target} already exists", hint="to overwrite it, add --force"
        ) from error
    except OSError as error:
        pending.unlink(missing_ok=True)
        raise StorageFailure(f"cannot write {target}: {error.strerror or error}") from error
    except BaseException:
        pending.unlink(missing_ok=True)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
