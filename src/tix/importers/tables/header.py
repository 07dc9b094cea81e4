"""The header line of a table: which character separates its columns, and which field each column is."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from types import MappingProxyType

from tix.domain.tickets.fields import in_tables, names_of
from tix.domain.tickets.links import INVERSE
from tix.errors import InvalidValue
from tix.importers.tables.layout import REST, Layout
from tix.importers.tables.preset import Preset, folded
from tix.importers.vocabulary import slug
from tix.typing import NamedTuple

# Fields that name a resource of the desk.
PLACES = names_of("place")
ANSWER = "field."  # prefix of the key of a custom field
LINK = "link."  # prefix of the relation of a link
REMARKED = in_tables("remark")
# What a column may be besides a field of a ticket: a comment, who wrote it and when (in tables with a row for each), and
# a line of an internal note.
COMMENT, INTERNAL, COMMENT_AT, COMMENT_BY, NOTE = (
    "comment",
    "internal_comment",
    "comment_at",
    "comment_by",
    "note",
)
# Fields a table may name, in the order they are offered; `body` is the first message.
FIELDS = (
    "body",
    *in_tables("read"),
    COMMENT,
    INTERNAL,
    COMMENT_AT,
    COMMENT_BY,
    NOTE,
    *REMARKED,
    *in_tables("ignored"),
    "snippet",
    "matches",
    "score",
)
# Fields that several columns may hold; so may links.
SEVERAL = frozenset({COMMENT, INTERNAL, NOTE, "tags", "assets"})

HEADLESS = ""  # the field of a column without a name, which spreadsheets leave at the right edge

_ANSWER_HEAD = re.compile(r"field\.[a-z][a-z0-9_-]{0,39}")
_ALIASES = {"message": "body", "description": "body"}
DELIMITERS = (",", ";", "\t", "|")


class Columns(NamedTuple):
    """The columns of a table: their names, the field of each (None where it is left out), and words by field.

    A word is compared by its slug.
    """

    heads: tuple[str, ...]
    fields: tuple[str | None, ...]
    words: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    group: int | None = None


def columns(heads: list[str], layout: Layout, preset: Preset | None = None) -> Columns:
    """Return what the columns are.

    Raises InvalidValue for columns that nobody knows, all at once; for a mapping to an unknown field or from an unknown
    column; for two columns of one field; and if no column is the subject.
    """
    pairs, words = _said(heads, layout)
    named = [_field(head, pairs, preset) for head in heads]
    unknown = [head for head, field in zip(heads, named, strict=True) if field == UNKNOWN]
    if unknown:
        listed = ", ".join(f"'{head}'" for head in dict.fromkeys(unknown))
        raise InvalidValue(
            f"{listed} is not a ticket field"
            if len(unknown) == 1
            else f"the columns {listed} are not ticket fields",
            hint=f"--map '{unknown[0]}=FIELD' for each; '*=note' keeps the others in a note, '*=none' leaves them out; "
            f"fields: {', '.join(_offered())}, field.KEY, link.RELATION",
        )
    found = _distinct(heads, named, pairs, preset)
    if "subject" not in found:
        raise InvalidValue(
            "no column holds the subject",
            hint=f"name it: --map 'COLUMN=subject'; columns: {', '.join(heads)[:200]}",
        )
    for name, more in ({} if preset is None else preset.layout.words).items():
        words[name] = {slug(word): ours for word, ours in more.items()} | words.get(name, {})
    return Columns(tuple(heads), tuple(found), words, _group(heads, found, layout, preset))


UNKNOWN = "?"  # the field of a column that nobody knows


def fields(heads: list[str], layout: Layout, preset: Preset | None = None) -> list[str | None]:
    """Return the field of each column, UNKNOWN where nobody knows it. Raises InvalidValue for a wrong mapping."""
    pairs, _ = _said(heads, layout)
    return [_field(head, pairs, preset) for head in heads]


def is_field(column: str) -> bool:
    """Return whether a column is a field by its own name."""
    return _known(column) is not None


def _said(heads: list[str], layout: Layout) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the fields of columns by folded name, and words by field."""
    there = {folded(head) for head in heads}
    pairs: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    for column, target in layout.columns.items():
        if column.strip() == REST or folded(column) in there:
            pairs[column.strip() if column.strip() == REST else folded(column)] = target
            continue
        name, colon, word = column.partition(":")
        if not colon or not (folded(name) in there or _known(name)):
            raise InvalidValue(f"the file has no column '{column}'", hint=f"its columns: {', '.join(heads)}")
        words.setdefault(name, {})[word] = target
    for name, more in layout.words.items():
        words[name] = {**more, **words.get(name, {})}
    return pairs, {
        _said_field(name, pairs): {slug(word): ours for word, ours in more.items()}
        for name, more in words.items()
    }


