"""What requests may say: query parameters and JSON bodies. Fields that are not here are refused.

Values are words, as at the shell; the use cases parse them. A body's field has the name of the record's field.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import NODEFAULT, Meta, Struct, defstruct
from msgspec.structs import fields

from tix.desk.queue.filters import Filters

MOST_LISTED = 1000
# Tickets of a page where the request does not say.
LISTED = 50
# Tickets of one bulk write.
MOST_WRITTEN = 1000

Page = Annotated[int, Meta(ge=1, le=MOST_LISTED)]
Text = Annotated[str, Meta(min_length=1, max_length=10_000_000)]
Subject = Annotated[str, Meta(min_length=1, max_length=10_000)]
# A short text: a word, a name, an address. A subject and a message have rules of their own.
Words = Annotated[str, Meta(max_length=1000)]
WordList = Annotated[list[Words], Meta(max_length=1000)]
Answers = Annotated[dict[Words, Annotated[str, Meta(max_length=10_000)]], Meta(max_length=1000)]
# By the annotation of a filter.
_BOUNDED: dict[Any, Any] = {str | None: Words | None, list[str] | None: WordList | None}

# The filters of a list, as parameters: those of the command line but ``--count`` and ``--limit``.
FILTERS: list[tuple[str, Any, Any]] = [
    (name, _BOUNDED.get(Filters.__annotations__[name], Filters.__annotations__[name]), default)
    for name, default in Filters._field_defaults.items()
    if name not in ("limit", "only_count")
]


Cursor = Annotated[str, Meta(max_length=1000)]


class Query(Struct, forbid_unknown_fields=True):
    """The parameter of every route that answers records: which of their fields to send, separated by commas."""

    fields: Words | None = None


class PageQuery(Query):
    """Parameters of a short list: all of it is sent, unless there is a limit."""

    limit: Page | None = None
    cursor: Cursor | None = None


class TicketQuery(Query):
    """Parameters of a ticket; ``as_requester``: exactly what its requester sees."""

    as_requester: bool = False


class TriageQuery(Query):
    """The parameter of what may be chosen in triage: for which ticket."""

    ticket: Words | None = None


class InboxQuery(Query):
    """The parameter of an inbox: so many tickets and notifications at most."""

    limit: Page | None = None


class LogQuery(Query):
    """Parameters of the log of the desk, newest first; of one ``ticket`` all of it, oldest first."""

    ticket: Words | None = None
    since: Words | None = None
    by: Words | None = None
    limit: Page = 50
    cursor: Cursor | None = None


class NotificationsQuery(PageQuery):
    """Parameters of one's notifications, newest first: unread ones, or all."""

    all: bool = False


BulkFilters = defstruct("BulkFilters", [*FILTERS, ("q", Words | None, None)], forbid_unknown_fields=True)
ListQuery = defstruct(
    "ListQuery",
    [
        *FILTERS,
        ("limit", Page | None, None),
        ("cursor", Cursor | None, None),
        ("q", Words | None, None),
        ("answers", bool, False),
        ("view", Words | None, None),
    ],
    bases=(Query,),
    forbid_unknown_fields=True,
)
CountQuery = defstruct(
    "CountQuery",
    [*FILTERS, ("q", Words | None, None), ("view", Words | None, None)],
    bases=(Query,),
    forbid_unknown_fields=True,
)
ExportQuery = defstruct(
    "ExportQuery",
    [*FILTERS, ("files", bool, False), ("limit", Annotated[int, Meta(ge=1, le=10**9)] | None, None)],
    bases=(Query,),
    forbid_unknown_fields=True,
)
SearchQuery = defstruct(
    "SearchQuery",
    [
        ("q", Words),
        *FILTERS,
        ("limit", Page, LISTED),
        ("cursor", Cursor | None, None),
        ("without", WordList, []),
        ("only_subject", bool, False),
        ("answers", bool, False),
    ],
    bases=(Query,),
    forbid_unknown_fields=True,
    kw_only=True,
)


