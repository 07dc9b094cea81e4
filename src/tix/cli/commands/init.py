"""``tix init``: make a desk on purpose."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer, write_path
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.domain.databases import is_database
from tix.errors import AlreadyExists, InvalidValue, Refused, StorageFailure, UnknownName, UsageError
from tix.render.records.formats import Kind
from tix.typing import Annotated
from tix.words.sentence import Said

FIELDS = ("path", "workflow", "prefix", "admin", "group")


@app.prints(Kind(FIELDS, None, "path"))
@app.command
def command(
    session: Session,
    workflow: Annotated[
        str | None, Option("--workflow", metavar="NAME", help="Workflow of the desk, e.g. simple.")
    ] = None,
    prefix: Annotated[
        str | None, Option("--prefix", metavar="TCK-", help="Prefix of ticket references, e.g. TCK-.")
    ] = None,
    group: Annotated[
        str | None, Option("--group", metavar="UNIXGROUP", help="Share the desk with a Unix group.")
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Create a desk."""
    from tix.desk.init import set_up
    from tix.domain.settings import find

    printer = Printer(session, output, Kind(FIELDS, None, "path"))
    given = {"workflow": workflow, "prefix": prefix}
    settings = {key: find(key).parse(value) for key, value in given.items() if value is not None}
    if workflow is not None:
        _refuse_unknown(settings["workflow"])
    place = session.store_place(make_folder=True)
    number = None if group is None else _group_number(group)
    if is_database(place):
        if group is not None:
            raise UsageError(
                Said("--group is for a desk in a file; the accounts of a database are its administrator's")
            )
    elif os.path.lexists(place):
        raise AlreadyExists(Said("{path} already exists; nothing was changed", path=place))
    elif number is not None:
        _share_folder(Path(place).parent, number)
    try:
        desk = session.create(place, 0o600 if number is None else 0o660, number)
    except FileExistsError as error:
        raise AlreadyExists(Said("{path} already exists; nothing was changed", path=error)) from error
    set_up(desk, settings)
    record = {
        "path": desk.store.place,
        "workflow": desk.settings.text("workflow"),
        "prefix": desk.settings.text("prefix"),
        "admin": desk.actor.login,
        "group": group,
    }
    if printer.format not in ("table", "plain") or printer.columns is not None:
        printer.one(record)
    elif not printer.is_table:
        write_path(desk.store.place)


def _refuse_unknown(workflow: str) -> None:
    """Raises UnknownName: a desk that is not there yet has only the workflows that are shipped."""
    from tix.domain.workflows.shipped import SHIPPED

    if workflow not in SHIPPED:
        raise UnknownName(
            Said("no workflow named '{workflow}'", workflow=workflow),
            hint=Said("use one of {names}", names=", ".join(SHIPPED)),
        )


def _group_number(name: str) -> int:
    import grp

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError as error:
        raise InvalidValue(Said("no group named '{name}' on this machine", name=name)) from error


def _share_folder(folder: Path, group: int) -> None:
    """Makes the folder the group's; only one that is ours and holds nothing else is touched."""
    status = folder.stat()
    if stat.S_IMODE(status.st_mode) & 0o2770 == 0o2770 and status.st_gid == group:
        return
    if status.st_uid != os.geteuid() or any(folder.iterdir()):
        raise Refused(
            Said("the folder {folder} is not empty or does not belong to you", folder=folder),
            hint=Said("create an empty folder for the shared desk; the group will be able to write to it"),
        )
    try:
        os.chown(folder, -1, group)
        os.chmod(folder, 0o2770)  # noqa: S103  # what sharing with a group means
    except OSError as error:
        raise StorageFailure(
            Said("cannot share the folder {folder}: {strerror}", folder=folder, strerror=error.strerror)
        ) from error
