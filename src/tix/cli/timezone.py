"""The time zone of the person at the terminal."""

from __future__ import annotations

import os
import sys

from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said


def adopt(name: str | None, *, utc: bool) -> None:
    """Let this command, and the programs it starts, live in a time zone. Raises InvalidValue, UsageError."""
    import time

    from tix.errors import UsageError

    if utc and name is not None:
        raise UsageError(Said("--tz and --utc cannot be combined"))
    if name is not None:
        from tix.domain.sla.calendars import parse_zone

        name = parse_zone(name)
    os.environ["TZ"] = name or "UTC"
    time.tzset()


def _adopt_setting() -> None:
    """Live in the time zone of the settings, where ``TZ`` says nothing."""
    if not os.environ.get("TZ"):
        from tix.cli.personal import settings

        name = settings.value("timezone")
        if name is not None:
            adopt(name, utc=False)


def local_zone() -> tzinfo:
    """``TZ``, else the setting, else the machine's zone, else the offset in force now; UTC where nothing is set.

    A named zone knows its summer time also for dates half a year away; a bare offset does not.
    """
    from zoneinfo import ZoneInfo

    _adopt_setting()
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        parts = os.path.realpath("/etc/localtime").split("zoneinfo/")
        name = parts[1] if len(parts) == 2 else ""
    try:
        return ZoneInfo(name) if name else _offset()
    except (OSError, ValueError, KeyError):
        return _offset()


def drawn_zone() -> tzinfo:
    """The same zone, as the C library knows it: for times that are shown. ``zoneinfo`` takes longer than a table."""
    import time
    from datetime import UTC, datetime, timedelta, tzinfo

    class SystemZone(tzinfo):
        def fromutc(self, at: datetime) -> datetime:
            epoch = at.replace(tzinfo=UTC).timestamp()
            return at + timedelta(seconds=time.localtime(epoch).tm_gmtoff)

        def utcoffset(self, at: datetime | None) -> timedelta:
            if at is None:
                return timedelta(0)
            epoch = time.mktime((*at.timetuple()[:6], 0, 0, -1))
            return timedelta(seconds=time.localtime(epoch).tm_gmtoff)

        def dst(self, _: datetime | None) -> None:
            return None

        def tzname(self, _: datetime | None) -> str:
            return time.tzname[0]

    _adopt_setting()
    time.tzset()
    return SystemZone() if abs(time.localtime().tm_gmtoff) < _DAY else _offset()


_DAY = 86_400


def _offset() -> tzinfo:
    """The offset the C library has read from ``TZ``; UTC, with a line, where no clock can be that far ahead."""
    from datetime import UTC, datetime

    try:
        return datetime.now().astimezone().tzinfo or UTC
    except (OverflowError, ValueError):  # a day or more
        from contextlib import suppress

        from tix.cli.messages import message

        with suppress(OSError):
            said = "tix: TZ is a day or more away from UTC; times are shown in UTC"
            sys.stderr.write(message(sys.argv, "warning", said, "time-zone"))
        return UTC
