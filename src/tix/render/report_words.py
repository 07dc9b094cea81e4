"""Reports for people: the columns and bars of each, and its result in a sentence. Nothing of it is in JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tix.domain.times import format_duration, format_work
from tix.render.safe import safe_line
from tix.typing import Any, NamedTuple

Row = Mapping[str, Any]


class Column(NamedTuple):
    """A column: its key, its head, and its text if that is not the number itself.

    ``bar`` is the key of the number that is drawn as a bar beside it. Bars with the same ``scale`` can be compared.
    """

    key: str
    head: str
    text: Callable[[Row], str] | None = None
    bar: str | None = None
    scale: str = ""

    def said(self, row: Row) -> str:
        """Return the cell of a row; an empty one says so."""
        if self.text is not None:
            return self.text(row)
        value = row[self.key]
        if value is None:
            return "–"
        return f"{value:,}" if isinstance(value, int) else safe_line(str(value))


class Report(NamedTuple):
    """How a report is shown: title, columns, whose first one names the row, and a sentence about all rows."""

    title: str
    columns: tuple[Column, ...]
    sentence: Callable[[Sequence[Row]], str]

    @property
    def bars(self) -> list[Column]:
        """Return the columns with a bar."""
        return [one for one in self.columns if one.bar is not None]


def duration(seconds: int | None) -> str | None:
    """Return a time in its two largest units."""
    if seconds is None:
        return None
    for unit in (86_400, 3_600, 60):
        if seconds >= unit * 10:
            return format_duration(seconds // unit * unit)
    return format_duration(seconds)


def _time(key: str, head: str) -> Column:
    return Column(key, head, lambda row: duration(row[key]) or "–")


def _work(key: str, head: str, bar: str | None = None) -> Column:
    return Column(key, head, lambda row: format_work(row[key]), bar)


def _in_time(name: str, head: str) -> Column:
    """Return ``12 of 14, 86 %``: how many were met of those that are decided."""

    def text(row: Row) -> str:
        met, missed = row[f"{name}_met"], row[f"{name}_missed"]
        if not met + missed:
            return "none yet"
        return f"{met:,} of {met + missed:,}, {row[f'{name}_percent']:.0f} %"

    return Column(f"{name}_percent", head, text, f"{name}_percent", "percent")


def _name(key: str, head: str, nobody: str) -> Column:
    return Column(key, head, lambda row: nobody if row[key] == "none" else safe_line(str(row[key])))


def _rating(row: Row) -> str:
    return "–" if row["rating"] is None else f"{row['rating']:.1f} of 5"


def _average(row: Row) -> str:
    return "–" if row["average"] is None else f"{row['average']:.2f} of 5"


def many(count: int, one: str, more: str | None = None) -> str:
    """Return a count and its noun: ``1 ticket``, ``2 tickets``."""
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def _sum(rows: Sequence[Row], key: str) -> int:
    return sum(row[key] or 0 for row in rows)


# ----------------------------------------------------------------------------------------------- sentences


def _weeks(rows: Sequence[Row]) -> str:
    before = rows[0]["backlog"] - rows[0]["created"] + rows[0]["solved"]
    after = rows[-1]["backlog"]
    moved = (
        f"the backlog went from {before:,} to {after:,}"
        if before != after
        else f"the backlog stayed at {after:,}"
    )
    created = many(_sum(rows, "created"), "ticket")
    return f"In {many(len(rows), 'week')}: {created} created, {_sum(rows, 'solved'):,} solved; {moved}."


def _summary(rows: Sequence[Row]) -> str:
    created, still = many(_sum(rows, "raised"), "ticket"), _sum(rows, "open")
    return f"In {many(len(rows), 'month')}: {created} created, of which {still:,} {_are(still)} still open."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _sla(rows: Sequence[Row]) -> str:
    parts = []
    for name, what in (("response", "answered"), ("resolution", "solved")):
        met, missed = _sum(rows, f"{name}_met"), _sum(rows, f"{name}_missed")
        if met + missed:
            parts.append(f"{100 * met / (met + missed):.0f} % {what} in time")
    late = _sum(rows, "overdue")
    return f"{', '.join(parts) or 'Nothing is decided yet'}; {many(late, 'ticket')} overdue now."


def _agents(rows: Sequence[Row]) -> str:
    late = _sum(rows, "overdue")
    return f"{many(_sum(rows, 'open'), 'open ticket')}, {late:,} overdue; {_sum(rows, 'over'):,} solved."


def _aging(rows: Sequence[Row]) -> str:
    oldest = [row["oldest"] for row in rows if row["oldest"]]
    last = f"; the oldest is {safe_line(oldest[-1])}" if oldest else ""
    opened = many(_sum(rows, "open"), "open ticket")
    return f"{opened}: {_sum(rows, 'unassigned'):,} unassigned, {_sum(rows, 'overdue'):,} overdue{last}."


def _ratings(rows: Sequence[Row]) -> str:
    count = _sum(rows, "count")
    stars = sum(int(star) * (row[star] or 0) for row in rows for star in "12345")
    return f"{many(count, 'rating')}, {stars / count:.2f} of 5 on average." if count else "No ratings yet."


def _worked(rows: Sequence[Row]) -> str:
    worked, open_ = _sum(rows, "seconds"), _sum(rows, "unbilled_seconds")
    return f"{format_work(worked)} worked, of which {format_work(open_)} billable and not on an invoice yet."


REPORTS: Mapping[str, Report] = {
    "weeks": Report(
        "Created, solved and backlog by week",
        (
            Column("week", "WEEK OF"),
            Column("created", "CREATED", bar="created", scale="tickets"),
            Column("solved", "SOLVED", bar="solved", scale="tickets"),
            Column("backlog", "BACKLOG", bar="backlog", scale="backlog"),
        ),
        _weeks,
    ),
    "summary": Report(
        "Tickets by the month they were created",
        (
            Column("month", "MONTH"),
            Column("raised", "CREATED", bar="raised", scale="tickets"),
            Column("open", "STILL OPEN"),
            Column("resolved", "RESOLVED"),
            Column("closed", "CLOSED"),
            Column("reopened", "REOPENED"),
            _time("median_response_seconds", "ANSWERED IN"),
            _time("median_resolution_seconds", "SOLVED IN"),
        ),
        _summary,
    ),
    "sla": Report(
        "SLA targets met, by plan",
        (
            _name("plan", "SLA PLAN", "due date set by hand"),
            Column("tickets", "TICKETS"),
            _in_time("response", "ANSWERED IN TIME"),
            _in_time("resolution", "SOLVED IN TIME"),
            Column("overdue", "OVERDUE NOW"),
        ),
        _sla,
    ),
    "agents": Report(
        "Tickets by assignee",
        (
            _name("assignee", "AGENT", "unassigned"),
            Column("open", "OPEN", bar="open", scale="tickets"),
            Column("overdue", "OVERDUE"),
            Column("over", "SOLVED"),
            _time("median_response_seconds", "ANSWERED IN"),
            _time("median_resolution_seconds", "SOLVED IN"),
            Column("rating", "RATING", _rating),
        ),
        _agents,
    ),
    "aging": Report(
        "Open tickets by age",
        (
            Column("age", "AGE"),
            Column("open", "OPEN", bar="open", scale="tickets"),
            Column("unassigned", "UNASSIGNED"),
            Column("unanswered", "UNANSWERED"),
            Column("overdue", "OVERDUE"),
            Column("oldest", "OLDEST"),
        ),
        _aging,
    ),
    "ratings": Report(
        "Ratings by assignee",
        (
            _name("assignee", "AGENT", "unassigned"),
            Column("count", "RATINGS", bar="count", scale="ratings"),
            Column("average", "AVERAGE", _average),
            *(Column(star, f"{star}★") for star in "12345"),
        ),
        _ratings,
    ),
    "time": Report(
        "Time worked, by person",
        (
            Column("by", "PERSON"),
            Column("entries", "ENTRIES"),
            _work("seconds", "TIME", "seconds"),
            _work("billable_seconds", "BILLABLE"),
            _work("unbilled_seconds", "NOT INVOICED"),
        ),
        _worked,
    ),
}


def scales(report: Report, rows: Sequence[Row]) -> dict[str, float]:
    """Return the largest number of each scale; a percentage is one of a hundred."""
    most: dict[str, float] = {}
    for column in report.bars:
        values = [row[str(column.bar)] or 0 for row in rows]
        most[column.scale] = max(most.get(column.scale, 0), *values)
    return {name: 100 if name == "percent" else value for name, value in most.items()}
