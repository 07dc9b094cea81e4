"""The fields of a ticket as everybody reads them: in ``list``, ``show``, exports, and tables that are imported.

The one place that says which fields there are, in the order of the interface page (section 6), what each holds,
what a requester reads of it, and what an import does with it.
"""

from tix.typing import NamedTuple


class TicketField(NamedTuple):
    """One field.

    ``kind`` is what it holds:

    - ``text``; ``word`` where many tickets have the same few (a status, a type); ``person``, a login; ``place``,
      the name of a topic, department, team, client or SLA plan
    - ``count``, always a number; ``number`` or nothing; ``flag``, true or false or nothing; ``instant``
    - ``tags`` and ``names``, lists of texts; ``links``, ``answers`` (an object) and ``thread``

    ``requester`` is what somebody who is not staff reads: the ``same``, what is ``public`` of it, ``nothing``
    (an empty list, or null), or the field of that name. ``internal`` is the column with what staff read besides.
    ``sorts``: a queue can be sorted by it. ``table`` is what the import of a table makes of such a column:
    ``read``, kept in an internal ``remark``, or ``ignored`` because the desk works it out. Most of these are put
    back as they were if the table is our own (``importers.own_columns``).
    """

    name: str
    kind: str
    requester: str = "same"
    internal: str | None = None
    sorts: bool = False
    table: str = "ignored"

    @property
    def read_as(self) -> str:
        """The field that a requester reads in its place: another one, or itself."""
        return self.name if self.requester in ("same", "public", "nothing") else self.requester


# Of `list` and `search`.
LISTED = (
    TicketField("ref", "text", sorts=True, table="read"),
    TicketField("number", "count", sorts=True, table="read"),
    TicketField("subject", "text", sorts=True, table="read"),
    TicketField("status", "word", sorts=True, table="read"),
    TicketField("phase", "word", sorts=True, table="read"),
    TicketField("priority", "word", sorts=True, table="read"),
    TicketField("type", "word", sorts=True, table="read"),
    TicketField("topic", "place", sorts=True, table="read"),
    TicketField("department", "place", sorts=True, table="read"),
    TicketField("team", "place", "nothing", sorts=True, table="read"),
    TicketField("assignee", "person", sorts=True, table="read"),
    TicketField("requester", "person", sorts=True, table="read"),
    TicketField("requester_name", "text", table="read"),
    TicketField("requester_email", "text", table="read"),
    TicketField("client", "place", sorts=True, table="read"),
    TicketField("creator", "person", sorts=True, table="read"),
    TicketField("source", "word", sorts=True, table="read"),
    TicketField("about", "text", sorts=True, table="read"),
    TicketField("tags", "tags", "nothing", table="read"),
    TicketField("due_at", "instant", sorts=True, table="read"),
    TicketField("overdue", "flag", sorts=True),
    TicketField("answered", "flag", sorts=True),
    TicketField("entries", "count", "public", "notes", sorts=True),
    TicketField("attachments", "count", "public", "internal_attachments", sorts=True),
    TicketField("rating", "number", sorts=True, table="remark"),
    TicketField("created_at", "instant", sorts=True, table="read"),
    TicketField("updated_at", "instant", "last_activity_at", sorts=True, table="read"),
    TicketField("last_activity_at", "instant", sorts=True, table="read"),
    TicketField("last_replier", "person", sorts=True),
    TicketField("resolved_at", "instant", sorts=True, table="read"),
    TicketField("closed_at", "instant", sorts=True, table="read"),
    TicketField("closed_by", "person", sorts=True, table="read"),
    TicketField("version", "number", "nothing", sorts=True),
)
# What `show` has after those.
SHOWN = (
    TicketField("uid", "text", table="read"),
    TicketField("prefix", "word"),
    TicketField("email", "text", table="read"),
    TicketField("phone", "text", table="read"),
    TicketField("notify_email", "text", "nothing", table="remark"),
    TicketField("sla", "place", "nothing", table="read"),
    TicketField("assets", "names", table="read"),
    TicketField("fields", "answers", "public", "internal_fields", table="read"),
    TicketField("watchers", "names", "nothing", table="remark"),
    TicketField("links", "links", "nothing", table="remark"),
    TicketField("merged_into", "text", table="remark"),
    TicketField("reopened", "count"),
    TicketField("lapses_at", "instant"),
    TicketField("snoozed_until", "instant", "nothing", table="remark"),
    TicketField("time_seconds", "number", "nothing", table="remark"),
    TicketField("unbilled_seconds", "number", "nothing"),
    TicketField("rating_comment", "text", table="remark"),
    TicketField("rated_at", "instant", table="remark"),
    TicketField("idempotency_key", "text", "nothing"),
    TicketField("category", "text", table="read"),
    TicketField("response_due_at", "instant", "nothing"),
    TicketField("response_met", "flag", "nothing"),
    TicketField("resolution_met", "flag", "nothing"),
    TicketField("thread", "thread", "public", table="remark"),
)
FIELDS = LISTED + SHOWN

# Columns of a ticket that an export writes as they are stored, in ``row``, because no field holds all of them.
ARCHIVED = (
    "id rank sla due_by_hand paused_at overdue_at first_response_at notes internal_attachments lapses_to documents "
    "sla_by_hand clock_at pauses fields internal_fields assets watchers links response_due_at response_met "
    "resolution_met"
).split()
# Columns that an export leaves out: they are worked out from others.
DERIVED = frozenset({"due_key", "entries", "attachments"})


def names_of(kind: str) -> tuple[str, ...]:
    """The fields that hold a kind of value."""
    return tuple(field.name for field in FIELDS if field.kind == kind)


def in_tables(use: str) -> tuple[str, ...]:
    """The fields of which the import of a table makes the same use."""
    return tuple(field.name for field in FIELDS if field.table == use)
