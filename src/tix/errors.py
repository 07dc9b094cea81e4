"""Every expected failure: its stable code, exit status, sentence and hint.

Errors are raised where the fault is known and turned into output in one place (``cli/main.py``). A failure that
is not one of these is a bug in tix and exits 1. The exit statuses are those of the interface page, section 4.
"""

from __future__ import annotations

from tix.words.sentence import Said


class TixError(Exception):
    """An expected failure: one sentence for a person and, where there is one, the next step as a hint.

    ``ref`` names the ticket that a failure is about where a command works on several. ``fix`` is the command line that
    would have worked, as argv, where one can be told.
    """

    code = "error"
    exit_status = 1

    def __init__(self, message: str, hint: str | None = None, ref: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.ref = ref
        self.fix: list[str] | None = None


class UsageError(TixError):
    """The command line is wrong: an unknown option, a missing argument, options that exclude each other."""

    code = "usage"
    exit_status = 2


class Unconfirmed(UsageError):
    """A change that needs confirmation was not confirmed, neither with ``--yes`` nor at the terminal."""

    code = "unconfirmed"


class InvalidValue(UsageError):
    """A value its field does not accept: a malformed date, an unknown priority, an empty subject."""

    code = "invalid-value"


class Ambiguous(InvalidValue):
    """A value that can be read in several ways: ``readings``, each as it would be typed."""

    def __init__(self, message: str, hint: str, readings: list[str]) -> None:
        super().__init__(message, hint)
        self.readings = readings


class InvalidCursor(UsageError):
    """The cursor of a page is malformed, or belongs to another query."""

    code = "invalid-cursor"


class UnknownName(UsageError):
    """The value of an option, or WHO, names something that does not exist on the desk."""

    code = "unknown-name"


class BrokenRecord(InvalidValue):
    """One record of a file cannot be read; the others may be valid."""


class NotFound(TixError):
    """The object does not exist, or this person may not see it; both get the same sentence."""

    code = "not-found"
    exit_status = 3


class NotAllowed(TixError):
    """The role of the acting person does not permit it."""

    code = "not-allowed"
    exit_status = 4


class Unauthorized(TixError):
    """There is no valid API key: one sentence for every reason, which never contains the key."""

    code = "unauthorized"
    exit_status = 4


class WrongCredentials(Unauthorized):
    """The name or the password is wrong: one sentence for every reason, which contains neither."""

    code = "wrong-credentials"


class SignedOut(Unauthorized):
    """There is no valid session: it has ended, or never was."""

    code = "signed-out"


class Refused(TixError):
    """A rule or the state of the ticket does not permit it."""

    code = "refused"
    exit_status = 5


class Unchanged(Refused):
    """The ticket is as the command would leave it, and ``--strict`` takes that for a failure."""

    code = "unchanged"


class ReadOnly(Refused):
    """The command writes, and ``--read-only`` or ``TIX_READ_ONLY`` says not to."""

    code = "read-only"


class IllegalTransition(Refused):
    """The workflow has no rule for this trigger from this status."""

    code = "illegal-transition"


class NotOffered(Refused):
    """A server does not offer this command or option: it works on the file of a desk."""

    code = "not-offered"


class UntrustedServer(Refused):
    """There is no secure connection to the server: its certificate is not valid, or it speaks no TLS."""

    code = "untrusted-server"


class VersionRequired(UsageError):
    """A change over HTTP that needs the version it is based on (``If-Match``) has none."""

    code = "version-required"


class StaleVersion(Refused):
    """``--if-version`` names a version that the ticket no longer has."""

    code = "stale-version"


class LinkExpired(Refused):
    """A link from a mail was used, has expired, or never was: one sentence for every reason."""

    code = "link-expired"


class AlreadyExists(Refused):
    """The object to create already exists."""

    code = "already-exists"


class KeyReused(Refused):
    """The idempotency key belongs to another write."""

    code = "key-reused"


class AlreadyRated(Refused):
    """The ticket already has a rating."""

    code = "already-rated"


class AlreadyClaimed(Refused):
    """The ticket is assigned to somebody else."""

    code = "already-claimed"


class InUse(Refused):
    """A resource that tickets or people still refer to cannot be removed."""

    code = "in-use"


class WordsStay(Refused):
    """A command cannot be undone because of what it wrote; ``why`` is the reason without the ticket."""

    def __init__(self, why: str, *, hint: str, ref: str) -> None:
        super().__init__(Said("{why} ({ref})", why=why, ref=ref), hint=hint, ref=ref)
        self.why = why


class FinalStatus(Refused):
    """The ticket has a final status and cannot change any more."""

    code = "final-status"


class Merged(Refused):
    """The ticket is merged into another one and continues there."""

    code = "merged"


class SwitchedOff(Refused):
    """The desk takes no mail (``mail.parse``); a mail server may offer it again later."""


class CredentialError(Refused):
    """There is no usable password or token for a mail server; the message never holds any of it."""


class MailboxError(Refused):
    """The mailbox cannot be used, or one message of it cannot be read: one sentence, without any secret."""


class RelayUnusable(Refused):
    """The server for outgoing mail cannot be trusted, used or logged in to; no mail was tried."""

    code = "mail-relay"


class Unreachable(Refused):
    """A server does not answer, or the connection to it is lost; trying again later can help."""

    code = "unreachable"
    exit_status = 6


class MailboxLost(Unreachable, MailboxError):
    """The connection to a mailbox is gone, or there is none; it has to be opened again, later."""


class RelayUnreachable(Unreachable, RelayUnusable):
    """The server for outgoing mail does not answer."""


class Unreadable(InvalidValue):
    """A mail that is too large or too deep to be read; it goes to quarantine with its bytes."""

    code = "unreadable-mail"


class NotAsMeant(TixError):
    """The bytes of a mail, read again, say something else than they were made from; it must not be sent."""

    code = "mail-differs"


class StoreBusy(TixError):
    """Another process held the store's lock for longer than tix waits."""

    code = "store-busy"
    exit_status = 6


class BrokenOff(StoreBusy):
    """The server of the store gave the work up, or is not there: nothing of it was written, and it may be done again."""


class TimedOut(TixError):
    """The command took longer than ``--timeout`` allows."""

    code = "timed-out"
    exit_status = 6


class Throttled(TixError):
    """Too many tries, for instance to sign in; ``retry_after`` is how many seconds to wait."""

    code = "throttled"
    exit_status = 6

    def __init__(self, message: str, retry_after: int) -> None:
        hint = Said.counted("try again in {n} second", "try again in {n} seconds", retry_after)
        super().__init__(message, hint)
        self.retry_after = retry_after


class Overloaded(TixError):
    """The server has more requests waiting than it can answer in time."""

    code = "overloaded"
    exit_status = 6


class StorageFailure(TixError):
    """The disk is full or read-only, or an I/O error occurred."""

    code = "storage"
    exit_status = 7


class StoreUnusable(TixError):
    """The store is damaged, foreign, or made by a newer version of tix."""

    code = "store-unusable"
    exit_status = 8


class DamagedStore(StoreUnusable):
    """The store's file is not a complete database."""

    code = "store-damaged"


class ForeignStore(StoreUnusable):
    """The file is not a tix store."""

    code = "store-foreign"


class NewerStore(StoreUnusable):
    """The store was made by a newer version of tix than this one."""

    code = "store-newer"


class ForeignServer(StoreUnusable):
    """The server does not answer as a desk does."""

    code = "server-foreign"


class PartialFailure(TixError):
    """Some items of a bulk command failed; each failure was reported on a line of its own."""

    code = "partial-failure"
    exit_status = 9


class Interrupted(TixError):
    """The user left a question with ctrl-c or ctrl-d, or a signal ended it; nothing was written.

    ``typed`` is the line that was being typed.
    """

    code = "interrupted"
    exit_status = 130

    def __init__(self, typed: str = "", signal_number: int = 2) -> None:
        super().__init__(Said("interrupted; nothing was written"))
        self.typed = typed
        self.exit_status = 128 + signal_number
