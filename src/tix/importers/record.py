"""One record of another tracker, in terms that belong to no tracker."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tix.typing import Any, NamedTuple

_NOTHING: Mapping[str, str] = MappingProxyType({})


class ImportedAuthor(NamedTuple):
    """The author of something or another person, as the source names them.

    ``login`` is the source's and need not be a login of this desk.
    """

    login: str | None
    name: str | None = None
    email: str | None = None


# Who wrote what nobody is named for, as on GitHub.
GHOST = ImportedAuthor("ghost", "Ghost")


class ImportedFile(NamedTuple):
    """An attached file with its bytes."""

    name: str
    data: bytes


class ImportedWork(NamedTuple):
    """Time that somebody worked: when it was logged (UTC seconds), how many seconds, and what was written about it."""

    at: int
    by: ImportedAuthor | None
    seconds: int
    text: str | None = None


class ImportedComment(NamedTuple):
    """A comment.

    ``by`` is None if the source does not say, or the account no longer exists. ``at`` is UTC seconds.
    """

    at: int
    by: ImportedAuthor | None
    body: str
    internal: bool = False
    files: tuple[ImportedFile, ...] = ()


class ImportedChange(NamedTuple):
    """A status change: the record was finished (``closed``), or open again, from this time on (UTC seconds).

    ``resolved``: it was finished, but only resolved so far. ``status`` is ``open``, ``in-progress``, ``on-hold``,
    ``resolved`` or ``closed``, as far as the source says it; ``word`` is its own word for it, which the desk may know.
    """

    at: int
    by: ImportedAuthor | None
    closed: bool
    resolved: bool = False
    status: str | None = None
    word: str | None = None


class Ending(NamedTuple):
    """When a record was resolved and closed, as far as its source says; ``otherwise_at`` if it does not.

    ``by`` ended it. Instants are UTC seconds.
    """

    resolved_at: int | None
    closed_at: int | None
    otherwise_at: int
    by: ImportedAuthor | None = None

    def turns(self, phase: str | None, since: int) -> tuple[ImportedChange, ...]:
        """Return the status changes of a record created at ``since`` that is now in ``phase``."""
        if phase == "resolved":
            at = next((at for at in (self.resolved_at, self.closed_at) if at is not None), self.otherwise_at)
            return (ImportedChange(max(at, since), self.by, closed=True, resolved=True),)
        if phase != "closed":
            return ()
        if self.resolved_at is None or self.closed_at is None or self.resolved_at >= self.closed_at:
            at = next((at for at in (self.closed_at, self.resolved_at) if at is not None), self.otherwise_at)
            return (ImportedChange(max(at, since), self.by, closed=True),)
        first = ImportedChange(max(self.resolved_at, since), self.by, closed=True, resolved=True)
        return (first, ImportedChange(max(self.closed_at, since), self.by, closed=True))


class ImportedTicket(NamedTuple):
    """An imported ticket: what happened to one record of the source, ready to be replayed. Instants are UTC seconds.

    ``key`` identifies the record, the same in every run; one that is a UUID is the ticket's ``uid`` itself.
    Comments (``remarks``) and status changes (``turns``) are each in time order; at one instant comments come
    first, so that the comment that closes a ticket does not reopen it. ``status`` is ``open``, ``in-progress``,
    ``on-hold``, ``resolved`` or ``closed``, or None if the source's word is unknown; it is one of the last two
    exactly if the last status change closes. ``author`` wrote the body; ``requester`` is whom it is for, if the
    source distinguishes them. ``number`` is the number the ticket had, if it may have it again. ``places`` are
    the names of its topic, department, team, client and plan (``sla``), ``assets`` the names of assets,
    ``answers`` values of custom fields, as text: words of the source, which the desk may not know.

    ``status_word`` is the source's own word for ``status``, which the desk may know better; ``ending`` gives the
    status changes for whatever phase it turns out to be; ``phase`` is the phase in the source. ``must_know``: an
    unknown status or priority is an error, and not ignored. ``links`` are pairs of a relation, as in
    ``domain.tickets.links``, and the key of another record. ``is_unmistakable`` is False if two sources may have
    the same key. ``line`` is where the record begins in its file. ``own`` are columns of the ticket as our own table has
    them (``own_columns``), None for any other source. ``watchers`` follow it, ``work`` is the time worked on it, ``files`` came
    with the body.
    """

    key: str
    about: str | None
    subject: str
    body: str
    author: ImportedAuthor | None
    created_at: int
    remarks: tuple[ImportedComment, ...] = ()
    turns: tuple[ImportedChange, ...] = ()
    status: str | None = None
    priority: str | None = None
    type: str | None = None
    assignee: ImportedAuthor | None = None
    tags: tuple[str, ...] = ()
    category: str | None = None
    requester: ImportedAuthor | None = None
    due_at: int | None = None
    email: str | None = None
    phone: str | None = None
    updated_at: int | None = None
    number: int | None = None
    places: Mapping[str, str] = _NOTHING
    assets: tuple[str, ...] = ()
    answers: Mapping[str, str] = _NOTHING
    status_word: str | None = None
    phase: str | None = None
    ending: Ending | None = None
    must_know: bool = False
    source: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    is_unmistakable: bool = True
    line: int | None = None
    own: Mapping[str, Any] | None = None
    watchers: tuple[ImportedAuthor, ...] = ()
    work: tuple[ImportedWork, ...] = ()
    files: tuple[ImportedFile, ...] = ()


class Notice(NamedTuple):
    """What the person importing should know about some records: a sentence for one, and one for ``{count}``.

    ``line`` is where the record begins; a reader that gives a notice for each record gives it, and the report names the
    first ones.
    """

    one: str
    many: str
    records: int = 1
    line: int | None = None


class Fault(NamedTuple):
    """A record that cannot be read, the reason, and what to do. ``line`` counts from 1; None inside a JSON array.

    A word that makes many records unreadable is one fault of the first of them.
    """

    line: int | None
    message: str
    hint: str | None = None
