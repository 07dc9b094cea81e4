"""Moments in words, in the reader's language and time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tix.domain.times import parse_instant

if TYPE_CHECKING:
    from datetime import tzinfo

    from tix.web.catalog import Words

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def near(at: str, now: int, words: Words, zone: tzinfo) -> str:
    """Return ``5 min ago`` within the last day, else the day with the time of day; of another year the day alone."""
    epoch = parse_instant(at)
    gone = now - epoch
    if 0 <= gone < _MINUTE:
        return words("time.now")
    if 0 <= gone < _HOUR:
        return words("time.minutes", n=gone // _MINUTE)
    if 0 <= gone < _DAY:
        return words("time.hours", n=gone // _HOUR)
    moment = _local(epoch, zone)
    if moment.year != _local(now, zone).year:
        return _said("time.day", moment, words)
    return _said("time.near", moment, words)


def whole(at: str, words: Words, zone: tzinfo) -> str:
    """Return the day, the year and the time of day."""
    return _said("time.whole", _local(parse_instant(at), zone), words)


def _said(key: str, moment: datetime, words: Words) -> str:
    month = words("time.months").split()[moment.month - 1]
    return words(key, day=moment.day, month=month, year=moment.year, time=f"{moment:%H:%M}")


def _local(epoch: int, zone: tzinfo) -> datetime:
    try:
        return datetime.fromtimestamp(epoch, zone)
    except (OverflowError, ValueError):  # the last hours of the year 9999, east of Greenwich
        return datetime.fromtimestamp(epoch, UTC)
