"""Every statement tix runs, in SQLModel. ``make sql`` compiles them to text; a hot verb never imports this.

``STATEMENTS`` are whole; ``SCOPES``, ``FILTERS`` and ``ORDERS`` are the parts the queue is assembled from
(``store.queues``). A statement that reads tickets for a person contains ``visible()``: its text cannot run
until a scope has taken that place, so the clause cannot be forgotten.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    column,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    true,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from tix.domain.ticket import FIELDS
from tix.store.tables import (
    AttachmentRow,
    BlobRow,
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


class visible(ColumnElement[bool]):  # noqa: N801  # reads as a function where it is used
    """Stands where the scope's clause goes."""

    type = Boolean()
    inherit_cache = True


@compiles(visible)
def _visible(*_: Any, **__: Any) -> str:
    return "<<visible>>"


class among(FunctionElement[bool]):  # noqa: N801  # as above
    """``column`` is one of the values of a JSON array bound to ``names``."""

    type = Boolean()
    inherit_cache = True


@compiles(among)
def _among(element: Any, compiler: Any, **options: Any) -> str:
    value, names = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{value} IN (SELECT value FROM json_each({names}))"


def _c(model: Any) -> Any:
    return model.__table__.c


def b(name: str) -> Any:
    """A named parameter of the statement."""
    return bindparam(name)


ticket = _c(TicketRow)
item = _c(ItemRow)
person = _c(PersonRow)
attachment = _c(AttachmentRow)
blob = _c(BlobRow)
setting = _c(SettingRow)
counter = _c(CounterRow)
kind = _c(TypeRow)
priority = _c(PriorityRow)
idempotency = _c(IdempotencyRow)
tombstone = _c(TombstoneRow)


def _all(columns: Any) -> list[Any]:
    return list(columns)


def _insert(model: Any, *without: str) -> Any:
    names = [c.name for c in _c(model) if c.name not in without]
    return insert(model).values({name: b(name) for name in names})


_ticket_columns = [ticket[name] for name in FIELDS]
_item_columns = [
    item[name]
    for name in "kind at by via side internal body type field old new reason sets id ticket_id".split()
]
_readable_item = or_(item.internal == 0, b("staff") == 1)

# --------------------------------------------------------------------- time that nobody has recorded yet

