"""What happened to the books of a ticket, in words: time put down, taken out, billed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tix.domain.times import format_work
from tix.render.safe import safe_line, shorten

Event = Mapping[str, Any]

_LONGEST_TEXT = 60


def added(event: Event) -> str:
    """``added 25m of work: looked at it``."""
    reason = event["reason"]
    text = f": {shorten(safe_line(reason), _LONGEST_TEXT)}" if reason else ""
    if (event["new"] or "").startswith("-"):
        return f"took back {_work(event['new'][1:])}{text}"
    return f"added {_work(event['new'])}{text}"


def removed(event: Event) -> str:
    """``removed 25m of work``."""
    return f"removed {_work(event['old'])}"


def rebilled(event: Event) -> str:
    """An invoice was drawn up, or is void."""
    reason = safe_line(event["reason"] or "an invoice")
    if reason.endswith(" is void"):
        return f"made {_work(event['new'])} billable again: {reason}"
    return f"billed {_work(event['old'])} on {reason}"


def _work(seconds: str | None) -> str:
    if seconds is not None and re.fullmatch("-?[0-9]{1,10}", seconds):
        return f"{format_work(int(seconds))} of work"
    return f"{safe_line(seconds or 'time')} of work"
