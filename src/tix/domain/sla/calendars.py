"""Calendars: the business hours of a desk, and how much of them lies between two instants.

An instant counts if and only if the local time in the calendar's zone is then within the hours of that day, and
the day is not a holiday. So an hour that occurs twice counts twice, and one that the clocks skip does not count.
Instants are UTC seconds since 1970; without a calendar all time counts.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from tix.domain.times import LATEST, Day, day_number, day_start
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from datetime import tzinfo

# Seven days, Monday first; for each, pairs of minutes since midnight, 0 to 1440, in order, not overlapping.
Hours: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = tuple(name[:3] for name in _WEEKDAYS)

_DAY = 86_400
_LAST_ORDINAL = 3_652_059  # 9999-12-31
_EPOCH_ORDINAL = 719_163  # 1970-01-01, a Thursday, as date.toordinal() counts
_PATIENCE = 50 * 366 * _DAY


class Calendar(NamedTuple):
    """Business hours in a time zone, given by its IANA name.

    ``holidays`` maps local days, counted like ``date.toordinal()``, to their names.
    """

    name: str
    zone: str
    hours: Hours
    holidays: Mapping[int, str]
    country: str | None = None
    active: bool = True


# ------------------------------------------------------------------------------------------- arithmetic


def working(calendar: Calendar | None, start: int, end: int) -> int:
    """Return the working seconds from ``start`` to ``end``; 0 if ``end`` is not later.

    Raises InvalidValue if this machine does not know the calendar's zone.
    """
    if calendar is None:
        return max(0, end - start)
    return sum(until - since for since, until, holiday in spans(calendar, start, end) if holiday is None)


def after(calendar: Calendar | None, start: int, seconds: int) -> int:
    """Return the earliest instant from ``start`` on by which ``seconds`` have been worked.

    It is the end of a working day, not the beginning of the next. Raises InvalidValue if there is no such instant
    up to the year 9999, if fifty years pass without business hours, or if this machine does not know the
    calendar's zone.
    """
    left = max(0, seconds)
    if calendar is None or left == 0:
        return _in_range(start + left, calendar)
    at = start
    while at < LATEST:
        until = min(at + _PATIENCE, LATEST)
        idle = True
        for since, to, holiday in spans(calendar, at, until):
            if holiday is None:
                idle = False
                if left <= to - since:
                    return since + left
                left -= to - since
        if idle and until < LATEST:
            raise InvalidValue(
                f"the calendar {calendar.name} has no business hours for fifty years",
                hint=f"check its hours and holidays: tix calendar show {calendar.name}",
            )
        at = until
    return _in_range(LATEST + left, calendar)


def day_end(calendar: Calendar | None, day: Day, now: int) -> int:
    """Return when a day is over: at the end of its last business hour, in UTC seconds.

    It is the last second of the day without a calendar, on a day without business hours, and if those are over by
    ``now``: a date that somebody sets to today has not passed when they set it. Raises InvalidValue if this machine
    does not know the calendar's zone.
    """
    if calendar is None:
        return day.end
    worked = [until for _, until, holiday in spans(calendar, day.start, day.end) if holiday is None]
    return worked[-1] if worked and worked[-1] > now else day.end


def business_day(calendar: Calendar | None, now: int, count: int, zone: "tzinfo") -> Day:
    """Return the business day that is so many after today, or before it for a negative ``count``; not today itself.

    Days without business hours and holidays do not count. Without a calendar Monday to Friday do, in ``zone``. Raises
    InvalidValue where fifty years pass without a business day, outside the years 1970 to 9999, or if this machine does
    not know the calendar's zone.
    """
    here = zone if calendar is None else _zone(calendar)
    day = day_number(now, here)
    step = 1 if count >= 0 else -1
    left, idle = abs(count), 0
    while left:
        day += step
        if not _EPOCH_ORDINAL < day < _LAST_ORDINAL:
            raise InvalidValue(f"{count} business days are outside the years 1970 to 9999")
        is_open = (day - 1) % 7 < 5 if calendar is None else _is_business_day(calendar, day)
        idle = 0 if is_open else idle + 1
        left -= is_open
        if calendar is not None and idle > 50 * 366:
            raise InvalidValue(
                f"the calendar {calendar.name} has no business hours for fifty years",
                hint=f"check its hours and holidays: tix calendar show {calendar.name}",
            )
    return Day(day_start(day, here), min(day_start(day + 1, here) - 1, LATEST))


def _is_business_day(calendar: Calendar, ordinal: int) -> bool:
    return bool(calendar.hours[(ordinal - 1) % 7]) and ordinal not in calendar.holidays


def _in_range(at: int, calendar: Calendar | None) -> int:
    if at > LATEST:
        counted = (
            "counted around the clock" if calendar is None else f"counted in the calendar {calendar.name}"
        )
        raise InvalidValue(
            f"the due date, {counted}, would be after the year 9999", hint="use a shorter time"
        )
    return at


def spans(calendar: Calendar, start: int, end: int) -> Iterator[tuple[int, int, str | None]]:
    """Yield the business hours in order: start, end, and the holiday that takes them, or None.

    Two spans that touch may follow each other, since midnight and a change of the clocks divide them.
    """
    hours, holidays = calendar.hours, calendar.holidays
    for begin, finish, day, offset in _days(calendar, start, end):
        pairs = hours[(day + 3) % 7]
        if pairs:
            midnight = day * _DAY - offset
            holiday = holidays.get(day + _EPOCH_ORDINAL)
            for opens, closes in pairs:
                since = max(begin, midnight + opens * 60)
                until = min(finish, midnight + closes * 60)
                if since < until:
                    yield since, until, holiday


def _days(calendar: Calendar, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield [start, end) in pieces of one local day with one offset: begin, finish, days since 1970, offset.

    The zone is consulted once a day: if the offset at the coming midnight differs, the change is searched.
    No zone has had two changes within three days since 1970, so none is missed.
    """
    zone = _zone(calendar)
    at, offset = start, _offset(zone, start)
    while at < end:
        day = (at + offset) // _DAY
        finish = (day + 1) * _DAY - offset
        coming = _offset(zone, finish)
        if coming != offset:
            finish = _change(zone, at, finish, offset)
            coming = _offset(zone, finish)
        yield at, min(finish, end), day, offset
        at, offset = finish, coming


