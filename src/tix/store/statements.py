"""Every whole statement about the desk, its people and its tickets, in SQLModel.

``make sql`` compiles them to text; a hot verb never imports this. Timelines and search documents are in
``timeline_statements.py``, the parts the queue is assembled from in ``queue_parts.py``. A statement that reads
tickets for a person contains ``visible()``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, column, delete, func, insert, or_, select, table, update
from sqlalchemy.dialects.sqlite import insert as upsert

from tix.domain.ticket import FIELDS
from tix.store.expressions import (
    ITEM,
    TICKET,
    adding,
    among,
    attachment,
    b,
    counter,
    falling_due,
    idempotency,
    item,
    kind,
    person,
    priority,
    readable_item,
    setting,
    ticket,
    tombstone,
    visible,
)
from tix.store.tables import (
    AttachmentRow,
    CounterRow,
    IdempotencyRow,
    ItemRow,
    PersonRow,
    PriorityRow,
    SettingRow,
    TicketRow,
    TombstoneRow,
    TypeRow,
)

STATEMENTS: dict[str, Any] = {
    # ------------------------------------------------------------------------------------ the desk
    "settings": select(setting.key, setting.value),
    "setting_put": upsert(SettingRow)
    .values(key=b("key"), value=b("value"))
    .on_conflict_do_update(index_elements=["key"], set_={"value": b("value")}),
    "setting_drop": delete(SettingRow).where(setting.key == b("key")),
    "counter_add": insert(CounterRow).values(name=b("name"), value=b("value")),
    "counter_get": select(counter.value).where(counter.name == b("name")),
    "counter_take": update(CounterRow)
    .where(counter.name == b("counter"))
    .values(value=counter.value + b("step"))
    .returning(counter.value),
    "counter_set": update(CounterRow).where(counter.name == b("counter")).values(value=b("wanted")),
    "types": select(kind.name, kind.active, kind.position).order_by(kind.position, kind.name),
    "type_add": adding(TypeRow),
    "type_edit": update(TypeRow).where(kind.name == b("key")).values(active=b("new_active")),
    "type_drop": delete(TypeRow).where(kind.name == b("key")),
    "type_used": select(func.count()).select_from(TicketRow).where(ticket.type == b("key")),
    "priorities": select(priority.name, priority.rank, priority.aliases, priority.active).order_by(
        priority.rank
    ),
    "priority_add": adding(PriorityRow),
    "priority_edit": update(PriorityRow)
    .where(priority.name == b("key"))
    .values(aliases=b("new_aliases"), active=b("new_active")),
    "priority_drop": delete(PriorityRow).where(priority.name == b("key")),
    "priority_used": select(func.count()).select_from(TicketRow).where(ticket.priority == b("key")),
    # -------------------------------------------------------------------------------------- people
    "person_by_login": select(*person).where(person.login == b("login")),
    "person_by_email": select(*person).where(person.email == b("email")),
    "people": select(*person).order_by(person.login),
    "people_named": select(*person).where(among(person.login, b("logins"))),
    "person_count": select(func.count()).select_from(PersonRow),
    "person_add": adding(PersonRow, "id"),
    "person_edit": update(PersonRow)
    .where(person.login == b("key"))
    .values(
        name=b("new_name"),
        email=b("new_email"),
        phone=b("new_phone"),
        role=b("new_role"),
        active=b("new_active"),
    ),
    "person_drop": delete(PersonRow).where(person.login == b("key")),
    "person_tickets": select(func.count())
    .select_from(TicketRow)
    .where(
        or_(
            ticket.requester == b("key"),
            ticket.assignee == b("key"),
            ticket.creator == b("key"),
            ticket.closed_by == b("key"),
        )
    ),
    "person_items": select(func.count())
    .select_from(ItemRow)
    .where(or_(item.by == b("key"), item.via == b("key"))),
    "admins": select(func.count()).select_from(PersonRow).where(person.role == "admin", person.active == 1),
    # ------------------------------------------------------------------------------------- tickets
    "ticket_get": select(*TICKET).where(ticket.number == b("number"), visible()),
    "ticket_by_id": select(*TICKET).where(ticket.id == b("id")),
    "tickets_by_id": select(*TICKET).where(among(ticket.id, b("ids"))),
    "ticket_by_uid": select(ticket.id).where(ticket.uid == b("uid")),
    "uids_known": select(ticket.uid)
    .where(among(ticket.uid, b("uids")))
    .union_all(select(tombstone.uid).where(among(tombstone.uid, b("uids")))),
    "numbers_visible": select(ticket.number, ticket.prefix)
    .where(ticket.number >= b("first"), ticket.number <= b("last"), visible())
    .order_by(ticket.number),
    "numbers_taken": select(ticket.number)
    .where(among(ticket.number, b("numbers")))
    .union_all(select(tombstone.number).where(among(tombstone.number, b("numbers")))),
    "ticket_add": insert(TicketRow).values({name: b(name) for name in FIELDS}),
    "ticket_drop": delete(TicketRow).where(ticket.id == b("id")),
    "tickets_of_person": select(*TICKET).where(
        or_(ticket.requester == b("key"), ticket.assignee == b("key"))
    ),
    "lapsing_reset": select(*TICKET).where(ticket.phase == "resolved"),
    "due_now": select(*TICKET).where(
        or_(
            and_(ticket.lapses_at.is_not(None), ticket.lapses_at <= b("now")),
            and_(ticket.snoozed_until.is_not(None), ticket.snoozed_until <= b("now")),
            falling_due,
        )
    ),
    "unrecorded": select(*TICKET).where(
        visible(),
        or_(
            and_(ticket.lapses_at.is_not(None), ticket.lapses_at <= b("now"), ticket.lapses_at >= b("since")),
            and_(
                ticket.phase == "open",
                ticket.due_at.is_not(None),
                ticket.overdue_at.is_(None),
                ticket.paused_at.is_(None),
                ticket.due_at <= b("now"),
                ticket.due_at >= b("since"),
            ),
        ),
    ),
    "statuses_in_use": select(ticket.status, func.count()).group_by(ticket.status),
    "tickets_in_status": select(*TICKET).where(ticket.status == b("status")),
    "highest_number": select(func.max(ticket.number)),
    "ticket_ids": select(ticket.id).order_by(ticket.id),
    "ticket_count": select(func.count()).select_from(TicketRow),
    # ------------------------------------------------------------------------ idempotency and tombstones
    "idempotent": select(idempotency.ticket_id).where(
        idempotency.login == b("login"), idempotency.key == b("key"), idempotency.created_at > b("since")
    ),
    "idempotent_add": adding(IdempotencyRow),
    "idempotent_expire": delete(IdempotencyRow).where(idempotency.created_at <= b("since")),
    "idempotent_forget": delete(IdempotencyRow).where(idempotency.ticket_id == b("ticket_id")),
    "tombstone_add": adding(TombstoneRow),
    "tombstones": select(*tombstone).order_by(tombstone.number),
}

# ------------------------------------------------------------------------------ export and import in bulk
_sequence = table("sqlite_sequence", column("name"), column("seq"))

STATEMENTS |= {
    "export_items": select(*ITEM[:13], item.id, item.ticket_id, item.origin_id)
    .where(among(item.ticket_id, b("ids")), readable_item)
    .order_by(item.ticket_id, item.at, item.id),
    "ticket_last_id": select(_sequence.c.seq).where(_sequence.c.name == "ticket"),
    "item_last_id": select(func.max(item.id)),
    "attachment_last_id": select(func.max(attachment.id)),
    "attachment_add_numbered": adding(AttachmentRow),
    "person_restore": update(PersonRow)
    .where(person.login == b("key"))
    .values(
        {name: b(f"new_{name}") for name in "name email phone role active client manager created_at".split()}
    ),
    "types_clear": delete(TypeRow),
    "priorities_clear": delete(PriorityRow),
    "tombstone_count": select(func.count()).select_from(TombstoneRow),
}
