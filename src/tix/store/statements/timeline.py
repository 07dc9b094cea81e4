"""Every statement about timelines, files and search documents, in SQLModel."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Integer,
    Text,
    and_,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    union,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from tix.store.schema.desk import AttachmentRow, BlobRow, DeedRow, TombstoneRow
from tix.store.schema.tickets import ItemRow, PersonRow, TicketRow
from tix.store.statements.expressions import (
    FILE,
    ITEM,
    adding,
    among,
    attachment,
    b,
    blob,
    came_from,
    deed,
    item,
    moved,
    person,
    readable_here,
    readable_item,
    ticket,
    tombstone,
    visible,
)

# A thread: the items that belong to a ticket, and those written on it that a merge has moved to another one.
_item = [column.label(column.name) if column.name in ("at", "id") else column for column in ITEM]
_here = [*_item, person.name.label("by_name"), came_from.label("origin")]
_there = [*_item, person.name.label("by_name"), literal_column("NULL").label("origin")]

# Commands that are neither an undo nor a redo.
_is_first = and_(deed.verb != "undo", deed.verb != "redo")
_other: Any = DeedRow.__table__.alias("other")  # type: ignore[attr-defined]  # SQLModel does not declare it


def _written(columns: list[Any]) -> Any:
    """Return items with their authors."""
    return select(*columns).select_from(ItemRow).outerjoin(PersonRow, person.login == item.by)


def _files(clause: Any) -> Any:
    """Return files of items."""
    columns = [*FILE[:-1], attachment.id.label("id")]
    return (
        select(*columns).select_from(ItemRow).join(AttachmentRow, attachment.item_id == item.id).where(clause)
    )


_logged = [
    *_item[:-1],
    item.origin_id,
    person.name.label("by_name"),
    ticket.prefix,
    ticket.number,
    literal_column("NULL"),
    literal_column("NULL"),
]


def _log() -> Any:
    """Return the items of all visible tickets, each with its author and the ticket it was written on."""
    return (
        select(
            *ITEM[:-1],
            item.origin_id,
            person.name.label("by_name"),
            ticket.prefix,
            ticket.number,
            tombstone.prefix,
            tombstone.number,
        )
        .select_from(ItemRow)
        .outerjoin(TicketRow, ticket.id == item.origin_id)
        .outerjoin(TombstoneRow, tombstone.ticket_id == item.origin_id)
        .outerjoin(PersonRow, person.login == item.by)
        .where(
            # The readers of a deleted ticket are no longer known: only those who see everything see that it existed.
            or_(
                and_(ticket.id.is_not(None), visible()),
                and_(tombstone.ticket_id.is_not(None), b("whole") == 1),
            ),
            readable_item,
        )
    )


def _log_own(clause: Any) -> Any:
    """Return the log of a reader who sees a part: from their tickets to what was written on them."""
    return (
        select(*_logged)
        .select_from(TicketRow)
        .join(ItemRow, clause)
        .outerjoin(PersonRow, person.login == item.by)
        .where(
            visible(),
            readable_item,
            item.at >= b("since"),
            or_(b("by", Text).is_(None), item.by == b("by")),
        )
    )


def _moved_documents() -> Any:
    """Return the ticket a document was written on, its ordinal there, and the ticket it now belongs to."""
    return select(item.origin_id, item.ordinal, item.ticket_id).where(
        moved, item.ordinal.is_not(None), readable_here
    )


STATEMENTS: dict[str, Any] = {
    # -------------------------------------------------------------------------------- the timeline
    "item_add": insert(ItemRow).values({c.name: b(c.name) for c in item if c.name != "id"}),
    "item_add_numbered": insert(ItemRow).values({c.name: b(c.name) for c in item}),
    "thread": union_all(
        _written(_here).where(item.ticket_id == b("ticket_id"), readable_here),
        _written(_there).where(item.origin_id == b("ticket_id"), moved, readable_item),
    ).order_by("at", "id"),
    "thread_files": union_all(
        _files(and_(item.ticket_id == b("ticket_id"), readable_here)),
        _files(and_(item.origin_id == b("ticket_id"), moved, readable_item)),
    ).order_by("id"),
    "log": _log()
    .where(
        item.at >= b("since"),
        or_(b("by", Text).is_(None), item.by == b("by")),
    )
    .order_by(item.at.desc(), item.id.desc())
    .limit(b("limit")),
    "log_own": union_all(
        _log_own(and_(item.ticket_id == ticket.id, item.origin_id == ticket.id)),
        _log_own(and_(item.origin_id == ticket.id, moved)),
    )
    .order_by(text("at DESC"), text("id DESC"))
    .limit(b("limit")),
    "item_last_id": select(func.max(item.id)),
    "log_after": _log()
    .where(
        item.id > b("after"),
        item.id <= b("upto"),
        or_(b("of_ticket", Integer).is_(None), item.origin_id == b("of_ticket")),
        or_(b("by", Text).is_(None), item.by == b("by")),
    )
    .order_by(item.id),
    # On the ticket it now belongs to, or on the one it was written on.
    "item_by_ordinal": union_all(
        select(item.body, item.id).where(
            item.ticket_id == b("ticket_id"),
            item.origin_id == b("origin"),
            item.ordinal == b("ordinal"),
            readable_here,
        ),
        select(item.body, item.id).where(
            item.origin_id == b("ticket_id"),
            item.origin_id == b("origin"),
            moved,
            item.ordinal == b("ordinal"),
            readable_item,
        ),
    ),
    # The documents that a merge has moved to another ticket: which, and where.
    "moved_any": select(item.id).where(moved).limit(1),
    "moved_holders": select(item.ticket_id).where(moved).distinct(),
    "moved_documents": _moved_documents(),
    "moved_documents_of": _moved_documents().where(among(item.origin_id, b("ids"))),
    "moved_documents_on": _moved_documents().where(item.ticket_id == b("ticket_id")),
    "item_ordinal": select(item.ordinal).where(item.id == b("id")),
    "item_hide": update(ItemRow).where(item.id == b("key")).values(internal=1),
    "item_document": select(item.origin_id, item.ordinal).where(item.id == b("id")),
    "item_rewrite": update(ItemRow).where(item.id == b("key")).values(body=b("new_body")),
    "documents_of_entries": select(item.origin_id, item.ordinal, item.internal).where(
        item.ordinal.is_not(None)
    ),
    "entries_to_index": select(item.id, item.origin_id, item.ordinal, item.kind, item.internal, item.body)
    .where(item.ordinal.is_not(None), item.id > b("after"))
    .order_by(item.id)
    .limit(b("limit")),
    "file_names_to_index": select(attachment.item_id, attachment.name)
    .where(attachment.item_id > b("after"), attachment.item_id <= b("last"))
    .order_by(attachment.id),
    "item_newest_at": select(func.max(item.at)),
    "item_file_names": select(attachment.name).where(attachment.item_id == b("id")).order_by(attachment.id),
    "items_to_index": select(item.id, item.body, item.internal, item.ordinal).where(
        item.ticket_id == b("ticket_id"), item.ordinal.is_not(None)
    ),
    "items_wiped": update(ItemRow)
    .where(item.ticket_id == b("ticket"))
    .values(body=None, field=None, old=None, new=None, reason=None, sets=None, ordinal=None),
    # What was written on them, wherever it belongs now: for folding.
    "items_of_many": union_all(
        select(*_item[:-1], item.origin_id.label("origin_id")).where(
            among(item.ticket_id, b("ids")), item.origin_id == item.ticket_id, readable_item
        ),
        select(*_item[:-1], item.origin_id).where(among(item.origin_id, b("ids")), moved, readable_item),
    ).order_by("origin_id", "at", "id"),
    # Each once, even if the ticket an item was written on and the one it belongs to are both included.
    "files_of_many": union(
        _files(and_(among(item.ticket_id, b("ids")), readable_here)),
        _files(and_(among(item.origin_id, b("ids")), moved, readable_item)),
    ).order_by("id"),
    # ------------------------------------------------------------------------------- audit entries
    "deed_add": adding(DeedRow, "id"),
    "deed_is": select(deed.id).where(
        deed.id == b("id"), deed.login == b("login"), deed.verb == b("verb"), deed.at == b("at")
    ),
    "deed_newest": select(deed.id, deed.verb, deed.at)
    .where(
        deed.login == b("login"),
        deed.via.is_not_distinct_from(b("via")),
        deed.id < b("before"),
        _is_first,
        deed.undone_by.is_(None),
        # Without changes of the configuration that changed no ticket.
        or_(deed.verb != "set-up", select(item.id).where(item.deed_id == deed.id).exists()),
    )
    .order_by(deed.id.desc())
    .limit(1),
    "deed_of_set_up_since": select(deed.id)
    .where(deed.id > b("deed"), or_(deed.verb == "set-up", deed.verb.startswith("workflow:")))
    .limit(1),
    "deed_undo": update(DeedRow).where(deed.id == b("key")).values(undone_by=b("undone_by")),
    "deed_items": select(item.id, item.origin_id).where(item.deed_id == b("deed")).order_by(item.id),
    # The last undo that was not redone.
    "deed_last_undo": select(deed.id, deed.at)
    .where(
        deed.login == b("login"),
        deed.via.is_not_distinct_from(b("via")),
        deed.verb == "undo",
        deed.undone_by.is_(None),
    )
    .order_by(deed.id.desc())
    .limit(1),
    # What it undid.
    "deed_undone_by": select(deed.id, deed.verb, deed.at)
    .where(deed.login == b("login"), deed.id < b("undo"), deed.undone_by == b("undo"))
    .order_by(deed.id.desc())
    .limit(1),
    # A command of the person's own since.
    "deed_since": select(deed.verb)
    .where(
        deed.login == b("login"),
        deed.via.is_not_distinct_from(b("via")),
        deed.id > b("after"),
        _is_first,
        or_(deed.verb != "set-up", select(item.id).where(item.deed_id == deed.id).exists()),
    )
    .order_by(deed.id.desc())
    .limit(1),
    "deeds_of": select(deed.id, deed.verb, deed.at, deed.undone_by)
    .where(
        deed.login == b("login"),
        deed.via.is_not_distinct_from(b("via")),
        _is_first,
        or_(deed.verb != "set-up", select(item.id).where(item.deed_id == deed.id).exists()),
    )
    .order_by(deed.id.desc())
    .limit(b("limit")),
    "deed_tickets": select(ticket.prefix, ticket.number)
    .where(
        ticket.id.in_(select(item.origin_id).where(item.deed_id == b("deed"))),
    )
    .order_by(ticket.id),
    # What people did to a ticket since a command, without what was undone or redone since, and without that undoing.
    "items_since": select(
        item.id,
        item.kind,
        item.type,
        item.by,
        item.at,
        and_(deed.login == b("login"), deed.via.is_not_distinct_from(b("via"))).label("own"),
    )
    .select_from(ItemRow)
    .outerjoin(DeedRow, deed.id == item.deed_id)
    .where(
        item.ticket_id == b("ticket_id"),
        item.id > b("last"),
        item.side != "system",
        or_(
            deed.id.is_(None),
            and_(
                deed.undone_by.is_(None),
                ~select(_other.c.id)
                .where(
                    _other.c.login == deed.login,
                    _other.c.id > b("deed"),
                    _other.c.id < deed.id,
                    _other.c.undone_by == deed.id,
                )
                .exists(),
            ),
        ),
    )
    .order_by(item.id),
    # The first that people did to any ticket after a command, without what was undone, and without the undoing.
    "item_after_deed": select(item.kind, item.type, item.by, item.at, item.ticket_id)
    .select_from(ItemRow)
    .join(DeedRow, deed.id == item.deed_id)
    .where(
        item.deed_id > b("deed"),
        item.side != "system",
        deed.undone_by.is_(None),
        _is_first,
    )
    .order_by(item.id)
    .limit(1),
    # --------------------------------------------------------------------------------------- files
    "blob_add": upsert(BlobRow).values(sha256=b("sha256"), data=b("data")).on_conflict_do_nothing(),
    "blob_get": select(blob.data).where(blob.sha256 == b("sha256")),
    "blob_drop": delete(BlobRow).where(
        blob.sha256 == b("digest"),
        ~select(attachment.id).where(attachment.sha256 == b("digest")).exists(),
    ),
    "blob_digests": select(blob.sha256),
    "attachment_add": adding(AttachmentRow, "id"),
    "attachment_drop": delete(AttachmentRow).where(attachment.id == b("id")),
    "attachments_drop": delete(AttachmentRow).where(
        attachment.item_id.in_(select(item.id).where(item.ticket_id == b("ticket_id")))
    ),
}
