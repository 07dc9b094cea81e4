"""What is known of the tables of one tracker: the names of its columns in every language, its words and its dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tix.importers.record import ImportedComment, ImportedTicket
from tix.importers.tables.dates import DateRules
from tix.importers.tables.layout import Layout
from tix.typing import Any, NamedTuple

_NONE: Mapping[str, Any] = MappingProxyType({})

# A cell of a comment, how dates are read, and the ticket's creation (UTC seconds).
ReadComment = Callable[[str, DateRules, int], ImportedComment | None]
# A ticket, and the cells of its row by field.
Finish = Callable[[ImportedTicket, Mapping[str, str]], ImportedTicket]


class Preset(NamedTuple):
    """The tables of a tracker.

    ``columns`` maps names of columns, folded by ``folded``, to fields; names in other languages stand beside the English
    ones. ``marks`` are columns that only this tracker has: a header with any of them, and at least ``fewest`` known
    columns, is one of its tables. ``origin`` begins what a ticket is about (``jira:SHOP-7``). ``layout`` are its words,
    dates and grouping, as far as they are always the same. ``comment`` reads a cell of a ``comment`` column, ``finish``
    completes a ticket. Columns that are not named become lines of an internal note, unless they are in ``without``,
    which hold nothing anybody would miss.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    marks: frozenset[str]
    origin: str
    fewest: int = 3
    layout: Layout = Layout()
    comment: ReadComment | None = None
    finish: Finish | None = None
    without: frozenset[str] = frozenset()

    def likeness(self, heads: tuple[str, ...]) -> int:
        """Return how sure it is, 0 to 100, that columns with these names are those of the tracker."""
        names = {folded(head) for head in heads}
        known = names & self.columns.keys()
        if (
            not names & self.marks
            or len(known) < self.fewest
            or "subject" not in {self.columns[n] for n in known}
        ):
            return 0
        return min(99, 50 + 10 * len(names & self.marks) + 30 * len(known) // max(1, len(names)))


def folded(column: str) -> str:
    """Return the name of a column as it is compared: ``Issue key`` and ``ISSUE-KEY`` are ``issue_key``."""
    return re.sub(r"[\s_-]+", "_", column.strip().casefold())


def named(fields: Mapping[str, str]) -> dict[str, str]:
    """Return fields by folded name, given the names of each, separated by ``|``."""
    return {folded(name): field for field, names in fields.items() for name in names.split("|")}


def folded_all(names: str) -> frozenset[str]:
    """Return folded names, given with ``|`` between them."""
    return frozenset(folded(name) for name in names.split("|"))
