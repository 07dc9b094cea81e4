"""Read files to attach: detect their type, check them against the desk's limits, store each content once."""

import os
import stat
from collections.abc import Sequence

from tix.desk.context import Desk
from tix.domain.tickets.timeline import File
from tix.errors import InvalidValue
from tix.store.tickets import tickets
from tix.typing import TYPE_CHECKING, BinaryIO, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.domain.files.attachments import FilePolicy


class Upload(NamedTuple):
    """A file that was read, as ``upload`` makes it."""

    file: File
    data: bytes


def policy(desk: Desk, *, of_staff: bool | None = None) -> "FilePolicy":
    """Return which files the desk accepts from the actor: what it denies, it denies to requesters, and warns staff.

    ``of_staff`` says whose they are where the actor passes on what somebody else has sent.
    """
    from tix.domain.files.attachments import FilePolicy, parse_size, parse_types

    of_staff = desk.actor.is_staff if of_staff is None else of_staff
    denied = desk.settings.text("attachments.denied")
    kinds = frozenset[str]() if denied == "none" else parse_types(denied) or frozenset()
    return FilePolicy(
        parse_size(desk.settings.text("attachments.max_total")),
        parse_types(desk.settings.text("attachments.types")),
        frozenset() if of_staff else kinds,
        kinds if of_staff else frozenset(),
    )


def warnings(desk: Desk, uploads: Sequence[Upload]) -> list[str]:
    """Return a sentence for each file that the desk accepts from staff alone."""
    if not uploads:
        return []
    from tix.domain.files.attachments import warnings

    return warnings([one.file for one in uploads], policy(desk))


def accept(desk: Desk, uploads: Sequence[Upload]) -> None:
    """Raise InvalidValue for the first file the desk does not accept, or for all when they are too large together.

    Every file passes this check before it is stored, whichever channel it comes from.
    """
    if uploads:
        from tix.domain.files.attachments import check

        check([one.file for one in uploads], policy(desk))


def read(desk: Desk, paths: Sequence[str]) -> list[Upload]:
    """Read the files at ``paths``. Raises InvalidValue for one that cannot be read, and what ``accept`` raises.

    A symbolic link is followed; a device, a pipe or a folder is refused. No more is read than the desk's total
    limit, even when a file grows meanwhile.
    """
    return read_for(policy(desk), paths) if paths else []


def read_for(accepted: "FilePolicy", paths: Sequence[str]) -> list[Upload]:
    """Do as ``read`` for a desk that accepts these files."""
    from pathlib import Path

    from tix.domain.files.attachments import check

    uploads = []
    room = accepted.max_total
    for path in paths:
        data = bytes_of(path, room)
        room -= len(data)
        uploads.append(upload(Path(path).name, data))
        if room < 0:
            break
    check([one.file for one in uploads], accepted)
    return uploads


def upload(name: str, data: bytes) -> Upload:
    """Return bytes as an upload with a cleaned name, type and SHA-256 digest."""
    import hashlib

    from tix.domain.files.attachments import clean_name, detect

    name = clean_name(name)
    found = detect(data, name)
    return Upload(File(name, len(data), found.mime, hashlib.sha256(data).hexdigest(), found.kind), data)


def received(desk: Desk, parts: Sequence[tuple[str, BinaryIO]]) -> list[Upload]:
    """Return files that came over a network, each with its name, as uploads. Raises what ``accept`` raises.

    What the sender says of their types is not asked. Each is read from its beginning: the work may be done again.
    """
    uploads = []
    for name, file in parts:
        file.seek(0)
        uploads.append(upload(name, file.read()))
    accept(desk, uploads)
    return uploads


def bytes_of(path: str, room: int) -> bytes:
    """Read at most one byte more than ``room``: enough to know that the file is too large."""
    try:
        # Without O_NONBLOCK opening a named pipe would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise InvalidValue(
            Said("the file '{path}' cannot be read: {strerror}", path=path, strerror=error.strerror)
        ) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # fdopen reports a folder with its own message
        os.close(descriptor)
        raise InvalidValue(Said("'{path}' is not a regular file", path=path))
    with os.fdopen(descriptor, "rb") as file:
        try:
            return file.read(max(room, 0) + 1)
        except OSError as error:
            raise InvalidValue(
                Said("the file '{path}' cannot be read: {strerror}", path=path, strerror=error.strerror)
            ) from error


def keep(desk: Desk, uploads: Sequence[Upload]) -> tuple[File, ...]:
    """Store the bytes, inside the transaction of the item they are attached to. Raises what ``accept`` raises."""
    accept(desk, uploads)
    for one in uploads:
        tickets.add_blob(desk.store, one.file.sha256, one.data)
    return tuple(one.file for one in uploads)
