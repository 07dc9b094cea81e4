"""Time and billing events of a ticket in words: time logged, deleted, billed."""

from __future__ import annotations

from collections.abc import Mapping

from tix.domain.times import format_work
from tix.render.safe import safe_line, shorten
from tix.typing import Any

Event = Mapping[str, Any]

_LONGEST_TEXT = 60


def added(event: Event) -> str:
    """``logged 25m: checked the cable``."""
    reason = event["reason"]
    text = f": {shorten(safe_line(reason), _LONGEST_TEXT)}" if reason else ""
    if (event["new"] or "").startswith("-"):
        return f"subtracted {_work(event['new'][1:])}{text}"
    return f"logged {_work(event['new'])}{text}"


def removed(event: Event) -> str:
    """``deleted a time entry of 25m``."""
    return f"deleted a time entry of {_work(event['old'])}"


def rebilled(event: Event) -> str:
    """``billed 25m on invoice 3``, or what a void invoice made billable again."""
    reason = safe_line(event["reason"] or "an invoice")
    if reason.endswith(" is void"):
        return f"made {_work(event['new'])} billable again: {reason}"
    return f"billed {_work(event['old'])} on {reason}"


def _work(seconds: str | None) -> str:
    import re

    if seconds is not None and re.fullmatch("-?[0-9]{1,10}", seconds):
        return format_work(int(seconds))
    return safe_line(seconds or "some time")
