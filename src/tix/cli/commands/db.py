"""The store, a file or a database: it can be backed up, restored, copied and checked."""

from __future__ import annotations

from pathlib import Path

from tix.cli import app
from tix.cli.commands import db_accounts
from tix.cli.options import Confirm, DryRun, Output, Yes
from tix.cli.output import Printer, write_path
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.store_paths import at_home
from tix.cli.terminal.progress import Progress
from tix.domain.databases import database_name, is_database, shown
from tix.errors import InvalidValue, NotAllowed, TixError
from tix.render.records.formats import Kind
from tix.typing import Annotated, Any

INFO = Kind(
    ("path", "bytes", "format", "sqlite", "postgresql", "journal_mode", "tickets", "people"), None, "path"
)
BACKUP = Kind(("path", "bytes"), None, "path")
RESTORE = Kind(("path", "kept"), None, "path")
CHECK = Kind(("name", "status", "detail", "hint"), ("name", "status", "detail"))
COPY = Kind(("table", "rows", "digest", "ok", "effect"), ("table", "rows", "digest", "ok"))
FileArgument = Annotated[str, Argument(metavar="FILE")]


@app.prints(INFO)
@app.reading
def info(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """Show the store's path, size, format and contents."""
    from tix.desk import backup

    printer = Printer(session, output, INFO)
    printer.one(backup.info(session.reader())._asdict())


@app.reading
def path(session: Session) -> None:
    """Print the path of the store."""
    write_path(shown(session.store_place()))


@app.prints(BACKUP)
@app.unpaged
def backup(
    session: Session,
    file: FileArgument,
    force: Annotated[bool, Option("--force", help="Overwrite an existing file.")] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Back up the store, even while others write."""
    from tix.desk import backup as desk_backup
    from tix.domain.files.sizes import format_size

    printer = Printer(session, output, BACKUP)
    target = _file(file)
    with Progress(session, "Backing up") as progress:
        size = desk_backup.backup(session.reader(), target, force=force, tell=progress)
    _told(
        session,
        printer,
        {"path": str(target), "bytes": size},
        f"Backed up to {target} ({format_size(size)}).",
    )


@app.prints(RESTORE)
@app.command
def restore(
    session: Session,
    file: FileArgument,
    dry_run: DryRun = False,
    yes: Yes = False,
    confirm: Confirm = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Replace the store with a backup; the old one is kept."""
    from tix.cli.input.confirmation import confirmed
    from tix.desk import backup

    printer = Printer(session, output, RESTORE)
    source = _file(file)
    place = session.store_place(make_folder=True)
    target = shown(place)
    if dry_run:
        backup.check(source, place)
        _require_admin(session, source)
        record = {"path": target, "kept": None}
        would = "tables" if is_database(place) else "file"
        _told(
            session, printer, record, f"Would replace {target} with {source}; the old {would} would be kept."
        )
        return

    def told() -> list[str]:
        backup.check(source, place)
        _require_admin(session, source)
        there, new = (_contents(session, one) for one in (place, source))
        return [f"{target} has {there}.", f"{source} has {new}."]

    question = f"Replace the desk at {target} with {source}?"
    agreed, name = yes or not _is_there(session, place), database_name(place) or Path(place).name
    if not confirmed(session, "db restore", 1, question, agreed=agreed, told=told, name=name, given=confirm):
        return
    with Progress(session, "Restoring") as progress:
        kept = backup.restore(
            source, place, session.now, lambda copy: _require_admin(session, copy), progress
        )
    record = {"path": target, "kept": kept}
    words = f"Restored {target} from {source}"
    if kept is not None:
        what = "tables are kept in the schema" if is_database(place) else "file is kept as"
        words += f"; the old {what} {kept}"
    _told(session, printer, record, f"{words}.")


@app.prints(COPY)
@app.command
def copy(
    session: Session,
    source: Annotated[str, Argument(metavar="FROM")],
    target: Annotated[str, Argument(metavar="TO")],
    anew: Annotated[bool, Option("--anew", help="Begin an unfinished copy again from its start.")] = False,
    dry_run: DryRun = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Copy a whole desk to a new file or an empty database."""
    from tix.cli.store_paths import checked_store
    from tix.desk import backup

    printer = Printer(session, output, COPY)
    source, target = checked_store(source), checked_store(target)
    desk = session.open(source)
    with Progress(session, "Copying the desk") as progress:
        if dry_run:
            found = backup.copy_counts(desk, target)
        else:
            found = backup.copy(desk, target, anew=anew, tell=progress)
    printer.records([one._asdict() for one in found])
    rows = sum(one.rows for one in found)
    words = f"{len(found)} tables with {rows:,} rows"
    if dry_run:
        session.say(f"Would copy {words} from {shown(source)} to {shown(target)}.")
    else:
        session.say(f"Copied {words} from {shown(source)} to {shown(target)}; every table is equal.")


def _is_there(session: Session, place: str) -> bool:
    """Whether a desk, or something in its place, is there."""
    if not is_database(place):
        return Path(place).exists()
    try:
        return session.reader().store.exists
    finally:
        session.close(failed=True)


def _contents(session: Session, path: Path | str) -> str:
    """What a store holds, as far as it can be read."""
    from tix.desk import backup
    from tix.render.words import counted

    try:
        found = backup.info(session.open(path))
    except TixError:
        return "contents that cannot be read"
    finally:
        session.close()
    people = "1 person" if found.people == 1 else f"{found.people:,} people"
    return f"{counted(found.tickets, 'ticket')} and {people}"


@app.prints(CHECK)
@app.reading
def check(session: Session, output: Output = Output()) -> int:  # noqa: B008  # as above
    """Check the integrity of the store."""
    from tix.desk import doctor

    printer = Printer(session, output, CHECK)
    with Progress(session, "Checking the store"):
        findings = [finding._asdict() for finding in doctor.check(session.reader())]
    printer.records(findings)
    return 8 if any(finding["status"] == "failed" for finding in findings) else 0


@app.command
def migrate(session: Session) -> None:
    """Upgrade the store to this version's format."""
    from tix.domain.permissions import require

    with Progress(session, "Upgrading the store"):
        desk = session.reader()  # has brought it
    require(desk.actor, "db migrate")
    if desk.store.exists and desk.store.migrated is None:
        session.say(f"The desk at {desk.store.place} is already at format {desk.store.format}.")


def _file(name: str) -> Path:
    if not name or "\0" in name:
        raise InvalidValue("the file name is empty")
    path = at_home(name)
    try:
        path.exists()
    except OSError as error:
        raise InvalidValue(f"cannot use the file name: {error.strerror}") from error
    return path


def _require_admin(session: Session, copy: Path) -> None:
    """Who restores is an admin of the store that is there, or, where that cannot be read, of the backup."""
    from tix.domain.permissions import require

    try:
        desk = session.reader()
        if desk.store.exists:
            require(desk.actor, "db restore")
            session.close()
            return
        session.close()
    except NotAllowed:
        raise
    except TixError:
        session.close()
    require(session.open(copy).actor, "db restore")
    session.close()


def _told(session: Session, printer: Printer, record: dict[str, Any], words: str) -> None:
    if printer.format in ("table", "plain") and printer.columns is None:
        session.say(words)
        if not printer.is_table:
            write_path(record["path"])
    else:
        printer.one(record)


COMMANDS = {
    "info": info,
    "path": path,
    "backup": backup,
    "restore": restore,
    "copy": copy,
    "check": check,
    "migrate": migrate,
    **db_accounts.COMMANDS,
}
