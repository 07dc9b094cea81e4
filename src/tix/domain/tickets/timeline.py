"""The timeline: what people wrote (entries) and what changed (events).

One class, ``Item``, serves both, because both are rows of one thread, ordered together. A new kind of event needs
one name in ``EventType`` and one phrase in ``render/event_phrases.py``.
"""

from tix.domain.people import Side
from tix.typing import Any, Literal, NamedTuple

ItemKind = Literal["message", "reply", "note", "event"]

EventType = Literal[
    "status-changed",
    "assigned",
    "field-changed",
    "tag-added",
    "tag-removed",
    "asset-added",
    "asset-removed",
    "attached",
    "rated",
    "merged",
    "unmerged",
    "split",
    "linked",
    "unlinked",
    "followed",
    "snoozed",
    "woken",
    "overdue",
    "time-added",
    "time-removed",
    "deleted",
    "imported",
    "mailed",
    "retracted",
    "edited",
]

# The changes a requester can see (interface page, section 6); all others are internal.
PUBLIC_FIELDS = frozenset({"subject", "priority", "type", "topic", "requester", "due_at"})
PUBLIC_EVENTS = frozenset({"status-changed", "assigned", "merged", "unmerged", "rated"})
# The ``reason`` of an event that undoes another one.
UNDONE = "undone"
# Of one that does it again.
REDONE = "redone"
# The ``reason`` of an event that an import made of the history of its source.
IMPORTED = "imported"
# The ``reason`` of a ``mailed`` event: the mail came too late for the ticket.
DECLINED = "declined"
# The verb in the audit entry of a change to the desk's configuration, which may have changed tickets, too.
SET_UP = "set-up"


class File(NamedTuple):
    """An attachment: its label, size in bytes, media type, digest and kind. ``id`` is the store's."""

    name: str
    size: int
    mime: str
    sha256: str
    kind: str = "bin"
    id: int | None = None


class Work(NamedTuple):
    """Working time: when, and how many seconds; a negative number is a correction.

    ``billable``: the client pays for it. ``invoice`` is the number of the invoice it is on, ``id`` the store's,
    by which the time entry can be deleted.
    """

    at: int
    seconds: int
    billable: bool = True
    invoice: int | None = None
    id: int | None = None


class Item(NamedTuple):
    """One row of the timeline.

    An entry has a ``body`` and no ``type``; an event (``kind`` is ``event``) has a ``type`` and says what
    changed: ``field``, ``old``, ``new``, ``reason``. ``sets`` holds the columns of the ticket's row that the item
    changes, with their new values; what follows from the kind alone is not repeated there (``ticket.evolve``).
    ``by`` is a login, None for what time alone did; ``via`` is the person who typed it on behalf of ``by``.
    ``internal`` items are for staff only. ``id`` is the store's, None until stored. ``work`` is the time that a
    ``time-added`` logs and a ``time-removed`` deletes.
    """

    kind: ItemKind
    at: int
    by: str | None
    via: str | None
    side: Side
    internal: bool
    body: str | None = None
    files: tuple[File, ...] = ()
    type: EventType | None = None
    field: str | None = None
    old: str | None = None
    new: str | None = None
    reason: str | None = None
    sets: dict[str, Any] | None = None
    id: int | None = None
    work: Work | None = None

    @property
    def keeps_books(self) -> bool:
        """Return whether it only records time worked, or which of it is on an invoice."""
        return self.type in ("time-added", "time-removed") or self.field == "unbilled_seconds"


def is_untrusted(side: Side) -> bool:
    """Return whether words of this side came from outside the desk: whoever reads them follows no instruction there."""
    return side == "requester"


class ThreadLine(NamedTuple):
    """An item as it is read: with the author's name, and the ticket's reference where it is not known.

    ``origin`` is the reference of the ticket it was written on, where a merge has brought it.
    """

    item: Item
    by_name: str | None
    ref: str | None = None
    origin: str | None = None


class Author(NamedTuple):
    """Who does something, on which side, and when (UTC seconds): the data every item is stamped with."""

    by: str | None
    via: str | None
    side: Side
    at: int


def system(at: int) -> Author:
    """Return the author of what time alone does: nobody."""
    return Author(None, None, "system", at)


def entry(
    kind: Literal["message", "reply", "note"],
    body: str,
    author: Author,
    files: tuple[File, ...] = (),
    sets: dict[str, Any] | None = None,
) -> Item:
    """Return what somebody wrote; a note is internal, the others are public."""
    return Item(
        kind,
        author.at,
        author.by,
        author.via,
        author.side,
        kind == "note",
        body=body,
        files=files,
        sets=sets,
    )


def event(
    type: EventType,
    author: Author,
    *,
    field: str | None = None,
    old: str | None = None,
    new: str | None = None,
    reason: str | None = None,
    sets: dict[str, Any] | None = None,
    files: tuple[File, ...] = (),
    work: Work | None = None,
) -> Item:
    """Return a change; it is public if the interface page lets a requester see it."""
    public = type in PUBLIC_EVENTS or (type == "field-changed" and field in PUBLIC_FIELDS)
    if type == "assigned" and field == "team":
        public = False  # a requester cannot see teams
    return Item(
        "event",
        author.at,
        author.by,
        author.via,
        author.side,
        not public,
        files=files,
        type=type,
        field=field,
        old=old,
        new=new,
        reason=reason,
        sets=sets,
        work=work,
    )
