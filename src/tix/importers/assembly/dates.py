"""When records were created, also where their file does not say it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers.record import Notice

_LAST = 253402300799  # 9999-12-31T23:59:59Z


class CreationDates:
    """The creation dates of the records of one file; ``now`` (UTC seconds) is that of records without any time."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._undated = 0

    def of(self, at: int | None, later: Iterable[int | None] = ()) -> int:
        """Return ``at``; if that is None the earliest of the other times in the record, at the latest now."""
        if at is not None:
            return at
        self._undated += 1
        return min([self._now, *(time for time in later if time is not None)])

    def notices(self) -> Iterator[Notice]:
        """Yield how many records had no creation date."""
        if self._undated:
            yield Notice(
                "1 record has no creation date; the earliest date in it is used, or else now",
                "{count:,} records have no creation date; the earliest date in each is used, or else now",
                self._undated,
            )


def epoch(value: object) -> int | None:
    """Return a number of seconds since 1970, or of milliseconds where it is as large as one, as UTC seconds.

    Text is read as a number, else as a date. None for none, or 0. Raises BrokenRecord if it is neither.
    """
    if value is None or isinstance(value, bool) or value in (0, "", "0"):
        return None
    if isinstance(value, str):
        digits = value.strip().removeprefix("-")
        if not digits.replace(".", "", 1).isdecimal() or len(digits) <= 8:
            return read.parse_instant(value) if value.strip() else None
        value = float(value)
    if not isinstance(value, int | float) or not math.isfinite(value) or abs(value) >= _LAST * 1000:
        raise BrokenRecord("a time is neither a date nor a number of seconds")
    return math.floor(value / 1000 if abs(value) > 100_000_000_000 else value)


def compact(value: object) -> int | None:
    """Return the time of ``20260105T100000Z`` (RFC 5545) or ISO 8601 as UTC seconds; None for none."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BrokenRecord("a time is not text")
    try:
        moment = datetime.strptime(value.strip(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return read.parse_instant(value)
    return math.floor(moment.timestamp())
