"""What due dates are computed from: SLA plans, calendars and their holidays."""

from __future__ import annotations

from collections.abc import Sequence

from tix.domain.json_columns import dumps, loads
from tix.domain.sla.calendars import Calendar, format_hours, parse_hours
from tix.domain.sla.plans import Override, Plan
from tix.store.connection import Store
from tix.store.setup.repository import Repository
from tix.typing import Any


def _plan(row: Sequence[Any]) -> Plan:
    name, grace, response, calendar, overrides, active = row
    others = () if overrides is None else tuple(Override(*one) for one in loads(overrides))
    return Plan(name, grace, response, calendar, others, bool(active))


PLANS = Repository(
    "sla",
    _plan,
    lambda one: {
        **one._asdict(),
        "active": int(one.active),
        "overrides": dumps(one.overrides),
    },
)


def _calendar(row: Sequence[Any]) -> Calendar:
    name, zone, hours, country, active = row
    return Calendar(name, zone, parse_hours(hours), {}, country, bool(active))


def _calendar_row(one: Calendar) -> dict[str, Any]:
    return {
        "name": one.name,
        "zone": one.zone,
        "hours": format_hours(one.hours),
        "country": one.country,
        "active": int(one.active),
    }


# Without their holidays, of which there are many: see ``calendar``.
CALENDARS = Repository("calendar", _calendar, _calendar_row)


def calendar(store: Store, name: str) -> Calendar | None:
    """Return the calendar with that name and its holidays, or None."""
    found = CALENDARS.get(store, name)
    if found is None:
        return None
    days = {day: words for day, words, _ in store.run("holidays", calendar=found.name)}
    return found._replace(holidays=days)


def holidays(store: Store, name: str) -> list[tuple[int, str, bool]]:
    """Return the holidays of a calendar: ordinal, name, whether given by hand."""
    return [(day, words, bool(by_hand)) for day, words, by_hand in store.run("holidays", calendar=name)]


def put_holiday(store: Store, calendar: str, day: int, name: str, *, by_hand: bool) -> None:
    """Store a holiday."""
    store.run("holiday_put", calendar=calendar, day=day, name=name, by_hand=int(by_hand))


def drop_holiday(store: Store, calendar: str, day: int) -> None:
    """Remove a holiday."""
    store.run("holiday_drop", of=calendar, on_day=day)
