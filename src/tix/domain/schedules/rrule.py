"""Rules of RFC 5545 §3.3.10, such as ``FREQ=WEEKLY;BYDAY=MO``: which parts they can have, and their times.

A rule recurs at most once a day. What the standard forbids is refused; numbers are bounded, so that no rule is
computed for ever.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

_HINT = "write it as FREQ=WEEKLY;BYDAY=MO or FREQ=MONTHLY;BYDAY=-1FR"
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_TOO_OFTEN = ("HOURLY", "MINUTELY", "SECONDLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Numeric parts: lowest and highest value, whether a minus counts from the end, dateutil's name.
_NUMBERS: dict[str, tuple[int, int, bool, str]] = {
    "INTERVAL": (1, 1_000, False, "interval"),
    "COUNT": (1, 1_000_000, False, "count"),
    "BYMONTH": (1, 12, False, "bymonth"),
    "BYMONTHDAY": (1, 31, True, "bymonthday"),
    "BYYEARDAY": (1, 366, True, "byyearday"),
    "BYWEEKNO": (1, 53, True, "byweekno"),
    "BYSETPOS": (1, 366, True, "bysetpos"),
    "BYHOUR": (0, 23, False, "byhour"),
    "BYMINUTE": (0, 59, False, "byminute"),
    "BYSECOND": (0, 59, False, "bysecond"),
}
# One value each: INTERVAL and COUNT by the standard, the time of day because a rule recurs once a day.
_SINGLE = frozenset({"INTERVAL", "COUNT", "BYHOUR", "BYMINUTE", "BYSECOND"})
# Combinations that the standard forbids.
_FORBIDDEN = (
    ("BYMONTHDAY", ("WEEKLY",)),
    ("BYYEARDAY", ("DAILY", "WEEKLY", "MONTHLY")),
    ("BYWEEKNO", ("DAILY", "WEEKLY", "MONTHLY")),
)
# The calendar repeats every 400 years, including weekdays: 146,097 days, a multiple of 7.
_CYCLE = 400


def parse_rule(text: str) -> str:
    """Return a rule in its shortest spelling: capitals, no ``RRULE:``.

    Raises InvalidValue for what the standard forbids, and for more than one occurrence a day.
    """
    parts = _parts(text.upper().removeprefix("RRULE:").strip(" ;"), text)
    _check(parts)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def times(rule: str, start: datetime) -> Iterator[datetime]:
    """Yield the local times of the rule, from ``start`` on, regardless of its UNTIL."""
    parts = _told(rule)
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        return _by_places_in_weeks(parts, start)
    return iter(_made(parts, start))


def until(rule: str) -> tuple[datetime, bool] | None:
    """Return the last time the rule allows, and whether it is in UTC; a day alone counts to its end."""
    word = _told(rule).get("UNTIL")
    return None if word is None else _until(word)


def names_any(rule: str, start: datetime) -> bool:
    """Return whether the rule matches any date: 30 February, for example, does not.

    Checked in the last supported years: a rule that matches nothing in a cycle of the calendar ends soon there.
    """
    late = start.replace(year=9_999 - _CYCLE - (9_999 - start.year) % _CYCLE)
    return next(times(rule, late), None) is not None


def _told(rule: str) -> dict[str, str]:
    """Return the parts of a rule that has been parsed."""
    return dict(part.split("=") for part in rule.split(";"))


def _parts(rule: str, text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, equals, value = (end.strip() for end in part.partition("="))
        if not equals or not value or name in parts:
            raise InvalidValue(f"'{text}' is not a recurrence rule (RFC 5545)", hint=_HINT)
        parts[name] = value.replace(" ", "")
    return parts


def _check(parts: dict[str, str]) -> None:
    frequency = parts.get("FREQ")
    if frequency in _TOO_OFTEN:
        raise InvalidValue(f"FREQ={frequency} is more often than once a day", hint="use FREQ=DAILY at most")
    if frequency not in _FREQUENCIES:
        raise InvalidValue(
            "the rule has no FREQ" if frequency is None else f"'{frequency}' is not a frequency",
            hint="use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY",
        )
    for name, value in parts.items():
        if name in _NUMBERS:
            _numbers(name, value)
        elif name == "BYDAY":
            _weekdays(value)
        elif name == "UNTIL":
            _until(value)
        elif name == "WKST":
            if value not in _WEEKDAYS:
                raise InvalidValue(
                    f"WKST={value} is not a weekday", hint=f"use one of {', '.join(_WEEKDAYS)}"
                )
        elif name != "FREQ":
            raise InvalidValue(f"'{name}' is not a part of a recurrence rule", hint=_HINT)
    _check_together(parts, frequency)


def _check_together(parts: dict[str, str], frequency: str) -> None:
    if "COUNT" in parts and "UNTIL" in parts:
        raise InvalidValue("COUNT and UNTIL cannot be used together")
    for name, frequencies in _FORBIDDEN:
        if name in parts and frequency in frequencies:
            raise InvalidValue(f"{name} cannot be used with FREQ={frequency}")
    if any(place for place, _ in _weekdays(parts.get("BYDAY", ""))) and (
        frequency in ("DAILY", "WEEKLY") or "BYWEEKNO" in parts
    ):
        raise InvalidValue(
            f"BYDAY={parts['BYDAY']} counts weekdays within a month or a year",
            hint="use FREQ=MONTHLY or FREQ=YEARLY",
        )
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        raise InvalidValue("BYSETPOS needs another BY… part to choose from")


def _numbers(name: str, value: str) -> list[int]:
    least, most, signed, _ = _NUMBERS[name]
    found = []
    for word in value.split(","):
        digits = word[1:] if word[:1] == "+" or (signed and word[:1] == "-") else word
        if not (digits.isascii() and digits.isdigit() and len(digits) < 9 and least <= int(digits) <= most):
            raise InvalidValue(f"{name}={value} is out of range", hint=f"use numbers from {least} to {most}")
        found.append(int(word))
    if name in _SINGLE and len(found) > 1:
        more = (
            "use one value: a rule recurs once a day at most" if name.startswith("BY") else "use one number"
        )
        raise InvalidValue(f"{name}={value} has several values", hint=more)
    return found


def _weekdays(value: str) -> list[tuple[int, int]]:
    """Return pairs of a position (0: every) and a weekday, for ``MO`` or ``-1FR``."""
    found = []
    for word in value.split(",") if value else ():
        place, day = word[:-2], word[-2:]
        digits = place.lstrip("+-")
        counts = digits.isascii() and digits.isdigit() and len(place) <= 3 and 0 < int(digits) <= 53
        if day not in _WEEKDAYS or not (counts or not place) or len(place) - len(digits) > 1:
            raise InvalidValue(
                f"BYDAY={value} is not a list of weekdays", hint="write them as MO,TH or 1MO or -1FR"
            )
        found.append((int(place or 0), _WEEKDAYS.index(day)))
    return found


def _until(value: str) -> tuple[datetime, bool]:
    """Return the last allowed time, and whether it is in UTC; a day alone counts to its end."""
    from datetime import datetime

    form = {8: "%Y%m%d", 15: "%Y%m%dT%H%M%S", 16: "%Y%m%dT%H%M%SZ"}.get(len(value), "")
    try:
        moment = datetime.strptime(value, form)  # noqa: DTZ007  # the Z tells whether it is UTC
    except ValueError:
        raise InvalidValue(
            f"UNTIL={value} is not a date", hint="write it as 20271231, 20271231T090000 or 20271231T080000Z"
        ) from None
    return (moment.replace(hour=23, minute=59, second=59) if len(value) == 8 else moment), len(value) == 16


def _by_places_in_weeks(parts: dict[str, str], start: datetime) -> Iterator[datetime]:
    """Yield the times of a weekly rule with BYSETPOS, which counts the days of the whole week.

    dateutil begins the first week at ``start``; here it begins at the start of that week, and times before ``start``
    are left out and not counted.
    """
    from datetime import timedelta
    from itertools import dropwhile, islice

    week_start = _WEEKDAYS.index(parts.get("WKST", "MO"))
    first_day = start - timedelta(days=(start.weekday() - week_start) % 7)
    endless = _made({name: value for name, value in parts.items() if name != "COUNT"}, first_day)
    found = dropwhile(lambda at: at < start, endless)
    return islice(found, int(parts["COUNT"])) if "COUNT" in parts else found


def _made(parts: dict[str, str], start: datetime) -> Any:
    """Return dateutil's rule without its UNTIL."""
    from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

    given: dict[str, Any] = {}
    for name, value in parts.items():
        if name in _NUMBERS:
            numbers = _numbers(name, value)
            given[_NUMBERS[name][3]] = numbers[0] if name in _SINGLE else numbers
    if "BYDAY" in parts:
        given["byweekday"] = [weekday(day, place or None) for place, day in _weekdays(parts["BYDAY"])]
    elif "BYWEEKNO" in parts and "BYMONTHDAY" not in parts and "BYYEARDAY" not in parts:
        given["byweekday"] = start.weekday()  # RFC 5545 3.3.10: DTSTART supplies what the rule leaves open
    if "WKST" in parts:
        given["wkst"] = _WEEKDAYS.index(parts["WKST"])
    given["freq"] = {"DAILY": DAILY, "MONTHLY": MONTHLY, "WEEKLY": WEEKLY, "YEARLY": YEARLY}[parts["FREQ"]]
    return rrule(dtstart=start, **given)
