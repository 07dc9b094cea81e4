"""The statements of the resources: the same five for each, and where each is used.

Resources are few and looked up by name case-insensitively; ``NAME_uses`` says, in words, what prevents the removal
of one: rows of (words, how many).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, literal_column, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as upsert

from tix.store.schema.billing import InvoiceRow
from tix.store.schema.desk import SettingRow
from tix.store.schema.setup import (
    AssetRow,
    CalendarRow,
    CannedRow,
    ClientRow,
    DepartmentRow,
    HolidayRow,
    PlanRow,
    PriorityRow,
    ScheduleRow,
    TeamRow,
    TopicFieldRow,
    TopicRow,
    TypeRow,
    ViewRow,
    WorkflowRow,
)
from tix.store.schema.tickets import PersonRow, TicketRow
from tix.store.statements.expressions import adding, b, columns, facet, holds, person, setting, ticket

# The resource, its table, and the columns it is ordered by.
NOUNS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "asset": (AssetRow, ("name",)),
    "calendar": (CalendarRow, ("name",)),
    "canned": (CannedRow, ("name",)),
    "client": (ClientRow, ("name",)),
    "department": (DepartmentRow, ("name",)),
    "priority": (PriorityRow, ("rank",)),
    "schedule": (ScheduleRow, ("name",)),
    "sla": (PlanRow, ("grace_seconds", "name")),
    "team": (TeamRow, ("name",)),
    "topic": (TopicRow, ("position", "name")),
    "type": (TypeRow, ("position", "name")),
    "view": (ViewRow, ("name",)),
    "workflow": (WorkflowRow, ("name",)),
}

_topic, _plan = columns(TopicRow), columns(PlanRow)
_department, _asset = columns(DepartmentRow), columns(AssetRow)
_schedule = columns(ScheduleRow)


def _words(text: str) -> Any:
    return literal_column("'" + text.replace("'", "''") + "'")


def _used(words: str, model: Any, where: Any) -> Any:
    return select(_words(words), func.count()).select_from(model).where(where)


def _default(key: str) -> Any:
    return (
        select(_words(f"setting {key}"), func.count())
        .where(setting.key == key, func.lower(setting.value) == func.lower(b("name")))
        .select_from(SettingRow)
    )


_name = b("name")
_USES: dict[str, list[Any]] = {
    "asset": [_used("ticket", facet.name.table, (facet.name == "asset") & (facet.value == _name))],
    "calendar": [
        _used("department", DepartmentRow, _department.calendar == _name),
        _used("SLA plan", PlanRow, _plan.calendar == _name),
    ],
    "client": [
        _used("ticket", TicketRow, ticket.client == _name),
        _used("person", PersonRow, person.client == _name),
        _used("asset", AssetRow, _asset.client == _name),
        _used("invoice", InvoiceRow, columns(InvoiceRow).client == _name),
    ],
    "department": [
        _used("ticket", TicketRow, ticket.department == _name),
        _used("topic", TopicRow, _topic.department == _name),
        _used("person", PersonRow, (person.role != "requester") & holds(person.departments, _name)),
        _default("default_department"),
    ],
    "priority": [
        _used("ticket", TicketRow, ticket.priority == _name),
        _used("topic", TopicRow, _topic.priority == _name),
        _default("default_priority"),
    ],
    "sla": [
        _used("ticket", TicketRow, ticket.sla == _name),
        _used("topic", TopicRow, _topic.sla == _name),
        _used("department", DepartmentRow, _department.sla == _name),
        _default("default_sla"),
    ],
    "team": [
        _used("ticket", TicketRow, ticket.team == _name),
        _used("topic", TopicRow, _topic.team == _name),
        _used("person", PersonRow, (person.role != "requester") & holds(person.teams, _name)),
    ],
    "topic": [
        _used("ticket", TicketRow, ticket.topic == _name),
        _used("topic", TopicRow, func.substr(_topic.name, 1, func.length(_name) + 1) == _name + "/"),
        _default("default_topic"),
    ],
    "type": [_used("ticket", TicketRow, ticket.type == _name)],
    "workflow": [
        _used("department", DepartmentRow, _department.workflow == _name),
        _default("workflow"),
    ],
}


def _statements(noun: str, model: Any, order: tuple[str, ...]) -> dict[str, Any]:
    known = columns(model)
    changed = {column.name: b(f"new_{column.name}") for column in known if column.name != "name"}
    return {
        f"{noun}_all": select(*known).order_by(*[known[name] for name in order]),
        f"{noun}_get": select(*known).where(func.lower(known.name) == func.lower(b("name"))),
        f"{noun}_add": adding(model),
        f"{noun}_save": update(model).where(known.name == b("key")).values(changed),
        f"{noun}_drop": delete(model).where(known.name == b("key")),
        f"{noun}_clear": delete(model),
        # Nothing refers to some resources: they can always be removed.
        f"{noun}_uses": union_all(*_USES.get(noun, [select(_words("nothing"), literal_column("0"))])),
    }


for _noun, _uses in _USES.items():
    if _noun in _schedule:
        _uses.append(_used("schedule", ScheduleRow, _schedule[_noun] == _name))
_USES["asset"].append(_used("schedule", ScheduleRow, holds(_schedule.assets, _name)))

STATEMENTS: dict[str, Any] = {}
for _noun, (_model, _order) in NOUNS.items():
    STATEMENTS |= _statements(_noun, _model, _order)

_field, _holiday = columns(TopicFieldRow), columns(HolidayRow)
STATEMENTS |= {
    "views_of_person_drop": delete(ViewRow).where(
        func.substr(columns(ViewRow).name, 1, func.length(b("owner")) + 1) == b("owner") + "/"
    ),
    "schedules_due": select(_schedule.name)
    .where(_schedule.next_at.is_not(None), _schedule.next_at <= b("now"))
    .order_by(_schedule.next_at, _schedule.name),
    # Only from the value that was read: if two processes advance from there, one of them does.
    "schedule_advance": update(ScheduleRow)
    .where(_schedule.name == b("key"), _schedule.next_at == b("seen"))
    .values(next_at=b("next_at"), last_at=b("last_at")),
    "topic_fields": select(*_field).order_by(_field.topic, _field.position, _field.key),
    "topic_fields_of": select(*_field)
    .where(func.lower(_field.topic) == func.lower(b("name")))
    .order_by(_field.position, _field.key),
    "topic_field_put": upsert(TopicFieldRow)
    .values({column.name: b(column.name) for column in _field})
    .on_conflict_do_update(
        index_elements=["topic", "key"],
        set_={column.name: b(column.name) for column in _field if column.name not in ("topic", "key")},
    ),
    "topic_field_drop": delete(TopicFieldRow).where(
        _field.topic == b("topic_name"), _field.key == b("field_key")
    ),
    "topic_fields_drop": delete(TopicFieldRow).where(_field.topic == b("topic_name")),
    "topic_fields_clear": delete(TopicFieldRow),
    "holidays": select(_holiday.day, _holiday.name, _holiday.by_hand)
    .where(_holiday.calendar == b("calendar"))
    .order_by(_holiday.day),
    "holidays_all": select(*_holiday).order_by(_holiday.calendar, _holiday.day),
    "holiday_put": upsert(HolidayRow)
    .values({column.name: b(column.name) for column in _holiday})
    .on_conflict_do_update(
        index_elements=["calendar", "day"], set_={"name": b("name"), "by_hand": b("by_hand")}
    ),
    "holiday_drop": delete(HolidayRow).where(_holiday.calendar == b("of"), _holiday.day == b("on_day")),
    "holidays_of_country_drop": delete(HolidayRow).where(_holiday.calendar == b("of"), _holiday.by_hand == 0),
    "holidays_drop": delete(HolidayRow).where(_holiday.calendar == b("of")),
    "holidays_clear": delete(HolidayRow),
    # Calendars whose country's holidays end before a day.
    "calendars_ending": select(func.count())
    .select_from(CalendarRow)
    .where(
        columns(CalendarRow).country.is_not(None),
        ~select(_holiday.day)
        .where(
            _holiday.calendar == columns(CalendarRow).name, _holiday.by_hand == 0, _holiday.day >= b("day")
        )
        .exists(),
    ),
    "holiday_last": select(func.max(_holiday.day)).where(
        _holiday.calendar == b("calendar"), _holiday.by_hand == 0
    ),
}
