"""The tables of a desk's resources: departments, topics, plans, calendars and the others.

A resource is known by its ``name``, which is what tickets and people store. Lists are JSON arrays.
"""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from tix.store.schema.tickets import integer, string

_IN_USE = text("1")


class TypeRow(SQLModel, table=True):
    """A type of ticket."""

    __tablename__ = "ticket_type"

    name: str = string(primary_key=True)
    active: int = integer(server_default=_IN_USE)
    position: int = integer()


class PriorityRow(SQLModel, table=True):
    """A priority; ``aliases`` are words between spaces."""

    __tablename__ = "priority"

    name: str = string(primary_key=True)
    rank: int = integer(unique=True)
    aliases: str = string(server_default=text("''"))
    active: int = integer(server_default=_IN_USE)


class ClientRow(SQLModel, table=True):
    """An organisation; ``domains`` are those of its people's addresses, ``rate`` is its hourly rate, as text."""

    __tablename__ = "client"

    name: str = string(primary_key=True)
    domains: str | None = string(nullable=True)
    rate: str | None = string(nullable=True)
    currency: str | None = string(nullable=True)
    notes: str | None = string(nullable=True)
    active: int = integer(server_default=_IN_USE)


class DepartmentRow(SQLModel, table=True):
    """A department. ``mapping`` maps statuses of other workflows, a JSON object."""

    __tablename__ = "department"

    name: str = string(primary_key=True)
    sla: str | None = string(nullable=True)
    calendar: str | None = string(nullable=True)
    workflow: str | None = string(nullable=True)
    mapping: str | None = string(nullable=True)
    email: str | None = string(nullable=True)
    active: int = integer(server_default=_IN_USE)


class TeamRow(SQLModel, table=True):
    """A team; its members are in ``person.teams``."""

    __tablename__ = "team"

    name: str = string(primary_key=True)
    active: int = integer(server_default=_IN_USE)


class TopicRow(SQLModel, table=True):
    """A help topic; its name is its path, ``Report a Problem/Business Critical Outage``."""

    __tablename__ = "topic"

    name: str = string(primary_key=True)
    department: str | None = string(nullable=True)
    assignee: str | None = string(nullable=True)
    team: str | None = string(nullable=True)
    priority: str | None = string(nullable=True)
    sla: str | None = string(nullable=True)
    status: str | None = string(nullable=True)
    position: int = integer()
    active: int = integer(server_default=_IN_USE)


class TopicFieldRow(SQLModel, table=True):
    """A custom field of a topic."""

    __tablename__ = "topic_field"

    topic: str = string(primary_key=True)
    key: str = string(primary_key=True)
    label: str = string()
    kind: str = string()
    choices: str | None = string(nullable=True)
    required: int = integer()
    required_to_close: int = integer()
    staff_only: int = integer()
    default: str | None = string(nullable=True)
    position: int = integer()


class PlanRow(SQLModel, table=True):
    """An SLA plan. ``overrides`` is a JSON array of [priority, grace, response], seconds or null."""

    __tablename__ = "sla_plan"

    name: str = string(primary_key=True)
    grace_seconds: int = integer()
    response_seconds: int | None = integer(nullable=True)
    calendar: str | None = string(nullable=True)
    overrides: str | None = string(nullable=True)
    active: int = integer(server_default=_IN_USE)


class CalendarRow(SQLModel, table=True):
    """Business hours, such as ``mon-fri 09:00-17:00``, in a time zone; ``country`` supplies the holidays."""

    __tablename__ = "calendar"

    name: str = string(primary_key=True)
    zone: str = string()
    hours: str = string()
    country: str | None = string(nullable=True)
    active: int = integer(server_default=_IN_USE)


class HolidayRow(SQLModel, table=True):
    """A holiday, as a proleptic ordinal. ``by_hand``: given as a date, not taken from the country."""

    __tablename__ = "holiday"

    calendar: str = string(primary_key=True)
    day: int = integer(primary_key=True)
    name: str = string()
    by_hand: int = integer()


class AssetRow(SQLModel, table=True):
    """An asset that tickets are about."""

    __tablename__ = "asset"

    name: str = string(primary_key=True)
    client: str | None = string(nullable=True)
    kind: str | None = string(nullable=True)
    serial: str | None = string(nullable=True)
    notes: str | None = string(nullable=True)
    active: int = integer(server_default=_IN_USE)


class CannedRow(SQLModel, table=True):
    """A canned reply; ``body`` has placeholders, see ``domain.canned``."""

    __tablename__ = "canned"

    name: str = string(primary_key=True)
    body: str = string()
    active: int = integer(server_default=_IN_USE)


class ViewRow(SQLModel, table=True):
    """A saved view, by ``LOGIN/NAME`` if it is personal and ``/NAME`` if it is shared.

    ``words`` is a JSON object of options of ``list`` and their values.
    """

    __tablename__ = "view"

    name: str = string(primary_key=True)
    words: str = string()


class ScheduleRow(SQLModel, table=True):
    """A recurring ticket, in the order of ``domain.schedules.schedule.Schedule``.

    ``fields`` is a JSON array of pairs.
    """

    __tablename__ = "schedule"

    name: str = string(primary_key=True)
    owner: str = string()
    subject: str = string()
    body: str = string()
    every: str = string()
    start_at: int = integer()
    zone: str = string()
    requester: str = string()
    next_at: int | None = integer(nullable=True)
    last_at: int | None = integer(nullable=True)
    paused: int = integer()
    topic: str | None = string(nullable=True)
    type: str | None = string(nullable=True)
    category: str | None = string(nullable=True)
    priority: str | None = string(nullable=True)
    client: str | None = string(nullable=True)
    department: str | None = string(nullable=True)
    team: str | None = string(nullable=True)
    assignee: str | None = string(nullable=True)
    sla: str | None = string(nullable=True)
    due: str | None = string(nullable=True)
    email: str | None = string(nullable=True)
    phone: str | None = string(nullable=True)
    notify_email: str | None = string(nullable=True)
    about: str | None = string(nullable=True)
    assets: str | None = string(nullable=True)
    tags: str | None = string(nullable=True)
    fields: str | None = string(nullable=True)


# What every `tick` asks for.
_s = ScheduleRow.__table__.c  # type: ignore[attr-defined]  # SQLModel does not type __table__
_waits = text("next_at IS NOT NULL")
Index("schedule_due", _s.next_at, _s.name, sqlite_where=_waits, postgresql_where=_waits)


class WorkflowRow(SQLModel, table=True):
    """A user-defined workflow: JSON, see ``domain.workflows.plain``."""

    __tablename__ = "workflow"

    name: str = string(primary_key=True)
    definition: str = string()
