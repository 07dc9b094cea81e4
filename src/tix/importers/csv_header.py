"""The header line of a table: which character separates its columns, and which field each column is."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping

from tix.domain.tickets.fields import in_tables, names_of
from tix.errors import InvalidValue

# Fields that name a resource of the desk.
PLACES = names_of("place")
ANSWER = "field."  # prefix of the key of a custom field
REMARKED = in_tables("remark")
# Fields a CSV file may name, in the order they are offered; `body` is the first message.
FIELDS = ("body", *in_tables("read"), *REMARKED, *in_tables("ignored"), "snippet", "matches", "score")

HEADLESS = ""  # the field of a column without a name, which spreadsheets leave at the right edge

_ANSWER_HEAD = re.compile(r"field\.[a-z][a-z0-9_-]{0,39}")
_ALIASES = {"message": "body", "description": "body"}
_DELIMITERS = (",", ";", "\t")


def columns(head: list[str], mapping: Mapping[str, str]) -> list[str | None]:
    """Return the field of each column, None for one left out.

    Raises InvalidValue for a column name that is not a field, a mapping to an unknown field or from an unknown
    column, two columns of one field, and if no column is the subject.
    """
    wanted = {_folded(column): target for column, target in mapping.items()}
    absent = [column for column in mapping if _folded(column) not in map(_folded, head)]
    if absent:
        raise InvalidValue(f"the file has no column '{absent[0]}'", hint=f"its columns: {', '.join(head)}")
    fields = [_field(column, wanted.get(_folded(column), column)) for column in head]
    double = [field for field, times in Counter(filter(None, fields)).items() if times > 1]
    if double:
        raise InvalidValue(
            f"two columns hold the field '{double[0]}'", hint="leave one out: --map COLUMN=none"
        )
    if "subject" not in fields:
        raise InvalidValue("no column holds the subject", hint="name it: --map COLUMN=subject")
    return fields


def delimiter(line: str, mapping: Mapping[str, str]) -> str:
    """Return the delimiter that yields most known columns, then most columns; a comma if all are equal."""
    return max(_DELIMITERS, key=lambda mark: _yield(line, mark, mapping))


def recognised(line: str) -> int:
    """Return how many columns of this line are fields, with the best delimiter."""
    return max(_yield(line, mark, {})[0] for mark in _DELIMITERS)


def _yield(line: str, mark: str, mapping: Mapping[str, str]) -> tuple[int, int]:
    """Return how many columns in ``line`` are fields, or will be by ``mapping``; and how many there are."""
    try:
        head = next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return 0, 0
    mapped = set(map(_folded, mapping))
    return sum(_known(column) is not None or _folded(column) in mapped for column in head), len(head)


def _folded(column: str) -> str:
    return re.sub(r"[\s_-]+", "_", column.strip().casefold())


def _known(column: str) -> str | None:
    """Return the field that a column is by its name, None if there is no such field."""
    if _ANSWER_HEAD.fullmatch(answer := column.strip().casefold()):
        return answer
    name = _ALIASES.get(_folded(column), _folded(column))
    return name if name in FIELDS else None


def _field(column: str, target: str) -> str | None:
    if _folded(target) == "none" and target != column:
        return None
    if not column.strip() and target == column:
        return HEADLESS
    field = _known(target)
    if field is None:
        raise InvalidValue(
            f"'{target}' is not a ticket field",
            hint=f"use --map COLUMN=FIELD, where FIELD is one of {', '.join(FIELDS)}, field.KEY, or none to leave the column out",
        )
    return field
