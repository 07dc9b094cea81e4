"""The files beside a store: SQLite's journals, and what a killed tix process has left.

Several people may be able to write to the folder of a shared desk, so its files are checked before SQLite acts on
them: a journal can name a "super-journal", a file that SQLite deletes with the rights of whoever opens the store
(https://sqlite.org/fileformat2.html#the_rollback_journal, https://sqlite.org/atomiccommit.html#_multi_file_commit).
"""

from __future__ import annotations

import os
import stat

from tix.errors import StorageFailure, StoreUnusable
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

JOURNALS = ("-journal", "-wal", "-shm")
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


def check_journals(path: Path | str) -> None:
    """Raise StoreUnusable if a file beside the store at ``path`` is a journal that SQLite must not apply.

    That is a file that is not a regular file, that belongs to somebody who cannot write to the store, or that names a
    super-journal: tix writes to one file per transaction, so it never makes one.
    """
    place = _real(path)
    for ending in JOURNALS:
        journal = f"{place}{ending}"
        try:
            found = os.lstat(journal)
        except OSError:
            continue  # not there, or SQLite gives a better message
        if not stat.S_ISREG(found.st_mode):
            raise _refused(path, journal, "is not a regular file")
        if not _may_write(found, place):
            raise _refused(path, journal, "belongs to a user who cannot write to the store")
        if ending == "-journal" and _names_another(journal):
            raise _refused(path, journal, "names another file, which SQLite would delete")


def refuse_journals(path: Path | str) -> None:
    """Raise StoreUnusable if there is a journal at ``path`` but no store: it would change a new one."""
    for ending in JOURNALS:
        journal = f"{_real(path)}{ending}"
        if os.path.lexists(journal):
            raise _refused(path, journal, "belongs to a store that no longer exists")


def _real(path: Path | str) -> str:
    """Return where the file is: SQLite's journals are beside the target of a link."""
    place = os.fspath(path)
    return os.path.realpath(place) if os.path.islink(place) else place  # noqa: PTH114  # at every start


def _refused(path: Path | str, journal: str, why: str) -> StoreUnusable:
    return StoreUnusable(
        f"the store {path} was not opened: {journal} {why}",
        hint="find out who created that file, move it to another folder, then run: tix doctor",
    )


def _may_write(journal: os.stat_result, place: str) -> bool:
    if journal.st_uid in (0, os.geteuid()):
        return True
    try:
        store = os.stat(place)  # noqa: PTH116  # at every start
    except OSError:
        return False
    shared = store.st_mode & stat.S_IWGRP and journal.st_gid == store.st_gid
    return bool(journal.st_uid == store.st_uid or shared or store.st_mode & stat.S_IWOTH)


def _names_another(journal: str) -> bool:
    """Return whether the last 16 bytes are those after a super-journal's name: length, checksum, magic."""
    try:
        descriptor = os.open(journal, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False  # SQLite cannot read it either
    try:
        size = os.fstat(descriptor).st_size
        tail = os.pread(descriptor, 16, max(0, size - 16))
    finally:
        os.close(descriptor)
    return size > 16 and tail[8:] == _JOURNAL_MAGIC and any(tail[:4])


# ---------------------------------------------------------------------------------------------- unfinished files


class PartFile:
    """A file being written: it gets its name when it is complete, and no other process uses it meanwhile.

    ``path`` is for SQLite, which opens by name; everything else uses the descriptor. While it is open it is locked
    (``flock``), so ``sweep`` can recognise one that a killed process left.
    """

    def __init__(self, target: Path) -> None:
        import fcntl

        self.path = target.with_name(f".{target.name}.{os.getpid()}.tix-part")
        while True:
            flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_RDWR
            self._descriptor = os.open(self.path, flags, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            if self._is_at(self.path):
                return
            os.close(self._descriptor)  # swept before it was locked

    def sync(self) -> None:
        """Wait until the file is on the disk."""
        os.fsync(self._descriptor)

    def set_mode(self, mode: int) -> None:
        """Change the file's permissions."""
        os.fchmod(self._descriptor, mode)

    def rename(self, target: Path) -> None:
        """Give the file its name. Raises StorageFailure if its own path now leads to another file."""
        self.check()
        os.replace(self.path, target)
        if not self._is_at(target):
            raise StorageFailure(
                f"{target} was replaced while it was being written",
                hint="find out which other program writes to that folder",
            )

    def check(self) -> None:
        """Raise StorageFailure if the path leads to another file than the one that was created."""
        if not self._is_at(self.path):
            raise StorageFailure(
                f"{self.path} was replaced while it was being written",
                hint="find out which other program writes to that folder",
            )

    def close(self) -> None:
        """Close the file; one that never got its name is removed."""
        if self._is_at(self.path):
            self.path.unlink(missing_ok=True)
            self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        os.close(self._descriptor)

    def _is_at(self, path: Path) -> bool:
        try:
            found = os.lstat(path)
        except OSError:
            return False
        mine = os.fstat(self._descriptor)
        return (found.st_dev, found.st_ino) == (mine.st_dev, mine.st_ino)


def left_behind(folder: Path | str, name: str) -> list[str]:
    """Return the names of what ``sweep`` would look at: unfinished copies in ``folder``."""
    try:
        there = os.listdir(folder)  # noqa: PTH208  # as below
    except OSError:
        return []
    return sorted(one for one in there if one.startswith(f".{name}.") and one.endswith(_ENDINGS))


def sweep(folder: Path | str, name: str, *, pending: bool = False) -> None:
    """Remove what killed processes of this user left in ``folder``: unfinished copies, also old ones of ``name``.

    With ``pending``, also stores of ``name`` without a first commit; the caller then holds the folder's lock.
    """
    try:
        there = os.listdir(folder)  # noqa: PTH208  # at every start
    except OSError:
        return
    left = [one for one in there if one.startswith(".") and one.endswith(_ENDINGS)]
    if not left:
        return
    import re
    from contextlib import suppress
    from pathlib import Path

    folder = Path(folder)
    endings = "part|new" if pending else "part"
    pattern = re.compile(
        rf"\.(?:.+\.\d+\.tix-part|{re.escape(name)}\.\d+\.(?:{endings}))(?P<journal>-journal)?", re.DOTALL
    )
    for one in sorted(left):  # a file before its journal
        match = pattern.fullmatch(one)
        if match is None or (match["journal"] and os.path.lexists(folder / one.removesuffix("-journal"))):
            continue
        with suppress(OSError):
            _remove_if_left(folder / one)


_ENDINGS = ("part", "new", "part-journal", "new-journal")


def _remove_if_left(path: Path) -> None:
    """Remove a file of this user that no process has locked. Raises OSError."""
    import fcntl

    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    finally:
        os.close(descriptor)
