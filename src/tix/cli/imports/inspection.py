"""`tix import FILE --inspect`: what a file looks like, and what this desk would make of it."""

from __future__ import annotations

import shlex

from tix.cli.output import Printer, zone
from tix.cli.session import Session
from tix.desk.transfer.inspection import ImportInspection
from tix.domain.times import instant
from tix.importers.tables.inspection import TableInspection
from tix.importers.tables.layout import Layout, layout_text
from tix.render.records.formats import Kind
from tix.typing import Any, NamedTuple

KIND = Kind(
    (
        "format", "title", "likeness", "encoding", "delimiter", "rows", "tickets", "entries", "people", "first_at",
        "last_at", "columns", "words", "broken", "faults", "notices", "mapping", "readings", "reason",
    ),
    None,
    "format",
)  # fmt: skip
_MOST_WORDS = 40
_MARKS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "|"}


def many(count: int, one: str, more: str) -> str:
    """Return ``1 row``, ``1,234 rows``."""
    return f"{count:,} {one if count == 1 else more}"


class Seen(NamedTuple):
    """What was found: the format, how sure that is (0 to 100, or None), the table if it is one, and what it holds.

    ``holds`` is None, with the reason, where the table cannot be read without a mapping. ``readings`` are encodings that are
    as likely as the one it was read in, with a word in each.
    """

    shape: str
    title: str
    likeness: int | None
    table: TableInspection | None
    layout: Layout | None
    holds: ImportInspection | None
    reason: str | None = None
    readings: tuple[tuple[str, str], ...] = ()


def record(seen: Seen) -> dict[str, Any]:
    """Return the record that JSON prints."""
    table, holds = seen.table, seen.holds
    return {
        "format": seen.shape,
        "title": seen.title,
        "likeness": seen.likeness,
        "encoding": None if table is None else table.encoding,
        "delimiter": None if table is None else table.delimiter,
        "rows": None if table is None else table.rows,
        "tickets": None if holds is None else holds.tickets,
        "entries": None if holds is None else holds.entries,
        "people": None if holds is None else holds.people,
        "first_at": None if holds is None or holds.first is None else instant(holds.first),
        "last_at": None if holds is None or holds.last is None else instant(holds.last),
        "columns": []
        if table is None
        else [
            {
                "column": one.name,
                "field": one.field if one.field != "?" else None,
                "known": one.field != "?",
                "guess": one.guess,
                "filled": one.filled,
                "sample": one.sample,
            }
            for one in table.columns
        ],
        "words": [] if holds is None else [_word(one) for one in holds.words],
        "broken": 0 if holds is None else holds.broken,
        "faults": [] if holds is None else [one._asdict() for one in holds.faults],
        "notices": [] if holds is None else list(holds.notices),
        "mapping": None if seen.layout is None else layout_text(seen.layout),
        "readings": [{"encoding": name, "word": word} for name, word in seen.readings],
        "reason": seen.reason,
    }


def show(session: Session, printer: Printer, seen: Seen, name: str) -> None:
    """Print what was found."""
    if printer.format != "table":
        printer.one(record(seen))
        return
    session.say(f"{name}: {seen.title}{_sure(seen)}.")
    if seen.table is not None:
        mark = _MARKS.get(seen.table.delimiter, seen.table.delimiter)
        session.say(
            f"{seen.table.encoding.upper()}, columns separated by {mark}, {many(seen.table.rows, 'row', 'rows')}."
        )
        _draw(printer, [_column(one) for one in seen.table.columns])
    if seen.holds is not None:
        _show_what_it_holds(session, printer, seen.holds)
    if seen.reason is not None:
        session.say(f"It cannot be imported as it is: {seen.reason}.")
    if seen.layout is not None:
        session.say("Mapping:")
        for line in layout_text(seen.layout).splitlines():
            session.say(f"  {line}".rstrip())
    session.say(f"Nothing was imported. Next: {' '.join(_next(seen, name))}")


def _show_what_it_holds(session: Session, printer: Printer, holds: ImportInspection) -> None:
    session.say(
        f"{many(holds.tickets, 'ticket', 'tickets')} with {many(holds.entries, 'entry', 'entries')} "
        f"of {many(holds.people, 'person', 'people')}{_span(holds)}."
    )
    if holds.words:
        _draw(printer, [{**_word(one), "here": one.here or "?"} for one in holds.words[:_MOST_WORDS]])
    for notice in holds.notices:
        session.say(notice)
    for fault in holds.faults:
        place = "" if fault.line is None else f"line {fault.line}: "
        session.say(f"cannot be read: {place}{fault.message}")
    if holds.broken > len(holds.faults):
        session.say(f"and {holds.broken - len(holds.faults):,} more")


def _span(holds: ImportInspection) -> str:
    if holds.first is None or holds.last is None:
        return ""
    first, last = instant(holds.first)[:10], instant(holds.last)[:10]
    return f", created {first}" if first == last else f", created {first} to {last}"


def _draw(printer: Printer, records: list[dict[str, Any]]) -> None:
    from tix.render.terminal import tables

    tables.draw_records(records, list(records[0]), console=printer.console(), zone=zone())


def _sure(seen: Seen) -> str:
    return "" if seen.likeness is None else f" ({seen.likeness} % sure)"


def _column(one: Any) -> dict[str, Any]:
    field = "?" if one.field == "?" else one.field or "(left out)"
    return {
        "column": one.name,
        "field": f"{field} ({one.guess}?)" if one.field == "?" and one.guess else field,
        "filled": one.filled,
        "example": one.sample,
    }


def _word(one: Any) -> dict[str, Any]:
    return {"field": one.field, "word": one.word, "count": one.records, "here": one.here}


def _next(seen: Seen, name: str) -> list[str]:
    """Return the words of the command that comes next."""
    words = ["tix", "import", shlex.quote(name)]
    if seen.readings:
        return [*words, "--encoding", "NAME", "--inspect"]
    if seen.table is not None and (seen.table.unknown or seen.reason):
        return [*words, "--inspect", "--save-mapping", "NAME", "(then edit it)"]
    if seen.holds is not None:
        for field in ("status", "priority"):
            for one in seen.holds.unknown(field)[:1]:
                words += [f"--map-{field}", shlex.quote(f"{one.word}={field.upper()}")]
    return [*words, "--dry-run"]
