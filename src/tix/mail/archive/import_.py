"""Import the mails of files: look through everything, then take each in its turn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tix.desk.context import Desk
from tix.desk.mail.imported import Imported, take_all
from tix.desk.mail.judge import Incoming
from tix.domain.mail.kept import IMPORT
from tix.domain.permissions import require
from tix.errors import Unreadable
from tix.importers.record import Fault
from tix.mail.archive.files import Located, MailFiles
from tix.mail.archive.order import Dated, ordered
from tix.mail.inbound import incoming
from tix.mail.mime import headers
from tix.mail.mime.message import Message, read

Progress = Callable[[str, int, int | None], None]

_STEP = 50  # mails between two reports of progress
_MOST_ANSWERED = 10  # ids of a mail that are looked at for its place in the order


class MailImport:
    """One import of mail into one desk: ``gather``, then ``write``. Raises NotAllowed.

    ``shape`` is ``mbox`` or ``eml`` for every file; None: each by its content.
    """

    def __init__(
        self, desk: Desk, progress: Progress | None, path: Path, name: str, shape: str | None
    ) -> None:
        require(desk.actor, "import")
        self._desk = desk
        self.progress = progress or (lambda stage, done, total: None)
        self._files = MailFiles(path, name, shape)
        self._mails: list[Located] = []
        self._dated: list[Dated] = []
        self._times: dict[int, int] = {}

    @property
    def count(self) -> int:
        """How many mails there are."""
        return len(self._mails)

    def gather(self) -> list[Fault]:
        """Look through the files; return the faults of what cannot be imported. Raises InvalidValue."""
        faults: list[Fault] = []
        last = 0
        for mail in self._files.mails():
            if isinstance(mail, Fault):
                faults.append(mail)
                continue
            at, dated = self._looked_at(mail, last)
            if at is not None:
                self._times[len(self._mails)] = last = at
            self._mails.append(mail)
            self._dated.append(dated)
            if self.count % _STEP == 0:
                self.progress("reading", self.count, None)
        return faults

    def write(self, *, dry_run: bool = False) -> Imported:
        """Take all mails in one transaction; with ``dry_run`` roll it back."""
        return take_all(self._desk, self._incoming(), dry_run=dry_run, progress=self._written)

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def _incoming(self) -> Iterator[Incoming]:
        for place in ordered(self._dated):
            raw = self._files.raw(self._mails[place])
            yield incoming(self._desk, raw, IMPORT)._replace(at=self._times.get(place))

    def _written(self, done: int) -> None:
        if done % _STEP == 0 or done == self.count:
            self.progress("writing", done, self.count)

    def _looked_at(self, mail: Located, last: int) -> tuple[int | None, Dated]:
        """Return when a mail was written, if it says so, and its place in the order: one without a time follows the last."""
        try:
            head = read(self._files.head(mail))
        except Unreadable:
            return mail.at, Dated(mail.at or last, None, ())
        at = _time_of(head, mail.at, self._desk.now)
        answers = tuple(_number(id) for id in head.answered[:_MOST_ANSWERED])
        return at, Dated(last if at is None else at, None if head.id is None else _number(head.id), answers)


def _time_of(head: Message, written: int | None, now: int) -> int | None:
    """Return the first time that is not in the future: Date, when the last server got it, the line of the mbox."""
    received = head.header("received")[:1]
    for at in (head.date, *(headers.date(one.rpartition(";")[2]) for one in received), written):
        if at is not None and 0 < at <= now:
            return at
    return None


def _number(id: str) -> int:
    """Return an id as a number of 64 bits, which takes less memory."""
    return int.from_bytes(hashlib.blake2b(id.encode("utf-8", "replace"), digest_size=8).digest(), "big")
