"""The cells of a row by field, with words and dates as this program writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from tix.domain.spreadsheets import unguarded, unguarded_start
from tix.domain.times import instant
from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers.tables.dates import DateRules, parse_date
from tix.importers.tables.header import COMMENT, COMMENT_AT, HEADLESS, INTERNAL, LINK, NOTE, Columns
from tix.importers.vocabulary import slug
from tix.typing import NamedTuple

INSTANTS = frozenset(
    {"created_at", "updated_at", "last_activity_at", "resolved_at", "closed_at", "due_at", COMMENT_AT}
)
# Between the cells of several columns of one field.
_BETWEEN = {"tags": "\n", "assets": ","}
_LISTED = frozenset({COMMENT, INTERNAL, NOTE})
# How our own tables write a moment.
_NEVER = ("0001-", "0000-00-00")  # how Go and MySQL write a time that was never set
_NO_DATE = frozenset({"", "n-a", "na", "nan", "nat", "null", "none", "never"})  # by slug: also ? and --
_OURS = len("2026-11-22T09:00:00Z")


class Row(NamedTuple):
    """A row: its ``line``, the cells of fields with one column by field, and what has several, in order.

    ``comments`` are pairs of whether a comment is internal, and its cell; ``notes`` lines for an internal note.
    """

    line: int
    cells: Mapping[str, str]
    comments: tuple[tuple[bool, str], ...] = ()
    notes: tuple[str, ...] = ()


class CellReader:
    """Reads the rows of one table. ``own``: it was exported by this program, which guards every cell."""

    def __init__(self, columns: Columns, dates: DateRules, *, own: bool) -> None:
        self._columns, self._dates = columns, dates
        self._clean: Callable[[str], str] = unguarded if own else unguarded_start
        # What most tables have: one column a field, and nothing to translate.
        self._places = [
            (place, field, head)
            for place, (field, head) in enumerate(zip(columns.fields, columns.heads, strict=True))
            if field is not None
        ]

    def row(self, line: int, row: list[str]) -> Row:
        """Return a row by field. Raises BrokenRecord for one with too many cells, and for a date that is none."""
        width = len(self._columns.fields)
        if len(row) > width:
            if any(cell.strip() for cell in row[width:]):
                raise BrokenRecord(f"the row has {len(row)} cells, the header has {width}")
            del row[width:]
        row += [""] * (width - len(row))  # spreadsheets leave out empty cells at the end
        found: dict[str, str] = {}
        several: list[tuple[str, str, str]] = []
        for place, field, head in self._places:
            cell = row[place]
            text = read.clean(self._clean(cell)) if cell else ""
            if field in _LISTED:
                if text.strip():
                    several.append((field, head, text))
            elif field not in found:
                found[field] = text
            elif text.strip():
                between = _BETWEEN.get(field, ",")
                found[field] = f"{found[field]}{between}{text}" if found[field].strip() else text
        if found.pop(HEADLESS, "").strip():
            raise BrokenRecord("the row has a cell in a column without a name")
        self._translate(found)
        comments = tuple((field == INTERNAL, text) for field, _, text in several if field != NOTE)
        notes = tuple(
            f"{read.one_line(head)}: {text.strip()}" for field, head, text in several if field == NOTE
        )
        return Row(line, found, comments, notes)

    def _translate(self, found: dict[str, str]) -> None:
        for field, words in self._columns.words.items():
            text = found.get(field, "").strip()
            if text and (ours := words.get(slug(text), words.get("*") if "*" in words else None)) is not None:
                found[field] = "" if ours == "none" else ours
        for field in INSTANTS & found.keys():
            text = found[field].strip()
            if not text:
                continue
            if len(text) == _OURS and text[-1] == "Z" and text[10] == "T":
                found[field] = text
                continue
            found[field] = self._moment(field, text)

    def _moment(self, field: str, text: str) -> str:
        if text.startswith(_NEVER) or slug(text) in _NO_DATE:
            return ""
        at = parse_date(text, self._dates)
        return instant(self._day_end(at) if field == "due_at" else at)

    def _day_end(self, at: int) -> int:
        """Return the end of the day that begins at ``at``, and any other moment itself: a due day is over at its end."""
        try:
            day = datetime.fromtimestamp(at, UTC).astimezone(self._dates.zone)
            if (day.hour, day.minute, day.second) != (0, 0, 0):
                return at
            following = (day.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=self._dates.zone)
            return int(following.timestamp()) - 1
        except (OverflowError, ValueError):
            return at


def is_link(field: str) -> bool:
    """Return whether a field holds the references of linked records."""
    return field.startswith(LINK)