class Body(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """No fields."""


class NewTicket(Body):
    """A ticket to create."""

    subject: Subject
    message: Annotated[str, Meta(max_length=10_000_000)] = ""
    topic: Words | None = None
    type: Words | None = None
    category: Words | None = None
    priority: Words | None = None
    requester: Words | None = None
    email: Words | None = None
    phone: Words | None = None
    client: Words | None = None
    department: Words | None = None
    assignee: Words | None = None
    notify_email: Words | None = None
    sla: Words | None = None
    due_at: Words | None = None
    about: Words | None = None
    source: Words | None = None
    tags: WordList = []
    assets: WordList = []
    watchers: WordList = []
    fields: Answers = {}
    notify: bool = True

    def words(self) -> dict[str, Any]:
        """Return what it says besides subject and message, as ``desk.tickets.request.parse`` takes it."""
        return {**said_of(self), "answers": self.fields}


def said_of(given: Any) -> dict[str, Any]:
    """Return what a body or a query says of a new ticket, by the names of ``desk.tickets.request``."""
    names = set(NewTicket.__struct_fields__) - {"subject", "message", "fields"}
    return {name: getattr(given, name) for name in names}


# What is known of a new ticket, as its fields; the answers to questions as ``key=value``.
FormQuery = defstruct(
    "FormQuery",
    [
        *(
            (one.name, one.type, one.default if one.default_factory is NODEFAULT else one.default_factory())
            for one in fields(NewTicket)
            if one.name not in ("subject", "message", "fields")
        ),
        ("answers", WordList, []),
    ],
    bases=(Query,),
    forbid_unknown_fields=True,
)


class TicketChange(Body):
    """Fields of a ticket to change; ``none`` clears one."""

    subject: Subject | None = None
    priority: Words | None = None
    type: Words | None = None
    category: Words | None = None
    topic: Words | None = None
    department: Words | None = None
    client: Words | None = None
    requester: Words | None = None
    sla: Words | None = None
    due_at: Words | None = None
    status: Words | None = None
    about: Words | None = None
    email: Words | None = None
    phone: Words | None = None
    notify_email: Words | None = None
    add_tags: WordList = []
    remove_tags: WordList = []
    add_assets: WordList = []
    remove_assets: WordList = []
    fields: Answers = {}
    note: Text | None = None


class Reply(Body):
    """A public answer, or a message of the requester; ``canned`` is a canned reply that the message stands below."""

    message: Annotated[str, Meta(max_length=10_000_000)] = ""
    canned: Words | None = None
    status: Words | None = None
    time: Words | None = None
    watchers: WordList = []
    notify: bool = True


class Note(Body):
    """An internal note."""

    message: Text
    time: Words | None = None


class Assignment(Body):
    """Who gets the ticket: a login, ``@me``, ``team:NAME`` or ``none``."""

    assignee: Words
    note: Text | None = None


class Transition(Body):
    """What is written with a change of status."""

    message: Text | None = None
    note: Text | None = None


class Rating(Body):
    """A rating by the ticket's requester."""

    stars: Annotated[int, Meta(ge=1, le=5)]
    comment: Text | None = None


class TimeSpent(Body):
    """Time spent on a ticket, e.g. ``25m``, and when: now, unless ``at`` says so. ``minus`` subtracts it, as a correction."""

    time: Words
    note: Words | None = None
    at: Words | None = None
    billable: bool = True
    minus: bool = False


class TimerStop(Body):
    """What becomes of a timer's time: a time entry, with what it was spent on; or nothing (``discard``)."""

    note: Words | None = None
    billable: bool = True
    discard: bool = False


class Snooze(Body):
    """When the ticket returns to the queue, e.g. ``+3d``; ``none`` for now."""

    until: Words


class Merge(Body):
    """The ticket to merge into; ``yes`` agrees to what requesters of different clients will see."""

    into: Words
    note: Text | None = None
    yes: bool = False


class Split(Body):
    """Entries to move into a new ticket: ids, and ranges such as ``15-18``."""

    entries: Annotated[list[int | Words], Meta(min_length=1, max_length=MOST_WRITTEN)]
    subject: Subject | None = None


class Link(Body):
    """A link to another ticket: ``blocks``, ``blocked-by``, ``parent``, ``child``, ``duplicates`` or ``relates``."""

    relation: Words
    ticket: Words


class Follow(Body):
    """Who follows the ticket, by default the key's owner; ``stop`` ends it."""

    who: Words | None = None
    stop: bool = False


class FilesRemoved(Body):
    """The files to remove, each by its name or id."""

    files: Annotated[list[int | Words], Meta(min_length=1, max_length=1000)]


_VIEW = [
    *FILTERS,
    ("columns", WordList | None, None),
    ("limit", Annotated[int, Meta(ge=0, le=2**53 - 1)] | None, None),
    ("shared", bool, False),
]
ViewChange = defstruct(
    "ViewChange", [*_VIEW, ("clear", bool, False)], bases=(Body,), forbid_unknown_fields=True
)
NewView = defstruct("NewView", [("name", Words), *_VIEW], bases=(Body,), forbid_unknown_fields=True)


class Undo(Body):
    """Whether to say only what would be undone; and the command, by the one ticket it has changed and its time.

    With ``ticket`` and ``at`` another command is refused: somebody undoes what they mean.
    """

    dry_run: bool = False
    ticket: Words | None = None
    at: Words | None = None


class Redo(Body):
    """Whether to say only what would be redone."""

    dry_run: bool = False


class ReadNotifications(Body):
    """Which notifications have been read: ids, or all."""

    ids: Annotated[list[int], Meta(max_length=MOST_LISTED)] = []
    all: bool = False


class NotificationIds(Body):
    """Which notifications have been read."""

    ids: Annotated[list[int], Meta(min_length=1, max_length=MOST_LISTED)]


class MutedRules(Body):
    """Rules of ``GET /notifications/rules``, or ``all``."""

    rules: Annotated[WordList, Meta(min_length=1)]


class Bulk(Body):
    """A write to many tickets: references and ranges such as ``12-18``, or all that the filters of the list find.

    ``body`` is that of the verb's own route. ``atomic``: all tickets, or none; ``dry_run``: none. ``version``: only tickets
    that are still at this version; ``seen``: only those without an entry after the one with this id.
    """

    verb: Words
    tickets: Annotated[list[int | Words], Meta(max_length=MOST_WRITTEN)] = []
    filters: dict[str, Any] = {}
    body: dict[str, Any] = {}
    atomic: bool = False
    dry_run: bool = False
    version: Annotated[int, Meta(ge=0, le=10**15)] | None = None
    seen: Annotated[int, Meta(ge=0, le=10**15)] | None = None
