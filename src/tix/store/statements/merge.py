"""The statements that move entries between tickets, count them there and read them for exports, in SQLModel."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, func, literal_column, or_, select, union_all, update

from tix.store.schema.billing import TimerRow, WorkRow
from tix.store.schema.desk import AttachmentRow
from tix.store.schema.tickets import ItemRow, NoticeRow
from tix.store.statements.billing import unbilled, work
from tix.store.statements.expressions import (
    ITEM,
    TICKET,
    among,
    attachment,
    b,
    came_from,
    columns,
    hidden_by,
    item,
    moved,
    notice,
    readable_here,
    readable_item,
    ticket,
)

_timer = columns(TimerRow)
_there = TimerRow.__table__.alias("there").c  # type: ignore[attr-defined]  # SQLModel does not type __table__
_entry = item.kind != "event"
# What a merge moves; other events of a ticket stay on it.
_moving = or_(
    _entry,
    item.type.in_([literal_column(f"'{name}'") for name in ("attached", "time-added", "time-removed")]),
)
_public = and_(item.internal == 0, item.apart.is_(None))


def _counted(clause: Any) -> Any:
    """Return how many rows match ``clause``."""
    return func.coalesce(func.sum(case((clause, 1), else_=0)), 0)


def _exported(place: Any, origin: Any) -> Any:
    """Return items with the ticket on whose line they are exported, and where they came from."""
    return (
        select(
            *[column.label(column.name) if column.name == "at" else column for column in ITEM[:13]],
            item.id.label("id"),
            place.label("place"),
            origin.label("origin"),
            work.at.label("worked_at"),
            work.seconds,
            work.billable,
            work.invoice,
            hidden_by.label("apart"),
        )
        .select_from(ItemRow)
        .outerjoin(WorkRow, work.id == item.id)
    )


_hiding = func.coalesce(b("ticket"), item.origin_id)

STATEMENTS: dict[str, Any] = {
    # -------------------------------------------------------------------------------------- a merge
    "ticket_numbered": select(*TICKET).where(ticket.number == b("number")),
    "merged_into": select(*TICKET).where(ticket.merged_into == b("ref")).order_by(ticket.id),
    "items_hide": update(ItemRow)
    .where(item.ticket_id == b("ticket"), item.apart.is_(None), among(item.origin_id, b("origins")), _moving)
    .values(apart=b("ticket")),
    "items_move": update(ItemRow).where(item.ticket_id == b("ticket"), _moving).values(ticket_id=b("target")),
    "items_return": update(ItemRow)
    .where(item.ticket_id == b("target"), among(item.origin_id, b("origins")), _moving)
    .values(ticket_id=b("ticket"), apart=case((item.apart == b("ticket"), None), else_=item.apart)),
    "items_set_apart": update(ItemRow)
    .where(item.ticket_id == b("origin"), item.origin_id == b("origin"), item.apart.is_(None), _moving)
    .values(apart=b("hidden_by")),
    "items_hang": update(ItemRow)
    .where(item.ticket_id == b("origin"), item.origin_id == b("origin"), _moving)
    .values(ticket_id=b("target")),
    # Only for items on another ticket; an imported item without that ticket stays on its own, hidden from nobody.
    # The merge of a ticket hides nothing on that ticket, which is merged into none where its target is not in the file.
    "items_apart": update(ItemRow)
    .where(item.apart == b("provisional"), item.apart.is_not(None))
    .values(apart=case((and_(moved, item.ticket_id != _hiding), _hiding), else_=None)),
    "item_rename": update(ItemRow)
    .where(item.id == b("key"))
    .values(sets=b("sets"), old=b("old"), new=b("new")),
    "timers_both": select(_timer.by)
    .where(
        _timer.ticket_id == b("ticket"),
        _timer.by.in_(select(_there.by).where(_there.ticket_id == b("target"))),
    )
    .order_by(_timer.by),
    "timers_move": update(TimerRow).where(_timer.ticket_id == b("ticket")).values(ticket_id=b("target")),
    # ----------------------------------------------------------------------------- counting a thread
    "hanging_counts": select(_counted(and_(_entry, _public)), _counted(and_(_entry, ~_public))).where(
        item.ticket_id == b("ticket_id")
    ),
    "hanging_files": select(_counted(_public), _counted(~_public))
    .select_from(ItemRow)
    .join(AttachmentRow, attachment.item_id == item.id)
    .where(item.ticket_id == b("ticket_id")),
    # Of merged-in items: how many there are of each kind by origin.
    "written_counts": select(
        _counted(and_(_entry, item.internal == 0)), _counted(and_(_entry, item.internal == 1))
    ).where(item.ticket_id == b("ticket_id"), item.origin_id == b("ticket_id")),
    "written_files": select(_counted(item.internal == 0), _counted(item.internal == 1))
    .select_from(ItemRow)
    .join(AttachmentRow, attachment.item_id == item.id)
    .where(item.ticket_id == b("ticket_id"), item.origin_id == b("ticket_id")),
    "newest_entries": select(item.id, item.at, item.by, item.kind)
    .where(item.ticket_id == b("ticket_id"), _entry, _public)
    .order_by(item.at.desc(), item.id.desc())
    .limit(1),
    "opening_id": select(item.id)
    .where(item.ticket_id == b("ticket_id"), item.origin_id == b("ticket_id"), _entry)
    .order_by(item.at, item.id)
    .limit(1),
    # Of a ticket that is not merged: one that was, and was closed by that, has its earlier state again.
    "newest_status": select(item.at)
    .where(
        item.ticket_id == b("ticket_id"),
        item.type == "status-changed",
        or_(item.reason.is_(None), item.reason != "merged"),
    )
    .order_by(item.at.desc())
    .limit(1),
    "newest_reopening": select(item.at, item.id)
    .where(
        item.ticket_id == b("ticket_id"),
        item.type == "status-changed",
        item.reason.in_([literal_column("'reopened'"), literal_column("'solution-not-accepted'")]),
    )
    .order_by(item.at.desc(), item.id.desc())
    .limit(1),
    "works_of_origins": select(
        func.coalesce(func.sum(work.seconds), 0),
        func.coalesce(func.sum(case((unbilled, work.seconds), else_=0)), 0),
    )
    .select_from(ItemRow)
    .join(WorkRow, work.id == item.id)
    .where(item.ticket_id == b("ticket_id"), among(item.origin_id, b("origins"))),
    # --------------------------------------------------------------------------------------- a split
    "item_split": update(ItemRow)
    .where(item.id == b("key"))
    .values(
        ticket_id=b("ticket"),
        origin_id=b("ticket"),
        kind=b("new_kind"),
        side=b("new_side"),
        sets=b("new_sets"),
        ordinal=b("new_ordinal"),
    ),
    "notice_move": update(NoticeRow)
    .where(notice.ticket_id == b("old"), notice.item_id == b("key"))
    .values(ticket_id=b("ticket")),
    # ----------------------------------------------------------------------------------------- checks
    "moved_pairs": select(item.origin_id, item.ticket_id).where(moved).distinct(),
    # ----------------------------------------------------------------------------------------- exports
    "export_items": union_all(
        _exported(item.ticket_id, came_from).where(among(item.ticket_id, b("ids")), readable_here),
        _exported(item.origin_id, literal_column("NULL")).where(
            among(item.origin_id, b("ids")), moved, readable_item
        ),
    ).order_by("place", "at", "id"),
}
