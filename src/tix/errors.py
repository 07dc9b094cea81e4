"""Every expected failure: its stable code, exit status, sentence and hint.

Raised where the fault is known, turned into output in one place (``cli/main.py``). A failure that is not
one of these is a bug in tix and exits 1. The exit statuses are those of the interface page, section 4.
"""

from __future__ import annotations


class TixError(Exception):
    """An expected failure: one sentence for a person, and where there is one, the next step.

    ``ref`` names the ticket a failure is about where a command works on several.
    """

    code = "error"
    exit_status = 1

    def __init__(self, message: str, hint: str | None = None, ref: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.ref = ref


class UsageError(TixError):
    """The words of the command are wrong: unknown flag, missing argument, flags that exclude each other."""

    code = "usage"
    exit_status = 2


class Unconfirmed(UsageError):
    """What has to be agreed to was not: ``--yes``, or the question on a terminal."""

    code = "unconfirmed"


class InvalidValue(UsageError):
    """A value outside what its field takes: a malformed date, an unknown priority, an empty subject."""

    code = "invalid-value"


class UnknownName(UsageError):
    """A flag's value, or WHO, names something the desk does not have."""

    code = "unknown-name"


class NotFound(TixError):
    """What the verb is about does not exist, or not for this person: both in the same words."""

    code = "not-found"
    exit_status = 3


class NotAllowed(TixError):
    """The role of the acting person does not allow it."""

    code = "not-allowed"
    exit_status = 4


class Refused(TixError):
    """A rule or the state says no."""

    code = "refused"
    exit_status = 5


class IllegalTransition(Refused):
    """The workflow has no rule for this trigger from this status."""

    code = "illegal-transition"


class StaleVersion(Refused):
    """``--if-version`` names a version the ticket no longer has."""

    code = "stale-version"


class AlreadyExists(Refused):
    """What is to be made is there already."""

    code = "already-exists"


class AlreadyRated(Refused):
    """A ticket is rated once."""

    code = "already-rated"


class AlreadyClaimed(Refused):
    """Somebody else holds the ticket."""

    code = "already-claimed"


class InUse(Refused):
    """A noun that tickets or people still name cannot be removed."""

    code = "in-use"


class FinalStatus(Refused):
    """The ticket is closed for good."""

    code = "final-status"


class Merged(Refused):
    """The ticket is merged into another, and lives on there."""

    code = "merged"


class StoreBusy(TixError):
    """Another process held the store's lock for longer than we wait."""

    code = "store-busy"
    exit_status = 6


class StorageFailure(TixError):
    """Disk full, read-only, or an I/O error."""

    code = "storage"
    exit_status = 7


class StoreUnusable(TixError):
    """The store is damaged, foreign, or made by a newer tix."""

    code = "store-unusable"
    exit_status = 8


class DamagedStore(StoreUnusable):
    """The store's file is not a whole database."""

    code = "store-damaged"


class ForeignStore(StoreUnusable):
    """The file is something else than a tix store."""

    code = "store-foreign"


class NewerStore(StoreUnusable):
    """The store was made by a tix newer than this one."""

    code = "store-newer"


class PartialFailure(TixError):
    """Some items of a bulk command failed; each has had its own line."""

    code = "partial-failure"
    exit_status = 9


class Interrupted(TixError):
    """Somebody left a question by ctrl-c or ctrl-d, or a signal ended it; nothing was written.

    ``typed`` is what stood in the line that was being written.
    """

    code = "interrupted"
    exit_status = 130

    def __init__(self, typed: str = "", signal_number: int = 2) -> None:
        super().__init__("interrupted; nothing was written")
        self.typed = typed
        self.exit_status = 128 + signal_number