lapsed = and_(ticket.lapses_at.is_not(None), ticket.lapses_at <= b("now"))
_not_lapsed = or_(ticket.lapses_at.is_(None), ticket.lapses_at > b("now"))
_overdue = and_(
    ticket.phase == "open", ticket.paused_at.is_(None), ticket.due_at.is_not(None), ticket.due_at <= b("now")
)
_activity = case((lapsed, ticket.lapses_at), else_=ticket.last_activity_at)
_phase_order = case((lapsed, "closed"), else_=ticket.phase)
_status_now = case((lapsed, ticket.lapses_to), else_=ticket.status)

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
    "type_add": _insert(TypeRow),
    "type_edit": update(TypeRow).where(kind.name == b("key")).values(active=b("new_active")),
    "type_drop": delete(TypeRow).where(kind.name == b("key")),
    "type_used": select(func.count()).select_from(TicketRow).where(ticket.type == b("key")),
    "priorities": select(priority.name, priority.rank, priority.aliases, priority.active).order_by(
        priority.rank
    ),
    "priority_add": _insert(PriorityRow),
    "priority_edit": update(PriorityRow)
    .where(priority.name == b("key"))
    .values(aliases=b("new_aliases"), active=b("new_active")),
    "priority_drop": delete(PriorityRow).where(priority.name == b("key")),
    "priority_used": select(func.count()).select_from(TicketRow).where(ticket.priority == b("key")),
    # -------------------------------------------------------------------------------------- people
    "person_by_login": select(*_all(person)).where(person.login == b("login")),
    "person_by_email": select(*_all(person)).where(person.email == b("email")),
    "people": select(*_all(person)).order_by(person.login),
    "people_named": select(*_all(person)).where(among(person.login, b("logins"))),
    "person_count": select(func.count()).select_from(PersonRow),
    "person_add": _insert(PersonRow, "id"),
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
    "ticket_get": select(*_ticket_columns).where(ticket.number == b("number"), visible()),
    "ticket_by_id": select(*_ticket_columns).where(ticket.id == b("id")),
    "tickets_by_id": select(*_ticket_columns).where(among(ticket.id, b("ids"))),
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
    "tickets_of_person": select(*_ticket_columns).where(
        or_(ticket.requester == b("key"), ticket.assignee == b("key"))
    ),
    "lapsing_reset": select(*_ticket_columns).where(ticket.phase == "resolved"),
    "due_now": select(*_ticket_columns).where(
        or_(
            and_(ticket.lapses_at.is_not(None), ticket.lapses_at <= b("now")),
            and_(ticket.snoozed_until.is_not(None), ticket.snoozed_until <= b("now")),
            and_(
                ticket.phase == "open",
                ticket.due_at.is_not(None),
                ticket.overdue_at.is_(None),
                ticket.paused_at.is_(None),
                ticket.due_at <= b("now"),
            ),
        )
    ),
    "unrecorded": select(*_ticket_columns).where(
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
    "tickets_in_status": select(*_ticket_columns).where(ticket.status == b("status")),
    "highest_number": select(func.max(ticket.number)),
    "ticket_ids": select(ticket.id).order_by(ticket.id),
    "ticket_count": select(func.count()).select_from(TicketRow),
    # -------------------------------------------------------------------------------- the timeline
    "item_add": insert(ItemRow).values({c.name: b(c.name) for c in item if c.name != "id"}),
    "item_add_numbered": insert(ItemRow).values({c.name: b(c.name) for c in item}),
    "thread": select(*_item_columns, person.name.label("by_name"))
    .select_from(ItemRow)
    .outerjoin(PersonRow, person.login == item.by)
    .where(item.ticket_id == b("ticket_id"), _readable_item)
    .order_by(item.at, item.id),
    "thread_files": select(
        attachment.item_id,
        attachment.name,
        attachment.size,
        attachment.mime,
        attachment.sha256,
        attachment.kind,
        attachment.id,
    )
    .select_from(ItemRow)
    .join(AttachmentRow, attachment.item_id == item.id)
    .where(item.ticket_id == b("ticket_id"), _readable_item)
    .order_by(attachment.id),
    "log": select(
        *_item_columns,
        person.name.label("by_name"),
        ticket.prefix,
        ticket.number,
        tombstone.prefix,
        tombstone.number,
    )
    .select_from(ItemRow)
    .outerjoin(TicketRow, ticket.id == item.ticket_id)
    .outerjoin(TombstoneRow, tombstone.ticket_id == item.ticket_id)
    .outerjoin(PersonRow, person.login == item.by)
    .where(
        or_(and_(ticket.id.is_not(None), visible()), and_(tombstone.ticket_id.is_not(None), b("staff") == 1)),
        _readable_item,
        item.at >= b("since"),
        or_(b("by").is_(None), item.by == b("by")),
    )
    .order_by(item.at.desc(), item.id.desc())
    .limit(b("limit")),
    "log_own": select(
        *_item_columns,
        person.name.label("by_name"),
        ticket.prefix,
        ticket.number,
        literal_column("NULL"),
        literal_column("NULL"),
    )
    .select_from(TicketRow)
    .join(ItemRow, item.ticket_id == ticket.id)
    .outerjoin(PersonRow, person.login == item.by)
    .where(
        visible(),
        _readable_item,
        item.at >= b("since"),
        or_(b("by").is_(None), item.by == b("by")),
    )
    .order_by(item.at.desc(), item.id.desc())
    .limit(b("limit")),
    "thread_max": select(func.max(item.id)).where(item.ticket_id == b("ticket_id")),
    "item_by_ordinal": select(item.body, item.id).where(
        item.ticket_id == b("ticket_id"), item.ordinal == b("ordinal"), _readable_item
    ),
    "item_ordinal": select(item.ordinal).where(item.id == b("id")),
    "item_file_names": select(attachment.name).where(attachment.item_id == b("id")).order_by(attachment.id),
    "items_to_index": select(item.id, item.body, item.internal, item.ordinal).where(
        item.ticket_id == b("ticket_id"), item.ordinal.is_not(None)
    ),
    "items_wiped": update(ItemRow)
    .where(item.ticket_id == b("ticket"))
    .values(body=None, field=None, old=None, new=None, reason=None, sets=None, ordinal=None),
    "items_of_many": select(*_item_columns)
    .where(among(item.ticket_id, b("ids")), _readable_item)
    .order_by(item.ticket_id, item.at, item.id),
    "files_of_many": select(
        attachment.item_id,
        attachment.name,
        attachment.size,
        attachment.mime,
        attachment.sha256,
        attachment.kind,
        attachment.id,
    )
    .select_from(ItemRow)
    .join(AttachmentRow, attachment.item_id == item.id)
    .where(among(item.ticket_id, b("ids")), _readable_item)
    .order_by(attachment.id),
    # --------------------------------------------------------------------------------------- files
    "blob_add": upsert(BlobRow).values(sha256=b("sha256"), data=b("data")).on_conflict_do_nothing(),
    "blob_get": select(blob.data).where(blob.sha256 == b("sha256")),
    "blob_drop": delete(BlobRow).where(
        blob.sha256 == b("digest"),
        ~select(attachment.id).where(attachment.sha256 == b("digest")).exists(),
    ),
    "blob_digests": select(blob.sha256),
    "attachment_add": _insert(AttachmentRow, "id"),
    "attachment_drop": delete(AttachmentRow).where(attachment.id == b("id")),
    "attachments_drop": delete(AttachmentRow).where(
        attachment.item_id.in_(select(item.id).where(item.ticket_id == b("ticket_id")))
    ),
    # ------------------------------------------------------------------------ idempotency and tombstones
    "idempotent": select(idempotency.ticket_id).where(
        idempotency.login == b("login"), idempotency.key == b("key"), idempotency.created_at > b("since")
    ),
    "idempotent_add": _insert(IdempotencyRow),
    "idempotent_expire": delete(IdempotencyRow).where(idempotency.created_at <= b("since")),
    "idempotent_forget": delete(IdempotencyRow).where(idempotency.ticket_id == b("ticket_id")),
    "tombstone_add": _insert(TombstoneRow),
    "tombstones": select(*_all(tombstone)).order_by(tombstone.number),
}


