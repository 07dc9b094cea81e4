"""The time zones a reader can choose."""

from __future__ import annotations

from functools import cache


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of the time zones, as the IANA database has them."""
    from zoneinfo import available_timezones

    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))
