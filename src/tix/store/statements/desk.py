"""The complete statements about the desk, its people and its tickets, in SQLModel.

``make sql`` compiles them to text; a hot verb never imports this. Timelines and search documents are in
``statements/timeline.py``, the parts of the queue in ``statements/queue.py``. A statement that reads tickets for a
person contains ``visible()``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    and_,
    delete,
    func,
    insert,
    join,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from tix.domain.tickets.ticket import FIELDS
from tix.store.schema.billing import TimerRow, WorkRow
from tix.store.schema.desk import (
    AttachmentRow,
    CounterRow,
    DeedRow,
    SettingRow,
    TokenRow,
    TombstoneRow,
)
from tix.store.schema.setup import ScheduleRow, TopicRow
from tix.store.schema.tickets import FacetRow, ItemRow, NoticeRow, PersonRow, TicketRow
from tix.store.statements.expressions import (
    TICKET,
    adding,
    among,
    attachment,
    b,
    columns,
    counter,
    facet,
    falling_due,
    item,
    notice,
    person,
    readable_item,
    setting,
    ticket,
    tombstone,
    visible,
    waking,
)

work = columns(WorkRow)
token = columns(TokenRow)
_report = PersonRow.__table__.alias("report")  # type: ignore[attr-defined]  # SQLModel does not type __table__
# A person's columns, and whether somebody reports to them.
PERSON = [
    *[column for column in person if column.name != "created_at"],
    select(_report.c.login).where(_report.c.manager == person.login).exists().label("manages"),
]
PERSON_EDITED = (
    "name email phone role active client manager contact departments teams away_until merged_into".split()
)

# Somebody's notifications, as far as they may see the tickets now.
_of_notices = join(
    join(NoticeRow, TicketRow, ticket.id == notice.ticket_id), ItemRow, item.id == notice.item_id
)
_later = ItemRow.__table__.alias("later")  # type: ignore[attr-defined]  # SQLModel does not type __table__
_notices = (
    select(
        notice.id,
        notice.at,
        ticket.prefix,
        ticket.number,
        ticket.subject,
        notice.reason,
        item.by,
        notice.read_at,
    )
    .select_from(_of_notices)
    .where(notice.login == b("login"), visible(), readable_item)
)

# The keys of custom fields in use, one step along the index for each: DISTINCT would read every value.
_first_key = (
    select(func.min(facet.name).label("name"))
    .where(facet.name > "field.", facet.name < "field/")
    .cte("field_keys", recursive=True)
)
_next_key = (
    select(func.min(facet.name))
    .where(facet.name > _first_key.c.name, facet.name < "field/")
    .scalar_subquery()
)
_field_keys = _first_key.union_all(select(_next_key).where(_first_key.c.name.is_not(None)))

STATEMENTS: dict[str, Any] = {
    # ------------------------------------------------------------------------------------ the desk
    "settings": select(setting.key, setting.value),
    "setting_get": select(setting.value).where(setting.key == b("key")),
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
    # -------------------------------------------------------------------------------------- people
    "person_by_login": select(*PERSON).where(person.login == b("login")),
    "person_by_email": select(*PERSON).where(person.email == b("email")),
    # What tickets are about, beginning with some text.
    "objects_beginning": select(ticket.about)
    .where(ticket.about >= b("first"), ticket.about < b("last"))
    .distinct(),
    # Whether an import brought a ticket that they have opened.
    "person_brought": select(ticket.id)
    .join(ItemRow, and_(item.ticket_id == ticket.id, item.at == ticket.created_at))
    .where(
        ticket.creator == b("login"),
        item.origin_id == ticket.id,
        item.by == ticket.creator,
        item.via.is_not(None),
    )
    .limit(1),
    "people": select(*PERSON).order_by(person.login),
    "people_whole": select(*person).order_by(person.login),
    "people_named": select(*PERSON).where(among(person.login, b("logins"))),
    "people_beginning": select(*PERSON)
    .where(person.login >= b("first"), person.login < b("last"), person.active == 1)
    .order_by(person.login)
    .limit(b("limit")),
    "staff": select(*PERSON).where(person.role != "requester").order_by(person.login),
    "people_of_client": select(*PERSON).where(person.client == b("client")).order_by(person.login),
    "reports_of": select(*PERSON).where(person.manager == b("login")).order_by(person.login),
    "person_count": select(func.count()).select_from(PersonRow),
    "person_add": adding(PersonRow, "id"),
    "person_edit": update(PersonRow)
    .where(person.login == b("key"))
    .values({name: b(f"new_{name}") for name in PERSON_EDITED}),
    "person_drop": delete(PersonRow).where(person.login == b("key")),
    "person_uses": union_all(
        select(literal_column("'tickets'"), func.count())
        .select_from(TicketRow)
        .where(
            or_(
                ticket.requester == b("key"),
                ticket.assignee == b("key"),
                ticket.creator == b("key"),
                ticket.closed_by == b("key"),
            )
        ),
        select(literal_column("'history entries'"), func.count())
        .select_from(ItemRow)
        .where(or_(item.by == b("key"), item.via == b("key"))),
        select(literal_column("'topics'"), func.count())
        .select_from(TopicRow)
        .where(columns(TopicRow).assignee == b("key")),
        select(literal_column("'schedules'"), func.count())
        .select_from(ScheduleRow)
        .where(or_(*[columns(ScheduleRow)[name] == b("key") for name in ("owner", "requester", "assignee")])),
        select(literal_column("'people'"), func.count())
        .select_from(PersonRow)
        .where(or_(person.manager == b("key"), person.merged_into == b("key"))),
        select(literal_column("'followed tickets'"), func.count())
        .select_from(FacetRow)
        .where(facet.name == "watcher", facet.value == b("key")),
        select(literal_column("'notifications'"), func.count())
        .select_from(NoticeRow)
        .where(notice.login == b("key")),
        select(literal_column("'commands'"), func.count())
        .select_from(DeedRow)
        .where(or_(columns(DeedRow).login == b("key"), columns(DeedRow).via == b("key"))),
        select(literal_column("'timers'"), func.count())
        .select_from(TimerRow)
        .where(columns(TimerRow).by == b("key")),
        select(literal_column("'API keys'"), func.count())
        .select_from(TokenRow)
        .where(or_(token.login == b("key"), token.created_by == b("key"))),
    ),
    "admins": select(func.count()).select_from(PersonRow).where(person.role == "admin", person.active == 1),
    # ------------------------------------------------------------------------------------ API keys
    "tokens": select(*token).order_by(token.name),
    "token_of_digest": select(*token).where(token.digest == b("digest")),
    "token_add": adding(TokenRow),
    "token_drop": delete(TokenRow).where(token.name == b("key")),
    "token_used": update(TokenRow)
    .where(
        token.digest == b("key"),
        or_(token.used_at.is_(None), token.used_at <= b("before")),
    )
    .values(used_at=b("now")),
    # ------------------------------------------------------------------------------------- tickets
    "ticket_get": select(*TICKET).where(ticket.number == b("number"), visible()),
    "ticket_by_id": select(*TICKET).where(ticket.id == b("id")),
    "tickets_of_uids": select(*TICKET).where(among(ticket.uid, b("uids"))),
    "tickets_about": select(*TICKET).where(among(ticket.about, b("abouts"))),
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
    "open_tickets_of_plan": select(*TICKET).where(ticket.phase == "open", ticket.sla == b("plan")),
    "open_tickets_of_department": select(*TICKET).where(
        ticket.phase == "open", ticket.department == b("department")
    ),
    "tickets_of_department_in": select(*TICKET).where(
        ticket.department == b("department"), ticket.status == b("status")
    ),
    "statuses_of_department": select(ticket.status, func.count())
    .where(ticket.department == b("department"))
    .group_by(ticket.status),
    "tickets_of_person": select(*TICKET).where(
        or_(
            ticket.requester == b("key"),
            ticket.assignee == b("key"),
            ticket.id.in_(
                select(facet.ticket_id)
                .where(facet.name == "watcher", facet.value == b("key"))
                .scalar_subquery()
            ),
        )
    ),
    "lapsing_reset": select(*TICKET).where(ticket.phase == "resolved"),
    "due_now": select(*TICKET).where(
        or_(
            and_(ticket.lapses_at.is_not(None), ticket.lapses_at <= b("now")),
            waking,
            falling_due,
        )
    ),
    "tickets_raised": select(*TICKET).where(ticket.created_at >= b("since"), ticket.created_at <= b("until")),
    "unrecorded": select(*TICKET).where(
        visible(),
        or_(
            and_(ticket.lapses_at.is_not(None), ticket.lapses_at <= b("now"), ticket.lapses_at >= b("since")),
            and_(waking, ticket.snoozed_until >= b("since")),
            and_(
                ticket.phase == "open",
                ticket.due_at.is_not(None),
                ticket.overdue_at.is_(None),
                ticket.paused_at.is_(None),
                ticket.due_at <= b("now"),
                # For a date that passed during a pause the end of that pause counts.
                or_(ticket.due_at >= b("since"), ticket.pauses.is_not(None)),
            ),
        ),
    ),
    # Tickets under the desk's workflow: all except those of departments with their own.
    "statuses_in_use": select(ticket.status, func.count())
    .where(or_(ticket.department.is_(None), ~among(ticket.department, b("elsewhere"))))
    .group_by(ticket.status),
    "tickets_in_status": select(*TICKET).where(
        ticket.status == b("status"),
        or_(ticket.department.is_(None), ~among(ticket.department, b("elsewhere"))),
    ),
    "highest_number": select(func.max(ticket.number)),
    "tickets_to_index": select(*TICKET).where(ticket.id > b("after")).order_by(ticket.id).limit(b("limit")),
    "ticket_ids": select(ticket.id).order_by(ticket.id),
    "ticket_count": select(func.count()).select_from(TicketRow),
    "facet_add": upsert(FacetRow)
    .values(name=b("name"), value=b("value"), ticket_id=b("ticket_id"))
    .on_conflict_do_nothing(),
    "facets_drop": delete(FacetRow).where(facet.ticket_id == b("ticket")),
    "facet_keys": select(_field_keys.c.name).where(_field_keys.c.name.is_not(None)),
    "facets_clear": delete(FacetRow),
    "facets_all": select(facet.name, facet.value, facet.ticket_id),
    # ------------------------------------------------------------------------------- notifications
    "notice_add": adding(NoticeRow, "id"),
    "notices": _notices.order_by(notice.id.desc()).limit(b("limit")),
    "notices_unread": _notices.where(notice.read_at.is_(None)).order_by(notice.id.desc()).limit(b("limit")),
    # The newest unread notification of each of some tickets, unless the reader has written there since.
    "notices_unread_on": select(ticket.prefix, ticket.number, func.max(notice.at))
    .select_from(_of_notices)
    .where(
        among(ticket.number, b("numbers")),
        notice.login == b("login"),
        notice.read_at.is_(None),
        readable_item,
        ~select(_later.c.id)
        .where(_later.c.ticket_id == ticket.id, _later.c.id > notice.item_id, _later.c.by == b("login"))
        .exists(),
    )
    .group_by(ticket.prefix, ticket.number),
    "notice_of": _notices.where(notice.id == b("id")),
    "notices_counted": select(func.count())
    .select_from(_of_notices)
    .where(notice.login == b("login"), notice.read_at.is_(None), visible(), readable_item),
    "notice_read": update(NoticeRow)
    .where(notice.id == b("key"), notice.login == b("owner"), notice.read_at.is_(None))
    .values(read_at=b("now")),
    "notices_told": select(notice.login)
    .where(notice.ticket_id == b("ticket_id"), among(notice.item_id, b("items")))
    .distinct(),
    "notices_read_by_requesters": select(notice.login)
    .join(PersonRow, person.login == notice.login)
    .where(
        notice.ticket_id == b("ticket_id"),
        among(notice.item_id, b("items")),
        notice.read_at.is_not(None),
        person.role == "requester",
    )
    .order_by(notice.id),
    "notices_move": update(NoticeRow).where(notice.login == b("owner")).values(login=b("heir")),
    "notices_drop": delete(NoticeRow).where(notice.ticket_id == b("ticket")),
    # ------------------------------------------------------------------------------------- tombstones
    "tombstone_add": adding(TombstoneRow),
    "tombstones": select(*tombstone).order_by(tombstone.number),
}

# ------------------------------------------------------------------------------ export and import in bulk
STATEMENTS |= {
    "item_highest_origin": select(func.max(item.origin_id)),
    "attachment_last_id": select(func.max(attachment.id)),
    "attachment_add_numbered": adding(AttachmentRow),
    "person_restore": update(PersonRow)
    .where(person.login == b("key"))
    .values({name: b(f"new_{name}") for name in (*PERSON_EDITED, "created_at")}),
    "tombstone_count": select(func.count()).select_from(TombstoneRow),
}
