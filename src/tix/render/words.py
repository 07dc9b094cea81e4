"""Times, field names, counts and files in words for people; every text is safe for a terminal and on one line.

They are in English, and know how to be said in another language (``tix.words.sentence``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from tix.render.safe import safe_line
from tix.typing import Any
from tix.words.sentence import Said

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
        month = Said.named("month", _MONTHS[day.month - 1])
        if day.year == today.year:
            return Said("{day} {month}", day=day.day, month=month)
        return Said("{day} {month} {year}", day=day.day, month=month, year=day.year)
    if abs(seconds) < _MINUTE:
        return Said("now")
    return _ahead(seconds) if seconds > 0 else _passed(-seconds)


def local(at: int, zone: tzinfo) -> str:
    """``2026-11-22 10:00``: the person's own clock, in the form that ``--due`` reads."""
    return f"{_moment(at, zone):%Y-%m-%d %H:%M}"


def clock(at: int, zone: tzinfo) -> str:
    """``10:00``."""
    return f"{_moment(at, zone):%H:%M}"


def day(at: int, zone: tzinfo) -> str:
    """``Sun 22 Nov 2026``."""
    moment = _moment(at, zone)
    return Said(
        "{weekday} {day} {month} {year}",
        weekday=Said.named("weekday", _WEEKDAYS[moment.weekday()]),
        day=moment.day,
        month=Said.named("month", _MONTHS[moment.month - 1]),
        year=moment.year,
    )


def date(at: int, zone: tzinfo) -> str:
    """``2026-11-22``: a day on the person's own calendar."""
    return f"{_moment(at, zone):%Y-%m-%d}"


def _moment(at: int, zone: tzinfo) -> datetime:
    try:
        return datetime.fromtimestamp(at, zone)
    except (OverflowError, ValueError):  # the last hours of the year 9999, east of Greenwich
        return datetime.fromtimestamp(at, UTC)


def _ahead(seconds: int) -> Said:
    if seconds + _MINUTE // 2 < _HOUR:
        return Said.counted("in {n}m", "in {n}m", (seconds + _MINUTE // 2) // _MINUTE)
    if seconds + _HOUR // 2 < _DAY:
        return Said.counted("in {n}h", "in {n}h", (seconds + _HOUR // 2) // _HOUR)
    return Said.counted("in {n}d", "in {n}d", (seconds + _DAY // 2) // _DAY)


def _passed(seconds: int) -> Said:
    if seconds >= _DAY:
        return Said.counted("{n}d ago", "{n}d ago", seconds // _DAY)
    if seconds >= _HOUR:
        return Said.counted("{n}h ago", "{n}h ago", seconds // _HOUR)
    return Said.counted("{n}m ago", "{n}m ago", seconds // _MINUTE)


def label(field: str, labels: Mapping[str, str] = LABELS) -> str:
    """A field as a word in a sentence: ``due date``, ``priority``."""
    if field in labels and labels is not LABELS:
        return safe_line(labels[field])  # as the desk calls it
    return Said.named("field", safe_line(labels.get(field, field.replace("_", " "))))


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
    return Said.named("entry", f"internal {item['kind']}" if item["internal"] else str(item["kind"]))