def _said_field(name: str, pairs: Mapping[str, str]) -> str:
    """Return the field of a column or field that words are given for."""
    return _known(pairs.get(folded(name), name)) or folded(name)


def _field(head: str, pairs: Mapping[str, str], preset: Preset | None) -> str | None:
    name = folded(head)
    if name in pairs:
        return _target(pairs[name])
    if not head.strip():
        return HEADLESS
    if preset is not None and name in preset.without:
        return None
    found = None if preset is None else preset.columns.get(name)
    found = found or _known(head)
    if found is not None:
        return found
    if REST in pairs:
        return _target(pairs[REST])
    return UNKNOWN if preset is None else NOTE


def _target(word: str) -> str | None:
    if folded(word) == "none":
        return None
    field = _known(word)
    if field is None:
        raise InvalidValue(
            f"'{word}' is not a ticket field",
            hint=f"use --map COLUMN=FIELD, where FIELD is one of {', '.join(_offered())}, field.KEY, link.RELATION, "
            "or none to leave the column out",
        )
    return field


def _distinct(
    heads: list[str], fields: list[str | None], pairs: Mapping[str, str], preset: Preset | None
) -> list[str | None]:
    """Return the fields with one column each, where a field cannot have more.

    Of two columns that a preset knows the first one counts, and the other becomes a note. Raises InvalidValue otherwise.
    """
    found: list[str | None] = []
    for head, field in zip(heads, fields, strict=True):
        repeated = (
            field is not None and field in found and field not in SEVERAL and not field.startswith(LINK)
        )
        if repeated and field != HEADLESS:
            if preset is None or folded(head) in pairs:
                raise InvalidValue(
                    f"two columns hold the field '{field}'", hint="leave one out: --map COLUMN=none"
                )
            found.append(NOTE)
        else:
            found.append(field)
    return found


def _group(heads: list[str], fields: list[str | None], layout: Layout, preset: Preset | None) -> int | None:
    name = layout.group_by or (None if preset is None else preset.layout.group_by)
    if name is None:
        return None
    wanted = folded(name)
    for place, head in enumerate(heads):
        if folded(head) == wanted:
            return place
    if wanted in fields:
        return fields.index(wanted)
    if layout.group_by is None:
        return None
    raise InvalidValue(f"the file has no column '{name}'", hint=f"its columns: {', '.join(heads)}")


def delimiter(line: str, known: Mapping[str, str]) -> str:
    """Return the delimiter that yields most columns that are fields or in ``known``, then most columns; else a comma."""
    return max(DELIMITERS, key=lambda mark: _yield(line, mark, known))


def recognised(line: str) -> int:
    """Return how many columns of this line are fields, with the best delimiter."""
    return max(_yield(line, mark, {})[0] for mark in DELIMITERS)


def cells(line: str, mark: str) -> list[str]:
    """Return the cells of a header line; none where it is not one."""
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return []


def _yield(line: str, mark: str, known: Mapping[str, str]) -> tuple[int, int]:
    """Return how many columns in ``line`` are fields, or will be by ``known``; and how many there are."""
    heads = cells(line, mark)
    said = set(map(folded, known))
    return sum(_known(column) is not None or folded(column) in said for column in heads), len(heads)


def offered() -> list[str]:
    """Return what a column can be, for a choice: fields first, then ``none``."""
    return [*_offered(), "none"]


def _offered() -> list[str]:
    others = {*REMARKED, *in_tables("ignored"), "snippet", "matches", "score"}
    return [name for name in FIELDS if name not in others]


def _known(column: str) -> str | None:
    """Return the field that a column is by its name, None if there is no such field."""
    plain = column.strip().casefold()
    if _ANSWER_HEAD.fullmatch(plain):
        return plain
    if plain.startswith(LINK) and plain.removeprefix(LINK) in INVERSE:
        return plain
    name = _ALIASES.get(folded(column), folded(column))
    return name if name in FIELDS else None
