"""The resources SLA plan and calendar, and what changing them does to tickets."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.resources.registry import spelled
from tix.desk.resources.resource import Attribute, Given, Resource, words
from tix.domain.sla.calendars import Calendar, parse_hours, parse_zone
from tix.domain.sla.plans import Override, Plan
from tix.errors import InvalidValue
from tix.store.setup import sla
from tix.typing import Any

# Public holidays are stored as dates, from this many years back to this many years ahead.
_YEARS_BACK, _YEARS_AHEAD = 2, 12
# `tix tick` extends the holidays of a calendar that reaches fewer years ahead than this.
_YEARS_LEFT = 5


def _duration(desk: Desk, text: str) -> int:
    from tix.domain.durations import parse_duration

    seconds = parse_duration(text)
    if seconds <= 0:
        raise InvalidValue(f"'{text}' is not a duration above zero", hint="for example 30m, 4h or 3d")
    return seconds


def _override(desk: Desk, text: str) -> Override:
    """Parse ``high=1h`` or ``high=1h/10m``: resolution and response time of one priority."""
    name, equals, rest = text.partition("=")
    grace, _, response = rest.partition("/")
    if not equals or not (grace.strip() or response.strip()):
        raise InvalidValue(
            f"'{text}' is not PRIORITY=GRACE/RESPONSE", hint="for example high=1h/10m or high=1h"
        )
    return Override(
        desk.priority(name).name,
        _duration(desk, grace) if grace.strip() else None,
        _duration(desk, response) if response.strip() else None,
    )


def _check_plan(desk: Desk, old: Plan | None, new: Plan) -> Plan:
    """Keep the last override of each priority. Raises InvalidValue where a response is due after the resolution."""
    latest = {one.priority: one for one in new.overrides}
    checked = new._replace(overrides=tuple(latest.values()))
    for priority in (None, *latest):
        grace, response = checked.targets(priority or "")
        if response is not None and response > grace:
            raise InvalidValue(
                f"the first response of SLA plan {new.name} would be due after the resolution",
                hint="use a --response that is not longer than --grace",
            )
    return checked


def _settle_plan(desk: Desk, old: Plan | None, new: Plan, given: Given) -> bool:
    from tix.desk import reconfigure

    if old is not None and not given.get("removed"):
        reconfigure.plan_changed(desk, old, new)
    return False


PLAN = Resource(
    "sla",
    (
        Attribute(
            "grace",
            "TIME",
            "Time to resolve a ticket, e.g. 4h or 3d.",
            _duration,
            needed=True,
            into="grace_seconds",
        ),
        Attribute(
            "response", "TIME", "Time to the first response, e.g. 30m.", _duration, into="response_seconds"
        ),
        Attribute(
            "calendar",
            "NAME",
            "Calendar whose business hours count; without one, every hour counts.",
            lambda desk, text: spelled(desk, "calendar", text),
        ),
        Attribute(
            "override",
            "P=TIME/TIME",
            "Times for one priority (resolution/response), e.g. high=1h/10m.",
            _override,
            many=True,
        ),
    ),
    lambda name: Plan(name, 0),
    ("name", "grace_seconds", "response_seconds", "calendar", "overrides", "active"),
    check=_check_plan,
    settle=_settle_plan,
    tickets="sla",
)


# ------------------------------------------------------------------------------------------------ calendars


def _country(desk: Desk, text: str) -> str:
    """Parse ``DE``, or with a region ``DE-BY``. Raises InvalidValue."""
    word = text.strip().upper()
    _holidays_of(word, 2026, 2026)
    return word


def _holidays_of(country: str, first: int, last: int) -> dict[int, str]:
    """Return the public holidays of a country, date ordinal to name, from the ``holidays`` package."""
    import holidays

    code, _, part = country.partition("-")
    known_countries = holidays.list_supported_countries(include_aliases=False)
    if code not in known_countries:
        import difflib

        near = difflib.get_close_matches(code, known_countries, n=3)
        raise InvalidValue(
            f"no public holidays are known for country '{country}'",
            hint="use an ISO 3166 code such as DE or US"
            + (f"; did you mean {', '.join(near)}?" if near else ""),
        )
    parts = known_countries[code]
    if part and part not in parts:
        raise InvalidValue(
            f"{code} has no region '{part}'",
            hint="known regions: " + ", ".join(f"{code}-{one}" for one in parts),
        )
    days = holidays.country_holidays(code, subdiv=part or None, years=range(first, last + 1))
    return {day.toordinal(): name for day, name in days.items()}


def _missing_regions(desk: Desk, calendar: Calendar, given: Given) -> str | None:
    """Return a sentence naming the regions with holidays of their own, where a whole country was given."""
    if given.get("country") is None or calendar.country is None or "-" in calendar.country:
        return None
    import holidays

    code, year = calendar.country, _year(desk.now)
    national = _holidays_of(code, year, year).keys()
    parts = [
        f"{code}-{part}"
        for part in holidays.list_supported_countries(include_aliases=False)[code]
        if not _holidays_of(f"{code}-{part}", year, year).keys() <= national
    ]
    if not parts:
        return None
    return f"{code} covers national holidays only; for regional ones use --country with one of {', '.join(parts)}"


def _holiday(desk: Desk, text: str) -> tuple[int, str]:
    """Parse ``2026-12-24`` or ``2026-12-24=Christmas Eve``. Raises InvalidValue."""
    from datetime import date

    day, _, name = text.partition("=")
    try:
        return date.fromisoformat(day.strip()).toordinal(), " ".join(name.split()) or "holiday"
    except ValueError as error:
        raise InvalidValue(
            f"'{text}' is not a date", hint="for example 2026-12-24 or '2026-12-24=Christmas Eve'"
        ) from error


def _settle_calendar(desk: Desk, old: Calendar | None, new: Calendar, given: Given) -> bool:
    from tix.desk import reconfigure

    store = desk.store
    if given.get("removed"):
        store.run("holidays_drop", of=new.name)
        return False
    before = sla.holidays(store, new.name)
    if old is None or old.country != new.country:
        store.run("holidays_of_country_drop", of=new.name)
        if new.country is not None:
            year = _year(desk.now)
            _keep_country(desk, new, year - _YEARS_BACK, year + _YEARS_AHEAD)
    for word in words(given.get("holiday")):
        day, name = _holiday(desk, word)
        sla.put_holiday(store, new.name, day, name, by_hand=True)
    for word in words(given.get("remove-holiday")):
        sla.drop_holiday(store, new.name, _holiday(desk, word)[0])
    changed = before != sla.holidays(store, new.name)
    if old is not None and (changed or (old.zone, old.hours) != (new.zone, new.hours)):
        reconfigure.calendar_changed(desk, new.name)
    return changed


def _keep_country(desk: Desk, calendar: Calendar, first: int, last: int) -> None:
    by_hand = {day for day, _, own in sla.holidays(desk.store, calendar.name) if own}
    for day, name in _holidays_of(calendar.country or "", first, last).items():
        if day not in by_hand:
            sla.put_holiday(desk.store, calendar.name, day, name, by_hand=False)


def _year(at: int) -> int:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).year


def look_ahead(desk: Desk) -> int:
    """Add later years of public holidays where they run out; return for how many calendars. For ``tick``.

    No existing due date changes: the new holidays are years ahead. A calendar that has none of its country, from a
    file without them, gets those of a new calendar.
    """
    done = 0
    year = _year(desk.now)
    for calendar in sla.CALENDARS.all(desk.store):
        if calendar.country is None:
            continue
        last = desk.store.value("holiday_last", calendar=calendar.name)
        first = year - _YEARS_BACK if last is None else _year_of_day(last) + 1
        if first <= year + _YEARS_LEFT:
            with desk.store.writing():
                _keep_country(desk, calendar, first, year + _YEARS_AHEAD)
            done += 1
    return done


def _year_of_day(day: int) -> int:
    from datetime import date

    return date.fromordinal(day).year


def _days(desk: Desk, calendar: Calendar) -> dict[str, Any]:
    from datetime import date

    year = _year(desk.now)
    return {
        "holidays": [
            f"{date.fromordinal(day).isoformat()} {name}"
            for day, name, by_hand in sla.holidays(desk.store, calendar.name)
            if by_hand or year <= _year_of_day(day) <= year + 1
        ]
    }


CALENDAR: Resource[Calendar] = Resource(
    "calendar",
    (
        Attribute(
            "hours",
            "HOURS",
            "Business hours, e.g. 'mon-fri 09:00-17:00, sat 10:00-14:00'.",
            lambda desk, text: parse_hours(text),
            needed=True,
        ),
        Attribute(
            "zone",
            "ZONE",
            "Time zone, e.g. Europe/Berlin (default: UTC).",
            lambda desk, text: parse_zone(text),
        ),
        Attribute(
            "country",
            "CODE",
            "Country or region whose public holidays are days off, e.g. DE or DE-BY.",
            _country,
        ),
        Attribute(
            "holiday",
            "DATE[=NAME]",
            "Day off, e.g. '2026-12-24=Christmas Eve'.",
            _holiday,
            many=True,
            apart=True,
        ),
    ),
    lambda name: Calendar(name, "UTC", (), {}),
    ("name", "hours", "zone", "country", "active"),
    ("holidays",),
    settle=_settle_calendar,
    more=_days,
    advice=_missing_regions,
)
