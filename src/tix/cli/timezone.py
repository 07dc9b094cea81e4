"""The time zone of the person at the terminal."""

from __future__ import annotations

import os
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk


def local_zone() -> tzinfo:
    """``TZ``, else the machine's zone, else the offset in force now; UTC where nothing is set.

    A named zone knows its summer time also for dates half a year away; a bare offset does not.
    """
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        target = Path("/etc/localtime")
        parts = str(target.resolve()).split("zoneinfo/") if target.exists() else []
        name = parts[1] if len(parts) == 2 else ""
    try:
        return ZoneInfo(name) if name else datetime.now().astimezone().tzinfo or UTC
    except (OSError, ValueError, KeyError):
        return datetime.now().astimezone().tzinfo or UTC


def moment(desk: Desk, text: str, *, past: bool = False, ends: bool = False) -> int:
    """A moment somebody typed, in their own time zone; a day alone is its start, with ``ends`` its end.

    Raises InvalidValue.
    """
    from tix.domain.times import parse_moment

    return parse_moment(text, desk.now, desk.zone, past=past, ends=ends)
