"""Numbers for a person: bars, a sparkline, times in words, and their definitions underneath."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tix.domain.times import WORK, format_work
from tix.render.report_words import duration
from tix.render.safe import safe_line, shorten, width
from tix.render.terminal import theme
from tix.render.terminal.console import Console, Span, Text
from tix.render.terminal.layout import padded, wrapped
from tix.typing import Any

_TICKS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_MOST_BARS = 12
_WIDEST_LABEL, _WIDEST_BAR = 20, 40


def draw_stats(record: Mapping[str, Any], definitions: Iterable[str], console: Console) -> None:
    """The record of ``tix stats``."""
    cells = console.width
    heads = ("tickets", "open", "resolved", "closed", "unassigned", "mine", "overdue")
    lines = theme.joined([_count(name, record[name]) for name in heads], cells)
    for title, key in (
        ("Status", "by_status"),
        ("Open, by assignee", "by_assignee"),
        ("Open, by department", "by_department"),
        ("Open, by priority", "by_priority"),
        ("Open, by age", "by_age"),
    ):
        lines += [Text(), *_bars(title, record[key], cells)]
    days = list(record["raised_by_day"].values())
    lines += [
        Text(),
        theme.line(Span("Created, last 30 days  ", theme.STRONG), sparkline(days), f"  {sum(days):,}"),
    ]
    lines += [Text(), *_times("First response", record["first_response"], cells)]
    lines += _times("Resolution", record["resolution"], cells)
    lines += _promises(record["sla"], cells)
    lines += _ratings(record["ratings"], cells)
    theme.write(console, lines)
    draw_definitions(definitions, console)


def draw_definitions(definitions: Iterable[str], console: Console) -> None:
    """What the numbers above mean."""
    lines = [Text()]
    for sentence in definitions:
        lines += [theme.line(Span(text, theme.QUIET)) for text in wrapped(sentence, console.width)]
    theme.write(console, lines)


def sparkline(values: list[int]) -> str:
    """One tick a value, none higher than the highest; a value of nothing is the lowest."""
    most = max(values, default=0)
    return "".join(_TICKS[0 if not most else -(-value * (len(_TICKS) - 1) // most)] for value in values)


def bar(value: int, most: int, cells: int) -> str:
    """A bar of at most so many cells; what is there at all is seen."""
    eighths = max(1, round(value * cells * 8 / most)) if value and most else 0
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


# Heads of a report that fit side by side; others are their column's name.
HEADS = {
    "median_response_seconds": "reply in",
    "median_resolution_seconds": "solved in",
    "response_met": "reply ok",
    "response_missed": "late",
    "response_percent": "reply %",
    "resolution_met": "solved ok",
    "resolution_missed": "too late",
    "resolution_percent": "solved %",
    "billable_seconds": "billable",
    "unbilled_seconds": "unbilled",
    "seconds": "time",
}


def readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a report as people read it: times as durations, under heads that fit."""
    return {
        HEADS.get(name, name): _time(name, value) if name.endswith("seconds") else value
        for name, value in row.items()
    }


def _time(name: str, seconds: int | None) -> str | None:
    return format_work(seconds) if name in WORK and seconds is not None else duration(seconds)


def _count(name: str, count: int) -> Span:
    return Span(f"{count:,} {name}", theme.OVERDUE if name == "overdue" and count else "")


def _bars(title: str, counts: Mapping[str, int], cells: int) -> list[Text]:
    lines = [theme.line(Span(title, theme.STRONG))]
    if not any(counts.values()):
        return [*lines, theme.line(Span("  none", theme.QUIET))]
    shown = list(counts.items())[:_MOST_BARS]
    labels = [shorten(safe_line(name), _WIDEST_LABEL) for name, _ in shown]
    wide = max(map(width, labels))
    digits = max(len(f"{count:,}") for _, count in shown)
    room = max(4, min(_WIDEST_BAR, cells - wide - digits - 5))
    most = max(count for _, count in shown)
    for label, (_, count) in zip(labels, shown, strict=True):
        lines.append(
            theme.line(
                f"  {padded(label, wide)} {count:>{digits},} ", Span(bar(count, most, room), theme.BAR)
            )
        )
    if len(counts) > _MOST_BARS:
        rest = list(counts.values())[_MOST_BARS:]
        lines.append(theme.line(Span(f"  and {len(rest)} more with {sum(rest):,} in total", theme.QUIET)))
    return lines


def _of(count: int | None) -> Span:
    """Of how many a number is."""
    return Span(f"of {count:,}" if count else "none yet", theme.QUIET)


def _times(title: str, times: Mapping[str, int | None], cells: int) -> list[Text]:
    spans = [Span(title, theme.STRONG)]
    if times["count"]:
        spans += [
            Span(f"median {duration(times['median_seconds'])}"),
            Span(f"p90 {duration(times['p90_seconds'])}"),
        ]
    return theme.joined([*spans, _of(times["count"])], cells)


def _promises(sla: Mapping[str, int], cells: int) -> list[Text]:
    spans = [
        Span(f"{name} {sla[f'{name}_met']:,} met, {sla[f'{name}_missed']:,} missed")
        for name in ("response", "resolution")
    ]
    return theme.joined([Span("SLA", theme.STRONG), *spans], cells)


def _ratings(ratings: Mapping[str, Any], cells: int) -> list[Text]:
    spans = [Span("Ratings", theme.STRONG)]
    if ratings["count"]:
        spans.append(Span(f"{ratings['average']:.2f} of 5"))
        spans += [Span(f"{stars}★ {ratings[stars]:,}") for stars in "54321" if ratings[stars]]
    return theme.joined([*spans, _of(ratings["count"])], cells)
