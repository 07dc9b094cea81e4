"""When something recurs: by a name or an RFC 5545 rule, from a start on, in a time zone.

A recurrence keeps its local time: 09:00 stays 09:00 when summer time begins. Its occurrences are computed one by
one, so a rule needs no end; none has more than one a day. Instants are UTC seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tix.domain.schedules.rrule import names_any, parse_rule, times, until
from tix.domain.times import LATEST
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

# The interval of each name. With months, a day that a month does not have is its last day.
_DAYS = {"three-days": 3, "weekly": 7, "biweekly": 14}
_MONTHS = {"monthly": 1, "quarterly": 3, "biannually": 6, "annually": 12}
NAMES = (*_DAYS, *_MONTHS)

_HINT = (
    f"use day, weekday, mon,thu, 10 days, {', '.join(NAMES)}, or a rule (RRULE), e.g. FREQ=MONTHLY;BYDAY=-1FR"
)


class Recurrence(NamedTuple):
    """A recurrence, its start and its time zone.

    ``every`` is a name or a rule, as returned by ``parse_every``; ``zone`` an IANA name, or an offset such as
    ``+02:00``.
    """

    every: str
    start_at: int
    zone: str


def parse_every(text: str) -> str:
    """Return a name, or a rule in its shortest spelling, of which ``daily`` and ``mon, thu`` are made too.

    Raises InvalidValue for anything else.
    """
    word = " ".join(text.split())
    if word.lower() in NAMES:
        return word.lower()
    if "=" in word:
        return parse_rule(word)
    found = _spoken(word.lower().removeprefix("every "))
    if found is None:
        raise InvalidValue(f"'{text}' is not a frequency", hint=_HINT)
    return found


# Names and rules by the words that people use for them.
_WORDS = {
    **dict.fromkeys(("day", "daily"), "FREQ=DAILY"),
    **dict.fromkeys(
        ("weekday", "weekdays", "workday", "workdays", "business day"), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    ),
    **dict.fromkeys(("weekend", "weekends"), "FREQ=WEEKLY;BYDAY=SA,SU"),
    "week": "weekly",
    **dict.fromkeys(("fortnight", "fortnightly", "other week", "second week"), "biweekly"),
    **dict.fromkeys(("other day", "second day"), "FREQ=DAILY;INTERVAL=2"),
    "month": "monthly",
    "quarter": "quarterly",
    **dict.fromkeys(("half year", "half-year", "half-yearly"), "biannually"),
    **dict.fromkeys(("year", "yearly"), "annually"),
}
_UNCLEAR = {
    "bimonthly": "every 2 months or FREQ=MONTHLY;BYMONTHDAY=1,15",
    "semiweekly": "FREQ=WEEKLY;BYDAY=MO,TH or biweekly",
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _spoken(word: str) -> str | None:
    """Return the name or the rule of ``weekday``, ``3 days``, ``monday`` or ``mon, thu``; None for other words.

    Raises InvalidValue for what can be read in several ways.
    """
    if word in _UNCLEAR:
        raise InvalidValue(f"'{word}' is ambiguous", hint=f"use {_UNCLEAR[word]}")
    if word in _WORDS:
        return _WORDS[word]
    count, _, unit = word.partition(" ")
    if count.isdecimal() and count.isascii() and unit in ("days", "weeks", "months", "years"):
        named = {
            "3 days": "three-days",
            "2 weeks": "biweekly",
            "3 months": "quarterly",
            "6 months": "biannually",
        }
        frequency = {"days": "DAILY", "weeks": "WEEKLY", "months": "MONTHLY", "years": "YEARLY"}[unit]
        return named.get(word) or parse_rule(f"FREQ={frequency};INTERVAL={int(count)}")
    names = word.replace(" and ", ",").replace(" ", ",").split(",")
    days = [
        next((day[:2].upper() for day in _WEEKDAYS if len(name) > 2 and f"{day}s".startswith(name)), None)
        for name in names
        if name
    ]
    if not days or None in days:
        return None
    return "FREQ=WEEKLY;BYDAY=" + ",".join(dict.fromkeys(filter(None, days)))


def moments(rhythm: Recurrence, since: int) -> Iterator[int]:
    """Yield the occurrences after ``since``, in order.

    Raises InvalidValue for a zone this machine does not know.
    """
    last = since
    for at in _instants(rhythm, since):
        if at > LATEST:
            return
        if at > last:
            yield at
            last = at


def first(rhythm: Recurrence, since: int) -> int | None:
    """Return the first occurrence after ``since``; None if there are no more."""
    return next(moments(rhythm, since), None)


def upcoming(rhythm: Recurrence, since: int, count: int) -> list[int]:
    """Return the first ``count`` occurrences after ``since``, fewer if the recurrence ends."""
    return list(islice(moments(rhythm, since), count))


def refuse_idle(rhythm: Recurrence) -> None:
    """Raise InvalidValue for a rule that matches no date at all, such as 30 February."""
    if rhythm.every in NAMES:
        return
    start = _shown(rhythm.start_at, zone_of(rhythm.zone))
    if not names_any(rhythm.every, start) or first(rhythm, -1) is None:
        raise InvalidValue(f"the rule {rhythm.every} matches no date", hint=_HINT)


def in_zone(rhythm: Recurrence, zone: str) -> Recurrence:
    """Return the same local times in another zone."""
    shown = _shown(rhythm.start_at, zone_of(rhythm.zone))
    return rhythm._replace(start_at=_instant(shown, zone_of(zone)), zone=zone)


def day_start(at: int, zone: str) -> int:
    """Return the instant at which the zone's local day at ``at`` began."""
    there = zone_of(zone)
    return _instant(_shown(at, there).replace(hour=0, minute=0, second=0), there)


