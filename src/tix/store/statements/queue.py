"""The parts the queue is assembled from (``store.search.queue``), each compiled in parentheses of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select, true

from tix.store.schema.tickets import PersonRow, TicketRow
from tix.store.statements.expressions import (
    TICKET,
    activity,
    among,
    answer,
    b,
    bears,
    borne,
    facet,
    has_key,
    has_number,
    lapsed,
    not_lapsed,
    number_key,
    overdue,
    phase_now,
    status_now,
    text_key,
    ticket,
    updated,
    within,
)

# How many custom fields one command can filter by.
MOST_FIELDS = 4

# Who may see which tickets; the only place with this rule (lifecycle page, "Who may do what").
_report = PersonRow.__table__.alias("report")  # type: ignore[attr-defined]  # SQLModel's gap
_requested = ticket.requester == b("me")
_of_reports = ticket.requester.in_(select(_report.c.login).where(_report.c.manager == b("me")))
_of_client = ticket.client == b("my_client")
_nowhere = ticket.department.is_(None)
# Uncorrelated, so that an index of the tickets finds them together with the others somebody sees.
_watched = ticket.id.in_(
    select(facet.ticket_id).where(facet.name == "watcher", facet.value == b("me")).scalar_subquery()
)
_created, _held = ticket.creator == b("me"), ticket.assignee == b("me")
# No department: an agent without departments (``--departments none``) does not see those either.
_unplaced = and_(ticket.department.is_(None), b("departments") != "[]")
SCOPES: dict[str, Any] = {
    "all": true(),
    "desk": or_(
        _unplaced,
        among(ticket.department, b("departments")),
        _requested,
        _created,
        _held,
        among(ticket.team, b("teams")),
        _watched,
    ),
    "own": or_(_requested, _watched),
    "theirs": or_(_requested, _of_reports, _of_client, _watched),
}
# The same as branches, each found by one index (``store.search.plan``). They say where to look, never who may see it:
# the scope's own clause comes before each. ``of_department`` and ``of_team`` are one of somebody's several.
ARMS: dict[str, Any] = {
    "requested": _requested,
    "of_reports": _of_reports,
    "of_client": _of_client,
    "nowhere": _nowhere,
    "created": _created,
    "held": _held,
    "watched": _watched,
    "of_department": ticket.department == b("of_department"),
    "of_team": ticket.team == b("of_team"),
    # One of several values that are filtered by.
    **{
        f"any_{name}": ticket[name] == b(f"any_{name}")
        for name in "client assignee team topic department type rank".split()
    },
}

_FIELDS = {
    name: ticket[name]
    for name in "assignee requester creator type about department client team topic sla".split()
}


# Of these a ticket may have none.
_OPTIONAL = "assignee type about department client team topic".split()
# In place of a due date, where there is none, and where it has passed.
NO_DATE, OVERDUE = -1, -2
_due = or_(
    within(func.coalesce(ticket.due_at, NO_DATE), b("due")), and_(overdue, within(literal(OVERDUE), b("due")))
)
_not_due = and_(
    ~within(func.coalesce(ticket.due_at, NO_DATE), b("not_due")),
    or_(overdue.is_not(True), ~within(literal(OVERDUE), b("not_due"))),
)


def _has(name: Any, value: str) -> Any:
    """Return a clause: the ticket has one of some values of a search key.

    Tested for each candidate: if few tickets have it, ``store.search.queue`` begins with those.
    """
    return borne(ticket.id, name, b(value))


FILTERS: dict[str, Any] = {
    "open": ticket.phase == "open",
    "queue": and_(
        ticket.phase == "open", or_(ticket.snoozed_until.is_(None), ticket.snoozed_until <= b("now"))
    ),
    "snoozed": and_(ticket.phase == "open", ticket.snoozed_until > b("now")),
    "closed": ticket.phase != "open",
    "open_status": and_(ticket.phase == "open", among(ticket.status, b("open_status"))),
    # A ticket that has closed automatically but unrecorded has the status that time gave it.
    "status": or_(
        and_(among(ticket.status, b("status")), not_lapsed),
        and_(lapsed, among(ticket.lapses_to, b("status"))),
    ),
    "status_is": and_(ticket.status == b("status_is"), not_lapsed),
    "lapsed_to": among(ticket.lapses_to, b("lapsed_to")),
    "mine": ticket.assignee == b("me"),
    "mine_or_team": or_(ticket.assignee == b("me"), among(ticket.team, b("teams"))),
    "asset": _has(literal("asset"), "asset"),
    # One value of one custom field; the number is that of the field in the command.
    **{f"field_{n}": _has(b(f"field_{n}_name"), f"field_{n}") for n in range(MOST_FIELDS)},
    # And it is not an internal field: requesters can search only what they can read.
    **{f"public_{n}": has_key(ticket.fields, b(f"public_{n}")) for n in range(MOST_FIELDS)},
    "unassigned": ticket.assignee.is_(None),
    "user": or_(among(ticket.requester, b("user")), among(ticket.assignee, b("user"))),
    "rank": among(ticket.rank, b("rank")),
    "rank_is": ticket.rank == b("rank_is"),
    "tag": and_(ticket.tags.is_not(None), bears(ticket.tags, b("tag"))),
    "overdue": overdue,
    "answered": ticket.answered == 1,
    "unanswered": ticket.answered == 0,
    "since": or_(ticket.last_activity_at >= b("since"), and_(lapsed, ticket.lapses_at >= b("since"))),
    "until": activity <= b("until"),
    # The same for tickets known to be as recorded, and for those known to have closed automatically.
    "since_recorded": ticket.last_activity_at >= b("since_recorded"),
    "until_recorded": ticket.last_activity_at <= b("until_recorded"),
    "since_lapsed": ticket.lapses_at >= b("since_lapsed"),
    "until_lapsed": ticket.lapses_at <= b("until_lapsed"),
    "ids": among(ticket.id, b("ids")),
    "created_since": ticket.created_at >= b("created_since"),
    "created_until": ticket.created_at <= b("created_until"),
    "due_since": ticket.due_at >= b("due_since"),
    "due_until": ticket.due_at <= b("due_until"),
    "no_due": ticket.due_at.is_(None),
    # Several of these, pairs of the first and the last second.
    "due": _due,
    "not_due": _not_due,
    # None of some values; what has no value is none of them.
    "not_status": or_(
        and_(not_lapsed, ~among(ticket.status, b("not_status"))),
        and_(lapsed, ~among(ticket.lapses_to, b("not_status"))),
    ),
    "not_rank": ~among(ticket.rank, b("not_rank")),
    "not_requester": ~among(ticket.requester, b("not_requester")),
    "not_creator": ~among(ticket.creator, b("not_creator")),
    "not_user": and_(
        ~among(ticket.requester, b("not_user")),
        or_(ticket.assignee.is_(None), ~among(ticket.assignee, b("not_user"))),
    ),
    "not_tag": or_(ticket.tags.is_(None), ~bears(ticket.tags, b("not_tag"))),
    "no_tag": ticket.tags.is_(None),
    "has_tag": ticket.tags.is_not(None),
    "tag_or_none": or_(ticket.tags.is_(None), bears(ticket.tags, b("tag_or_none"))),
    "not_asset": ~_has(literal("asset"), "not_asset"),
    "no_asset": ticket.assets.is_(None),
    "has_asset": ticket.assets.is_not(None),
    "asset_or_none": or_(ticket.assets.is_(None), _has(literal("asset"), "asset_or_none")),
    # Not such a value of a custom field; for requesters not one they can read.
    **{f"nofield_{n}": ~_has(b(f"nofield_{n}_name"), f"nofield_{n}") for n in range(MOST_FIELDS)},
    **{
        f"nopublic_{n}": or_(
            ~_has(b(f"nopublic_{n}_name"), f"nopublic_{n}"),
            ~has_key(ticket.fields, b(f"nopublic_{n}_path_name")),
        )
        for n in range(MOST_FIELDS)
    },
    **{
        f"not_{name}": or_(_FIELDS[name].is_(None), ~among(_FIELDS[name], b(f"not_{name}")))
        for name in _OPTIONAL
    },
    **{f"no_{name}": _FIELDS[name].is_(None) for name in _OPTIONAL},
    **{f"has_{name}": _FIELDS[name].is_not(None) for name in _OPTIONAL},
    **{
        f"{name}_or_none": or_(among(_FIELDS[name], b(f"{name}_or_none")), _FIELDS[name].is_(None))
        for name in _OPTIONAL
    },
    **{name: among(field, b(name)) for name, field in _FIELDS.items()},
    # One value is the common case, and with an equality an index can provide the order, too.
    **{f"{name}_is": field == b(f"{name}_is") for name, field in _FIELDS.items()},
}

_NAMES = "subject type topic department client team source about".split()


def _folded(text: Any) -> Any:
    """Return a text as names are compared: without the case of its ASCII letters."""
    return func.lower(text)


# What a queue can be sorted by: each an expression; absent values are last in either direction (store.search.queue).
SORT_KEYS: dict[str, Any] = {
    "ref": ticket.number,
    "number": ticket.number,
    **{name: _folded(ticket[name]) for name in _NAMES},
    "status": status_now,
    "phase": phase_now,
    "priority": ticket.rank,
    "assignee": ticket.assignee,
    "requester": ticket.requester,
    "creator": ticket.creator,
    "due_at": ticket.due_at,
    "overdue": case((overdue, 1), else_=0),
    "answered": ticket.answered,
    "entries": ticket.entries,
    "attachments": ticket.attachments,
    "rating": ticket.rating,
    "created_at": ticket.created_at,
    "updated_at": updated,
    "last_activity_at": activity,
    "last_replier": ticket.last_replier,
    "resolved_at": ticket.resolved_at,
    "closed_at": case((lapsed, ticket.lapses_at), else_=ticket.closed_at),
    "closed_by": ticket.closed_by,
    "version": ticket.version,
}
# For staff the counts include internal entries and files.
STAFF_SORT_KEYS: dict[str, Any] = {
    "entries": ticket.entries + ticket.notes,
    "attachments": ticket.attachments + ticket.internal_attachments,
}

_requester = PersonRow.__table__.alias("requester_person")  # type: ignore[attr-defined]  # SQLModel's gap
HEADS: dict[str, Any] = {
    "tickets": select(*TICKET, _requester.c.name, _requester.c.email)
    .select_from(TicketRow)
    .outerjoin(_requester, _requester.c.login == ticket.requester)
    .where(among(ticket.id, b("ids"))),
}
_found_by = text_key(answer(ticket.id, b("sorted_by")))


def _number(answers: Any) -> tuple[Any, Any]:
    """Return whether a custom field value is a number, and what it sorts by."""
    return has_number(answers, b("sorted_path")), number_key(answers, b("sorted_path"))


EXPRESSIONS: dict[str, Any] = {
    "lapsed": lapsed,
    "not_lapsed": not_lapsed,
    # The sort key for a custom field; and for one that everybody can read.
    "answer": case(_number(ticket.fields), _number(ticket.internal_fields), else_=_found_by),
    "public_answer": case(
        _number(ticket.fields),
        (has_key(ticket.fields, b("sorted_path")), _found_by),
    ),
}
_bearing = select(facet.ticket_id).where(facet.name == b("name"), among(facet.value, b("values")))
STATEMENTS: dict[str, Any] = {
    "facet_tickets": _bearing,
    # How many, up to a limit.
    "facet_count": select(func.count()).select_from(_bearing.limit(b("limit")).subquery()),
}
