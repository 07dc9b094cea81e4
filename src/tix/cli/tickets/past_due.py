"""The warning about a due date in the past, which is accepted."""

from __future__ import annotations

from tix.cli.session import Session
from tix.typing import Any
from tix.words.sentence import Said


def warn(session: Session, ref: str, due_at: str | None) -> None:
    """Say that a due date (UTC, ISO 8601) somebody has set lies in the past, if it does."""
    if due_at is None:
        return
    from tix.domain.tickets.due_dates import is_past
    from tix.domain.times import parse_instant

    at = parse_instant(due_at)
    if is_past(at, session.now):
        from tix.cli.output import zone
        from tix.render.words import clock, day

        here = zone()
        session.warn(
            "due-in-the-past",
            Said(
                "{ref}: the due date {day} {time} is in the past.",
                ref=ref,
                day=day(at, here),
                time=clock(at, here),
            ),
        )


def warn_of(session: Session, ref: str, items: list[dict[str, Any]]) -> None:
    """Say the same of the due date among changes (``item_record``)."""
    for item in items:
        event = item["event"]
        if event is not None and event["field"] == "due_at":
            warn(session, ref, event["new"])
