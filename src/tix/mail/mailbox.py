"""Fetch new messages from a mailbox, each exactly once, whatever breaks in between.

The order for each message: is its key among those seen? If not, read it, hand it over to be stored in one
transaction together with its key, and only then mark it in the mailbox. So the store is the truth and the marks in
the mailbox are tidiness: a process killed at any instant repeats at most a mark. Marks are made in batches, because
moving one by one is twenty times slower.

The key of a message is (folder, validity, uid), as in RFC 3501, section 2.3.1.1: a uid names another message once
the validity has changed. Servers renumber, and mailboxes are restored; the store therefore also compares the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

from tix.errors import (
    MailboxError,
    MailboxLost,
    PartialFailure,
    StorageFailure,
    StoreBusy,
    StoreUnusable,
    TixError,
)
from tix.typing import NamedTuple, Protocol

LIMIT = 30 * 1024 * 1024  # bytes of a message; what is larger is fetched as its header alone
HEADER_LIMIT = 256 * 1024  # bytes of a header
BATCH = 50  # messages marked with one command; longer lists of numbers are refused by some servers
MOST_BREAKS = 3  # lost connections in one run before it is left to the next
MOST_FAILURES = 100  # failures that are reported one by one


class Found(NamedTuple):
    """The key of a message in a mailbox.

    ``uid`` is a number from a server and a file name from a maildir. ``validity`` is the UIDVALIDITY of a server,
    and the file's time of modification, in nanoseconds, in a maildir: a name used again is another message.
    """

    folder: str
    validity: int
    uid: int | str


class Raw(NamedTuple):
    """The bytes of a message as the server or the file has them, and its size in bytes.

    ``cut`` says that the message is larger than the limit and ``content`` only its header, at most ``HEADER_LIMIT``
    bytes; empty where the mailbox did not give even that.
    """

    content: bytes
    size: int
    cut: bool = False


def header_of(content: bytes) -> bytes:
    """Return the header of a message up to and with its empty line, at most ``HEADER_LIMIT`` bytes."""
    ends = [
        at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := content.find(mark, 0, HEADER_LIMIT)) >= 0
    ]
    return content[: min(ends, default=HEADER_LIMIT)]


class Outcome(Enum):
    """What was decided about a message, as far as the mailbox is concerned.

    ``DONE``: stored with its key; to the folder for done messages. ``QUARANTINED``: the same, to the folder for
    quarantine. ``LEFT``: not stored; it stays where it is and is fetched again next time.
    """

    DONE = "done"
    QUARANTINED = "quarantined"
    LEFT = "left"


class Mailbox(Protocol):
    """A place with messages. Every method raises MailboxError, or MailboxLost where ``reopen`` may help."""

    def __len__(self) -> int:
        """Return how many messages ``found`` is going to yield."""

    def found(self) -> Iterator[Found]:
        """Yield the messages that are not marked as done, oldest first; ``reopen`` meanwhile is allowed."""

    def raw(self, found: Found) -> Raw | None:
        """Return the message, unmarked and unread for others; None if it is gone meanwhile."""

    def done(self, founds: tuple[Found, ...]) -> None:
        """Mark messages as done, or move them; those that are gone are passed over. Nothing is ever deleted."""

    def quarantined(self, founds: tuple[Found, ...]) -> None:
        """Mark messages as quarantined, or move them, as ``done``."""

    def reopen(self) -> None:
        """Open the mailbox again after MailboxLost. Raises MailboxError if it is another one by now."""

    def close(self) -> None:
        """Log out if there is a connection; never raises."""


class Failure(NamedTuple):
    """A message that stays in the mailbox because it could not be read or stored, and why."""

    found: Found
    error: Exception


class Summary(NamedTuple):
    """What a run did, in numbers of messages.

    ``taken``: read and handed over, whatever was decided. ``known``: seen in an earlier run, only marked now.
    ``gone``: removed by somebody else meanwhile. ``marked``: moved or flagged. ``failed``: left in the mailbox
    because of an error; the first hundred of them are in ``failures``. ``stopped``: the sentence why the run
    ended before all messages were looked at. ``unmarked``: the sentence why messages that are stored could not be
    marked; the next run marks them.
    """

    taken: int
    known: int
    gone: int
    marked: int
    failed: int
    failures: tuple[Failure, ...]
    stopped: str | None
    unmarked: str | None

    @property
    def partial(self) -> bool:
        """Whether something is left to do or to look at: exit status 9."""
        return bool(self.failed or self.stopped or self.unmarked)

    def errors(self) -> Iterator[PartialFailure]:
        """Yield what went wrong: a failure for each mail that was left, then what ended the run."""
        for found, error in self.failures:
            reason = error.message if isinstance(error, TixError) else f"{type(error).__name__}: {error}"
            yield PartialFailure(f"mail {found.uid} in {found.folder}: {reason}")
        for sentence in (self.stopped, self.unmarked):
            if sentence is not None:
                yield PartialFailure(sentence.rstrip("."))


# Errors of the store that concern every message after this one, too.
_STORE_WIDE = (StoreBusy, StorageFailure, StoreUnusable)


def fetch(
    mailbox: Mailbox,
    seen: Callable[[Found], Outcome | None],
    take: Callable[[Found, Raw], Outcome],
    progress: Callable[[int, int], None] | None = None,
    *,
    mark: bool = True,
) -> Summary:
    """Hand every message that is not ``seen`` to ``take``, then mark what is stored; return what was done.

    ``seen`` returns the outcome stored for a key, None for a new one. ``take`` stores the message and its key in one
    transaction and returns once that is committed; a message it raises for is left and reported, and the next one is
    fetched, but where the store itself fails (busy, full, unusable) the run ends with that error. ``progress`` gets
    how many messages are looked at, and of how many. With ``mark`` off the mailbox stays as it is, for a rehearsal.

    A message at which the connection breaks does not block the others: the mailbox is opened again, three times,
    and the next message is read. Whatever ends the run, an interruption too, messages whose ``take`` returned are
    marked before it is passed on; no others ever are.
    """
    run = _Run(mailbox, seen, take, mark=mark)
    try:
        total = len(mailbox)
        for number, found in enumerate(mailbox.found(), start=1):
            run.look_at(found)
            if progress is not None:
                progress(number, max(total, number))
            if run.stopped is not None:
                break
    except MailboxError as error:
        run.stopped = error.message
    except BaseException:
        run.flush()
        raise
    run.flush()
    return run.summary()


class _Run:
    """One pass over a mailbox: what is counted, and what is still to be marked."""

    def __init__(
        self,
        mailbox: Mailbox,
        seen: Callable[[Found], Outcome | None],
        take: Callable[[Found, Raw], Outcome],
        *,
        mark: bool,
    ) -> None:
        self.mailbox = mailbox
        self.seen = seen
        self.take = take
        self.mark = mark
        self.taken = self.known = self.gone = self.marked = self.failed = self.breaks = 0
        self.failures: list[Failure] = []
        self.stopped: str | None = None
        self.unmarked: str | None = None
        self.waiting: dict[Outcome, list[Found]] = {Outcome.DONE: [], Outcome.QUARANTINED: []}

    def look_at(self, found: Found) -> None:
        """Take one message, or see that it was taken before."""
        outcome = self.seen(found)
        if outcome is not None:
            self.known += 1
        else:
            outcome = self._taken(found)
        if outcome is not None and outcome is not Outcome.LEFT and self.mark:
            self.waiting[outcome].append(found)
            if len(self.waiting[outcome]) >= BATCH:
                self._mark(outcome)

    def _taken(self, found: Found) -> Outcome | None:
        """Read one message and hand it over; None if there is nothing to mark."""
        try:
            raw = self.mailbox.raw(found)
            if raw is None:
                self.gone += 1
                return None
            outcome = self.take(found, raw)
        except _STORE_WIDE:
            raise
        except MailboxLost as error:
            self._fail(found, error)
            self._reopen(error)
            return None
        except Exception as error:  # noqa: BLE001  # one bad message never stops the rest; it is reported
            self._fail(found, error)
            return None
        self.taken += 1
        return outcome

    def _fail(self, found: Found, error: Exception) -> None:
        self.failed += 1
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(Failure(found, error))

    def _reopen(self, lost: MailboxLost) -> None:
        """Go on after a lost connection, if it is not always lost; else say why the run ends here."""
        self.breaks += 1
        if self.breaks > MOST_BREAKS:
            self.stopped = lost.message
            return
        try:
            self.mailbox.reopen()
        except MailboxError as error:
            self.stopped = error.message

    def _mark(self, outcome: Outcome) -> None:
        """Mark what waits for it. A refusal is noted once and does not end the run; a lost connection is opened again."""
        founds = tuple(self.waiting[outcome])
        self.waiting[outcome].clear()
        try:
            if outcome is Outcome.DONE:
                self.mailbox.done(founds)
            else:
                self.mailbox.quarantined(founds)
        except MailboxError as error:
            self.unmarked = self.unmarked or error.message
            if isinstance(error, MailboxLost) and self.stopped is None:
                self._reopen(error)
        else:
            self.marked += len(founds)

    def flush(self) -> None:
        """Mark everything that still waits."""
        for outcome, founds in self.waiting.items():
            if founds:
                self._mark(outcome)

    def summary(self) -> Summary:
        """Return what was done so far."""
        return Summary(
            self.taken,
            self.known,
            self.gone,
            self.marked,
            self.failed,
            tuple(self.failures),
            self.stopped,
            self.unmarked,
        )
