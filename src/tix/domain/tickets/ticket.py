"""The ticket: one row, which is the fold of its timeline.

``evolve`` is the only way a ticket changes; ``fold`` replays a whole timeline. The store keeps the row so that reads
do not have to fold, and ``tix doctor`` checks that the two agree.

Annotations are values here and wherever a read uses a NamedTuple: typing compiles each one that is kept as text,
which costs 10 µs per field at every start (measured).
"""

from collections.abc import Iterable

from tix.domain.json_columns import dumps, loads
from tix.domain.tickets.timeline import Item
from tix.typing import Any, NamedTuple

# Larger than any instant: so an ascending sort puts absent dates last.
NEVER = 2**53 - 1


class Ticket(NamedTuple):
    """Everything the desk stores about a ticket except its thread, in the order of the table's columns.

    Instants are UTC seconds since 1970; people, statuses, types and priorities are their names. ``entries`` and
    ``attachments`` count what is public, ``notes`` and ``internal_attachments`` what is internal. ``rank`` is the
    priority's. ``due_key`` is ``due_at`` or ``NEVER``. ``paused_at`` is when the current status paused the SLA.
    ``overdue_at`` is set when the passing of ``due_at`` has been recorded. ``lapses_to`` is the status that a
    resolved ticket gets automatically at ``lapses_at``. ``documents`` counts the search documents ever made of
    it. ``clock_at`` is when it was last reopened, None for never: from then its plan counts. ``pauses`` are the
    SLA pauses since, a JSON array of [start, end]. ``response_met`` and ``resolution_met`` are set with the first
    response and the resolution, 1 or 0. ``fields`` and ``internal_fields`` are JSON objects of custom field
    values, ``assets`` and ``watchers`` (logins, or addresses of people without one) are JSON arrays, ``links`` is
    an array of [relation, reference].
    """

    id: int | None
    uid: str
    prefix: str
    number: int
    subject: str
    status: str
    phase: str
    priority: str
    rank: int
    requester: str
    creator: str
    created_at: int
    updated_at: int
    last_activity_at: int
    assignee: str | None = None
    type: str | None = None
    category: str | None = None
    source: str = "cli"
    about: str | None = None
    email: str | None = None
    phone: str | None = None
    notify_email: str | None = None
    tags: str | None = None
    topic: str | None = None
    department: str | None = None
    team: str | None = None
    client: str | None = None
    sla: str | None = None
    due_at: int | None = None
    due_key: int = NEVER
    due_by_hand: int = 0
    paused_at: int | None = None
    overdue_at: int | None = None
    snoozed_until: int | None = None
    answered: int = 0
    first_response_at: int | None = None
    last_replier: str | None = None
    entries: int = 0
    notes: int = 0
    attachments: int = 0
    internal_attachments: int = 0
    resolved_at: int | None = None
    closed_at: int | None = None
    closed_by: str | None = None
    lapses_at: int | None = None
    lapses_to: str | None = None
    reopened: int = 0
    rating: int | None = None
    rating_comment: str | None = None
    rated_at: int | None = None
    merged_into: str | None = None
    idempotency_key: str | None = None
    documents: int = 0
    version: int = 1
    sla_by_hand: int = 0
    response_due_at: int | None = None
    response_met: int | None = None
    resolution_met: int | None = None
    clock_at: int | None = None
    pauses: str | None = None
    fields: str | None = None
    internal_fields: str | None = None
    assets: str | None = None
    watchers: str | None = None
    links: str | None = None
    time_seconds: int = 0
    unbilled_seconds: int = 0

    @property
    def ref(self) -> str:
        return f"{self.prefix}{self.number}"

    def is_overdue(self, now: int) -> bool:
        """Return whether it is open, its SLA not paused, and its due date reached."""
        return (
            self.phase == "open" and self.paused_at is None and self.due_at is not None and self.due_at <= now
        )

    @property
    def counts_from(self) -> int:
        """Return when its plan started to count."""
        return self.created_at if self.clock_at is None else self.clock_at

    def pause_list(self) -> list[tuple[int, int]]:
        """Return the SLA pauses that have ended since the plan started to count."""
        if self.pauses is None:
            return []
        return [(start, end) for start, end in loads(self.pauses)]

    def asset_list(self) -> list[str]:
        """Return the assets it is about, in the order they were added."""
        return [] if self.assets is None else list(loads(self.assets))

    def watcher_list(self) -> list[str]:
        """Return who follows it, logins or addresses, in the order they were added."""
        return [] if self.watchers is None else list(loads(self.watchers))

    def link_list(self) -> list[tuple[str, str]]:
        """Return its links to other tickets: relation and reference, in the order they were made."""
        return [] if self.links is None else [(relation, ref) for relation, ref in loads(self.links)]

    def field_values(self, *, staff: bool = True) -> dict[str, Any]:
        """Return the values of its custom fields; with ``staff`` also those that only staff may read."""
        values = {} if self.fields is None else dict(loads(self.fields))
        if staff and self.internal_fields is not None:
            values |= loads(self.internal_fields)
        return values

    def tag_list(self) -> list[str]:
        """Return its tags, sorted. They are stored as one text, each between spaces."""
        return self.tags.split() if self.tags else []


