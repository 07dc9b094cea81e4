"""What requests may say: query parameters and JSON bodies. Fields that are not here are refused.

Values are words, as at the shell; the use cases parse them. A body's field has the name of the record's field.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct, defstruct

from tix.desk.queue.filters import Filters

MOST_LISTED = 1000

Page = Annotated[int, Meta(ge=1, le=MOST_LISTED)]
Text = Annotated[str, Meta(min_length=1, max_length=10_000_000)]
Words = Annotated[str, Meta(max_length=1000)]

# The filters of a list, as parameters: those of the command line but ``--count`` and ``--limit``.
FILTERS: list[tuple[str, Any, Any]] = [
    (name, Filters.__annotations__[name], default)
    for name, default in Filters._field_defaults.items()
    if name not in ("limit", "only_count")
]


class Query(Struct, forbid_unknown_fields=True):
    """No parameters."""


ListQuery = defstruct(
    "ListQuery",
    [*FILTERS, ("limit", Page, 50), ("q", Words | None, None)],
    bases=(Query,),
    forbid_unknown_fields=True,
)
SearchQuery = defstruct(
    "SearchQuery",
    [("q", Words), *FILTERS, ("limit", Page, 50), ("without", list[str], [])],
    bases=(Query,),
    forbid_unknown_fields=True,
    kw_only=True,
)


class Body(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """No fields."""


class NewTicket(Body):
    """A ticket to create."""

    subject: Annotated[str, Meta(min_length=1, max_length=10_000)]
    message: Annotated[str, Meta(max_length=10_000_000)] = ""
    topic: str | None = None
    type: str | None = None
    category: str | None = None
    priority: str | None = None
    requester: str | None = None
    email: str | None = None
    phone: str | None = None
    client: str | None = None
    department: str | None = None
    assignee: str | None = None
    notify_email: str | None = None
    sla: str | None = None
    due_at: str | None = None
    about: str | None = None
    source: str | None = None
    tags: list[str] = []
    assets: list[str] = []
    watchers: list[str] = []
    fields: dict[str, str] = {}
    notify: bool = True


class TicketChange(Body):
    """Fields of a ticket to change; ``none`` clears one."""

    subject: str | None = None
    priority: str | None = None
    type: str | None = None
    category: str | None = None
    topic: str | None = None
    department: str | None = None
    client: str | None = None
    requester: str | None = None
    sla: str | None = None
    due_at: str | None = None
    status: str | None = None
    about: str | None = None
    email: str | None = None
    phone: str | None = None
    notify_email: str | None = None
    add_tags: list[str] = []
    remove_tags: list[str] = []
    add_assets: list[str] = []
    remove_assets: list[str] = []
    fields: dict[str, str] = {}
    note: Text | None = None


class Reply(Body):
    """A public answer, or a message of the requester."""

    message: Text
    status: str | None = None
    time: str | None = None
    watchers: list[str] = []
    notify: bool = True


class Note(Body):
    """An internal note."""

    message: Text
    time: str | None = None


class Assignment(Body):
    """Who gets the ticket: a login, ``@me``, ``team:NAME`` or ``none``."""

    assignee: str
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
    """Time spent on a ticket, e.g. ``25m``."""

    time: str
    note: Text | None = None
