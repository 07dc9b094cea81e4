"""What the machine knows of the person: full name, time zone, how they write dates. For commands that ask."""

from __future__ import annotations

import os

from tix.cli.date_order import date_order
from tix.cli.timezone import local_zone as zone

__all__ = ["date_order", "full_name", "zone"]


def full_name() -> str:
    """The full name of the effective user in the user database; empty where it has none."""
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_gecos.split(",")[0].strip()
    except KeyError:
        return ""
