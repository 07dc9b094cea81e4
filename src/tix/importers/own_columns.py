"""What a row of tix's own table says that a desk works out itself, or that no other tracker has.

A ticket of such a row is replayed like any other; what then differs from the row is put right, so that the export of the
new desk has the same row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from uuid import UUID

from tix.domain.json_columns import dumps
from tix.domain.tickets.links import INVERSE
from tix.domain.tickets.references import parse_prefix
from tix.errors import BrokenRecord, InvalidValue
from tix.importers import fields as read
from tix.importers.archive_columns import is_reference
from tix.importers.record import ImportedComment
from tix.typing import Any

Cells = Mapping[str, str]

_LARGEST = 2**31 - 1


def is_own(cells: Cells) -> bool:
    """Return whether a row is one of a tix export."""
    try:
        UUID(cells.get("uid", "").strip())
    except ValueError:
        return False
    return bool(cells.get("ref", "").strip()) and "version" in cells


def own_columns(cells: Cells) -> dict[str, Any]:
    """Return the columns of a ticket that a row gives, as they are stored; a cell that is missing gives none.

    Raises BrokenRecord.
    """
    return {name: parse(cells, name) for name, parse in _PARSED.items() if name in cells}


def own_thread(cells: Cells) -> tuple[ImportedComment, ...]:
    """Return what was written after the first message, where the table has a column ``thread``. Raises BrokenRecord."""
    if not cells.get("thread", "").strip():
        return ()
    try:
        told = {"thread": json.loads(cells["thread"])}
    except (ValueError, RecursionError):
        raise BrokenRecord("'thread' is not JSON") from None
    items = [
        item
        for item in read.records(told, "thread")
        if item.get("kind") != "event" and item.get("origin") is None
    ]
    return tuple(
        ImportedComment(
            read.known_instant(item, "at"),
            read.voice({"login": item.get("by"), "name": item.get("by_name")}),
            read.text(item, "body"),
            item.get("kind") == "note",
        )
        for item in items[1:]
    )


def _count(cells: Cells, name: str) -> int:
    word = cells[name].strip() or "0"
    if not (word.isascii() and word.isdigit() and int(word[:12]) <= _LARGEST and len(word) <= 12):
        raise BrokenRecord(f"'{read.one_line(word)[:40]}' is not a number for '{name}'")
    return int(word)


def _version(cells: Cells, name: str) -> int:
    return max(1, _count(cells, name))


def _rating(cells: Cells, name: str) -> int | None:
    if not cells[name].strip():
        return None
    found = _count(cells, name)
    if not 1 <= found <= 5:
        raise BrokenRecord(f"{found} is not a rating")
    return found


def _flag(cells: Cells, name: str) -> int | None:
    word = cells[name].strip()
    if word not in ("", "true", "false"):
        raise BrokenRecord(f"'{read.one_line(word)[:40]}' is neither true nor false for '{name}'")
    return None if not word else int(word == "true")


def _known_flag(cells: Cells, name: str) -> int:
    return _flag(cells, name) or 0


def _instant(cells: Cells, name: str) -> int | None:
    return read.instant(cells, name)


def _line(cells: Cells, name: str) -> str | None:
    return read.one_line(cells[name]) or None


def _text(cells: Cells, name: str) -> str | None:
    return read.text(cells, name) or None


def _names(cells: Cells, name: str) -> str | None:
    found = [word for part in cells[name].split(",") if (word := read.one_line(part))]
    return dumps(found) if found else None


def _links(cells: Cells, name: str) -> str | None:
    if not cells[name].strip():
        return None
    try:
        told = json.loads(cells[name])
        pairs = [[one["relation"], one["ref"]] for one in told]
    except (ValueError, RecursionError, TypeError, KeyError):
        pairs = [["", ""]]
    if not all(relation in INVERSE and is_reference(ref) for relation, ref in pairs):
        raise BrokenRecord(f"'{read.one_line(cells[name])[:40]}' is not a list of links")
    return dumps(pairs) if pairs else None


def _prefix(cells: Cells, name: str) -> str:
    try:
        return parse_prefix(cells[name])
    except InvalidValue as error:
        raise BrokenRecord(error.message) from None


_PARSED: Mapping[str, Callable[[Cells, str], Any]] = {
    "prefix": _prefix,
    "answered": _known_flag,
    "rating": _rating,
    "rating_comment": _text,
    "rated_at": _instant,
    "updated_at": _instant,
    "last_activity_at": _instant,
    "last_replier": _line,
    "version": _version,
    "notify_email": _line,
    "watchers": _names,
    "links": _links,
    "reopened": _count,
    "lapses_at": _instant,
    "snoozed_until": _instant,
    "response_due_at": _instant,
    "response_met": _flag,
    "resolution_met": _flag,
}
