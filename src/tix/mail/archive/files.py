"""The mails in a file or folder: an mbox, a message, a maildir, or a folder of any of these.

Files are opened once to look through them and once more for each mail that is taken; nothing of a file is kept in memory
but where its mails are. In a folder, hidden files and links are left alone, and so are the indexes that mail programs keep
beside their files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tix.domain.files.sizes import format_size
from tix.errors import InvalidValue
from tix.importers.detect import HEAD_BYTES
from tix.importers.mail_head import mail_shape
from tix.importers.record import Fault
from tix.mail.archive import mbox
from tix.mail.mailbox import HEADER_LIMIT, header_of
from tix.mail.mime.limits import DEFAULT
from tix.typing import BinaryIO, NamedTuple

_INDEXES = (".msf", ".index", ".log", ".cache", ".lock")
_USUAL_HEADER = 16 * 1024


class Located(NamedTuple):
    """Where a mail is: the number of its file, and for one of an mbox where it is in there.

    ``size`` is the file's or the mail's, in bytes; ``at`` the time the file gives it (UTC seconds), if any.
    """

    file: int
    size: int
    found: mbox.Found | None = None

    @property
    def at(self) -> int | None:
        """When the mail came, by the line in front of it."""
        return None if self.found is None else self.found.at


class MailFiles:
    """The mails at a path. ``shape`` is ``mbox`` or ``eml`` for every file; None: each by its content."""

    def __init__(self, path: Path, name: str, shape: str | None) -> None:
        self._path, self._name, self._shape = path, name, shape
        self._files: list[Path] = []
        self._is_folder = path.is_dir()
        self._opened: tuple[int, BinaryIO] | None = None

    def mails(self) -> Iterator[Located | Fault]:
        """Yield where the mails are, and a fault for each thing that is none. Raises InvalidValue."""
        for path in self._listed(self._path) if self._is_folder else (self._path,):
            self._files.append(path)
            number = len(self._files) - 1
            try:
                yield from self._in_file(number)
            except OSError as error:
                yield self._fault(None, number, f"cannot be read: {error.strerror or type(error).__name__}")
        self.close()

    def raw(self, mail: Located) -> bytes:
        """Return the bytes of a mail. Raises InvalidValue where the file was changed since ``mails``."""
        try:
            stream = self._stream(mail.file)
            if mail.found is not None:
                stream.seek(mail.found.offset + mail.found.size - 1)
                is_whole = len(stream.read(1)) == 1
                raw = mbox.content(stream, mail.found)
            else:
                stream.seek(0)
                raw = stream.read(mail.size + 1)
                is_whole = len(raw) == mail.size
        except OSError as error:
            raise InvalidValue(f"cannot read '{self.name(mail.file)}': {error.strerror}") from error
        if not is_whole:
            raise InvalidValue(f"'{self.name(mail.file)}' was changed during the import; nothing was written")
        return raw

    def head(self, mail: Located) -> bytes:
        """Return the header of a mail of the file that is being looked through, at most ``HEADER_LIMIT`` bytes."""
        descriptor = self._stream(mail.file).fileno()
        offset = 0 if mail.found is None else mail.found.offset
        for size in (_USUAL_HEADER, HEADER_LIMIT):
            # Apart from the stream, whose place belongs to who looks through the file.
            raw = os.pread(descriptor, min(size, mail.size), offset)
            if len(header_of(raw)) < len(raw):
                break
        return header_of(raw)

    def name(self, file: int) -> str:
        """Return what people call a file: its path in the folder, else as it was given."""
        if not self._is_folder:
            return self._name
        return str(self._files[file].relative_to(self._path))

    def close(self) -> None:
        """Close the file that was read last."""
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def _stream(self, file: int) -> BinaryIO:
        if self._opened is None or self._opened[0] != file:
            self.close()
            flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (os.O_NOFOLLOW if self._is_folder else 0)
            self._opened = (file, os.fdopen(os.open(self._files[file], flags), "rb"))
        return self._opened[1]

    def _in_file(self, file: int) -> Iterator[Located | Fault]:
        stream = self._stream(file)
        shape = self._shape
        if shape is None:
            stream.seek(0)
            head = stream.read(HEAD_BYTES)
            if not head.strip():
                return  # an empty mailbox
            shape = mail_shape(head) or ("eml" if self._is_message(file) else None)
        if shape is None:
            yield self._fault(None, file, "this is no mail")
        elif shape == "eml":
            size = stream.seek(0, os.SEEK_END)
            yield self._sized(Located(file, size), None)
        else:
            for found in mbox.messages(stream):
                if isinstance(found, mbox.Damage):
                    yield self._fault(found.line, file, found.reason)
                else:
                    mail = self._sized(Located(file, found.size, found), found.line)
                    if isinstance(mail, Fault) or not _is_internal(self.head(mail)):
                        yield mail

    def _is_message(self, file: int) -> bool:
        """Whether a file is a message by its name or place, however damaged it is."""
        path = self._files[file]
        return path.suffix.lower() == ".eml" or (self._is_folder and path.parent.name in ("new", "cur"))

    def _sized(self, mail: Located, line: int | None) -> Located | Fault:
        """Return a mail, or the fault of one without bytes or with too many."""
        if mail.size > DEFAULT.size:
            return self._fault(
                line,
                mail.file,
                f"the mail has {format_size(mail.size)}; the most that can be read is {format_size(DEFAULT.size)}",
            )
        return mail if mail.size else self._fault(line, mail.file, "the mail is empty")

    def _fault(self, line: int | None, file: int, reason: str) -> Fault:
        return Fault(line, f"{self.name(file)}: {reason}" if self._is_folder else reason)

    def _listed(self, folder: Path) -> Iterator[Path]:
        """Yield the files of a folder and those below it, by name; of a maildir those in ``new`` and ``cur``."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            raise InvalidValue(f"cannot read the folder '{folder}': {error.strerror}") from error
        names = {entry.name for entry in entries}
        if {"new", "cur"} <= names:
            entries = [one for one in entries if one.name in ("new", "cur") or _is_maildir(one)]
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") or _is_maildir(entry):
                    yield from self._listed(Path(entry.path))
            elif _is_to_be_read(entry):
                yield Path(entry.path)


def _is_maildir(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder of messages, also a hidden one: subfolders of a maildir (Maildir++) are."""
    return entry.is_dir(follow_symlinks=False) and Path(entry.path, "cur").is_dir()


def _is_to_be_read(entry: os.DirEntry[str]) -> bool:
    return (
        entry.is_file(follow_symlinks=False)
        and not entry.name.startswith(".")
        and not entry.name.endswith(_INDEXES)
    )


def _is_internal(head: bytes) -> bool:
    """Whether it is the message in which some servers (UW IMAP, Dovecot) keep the state of a mailbox."""
    head = head.lower()
    return b"folder internal data" in head and b"mailer-daemon@" in head
