"""Time and billing events of a ticket in words: time logged, deleted, billed."""

from __future__ import annotations

from collections.abc import Mapping

from tix.domain.times import format_work
from tix.render.safe import safe_line, shorten
from tix.typing import Any
from tix.words.sentence import Said

Event = Mapping[str, Any]

_LONGEST_TEXT = 60


def added(event: Event) -> str:
    """``logged 25m: checked the cable``."""
    reason = event["reason"]
    if (event["new"] or "").startswith("-"):
        what = Said("subtracted {work}", work=_work(event["new"][1:]))
    else:
        what = Said("logged {work}", work=_work(event["new"]))
    return (
        Said("{what}: {text}", what=what, text=shorten(safe_line(reason), _LONGEST_TEXT)) if reason else what
    )


def removed(event: Event) -> str:
    """``deleted a time entry of 25m``."""
    return Said("deleted a time entry of {work}", work=_work(event["old"]))


def rebilled(event: Event) -> str:
    """``billed 25m on invoice 3``, or what a void invoice made billable again."""
    reason = safe_line(event["reason"] or "an invoice")
    if reason.endswith(" is void"):
        return Said("made {work} billable again: {reason}", work=_work(event["new"]), reason=reason)
    return Said("billed {work} on {reason}", work=_work(event["old"]), reason=reason)


def _work(seconds: str | None) -> str:
    import re

    if seconds is not None and re.fullmatch("-?[0-9]{1,10}", seconds):
        return format_work(int(seconds))
    return safe_line(seconds or "some time")
