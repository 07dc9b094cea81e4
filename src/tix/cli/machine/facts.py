"""What few commands ask about the person: full name, time zone, how they write dates. Each is loaded where it is asked."""

from __future__ import annotations

import os

from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo


def zone() -> tzinfo:
    """The time zone of what they read and type."""
    from tix.cli.timezone import local_zone

    return local_zone()


def date_order() -> str | None:
    """How their locale orders the numbers of a date, as ``cli.date_order`` returns it."""
    from tix.cli import date_order

    return date_order.date_order()


def full_name() -> str:
    """The full name of the effective user in the user database; empty where it has none."""
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_gecos.split(",")[0].strip()
    except KeyError:
        return ""
