"""Identify a file by its header, before SQLite opens it."""

from __future__ import annotations

import os
import stat

from tix.errors import DamagedStore, ForeignStore, NewerStore, StorageFailure, StoreUnusable
from tix.store.compiled import sqlite

_WAYS_OUT = "restore a backup: tix db restore FILE; use another desk: --store PATH; create one: tix init"

# The application_id of a file that ``tix db copy`` has not finished.
UNFINISHED = sqlite.APPLICATION_ID + 1

_HEADER = b"SQLite format 3\x00"


def examine(path: str | os.PathLike[str]) -> int:
    """Return the format of the store at ``path``. Raises unless it is a tix store of a known format.

    The header is read as bytes before SQLite sees the file: a file that is not ours is never touched.
    Offsets 60 and 68 are user_version and application_id (https://sqlite.org/fileformat2.html#the_database_header).
    """
    try:
        if os.path.isdir(path):  # noqa: PTH112  # at every start
            raise ForeignStore(f"{path} is a folder, not a store", hint=_WAYS_OUT)
        # Without O_NONBLOCK a named pipe would wait for its writer.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ForeignStore(f"{path} is not a regular file", hint=_WAYS_OUT)
            header = file.read(100)
    except OSError as error:
        raise StorageFailure(f"the store {path} cannot be read: {error.strerror}") from error
    if not header:
        raise DamagedStore(
            f"the store {path} is an empty file", hint=f"move it away to start a new desk; {_WAYS_OUT}"
        )
    if len(header) < 100 or not header.startswith(_HEADER):
        raise ForeignStore(f"{path} is not a tix store", hint=_WAYS_OUT)
    version, application = (int.from_bytes(header[place : place + 4], "big") for place in (60, 68))
    if application == UNFINISHED:
        raise StoreUnusable(
            f"the copy of a desk to {path} has not finished", hint=f"go on with it: tix db copy FROM {path}"
        )
    if application != sqlite.APPLICATION_ID:
        raise ForeignStore(f"{path} is a database, but not a tix store", hint=_WAYS_OUT)
    if version > sqlite.SCHEMA_VERSION:
        raise NewerStore(
            f"the store {path} was made by a newer version of tix (format {version}; this version "
            f"reads up to {sqlite.SCHEMA_VERSION})",
            hint="upgrade tix",
        )
    if version < 1:
        raise DamagedStore(
            f"the store {path} has format {version}, which no version of tix uses", hint=_WAYS_OUT
        )
    return int(version)
