"""Several rows of one ticket: which belong together, and what they say as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tix.errors import BrokenRecord, InvalidValue
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.record import Fault, ImportedChange
from tix.importers.tables.cells import Row
from tix.importers.tables.header import COMMENT_BY, Columns
from tix.importers.tables.identities import IDENTITIES, Identities, Repeated

Numbered = tuple[int, list[str] | Fault]
# What is the same in all rows of a ticket, where they say it.
_SAME = ("created_at", "requester", "requester_email", "uid")
_DONE = ("resolved", "closed")


def refuse_repeated(rows: Callable[[], Iterator[Numbered]], columns: Columns) -> None:
    """Raise InvalidValue where two rows have the same number, or the same reference and time of creation."""
    fields = list(columns.fields)
    if IDENTITIES.isdisjoint(fields):
        return
    identities, repeated = Identities(fields), Repeated()
    perhaps = {
        found
        for _, row in rows()
        if not isinstance(row, Fault) and (found := identities.of(row)) and repeated.add(found)
    }
    if not perhaps:
        return
    seen: dict[tuple[str, str, str], int] = {}
    for line, row in rows():
        found = None if isinstance(row, Fault) else identities.of(row)
        if found is None or found not in perhaps:
            continue
        if found in seen:
            name, cell, _ = found
            raise InvalidValue(
                f"lines {seen[found]} and {line} have the same {name}, {cell[:40]}",
                hint=f"if a ticket has a row for each comment or change: --group-by '{columns.heads[fields.index(name)]}'",
            )
        seen[found] = line


def groups(
    rows: Callable[[], Iterator[Numbered]], place: int
) -> Iterator[list[tuple[int, list[str]]] | Fault]:
    """Yield the rows that have the same cell at ``place`` together, in the order of the file, and faults.

    A group is kept in memory from its first row to its last.
    """
    last: dict[int, int] = {}
    for line, row in rows():
        if not isinstance(row, Fault):
            last[hash(_cell(row, place))] = line
    waiting: dict[str, list[tuple[int, list[str]]]] = {}
    for line, row in rows():
        if isinstance(row, Fault):
            yield row
            continue
        cell = _cell(row, place)
        if not cell:
            yield Fault(line, "the column that groups the rows is empty")
            continue
        waiting.setdefault(cell, []).append((line, row))
        if last[hash(cell)] == line:
            yield waiting.pop(cell)
    yield from waiting.values()  # two cells of one hash


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def merged(several: list[Row]) -> Row:
    """Return the rows of a ticket as one: of each field the last cell that says something, of its creation the first.

    Raises BrokenRecord where the rows cannot be of one ticket.
    """
    cells: dict[str, str] = {}
    for row in several:
        for field, cell in row.cells.items():
            if cell.strip() or field not in cells:
                if field in _SAME and cells.get(field, "").strip() and cells[field].strip() != cell.strip():
                    raise BrokenRecord(
                        f"lines {several[0].line} and {row.line} have the same number and another {field}: "
                        f"'{cells[field].strip()[:40]}' and '{cell.strip()[:40]}'"
                    )
                cells[field] = cell
    if several[0].cells.get("body", "").strip():
        cells["body"] = several[0].cells["body"]
    return several[0]._replace(cells=cells)


def changes(several: list[Row]) -> tuple[ImportedChange, ...]:
    """Return when a ticket was finished and opened again, by the statuses of its rows and their times.

    Nothing where its rows have no time.
    """
    found: list[ImportedChange] = []
    was = "open"
    for row in several:
        status = vocabulary.status(row.cells.get("status", "")) or "open"
        times = (read.instant(row.cells, name) for name in ("comment_at", "updated_at", "created_at"))
        at = next((at for at in times if at is not None), None)
        if at is None:
            return ()
        now = status if status in _DONE else "open"
        if now != was:
            by = read.parse_voice(row.cells.get(COMMENT_BY, ""))
            found.append(ImportedChange(at, by, closed=now in _DONE, resolved=now == "resolved"))
            was = now
    return tuple(found)