def zone_of(name: str) -> tzinfo:
    """Return a zone by its name or its offset from UTC. Raises InvalidValue if this machine does not know it."""
    from datetime import datetime
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        if name.startswith(("+", "-")):
            found = datetime.strptime(name, "%z").tzinfo
            assert found is not None
            return found
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidValue(
            f"this machine does not know the time zone '{name}'",
            hint="update the list of time zones: pip install --upgrade tzdata",
        ) from error


def zone_name(zone: tzinfo, at: int) -> str:
    """Return the name by which ``zone_of`` finds a zone, else its offset at ``at``."""
    from datetime import datetime

    key = getattr(zone, "key", None)
    if isinstance(key, str):
        return key
    ahead = datetime.fromtimestamp(at, zone).strftime("%z")
    return "UTC" if ahead == "+0000" else f"{ahead[:3]}:{ahead[3:]}"


def _shown(at: int, zone: tzinfo) -> datetime:
    """Return the local time in a zone."""
    from datetime import datetime

    return datetime.fromtimestamp(at, zone).replace(tzinfo=None)


def _instant(shown: datetime, zone: tzinfo) -> int:
    """Return the instant of a local time: of two the first; for a skipped one, with the offset before the change."""
    return int(shown.replace(tzinfo=zone, fold=0).timestamp())


def _instants(rhythm: Recurrence, since: int) -> Iterator[int]:
    """Yield the occurrences in order, starting with one that may be before ``since``."""
    zone = zone_of(rhythm.zone)
    start = _shown(rhythm.start_at, zone)
    days, months = _DAYS.get(rhythm.every), _MONTHS.get(rhythm.every)
    try:
        if days is not None:
            yield from _by_days(start, zone, days, since - rhythm.start_at)
        elif months is not None:
            yield from _by_months(start, zone, months, since - rhythm.start_at)
        else:
            yield from _by_rule(rhythm.every, start, zone)
    except (OverflowError, ValueError):  # the year 9999 is over
        return


def _by_days(start: datetime, zone: tzinfo, days: int, passed: int) -> Iterator[int]:
    from datetime import timedelta

    place = max(0, passed // (86_400 * days) - 1)
    while True:
        yield _instant(start + timedelta(days=place * days), zone)
        place += 1


def _by_months(start: datetime, zone: tzinfo, months: int, passed: int) -> Iterator[int]:
    from calendar import monthrange

    place = max(0, passed // (86_400 * 31 * months) - 1)
    while True:
        year, month = divmod(start.month - 1 + place * months, 12)
        year, month = start.year + year, month + 1
        yield _instant(
            start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1])), zone
        )
        place += 1


def _by_rule(every: str, start: datetime, zone: tzinfo) -> Iterator[int]:
    end = until(every)
    last = LATEST if end is None else _instant(end[0], zone_of("UTC") if end[1] else zone)
    for shown in times(every, start):
        at = _instant(shown, zone)
        if at > last:
            return
        yield at
