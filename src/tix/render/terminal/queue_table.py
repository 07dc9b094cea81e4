"""The queue as a table: which columns fit, the marks before the rows, and the line below that explains them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from tix.domain.times import parse_instant
from tix.render.records.formats import text_of
from tix.render.safe import safe_line, shorten, width
from tix.render.terminal import tables, theme
from tix.render.terminal.console import Console, Span, Text
from tix.render.terminal.layout import wrapped
from tix.render.terminal.tables import Record
from tix.render.words import relative
from tix.words.sentence import Said, shown, shown_name


def draw(
    records: Sequence[Record],
    columns: Sequence[str] | None,
    *,
    now: int,
    zone: tzinfo,
    console: Console,
    footer: str | None = None,
    group: str | None = None,
) -> None:
    """The queue, or exactly ``columns`` of it; nothing for no records. ``group``: a heading for each value of a field.

    Without ``columns`` the terminal's width decides which there are, and marks stand before each row; the
    line below says what they mean, after ``footer``, which says what is left out.
    """
    if not records:
        return
    names = columns or _columns(records, console.table_width)
    if not columns:
        # What is over is due no more; who asks for the column gets what it holds.
        records = [one if one["phase"] == "open" else {**one, "due_at": None} for one in records]
    if console.words and not columns:
        names = [names[0], "state", *names[1:]]
        records = [{**one, "state": _in_words(one)} for one in records]
    rows = [[_cell(record, name, now, zone) for name in names] for record in records]
    if console.links:
        tables.lead(rows, records, names, console)
    marks = [] if columns or console.words else _marks(records)
    lines = tables.table_lines(names, rows, records, console.table_width, marks, heads=console.heads)
    above = int(console.heads)
    is_table = len(lines) == len(records) + above  # otherwise a block of lines for each record
    if is_table and not columns and "matches" in records[0]:
        found = lines[:above]
        for line, record in zip(lines[above:], records, strict=True):
            found += [line, *_matches(record, console)]
        lines = found
    if group is not None:
        values = [_cell(record, group, now, zone).text for record in records]
        found = lines[:above] if is_table else []
        for value in dict.fromkeys(values):
            places = [at for at, one in enumerate(values) if one == value]
            found.append(_heading(group, value, len(places)))
            if is_table:
                found += [lines[at + above] for at in places]
                continue
            own = [[some[at] for at in places] for some in (rows, marks or [[]] * len(rows))]
            found += tables.table_lines(
                names, own[0], [records[at] for at in places], console.table_width, own[1]
            )
        lines = found
    legend = _legend(marks, footer, console.width)
    theme.write(console, [*lines, Text(), *legend] if legend else lines)


def _matches(record: Record, console: Console) -> list[Text]:
    """The line below a ticket: what was found, the words marked; none where that is the subject alone."""
    snippet, at = record["snippet"], 0
    if not snippet or not record["matches"] or record["subject"].startswith(snippet.rstrip("…")):
        return []
    line = Text(Span("    "))
    room = console.width - 4
    for start, end in [*record["matches"], (len(snippet), len(snippet))]:
        before, found = safe_line(snippet[at:start]), safe_line(snippet[start:end])
        if not console.color and found:
            found = f"[{found}]"
        for text, style in ((before, theme.QUIET), (found, theme.FOUND)):
            piece = text if width(text) <= room else shorten(text, room) if room > 0 else ""
            line.append(piece, style)
            room -= width(piece)
        at = end
    return [line]


def _heading(field: str, value: str, count: int) -> Text:
    """The line above the tickets with one value of a field, and how many they are."""
    what = Said("none") if value == tables.EMPTY else value
    heading = Said(
        "{field} {value} ({n})", field=Said.named("field", field.replace("_", " ")), value=what, n=count
    )
    return theme.line(Span(shown(heading) if "_" not in field else f"{field} {what} ({count})", theme.STRONG))


def _columns(records: Sequence[Record], cells: int) -> list[str]:
    """The columns that leave the subject enough room; a due date only where some ticket has one."""
    names = ["ref"]
    names += ["status"] if cells >= 34 else []
    names += ["priority"] if cells >= 52 else []
    names += ["assignee"] if cells >= 72 else []
    names += ["requester"] if cells >= 110 else []
    names += ["due_at"] if cells >= 80 and any(record["due_at"] for record in records) else []
    names += ["last_activity_at"] if cells >= 116 else []
    return [*names, "subject"]


def _marks(records: Sequence[Record]) -> list[list[Span]]:
    """The marks of each row; the same number for every row, those that nobody needs left out."""
    rows = [
        (bool(record["overdue"]), _is_unanswered(record), bool(record.get("unread"))) for record in records
    ]
    late, waiting, news = (any(row[at] for row in rows) for at in range(3))
    marks = []
    for is_late, is_waiting, is_new in rows:
        spans = []
        if news:
            spans.append(Span(theme.UNREAD_MARK, theme.UNREAD) if is_new else Span(" "))
        if late:
            spans.append(Span(theme.OVERDUE_MARK, theme.OVERDUE) if is_late else Span(" "))
        if waiting:
            spans.append(Span(theme.UNANSWERED_MARK, theme.UNANSWERED) if is_waiting else Span(" "))
        marks.append(spans)
    return marks


def _in_words(record: Record) -> str:
    """What the marks of a row say, for people who listen to it."""
    words = [shown(Said("overdue"))] if record["overdue"] else []
    words += [shown(Said("unanswered"))] if _is_unanswered(record) else []
    words += [shown(Said("unread"))] if record.get("unread") else []
    return " ".join(words)


def _is_unanswered(record: Record) -> bool:
    return record["phase"] == "open" and not record["answered"]


def _legend(marks: list[list[Span]], footer: str | None, cells: int) -> list[Text]:
    """What the marks mean, and what is left out: on one line where there is room."""
    used = {span.text for row in marks for span in row}
    lines = (
        [theme.line(Span(text, theme.QUIET)) for text in wrapped(shown(footer, safe_line), cells)]
        if footer
        else []
    )
    for mark, meaning, style in (
        (theme.UNANSWERED_MARK, Said("unanswered"), theme.UNANSWERED),
        (theme.OVERDUE_MARK, Said("overdue"), theme.OVERDUE),
        (theme.UNREAD_MARK, Said("unread"), theme.UNREAD),
    ):
        if mark in used:
            text = theme.line(Span(mark, style), Span(f" {shown(meaning)}", theme.QUIET))
            if lines and width(lines[-1].plain) + 3 + width(text.plain) <= cells:
                lines[-1].append("   ").spans.extend(text.spans)
            else:
                lines.append(text)
    return lines


def _cell(record: Record, name: str, now: int, zone: tzinfo) -> Span:
    """A field as people read it."""
    value = record[name]
    if value is None or value in ("", []):
        return Span(tables.EMPTY, theme.QUIET)
    if name.endswith("_at"):
        late = name == "due_at" and record["overdue"]
        if name == "due_at" and not late and record["phase"] == "open" and parse_instant(value) <= now:
            return Span(
                shown(Said("paused")), theme.QUIET
            )  # nothing else keeps a passed date from being overdue
        return Span(shown(relative(parse_instant(value), now, zone)), theme.OVERDUE if late else "")
    if isinstance(value, bool):
        return Span(shown(Said("yes") if value else Said("no")))
    text = safe_line(text_of(value))
    return Span(shown_name(name, text) if name in _NAMED else text, _style(record, name))


# Columns whose values may be names of tix, and of which kind.
_NAMED = frozenset({"status", "phase", "priority", "type"})


def _style(record: Record, name: str) -> str:
    match name:
        case "status" | "phase":
            return theme.status_style(record["phase"], record["status"])
        case "ref":
            return theme.REF
        case "priority":
            return theme.priority_style(record["priority"])
        case "subject" if record["phase"] == "closed":
            return theme.QUIET
    return ""