def _text_table(name: str) -> Any:
    return table(name, column("rowid"), column("subject"), column("body"))


def _search_statements(name: str) -> dict[str, Any]:
    """What is asked of one full-text table. ``expression`` is an FTS5 query, already quoted."""
    text_table = _text_table(name)
    here = literal_column(name, Text)
    hit = here.op("MATCH")(b("expression"))
    rowid = text_table.c.rowid
    return {
        f"{name}_add": insert(text_table).values(rowid=b("rowid"), subject=b("subject"), body=b("body")),
        f"{name}_matches": select(rowid)
        .where(hit)
        .order_by(rowid.desc())
        .limit(b("limit"))
        .select_from(text_table),
        f"{name}_ranked": select(rowid, func.bm25(here, literal_column("4.0"), literal_column("1.0")))
        .where(hit)
        .select_from(text_table),
        f"{name}_within": select(rowid)
        .where(hit, rowid >= b("first"), rowid <= b("last"))
        .select_from(text_table)
        .limit(1),
    }


for _name in ("public_text", "internal_text"):
    STATEMENTS |= _search_statements(_name)

# FTS5's commands are inserts into a column named as the table: text, because no library has a word for them.
TEXTS: dict[str, str] = {
    f"{name}_{verb}": sql
    for name in ("public_text", "internal_text")
    for verb, sql in (
        (
            "forget",
            f"INSERT INTO {name} ({name}, rowid, subject, body) VALUES ('delete', :rowid, :subject, :body)",
        ),
        ("optimize", f"INSERT INTO {name} ({name}) VALUES ('optimize')"),
        ("clear", f"INSERT INTO {name} ({name}) VALUES ('delete-all')"),
        ("check", f"INSERT INTO {name} ({name}) VALUES ('integrity-check')"),
    )
}

# ------------------------------------------------------------------------------------------ the queue

# Which tickets there are for whom; the only home of the rule (lifecycle page, "Who may do what").
SCOPES: dict[str, Any] = {"all": true(), "own": ticket.requester == b("me")}

