"""Read messages from a maildir, and file them there once they are stored.

Messages are the regular files in ``new`` and ``cur``; what is in ``tmp`` is still being written. A file keeps the part
of its name before ``:``, while programs that read the mailbox move it from ``new`` to ``cur`` and change
the flags behind it (https://cr.yp.to/proto/maildir.html). Subfolders are those of Maildir++: ``.Done`` beside them.
Nothing is ever deleted or overwritten, and a symbolic link is never followed: it could lead to any file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from tix.errors import MailboxError
from tix.mail import folder_names
from tix.mail.mailbox import HEADER_LIMIT, LIMIT, Found, Raw, header_of
from tix.typing import NamedTuple

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


# Of the times that file systems keep, those that the store can: from 1677 to 2262 in nanoseconds.
_LATEST = 2**63 - 1


class Filing(NamedTuple):
    """Where messages go once they are stored: names of subfolders, e.g. ``Done``, created when they are needed.

    With ``done`` None they stay and get the flag S for read. With ``quarantine`` None a message in quarantine goes
    the way of the others; where they stay, it moves to ``cur`` and stays unread.
    """

    done: str | None = "Done"
    quarantine: str | None = None


class _Entry(NamedTuple):
    """A file as it was listed: its time of modification in nanoseconds, the folder it is in, and its name."""

    modified: int
    place: str
    name: str


class Maildir:
    """A maildir as a Mailbox. Opening it lists its messages, oldest first.

    The key of a message is the folder's path, the file's time of modification in nanoseconds and its name up to
    ``:``, with bytes that are not UTF-8 written in hexadecimal. So a name that is used again is a new message. ``limit``
    is in bytes; of a larger message only the header is read. Raises MailboxError if ``folder`` is not a maildir.
    """

    def __init__(self, folder: Path, filing: Filing | None = None, *, limit: int = LIMIT) -> None:
        self.folder = folder.absolute()
        self.filing = filing or Filing()
        self._limit = limit
        self._subfolders = {
            name: self._subfolder(name)
            for name in (self.filing.done, self.filing.quarantine)
            if name is not None
        }
        self._entries = self._listed()
        self._places: dict[Found, _Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def found(self) -> Iterator[Found]:
        """Yield the messages in ``new`` and ``cur``."""
        for entry in self._entries:
            found = Found(str(self.folder), entry.modified, _key(entry.name))
            self._places[found] = entry
            yield found

    def raw(self, found: Found) -> Raw | None:
        """Return the bytes of a message; None if somebody has removed it. Raises MailboxError if it is no message."""
        path = self._path(found)
        if path is None:
            return None
        try:
            descriptor = os.open(path, _READ)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise MailboxError(f"{path} is a symbolic link, not a message.") from None
            raise MailboxError(f"Cannot read {path}: {error.strerror}.") from None
        try:
            return self._content(path, descriptor)
        except OSError as error:
            raise MailboxError(f"Cannot read {path}: {error.strerror}.") from None
        finally:
            os.close(descriptor)

    def done(self, founds: tuple[Found, ...]) -> None:
        """Move messages to the subfolder for done ones, or flag them as read."""
        for found in founds:
            self._file(found, self.filing.done, "S")

    def quarantined(self, founds: tuple[Found, ...]) -> None:
        """Move messages to the subfolder for quarantine."""
        for found in founds:
            self._file(found, self.filing.quarantine or self.filing.done, "")

    def reopen(self) -> None:
        """Do nothing: a folder has no connection that could be lost."""

    def close(self) -> None:
        """Do nothing: no file stays open."""

    # ---------------------------------------------------------------------------------------------- finding

    def _listed(self) -> list[_Entry]:
        entries = []
        for place in ("new", "cur"):
            try:
                with os.scandir(self.folder / place) as files:
                    for file in files:
                        if not file.name.startswith("."):
                            with contextlib.suppress(FileNotFoundError):  # moved or removed while we look
                                status = file.stat(follow_symlinks=False)
                                modified = max(-_LATEST, min(status.st_mtime_ns, _LATEST))
                                entries.append(_Entry(modified, place, file.name))
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise MailboxError(f"Cannot read {self.folder / place}: {reason}; is it a maildir?") from None
        return sorted(entries)

    def _path(self, found: Found) -> Path | None:
        """Return where a message is now: where it was listed, or where another program has moved it meanwhile."""
        entry = self._places.get(found)
        if entry is None:
            return None
        path = self.folder / entry.place / entry.name
        if os.path.lexists(path):
            return path
        base = _base(entry.name)
        for place in ("cur", "new"):
            with contextlib.suppress(OSError), os.scandir(self.folder / place) as files:
                for file in files:
                    if _base(file.name) == base:
                        self._places[found] = entry._replace(place=place, name=file.name)
                        return self.folder / place / file.name
        return None

    def _content(self, path: Path, descriptor: int) -> Raw:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise MailboxError(f"{path} is not a regular file.")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            if status.st_size <= self._limit:
                content = stream.read(self._limit + 1)
                if len(content) <= self._limit:
                    return Raw(content, len(content))
            else:
                content = stream.read(HEADER_LIMIT)
        return Raw(header_of(content), max(status.st_size, len(content)), cut=True)

    # ----------------------------------------------------------------------------------------------- filing

    def _file(self, found: Found, folder: str | None, flag: str) -> None:
        """Move a message to a subfolder, or to ``cur`` with a flag; one that is gone is passed over."""
        path = self._path(found)
        if path is None:
            return
        target = self.folder if folder is None else self._created(folder)
        name = path.name if folder is None and not flag and ":2," in path.name else _flagged(path.name, flag)
        try:
            _rename(path, target / "cur" / name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise MailboxError(f"Cannot move {path} to {target}: {error.strerror}.") from None

    def _subfolder(self, name: str) -> Path:
        """Return the path of a subfolder; a dot in its name would be a level of Maildir++, a slash leaves it."""
        try:
            encoded = folder_names.encode(name)
        except ValueError:
            encoded = ""
        if not encoded or "/" in encoded or encoded.startswith(".") or ".." in encoded:
            raise MailboxError(f"{name!r} cannot be a subfolder of a maildir.")
        return self.folder / f".{encoded}"

    def _created(self, name: str) -> Path:
        """Return the path of a subfolder, after creating what is missing of it."""
        folder = self._subfolders[name]
        try:
            for part in (folder, folder / "tmp", folder / "new", folder / "cur"):
                part.mkdir(mode=0o700, exist_ok=True)
            (folder / "maildirfolder").touch(mode=0o600)
        except OSError as error:
            raise MailboxError(f"Cannot create {folder}: {error.strerror}.") from None
        return folder


def _base(name: str) -> str:
    """Return the part of a file's name that stays: all before the colon."""
    return name.partition(":")[0]


def _key(name: str) -> str:
    """Return ``_base`` as text that can be stored: bytes that are not UTF-8 are written in hexadecimal."""
    return os.fsencode(_base(name)).decode("utf-8", "backslashreplace")


def _flagged(name: str, flag: str) -> str:
    """Return a file's name with a flag more; flags are letters in ASCII order behind ``:2,``."""
    base, _, info = name.partition(":")
    flags = info.removeprefix("2,") if info.startswith("2,") else ""
    return f"{base}:2,{''.join(sorted({*flags, *flag}))}"


def _rename(path: Path, target: Path) -> None:
    """Rename a file, never onto another one: names in a maildir should be unique, but are not always."""
    if path == target:
        return
    base, colon, info = target.name.partition(":")
    number = 0
    while os.path.lexists(target):
        number += 1
        target = target.with_name(f"{base}_{number}{colon}{info}")
    os.rename(path, target)
