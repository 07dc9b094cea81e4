"""Files on their way into the store: read, typed by content, judged by the desk's limits, kept once."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tix.desk.context import Desk
from tix.domain.files.attachments import FilePolicy, check, clean_name, detect, parse_size, parse_types
from tix.domain.tickets.timeline import File
from tix.errors import InvalidValue
from tix.store.tickets import tickets


class Upload(NamedTuple):
    """A file on its way in, made by ``upload``: typed by its content, under a label."""

    file: File
    data: bytes


def policy(desk: Desk) -> FilePolicy:
    """What the desk takes."""
    denied = desk.settings.text("attachments.denied")
    return FilePolicy(
        parse_size(desk.settings.text("attachments.max_total")),
        parse_types(desk.settings.text("attachments.types")),
        frozenset() if denied == "none" else parse_types(denied) or frozenset(),
    )


def accept(desk: Desk, uploads: Sequence[Upload]) -> None:
    """Raises InvalidValue for the first file the desk does not take, or for all when they are too large together.

    Every file passes here before it is kept, whoever brings it and by whatever way.
    """
    if uploads:
        check([one.file for one in uploads], policy(desk))


def read(desk: Desk, paths: Sequence[str]) -> list[Upload]:
    """The files at ``paths``. Raises InvalidValue for one that cannot be read, and as ``accept``.

    A link is followed (the person named it); a device, a pipe or a folder is refused. What is read is bounded
    by the desk's total, also when a file grows meanwhile.
    """
    uploads = []
    room = policy(desk).max_total if paths else 0
    for path in paths:
        data = _bytes(path, room)
        room -= len(data)
        uploads.append(upload(Path(path).name, data))
        if room < 0:
            break
    accept(desk, uploads)
    return uploads


def upload(name: str, data: bytes) -> Upload:
    """Bytes under a name, which becomes a label (``clean_name``); with type and digest."""
    import hashlib

    name = clean_name(name)
    found = detect(data, name)
    return Upload(File(name, len(data), found.mime, hashlib.sha256(data).hexdigest(), found.kind), data)


def _bytes(path: str, room: int) -> bytes:
    """At most one byte more than ``room``: enough to know that it is too much."""
    try:
        # Without O_NONBLOCK opening a named pipe would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise InvalidValue(f"the file '{path}' cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # fdopen fails on a folder in words of its own
        os.close(descriptor)
        raise InvalidValue(f"'{path}' is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        try:
            return file.read(max(room, 0) + 1)
        except OSError as error:
            raise InvalidValue(f"the file '{path}' cannot be read: {error.strerror}") from error


def keep(desk: Desk, uploads: Sequence[Upload]) -> tuple[File, ...]:
    """Stores the bytes, inside the transaction of what they hang on. Raises as ``accept``."""
    accept(desk, uploads)
    for one in uploads:
        tickets.add_blob(desk.store, one.file.sha256, one.data)
    return tuple(one.file for one in uploads)
