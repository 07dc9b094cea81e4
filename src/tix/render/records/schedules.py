"""Schedules as records."""

from __future__ import annotations

from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.schedules.schedule import Schedule


FIELDS = ("name", "every", "next_at", "last_at", "paused", "subject")
_MORE = (
    "start_at zone owner requester topic type category priority client department team assignee sla due email phone "
    "notify_email about assets tags fields body next"
).split()


KIND, SHOWN = Kind(FIELDS), Kind((*FIELDS, *_MORE))


_INSTANTS = frozenset({"next_at", "last_at", "start_at"})


def value(one: Schedule, name: str) -> Any:
    """A field as scripts read it."""
    value = getattr(one, name)
    if name in _INSTANTS and value is not None:
        from tix.domain.times import instant

        return instant(value)
    if name == "fields":
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def short_record(one: Schedule) -> dict[str, Any]:
    """A schedule as a list has it."""
    return {name: value(one, name) for name in FIELDS}


def record(desk: Desk, one: Schedule, count: int | None = None) -> dict[str, Any]:
    """All of a schedule, with its next dates: ``count`` of them; else a few, of a paused one none."""
    from tix.desk.schedules import schedules
    from tix.domain.times import instant

    if count is None:
        dates = [] if one.paused else schedules.dates(desk, one, schedules.FEW)
    else:
        dates = schedules.dates(desk, one, count)
    return {
        **{name: value(one, name) for name in SHOWN.fields if name != "next"},
        "next": list(map(instant, dates)),
    }
