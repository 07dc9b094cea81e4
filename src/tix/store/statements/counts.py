"""The statements of counts, in SQLModel: the daily counts, and counts of the tickets somebody sees."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Integer,
    Text,
    and_,
    case,
    cast,
    column,
    delete,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement

from tix.store.schema.billing import WorkRow
from tix.store.schema.desk import TallyRow
from tix.store.schema.tickets import ItemRow, TicketRow
from tix.store.search.counts import BANDS, DAY, first_seconds
from tix.store.statements.expressions import (
    as_text,
    b,
    columns,
    lapsed,
    of_pair,
    overdue,
    pairs,
    phase_now,
    status_now,
    tally,
    ticket,
    visible,
)

work = columns(WorkRow)
item = columns(ItemRow)

_days = and_(tally.day >= b("first"), tally.day <= b("last"))
_day = ticket.created_at.op("/", precedence=20)(DAY)
_raised = and_(ticket.created_at >= b("begin"), ticket.created_at < b("end"))


class _month(ColumnElement[int]):  # noqa: N801  # reads as a column where it is used
    """A placeholder for the search for the reader's month (``store.reports``), a number."""

    type = Integer()
    inherit_cache = True


@compiles(_month)
def _month_spelled(*_: Any, **__: Any) -> str:
    return "<<month>>"


# Pairs of times as a JSON array, the second one not included; each finds its tickets by their creation time.
_range = pairs(b("ranges")).table_valued("key", "value", name="part").c
_in_range = and_(
    ticket.created_at >= of_pair(_range.value, literal_column("0")),
    ticket.created_at < of_pair(_range.value, literal_column("1")),
)
EXPRESSIONS: dict[str, Any] = {"in_range": _in_range}


# ---------------------------------------------------------------------------- what is counted, as in ``counts.of``


def _class(at: Any) -> Any:
    """Return ``counts.class_of`` for the time from creation to ``at``: a search among the beginnings of the classes."""
    span = at - ticket.created_at

    def found(classes: list[tuple[int, int]], below: int) -> Any:
        if not classes:
            return literal_column(str(below))
        middle = len(classes) // 2
        begins, number = classes[middle]
        lower, upper = found(classes[:middle], below), found(classes[middle + 1 :], number)
        return case((span < begins, lower), else_=upper)

    return case((at.is_not(None), found(first_seconds(), 0)))


def _said(met: Any) -> Any:
    return func.coalesce(cast(met, Text), "-")


_judged = _said(ticket.response_met).op("||")(_said(ticket.resolution_met))
_promised = or_(ticket.sla.is_not(None), ticket.due_at.is_not(None), ticket.resolution_met.is_not(None))
_promise = case(
    (_promised, _judged.op("||")(":").op("||")(func.coalesce(ticket.sla, ""))),
    (ticket.response_met.is_not(None), _judged),
)
# The columns needed of each ticket, as it is now.
SEEN = select(
    _month().label("month"),
    phase_now.op("||")(":").op("||")(status_now).label("status"),
    case((ticket.phase == "open", 1), else_=0).label("open"),
    func.coalesce(ticket.assignee, "").label("assignee"),
    func.coalesce(ticket.department, "").label("department"),
    ticket.priority,
    _class(ticket.first_response_at).label("response"),
    _class(ticket.resolved_at).label("resolution"),
    _promise.label("promise"),
    ticket.rating,
    case((ticket.reopened > 0, 1)).label("reopened"),
)
_tickets_seen = table("seen", *[column(one.name) for one in SEEN.selected_columns])
_seen = _tickets_seen.c
_open, _over = _seen.open == 1, _seen.open == 0


def _of(value: Any) -> Any:
    """Return a number, and the assignee."""
    return value.op("||")(":").op("||")(_seen.assignee)


_VALUES: dict[str, tuple[Any, Any]] = {
    "status": (_seen.status, None),
    "assignee": (_seen.assignee, _open),
    "department": (_seen.department, _open),
    "priority": (_seen.priority, _open),
    "over": (_seen.assignee, _over),
    "response": (_seen.response, _seen.response.is_not(None)),
    "resolution": (_seen.resolution, _seen.resolution.is_not(None)),
    "response_of": (_of(_seen.response), _seen.response.is_not(None)),
    "resolution_of": (_of(_seen.resolution), _seen.resolution.is_not(None)),
    "promise": (_seen.promise, _seen.promise.is_not(None)),
    "rating": (_of(_seen.rating), _seen.rating.is_not(None)),
    "reopened": (_seen.reopened, _seen.reopened.is_not(None)),
}