FIELDS = Ticket._fields


def tags_text(tags: Iterable[str]) -> str | None:
    """Return tags as the row stores them: sorted, each between spaces so that whole tags can be found.

    None for none.
    """
    words = sorted(set(tags))
    return f" {' '.join(words)} " if words else None


def opened(number: int, prefix: str, uid: str, opening: Item) -> Ticket:
    """Return the ticket that its opening message makes; ``opening.sets`` holds the first values."""
    first: dict[str, Any] = dict(opening.sets or {})
    blank = Ticket(
        id=None,
        uid=uid,
        prefix=prefix,
        number=number,
        requester=first.pop("requester", opening.by),
        creator=first.pop("creator", opening.by),
        created_at=opening.at,
        updated_at=opening.at,
        last_activity_at=opening.at,
        entries=1,
        attachments=len(opening.files),
        documents=1,
        **first,
    )
    return blank._replace(due_key=NEVER if blank.due_at is None else blank.due_at)


def evolve(ticket: Ticket, item: Item) -> Ticket:
    """Return ``ticket`` after ``item``.

    The version counts what people changed: a note does not raise it (it must change nothing a requester can
    obtain), nor do records of time and money (they conflict with nobody's change), nor does what time alone does
    (it must not depend on when that was recorded). An item that sets a version or ``clock_at`` itself (a split,
    the end of a merge) has computed them.
    """
    sets: dict[str, Any] = dict(item.sets or {})
    sets["updated_at"] = max(ticket.updated_at, item.at)
    if item.files:
        counter = "internal_attachments" if item.internal else "attachments"
        sets[counter] = getattr(ticket, counter) + len(item.files)
    if item.kind == "event":
        if item.type == "status-changed":
            sets["last_activity_at"] = max(ticket.last_activity_at, item.at)
    else:
        sets["documents"] = ticket.documents + 1
        if item.internal:
            sets["notes"] = ticket.notes + 1
        else:
            sets["entries"] = ticket.entries + 1
            sets["last_activity_at"] = max(ticket.last_activity_at, item.at)
            sets["last_replier"] = item.by
            sets["answered"] = int(item.kind == "reply")
            if item.kind == "reply" and ticket.first_response_at is None:
                sets["first_response_at"] = item.at
    if item.kind != "note" and item.side != "system" and not item.keeps_books:
        sets.setdefault("version", ticket.version + 1)
    if "clock_at" not in sets:  # an undo sets them itself
        sets |= _clock(ticket, sets, item.at)
    if "due_at" in sets:
        due_at = sets["due_at"]
        sets["due_key"] = NEVER if due_at is None else due_at
    return ticket._replace(**sets)


def _clock(ticket: Ticket, sets: dict[str, Any], at: int) -> dict[str, Any]:
    """Return when the plan counts from, and its pauses, after a change at ``at`` that sets these columns."""
    if ticket.phase != "open" and sets.get("phase") == "open":
        return {"clock_at": at, "pauses": None}
    if ticket.paused_at is not None and "paused_at" in sets and sets["paused_at"] is None:
        return {"pauses": dumps([*map(list, ticket.pause_list()), [ticket.paused_at, at]])}
    return {}


def play(ticket: Ticket, items: Iterable[Item]) -> Ticket:
    """Return ``ticket`` after all of ``items``, in order."""
    for item in items:
        ticket = evolve(ticket, item)
    return ticket


def fold(number: int, prefix: str, uid: str, timeline: Iterable[Item]) -> Ticket:
    """Return the ticket that results from a whole timeline; the first item is the opening message."""
    items = iter(timeline)
    return play(opened(number, prefix, uid, next(items)), items)