FILTERS: dict[str, Any] = {
    "open": ticket.phase == "open",
    "queue": and_(
        ticket.phase == "open", or_(ticket.snoozed_until.is_(None), ticket.snoozed_until <= b("now"))
    ),
    "closed": ticket.phase != "open",
    "status": or_(
        and_(among(ticket.status, b("status")), _not_lapsed),
        and_(lapsed, among(ticket.lapses_to, b("status"))),
    ),
    "open_status": and_(ticket.phase == "open", among(ticket.status, b("open_status"))),
    "mine": ticket.assignee == b("me"),
    "unassigned": ticket.assignee.is_(None),
    "assignee": among(ticket.assignee, b("assignee")),
    "requester": among(ticket.requester, b("requester")),
    "creator": among(ticket.creator, b("creator")),
    "user": or_(among(ticket.requester, b("user")), among(ticket.assignee, b("user"))),
    "type": among(ticket.type, b("type")),
    "priority": among(ticket.priority, b("priority")),
    "about": among(ticket.about, b("about")),
    "overdue": _overdue,
    "answered": ticket.answered == 1,
    "unanswered": ticket.answered == 0,
    "since": _activity >= b("since"),
    "until": _activity <= b("until"),
    "ids": among(ticket.id, b("ids")),
}

# `--tag` takes several: one fragment, assembled once for each alternative value would grow the text, so the
# values are compared as whole words between blanks.
FILTERS["tag"] = (
    select(literal_column("1"))
    .select_from(func.json_each(b("tag")).table_valued("value").alias("wanted"))
    .where(
        func.instr(ticket.tags, literal_column("' ' || wanted.value || ' '")) > 0,
        ticket.tags.is_not(None),
    )
    .correlate(TicketRow.__table__)  # type: ignore[attr-defined]  # SQLModel does not type __table__
    .exists()
)

# What a queue can be sorted by: each an expression; absent values are last either way (store.queues).
SORT_KEYS: dict[str, Any] = {
    "ref": ticket.number,
    "number": ticket.number,
    "subject": ticket.subject,
    "status": _status_now,
    "phase": _phase_order,
    "priority": ticket.rank,
    "type": ticket.type,
    "assignee": ticket.assignee,
    "requester": ticket.requester,
    "creator": ticket.creator,
    "source": ticket.source,
    "about": ticket.about,
    "due_at": ticket.due_at,
    "overdue": _overdue,
    "answered": ticket.answered,
    "entries": ticket.entries,
    "attachments": ticket.attachments,
    "rating": ticket.rating,
    "created_at": ticket.created_at,
    "updated_at": ticket.updated_at,
    "last_activity_at": _activity,
    "last_replier": ticket.last_replier,
    "resolved_at": ticket.resolved_at,
    "closed_at": case((lapsed, ticket.lapses_at), else_=ticket.closed_at),
    "closed_by": ticket.closed_by,
    "version": ticket.version,
}

# What `list` and `search` show; the rest of a row costs reading and is `show`'s.
_requester = PersonRow.__table__.alias("requester_person")  # type: ignore[attr-defined]
_page = table("page", column("id"))
HEADS: dict[str, Any] = {
    "tickets": select(*_ticket_columns, _requester.c.name, _requester.c.email)
    .select_from(_page)
    .join(TicketRow, ticket.id == _page.c.id)
    .outerjoin(_requester, _requester.c.login == ticket.requester),
}
EXPRESSIONS: dict[str, Any] = {"lapsed": lapsed, "not_lapsed": _not_lapsed}

# ------------------------------------------------------------------------------ export and import in bulk
_sequence = table("sqlite_sequence", column("name"), column("seq"))

STATEMENTS |= {
    "export_items": select(*_item_columns[:13], item.id, item.ticket_id, item.origin_id)
    .where(among(item.ticket_id, b("ids")), _readable_item)
    .order_by(item.ticket_id, item.at, item.id),
    "ticket_last_id": select(_sequence.c.seq).where(_sequence.c.name == "ticket"),
    "item_last_id": select(func.max(item.id)),
    "attachment_last_id": select(func.max(attachment.id)),
    "attachment_add_numbered": _insert(AttachmentRow),
    "person_restore": update(PersonRow)
    .where(person.login == b("key"))
    .values(
        {name: b(f"new_{name}") for name in "name email phone role active client manager created_at".split()}
    ),
    "types_clear": delete(TypeRow),
    "priorities_clear": delete(PriorityRow),
    "tombstone_count": select(func.count()).select_from(TombstoneRow),
}
