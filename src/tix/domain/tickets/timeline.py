"""The timeline: what people wrote (entries) and what changed (events).

One shape, ``Item``, serves both, because both are rows of one thread, ordered together. A new kind of event
is one name in ``EventType`` and one phrase in ``render/phrases.py``.
"""

from typing import Any, Literal, NamedTuple

from tix.domain.people import Side

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
]

# What a requester sees changing (interface page, section 6); the rest of the desk's handling is internal.
PUBLIC_FIELDS = frozenset({"subject", "priority", "type", "topic", "requester", "due_at"})
PUBLIC_EVENTS = frozenset({"status-changed", "assigned", "merged", "unmerged", "rated"})


# The ``reason`` of an event that takes another back.
UNDONE = "undone"
# What the record of a command calls a change of what the desk is set up with: tickets may have followed.
SET_UP = "set-up"


class File(NamedTuple):
    """An attachment: a label, a size in bytes, what its content is, its digest. ``id`` is the store's."""

    name: str
    size: int
    mime: str
    sha256: str
    kind: str = "bin"
    id: int | None = None


class Work(NamedTuple):
    """Time somebody worked: when, and how many seconds; fewer than none take some back.

    ``billable``: the client pays for it. ``invoice`` is the number of the one it is on, ``id`` the store's, by which
    somebody takes it out again.
    """

    at: int
    seconds: int
    billable: bool = True
    invoice: int | None = None
    id: int | None = None


class Item(NamedTuple):
    """One row of the timeline.

    An entry has a ``body`` and no ``type``; an event (``kind`` is ``event``) has a ``type`` and says what
    changed: ``field``, ``old``, ``new``, ``reason``. ``sets`` names the columns of the ticket's row that the
    item changes, with their new values; what follows from the kind alone is not repeated there
    (``ticket.evolve``). ``by`` is a login, None where time alone acted; ``via`` is who typed it on behalf of
    ``by``. ``internal`` items are for staff alone. ``id`` is the store's, None until stored. ``work`` is the time
    that a ``time-added`` puts down and a ``time-removed`` takes out.
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
        """Whether it says who worked how long, or what of it is on an invoice, and nothing else."""
        return self.type in ("time-added", "time-removed") or self.field == "unbilled_seconds"


class Line(NamedTuple):
    """An item as it is read: with the author's name, and the ticket's reference where it is not known.

    ``origin`` is the reference of the ticket it was written on, where a merge has brought it.
    """

    item: Item
    by_name: str | None
    ref: str | None = None
    origin: str | None = None


class Author(NamedTuple):
    """Who does something, on which side, and when: what every item is stamped with."""

    by: str | None
    via: str | None
    side: Side
    at: int


def system(at: int) -> Author:
    """Time alone: nobody did it."""
    return Author(None, None, "system", at)


def entry(
    kind: Literal["message", "reply", "note"],
    body: str,
    author: Author,
    files: tuple[File, ...] = (),
    sets: dict[str, Any] | None = None,
) -> Item:
    """What somebody wrote; a note is internal, the others are public."""
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
    """Something that changed; public where the interface page lets a requester see it."""
    public = type in PUBLIC_EVENTS or (type == "field-changed" and field in PUBLIC_FIELDS)
    if type == "assigned" and field == "team":
        public = False  # a requester reads no team
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