def _change(zone: "tzinfo", since: int, until: int, offset: int) -> int:
    """Return the first instant in (since, until] at which the offset is no longer ``offset``.

    At ``until`` it is another one.
    """
    later = range(since + 1, until)
    return since + 1 + bisect_left(later, True, key=lambda at: _offset(zone, at) != offset)


def _offset(zone: "tzinfo", at: int) -> int:
    """Return how many seconds the zone's clocks are ahead of UTC."""
    from datetime import datetime

    # A day before the last instant, so that zones ahead of UTC stay within the years Python supports.
    ahead = datetime.fromtimestamp(min(at, LATEST - _DAY), zone).utcoffset()
    assert ahead is not None
    return ahead.days * _DAY + ahead.seconds


def _zone(calendar: Calendar) -> "tzinfo":
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(calendar.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidValue(
            f"this machine does not know '{calendar.zone}', the time zone of the calendar {calendar.name}",
            hint="update the list of time zones: pip install --upgrade tzdata",
        ) from error


# ------------------------------------------------------------------------------------- as people write them

_HOURS_HINT = "write them as mon-fri 09:00-17:00, sat 10:00-14:00 or daily 8-20"


def parse_hours(text: str) -> Hours:
    """Parse the hours of a week: ``mon-fri 09:00-12:00 13:00-17:00, sat 10-14``; without days, of every day.

    Days add up, also as ``mon, wed 9-17`` and across the weekend (``fri-mon``). Raises InvalidValue for anything
    else, for hours that overlap or end before they begin, and for no hours at all.
    """
    week: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    days: list[int] = []
    timed = False  # whether the days named so far have hours already
    joined = "-".join(part.strip() for part in text.lower().replace("–", "-").split("-"))
    for word in joined.replace(",", " ").split():
        if word[0].isdigit():
            pair = _parse_pair(word)
            for day in days or range(7):
                week[day].append(pair)
            timed = True
        else:
            days = _parse_days(word) if timed else days + _parse_days(word)
            timed = False
    if not any(week):
        raise InvalidValue(f"'{text}' contains no hours", hint=_HOURS_HINT)
    if not timed:
        raise InvalidValue(
            f"'{text}' names a day without hours", hint="leave out days without business hours"
        )
    return tuple(_in_order(DAYS[day], pairs) for day, pairs in enumerate(week))


def _parse_days(word: str) -> list[int]:
    if word == "daily":
        return list(range(7))
    first, dash, last = word.partition("-")
    since, until = _parse_day(first), _parse_day(last if dash else first)
    return [(since + days) % 7 for days in range((until - since) % 7 + 1)]


def _parse_day(word: str) -> int:
    """Return the weekday of ``fri``, ``thurs``, ``friday``: at least three letters of one of them."""
    found = [day for day, name in enumerate(_WEEKDAYS) if name.startswith(word)] if len(word) > 2 else []
    if not found:
        raise InvalidValue(f"'{word}' is not a day", hint=f"use {', '.join(DAYS)}, or daily for every day")
    return found[0]


def _parse_clock(text: str) -> tuple[int, int] | None:
    """Return hour and minute of ``9`` or ``09:00``; None for another form. Compiling a pattern costs more than a write."""
    hour, colon, minute = text.partition(":")
    well_formed = text.isascii() and hour.isdigit() and len(hour) <= 2
    if not well_formed or (colon and not (minute.isdigit() and len(minute) == 2)):
        return None
    return int(hour), int(minute or 0)


def _parse_pair(word: str) -> tuple[int, int]:
    """Return the minutes of two times of a day. Raises InvalidValue unless they are in order."""
    times = [_parse_clock(part) for part in word.split("-")]
    if len(times) != 2 or None in times:
        raise InvalidValue(
            f"'{word}' is not a range of hours", hint="write it as 09:00-17:00 or 9-17, from 0:00 to 24:00"
        )
    (opens, first), (closes, last) = ((60 * hour + minute, minute) for hour, minute in filter(None, times))
    if max(first, last) > 59 or max(opens, closes) > 1440:
        raise InvalidValue(f"'{word}' is not within a day", hint="use times from 00:00 to 24:00")
    if opens == closes:
        raise InvalidValue(f"'{word}' ends when it begins", hint="write a whole day as 00:00-24:00")
    if opens > closes:
        night = f"{_clock(opens)}-24:00" + (f" and 00:00-{_clock(closes)} of the next day" if closes else "")
        raise InvalidValue(f"'{word}' ends before it begins", hint=f"write hours over midnight as {night}")
    return opens, closes


def _in_order(day: str, pairs: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    from itertools import pairwise

    ordered = sorted(pairs)
    for one, other in pairwise(ordered):
        if other[0] < one[1]:
            raise InvalidValue(
                f"on {day}, {_hours(one)} and {_hours(other)} overlap",
                hint=f"write them as one: {_hours((one[0], max(one[1], other[1])))}",
            )
    return tuple(ordered)


def format_hours(hours: Hours) -> str:
    """Return ``hours`` in the form ``parse_hours`` reads: ``mon-fri 09:00-17:00, sat 10:00-14:00``; ``daily …``."""
    from itertools import groupby

    groups = []
    for pairs, same in groupby(range(7), key=hours.__getitem__):
        days = list(same)
        named = DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
        if pairs:
            groups.append(" ".join(["daily" if len(days) == 7 else named, *map(_hours, pairs)]))
    return ", ".join(groups)


def _hours(pair: tuple[int, int]) -> str:
    return f"{_clock(pair[0])}-{_clock(pair[1])}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parse_zone(text: str) -> str:
    """Return the IANA name of a time zone, case-insensitively: ``Europe/Berlin``, ``America/New_York``.

    Raises InvalidValue with the nearest name if there is none.
    """
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    # Some systems list names for the local time of a machine and for no zone at all.
    names = sorted(available_timezones() - {"localtime", "Factory"})
    written = "_".join(text.casefold().split())
    known = {name.casefold(): name for name in names}
    if written in known:
        return known[written]
    cities = {name.casefold().rpartition("/")[2]: name for name in reversed(names)}
    near = get_close_matches(written, cities | known, n=1, cutoff=0.7)
    meant = (cities | known)[near[0]] if near else None
    raise InvalidValue(
        f"'{text}' is not a time zone",
        hint=f"did you mean {meant}?" if meant else "write it as Europe/Berlin or America/New_York",
    )
