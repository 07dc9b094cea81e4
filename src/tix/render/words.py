"""Times, field names, counts and files in words for people; every text is safe for a terminal and on one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from tix.render.safe import safe_line
from tix.typing import Any

# The name of a field inside a sentence; capitalised it is a label. Other fields are called by their key.
LABELS = {
    "due_at": "due date",
    "sla": "SLA plan",
    "email": "e-mail",
    "notify_email": "notification address",
    "about": "related object",
    "snoozed_until": "snooze",
    "time_seconds": "time spent",
}

_MINUTE, _HOUR, _DAY, _WEEK = 60, 3_600, 86_400, 604_800
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def relative(at: int, now: int, zone: tzinfo) -> str:
    """``in 3h``, ``2d ago``, ``now``; a week and further off the day: ``12 Dec``, ``12 Dec 2025``.

    What is past is rounded down, what is to come to the nearest: three hours from now stay ``in 3h`` while
    somebody reads.
    """
    seconds = at - now
    if abs(seconds) >= _WEEK:
        day, today = _moment(at, zone), _moment(now, zone)
        year = "" if day.year == today.year else f" {day.year}"
        return f"{day.day} {_MONTHS[day.month - 1]}{year}"
    if abs(seconds) < _MINUTE:
        return "now"
    return f"in {_span(seconds)}" if seconds > 0 else f"{_span_passed(-seconds)} ago"


def local(at: int, zone: tzinfo) -> str:
    """``2026-11-22 10:00``: the person's own clock, in the form that ``--due`` reads."""
    return f"{_moment(at, zone):%Y-%m-%d %H:%M}"


def clock(at: int, zone: tzinfo) -> str:
    """``10:00``."""
    return f"{_moment(at, zone):%H:%M}"


def day(at: int, zone: tzinfo) -> str:
    """``Sun 22 Nov 2026``."""
    moment = _moment(at, zone)
    return f"{_WEEKDAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def date(at: int, zone: tzinfo) -> str:
    """``2026-11-22``: a day on the person's own calendar."""
    return f"{_moment(at, zone):%Y-%m-%d}"


def _moment(at: int, zone: tzinfo) -> datetime:
    try:
        return datetime.fromtimestamp(at, zone)
    except (OverflowError, ValueError):  # the last hours of the year 9999, east of Greenwich
        return datetime.fromtimestamp(at, UTC)


def _span(seconds: int) -> str:
    if seconds + _MINUTE // 2 < _HOUR:
        return f"{(seconds + _MINUTE // 2) // _MINUTE}m"
    if seconds + _HOUR // 2 < _DAY:
        return f"{(seconds + _HOUR // 2) // _HOUR}h"
    return f"{(seconds + _DAY // 2) // _DAY}d"


def _span_passed(seconds: int) -> str:
    for size, letter in ((_DAY, "d"), (_HOUR, "h")):
        if seconds >= size:
            return f"{seconds // size}{letter}"
    return f"{seconds // _MINUTE}m"


def label(field: str, labels: Mapping[str, str] = LABELS) -> str:
    """A field as a word in a sentence: ``due date``, ``priority``."""
    return safe_line(labels.get(field, field.replace("_", " ")))


def stars(rating: int) -> str:
    """``★★★★☆``."""
    return "★" * rating + "☆" * (5 - rating)


def file_words(name: str, size: int) -> str:
    """``photo.jpg (1.2MB)``."""
    from tix.domain.files.sizes import format_size

    return f"{safe_line(name)} ({format_size(size)})"


def counted(number: int, noun: str) -> str:
    """``1 reply``, ``3 replies``, ``2 events``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"


def entry_kind(item: Mapping[str, Any]) -> str:
    """What an entry is: ``reply``; ``internal note``; ``internal reply``, where it was taken back before it was sent."""
    return f"internal {item['kind']}" if item["internal"] else str(item["kind"])
