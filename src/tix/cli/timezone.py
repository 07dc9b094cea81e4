"""The time zone of the person at the terminal."""

from __future__ import annotations

import os
import sys

from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

from tix.typing import TYPE_CHECKING


def local_zone() -> tzinfo:
    """``TZ``, else the machine's zone, else the offset in force now; UTC where nothing is set.

    A named zone knows its summer time also for dates half a year away; a bare offset does not.
    """
    from pathlib import Path
    from zoneinfo import ZoneInfo

    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        target = Path("/etc/localtime")
        parts = str(target.resolve()).split("zoneinfo/") if target.exists() else []
        name = parts[1] if len(parts) == 2 else ""
    try:
        return ZoneInfo(name) if name else _offset()
    except (OSError, ValueError, KeyError):
        return _offset()


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
