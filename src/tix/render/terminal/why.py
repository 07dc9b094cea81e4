"""``tix why`` on a terminal: a sentence about the due date, and the periods of time behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from tix.domain.times import format_duration, parse_instant
from tix.render.safe import safe_line
from tix.render.terminal import tables, theme
from tix.render.terminal.console import Console, Span
from tix.render.terminal.layout import wrapped
from tix.render.words import local, relative
from tix.typing import Any
from tix.words.sentence import Said, shown


def draw_reasons(record: Mapping[str, Any], *, now: int, zone: tzinfo, console: Console) -> None:
    """The record of ``tix why``."""
    for line in wrapped(shown(_sentence(record, now, zone)), console.width):
        theme.write(console, [theme.line(Span(line, theme.OVERDUE if record["overdue"] else ""))])
    if record["segments"]:
        rows = [
            {
                "from": local(parse_instant(one["from"]), zone),
                "to": local(parse_instant(one["to"]), zone),
                "time": format_duration(one["seconds"]),
                "counts": one["kind"] + (f": {one['why']}" if one["why"] else ""),
            }
            for one in record["segments"]
        ]
        theme.write(console, [theme.line()])
        tables.draw_records(rows, ("from", "to", "time", "counts"), console=console)
        theme.write(console, [theme.line(), *[theme.line(Span(line)) for line in _sums(record)]])


def _sentence(record: Mapping[str, Any], now: int, zone: tzinfo) -> str:
    ref = safe_line(record["ref"])
    if record["due_at"] is None:
        return Said("{ref} has no due date (no SLA plan, none set by hand).", ref=ref)
    due_at = parse_instant(record["due_at"])
    when = Said("{at} ({near})", at=local(due_at, zone), near=relative(due_at, now, zone))
    if record["source"] == "hand":
        return Said("{ref} is due {when}, set by hand.", ref=ref, when=when)
    if record["calendar"]:
        hours = Said("business hours {calendar}", calendar=safe_line(record["calendar"]))
    else:
        hours = Said("around the clock")
    return Said(
        "{ref} is due {when}: SLA plan {plan}, {grace} from {since} ({hours}).",
        ref=ref,
        when=when,
        plan=safe_line(record["plan"]),
        grace=format_duration(record["grace_seconds"]),
        since=local(parse_instant(record["clock_at"]), zone),
        hours=hours,
    )


def _sums(record: Mapping[str, Any]) -> list[str]:
    """What ran, and what did not count."""
    kinds = ("running", "paused", "outside_hours", "holiday")
    told = [
        f"{format_duration(record[f'{kind}_seconds'])} {kind.replace('_', ' ')}"
        for kind in kinds
        if record[f"{kind}_seconds"]
    ]
    return [", ".join(told)] if told else []