def _counted(name: str, value: Any, where: Any) -> Any:
    found = as_text(value).label("value")
    named = select(literal(name), _seen.month, found, func.count()).select_from(_tickets_seen)
    named = named.group_by(_seen.month, found)
    return named if where is None else named.where(where)


# One for each name, over ``seen``; ``store.reports`` combines them.
TALLIES: dict[str, Any] = {name: _counted(name, *value) for name, value in _VALUES.items()}


def _total(clause: Any) -> Any:
    return func.sum(case((clause, 1), else_=0))


# The range of an age: the first whose oldest tickets were created no later.
_band = case(
    *((ticket.created_at >= b(f"band_{place}"), literal_column(str(place))) for place in range(BANDS)),
    else_=literal_column(str(BANDS)),
)
# Of open tickets; their index has no column for the phase, and asking for it would read the row.
_past = and_(ticket.paused_at.is_(None), ticket.due_key <= b("now"))
_unbilled = and_(work.billable == 1, work.invoice.is_(None))
_worked = select(
    work.by,
    func.count(),
    func.sum(work.seconds),
    func.sum(case((work.billable == 1, work.seconds), else_=0)),
    func.sum(case((_unbilled, work.seconds), else_=0)),
)
_period = and_(work.at >= b("since"), work.at <= b("until"))

STATEMENTS: dict[str, Any] = {
    # -------------------------------------------------------------------------------- the counts by day
    "tally_move": upsert(TallyRow)
    .values(name=b("name"), day=b("day"), value=b("value"), count=b("count"))
    .on_conflict_do_update(
        index_elements=["name", "value", "day"], set_={"count": tally["count"] + b("count")}
    ),
    "tally_drop": delete(TallyRow).where(
        tally.name == b("key"), tally.value == b("of_value"), tally.day == b("of_day"), tally["count"] == 0
    ),
    # In the order of the key: nothing is sorted, however many values there are.
    "tally_summed": select(tally.value, func.sum(tally["count"]))
    .where(tally.name == b("name"), _days)
    .group_by(tally.value),
    "tally_by_day": select(tally.day, func.sum(tally["count"]))
    .where(tally.name == b("name"), _days)
    .group_by(tally.day),
    "tally_by_month": select(_month().label("month"), tally.value, func.sum(tally["count"]))
    .where(tally.name == b("name"), _days)
    .group_by(literal_column("month"), tally.value),
    "tallies_clear": delete(TallyRow),
    "tallies": select(tally.name, tally.day, tally.value, tally["count"]),
    # Automatic closings that are not recorded yet: from which status to which.
    "lapsed_counted": select(_day.label("day"), ticket.status, ticket.lapses_to, func.count())
    .where(lapsed, _raised)
    .group_by(literal_column("day"), ticket.status, ticket.lapses_to),
    # ------------------------------------------------------------------------ the open tickets that somebody sees
    "overdue_counted": select(ticket.assignee, ticket.sla, func.count())
    .where(visible(), overdue, _raised)
    .group_by(ticket.assignee, ticket.sla),
    "open_by_age": select(
        _band.label("band"),
        func.count(),
        _total(ticket.assignee.is_(None)),
        _total(ticket.answered == 0),
        _total(_past),
        func.min(ticket.created_at),
    )
    .where(visible(), ticket.phase == "open", _raised)
    .group_by(literal_column("band")),
    "open_of_instant": select(ticket.prefix, ticket.number)
    .where(visible(), ticket.phase == "open", ticket.created_at == b("at"))
    .order_by(ticket.number)
    .limit(1),
    "raised_counted": select(_range.key, func.count())
    .select_from(TicketRow)
    .where(visible(), _in_range)
    .group_by(_range.key),
    # Found by their last activity, which is never before they were resolved.
    "solved_counted": select(_month().label("place"), func.count())
    .where(
        visible(),
        ticket.last_activity_at >= b("begin"),
        ticket.resolved_at >= b("begin"),
    )
    .group_by(literal_column("place")),
    "raised_first": select(func.min(ticket.created_at)).where(_raised),
    # ------------------------------------------------------------------------------------------------ time
    "work_totals": _worked.where(_period).group_by(work.by),
    "work_totals_seen": _worked.select_from(WorkRow)
    .join(ItemRow, item.id == work.id)
    .join(TicketRow, ticket.id == item.ticket_id)
    .where(visible(), _period)
    .group_by(work.by),
}
