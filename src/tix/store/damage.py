"""Find rows that tix cannot have written, in one place for whatever reads them.

A flipped bit, another program or a manual edit can leave values that are valid for SQLite and that tix cannot read.
Repositories trust their rows, because checking each value of each read would cost more than the read; so
``open.explain`` checks the rows after an unexpected failure, and ``tix doctor`` checks all of them.
"""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tix.errors import DamagedStore
from tix.store.compiled import sqlite
from tix.typing import Any, NamedTuple

HINT = "other records can still be read; list the damage: tix doctor; restore a backup: tix db restore FILE"

_FIRST_INSTANT, _LAST_INSTANT = -62_135_596_800, 253_402_300_799  # the years 1 and 9999
_LARGEST = 2**53 - 1  # domain.tickets.ticket.NEVER
# Half of the key of a mail in a maildir is a file's time in nanoseconds, with whatever date the file has.
_UNBOUND = ("mail_seen", "validity")
_COUNTS = frozenset(
    "id number entries notes attachments internal_attachments documents version size count ticket_id item_id".split()
)
# Tables that FTS5 makes beside its own.
_OF_SEARCH = ("public_text", "internal_text")
_INSTANTS = ("at", "_at", "_until")


class Damage(NamedTuple):
    """One invalid value: its table, row and column, and the reason."""

    table: str
    key: str
    column: str
    why: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.column} {self.why}"


class _Broken(NamedTuple):
    """Text that is not UTF-8."""

    data: bytes


def failure(path: Path | str, damage: Damage) -> DamagedStore:
    """Return the error for a damaged row."""
    return DamagedStore(f"a row of the store {path} is damaged: {damage}", hint=HINT)


def damages(connection: sqlite3.Connection, until: float = math.inf) -> Iterator[Damage]:
    """Yield every damaged value of all tables, whatever their format; stops at ``until`` (monotonic seconds)."""
    before = connection.text_factory
    connection.text_factory = _decoded
    try:
        for table in _tables(connection):
            yield from _of_table(connection, table, until)
            if time.monotonic() > until:
                return
    finally:
        connection.text_factory = before


def _decoded(data: bytes) -> Any:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _Broken(data)


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Return our tables, those that others refer to first; FTS5 has its own, which SQLite checks."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
    )
    there = {name for (name,) in rows.fetchall()}
    own = [name for name in sqlite.TABLES if name in there and not name.startswith(_OF_SEARCH)]
    return sorted(own, key=lambda name: (name != "ticket", name != "item", name))


def _of_table(connection: sqlite3.Connection, table: str, until: float) -> Iterator[Damage]:
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    checks = [
        (name, _check(table, name, kind, bool(notnull or pk))) for _, name, kind, notnull, _, pk in columns
    ]
    keys = [at for at, column in enumerate(columns) if column[5]]
    # The bytes of a file are checked by their digest, and can be many.
    wanted = ", ".join(
        f'typeof("{name}")' if kind == "BLOB" else f'"{name}"' for _, name, kind, *_ in columns
    )
    cursor = connection.execute(f'SELECT {wanted} FROM "{table}"')
    while rows := cursor.fetchmany(500):
        for row in rows:
            for (name, check), value in zip(checks, row, strict=True):
                why = check(value)
                if why is not None:
                    yield Damage(table, _key(connection, table, columns, row, keys), name, why)
        if time.monotonic() > until:
            cursor.close()
            return


def _key(connection: sqlite3.Connection, table: str, columns: list[Any], row: Any, keys: list[int]) -> str:
    """Return how people find the row: a ticket's reference, an entry's number and ticket, else its key."""
    named = dict(zip((column[1] for column in columns), row, strict=True))
    if table in ("ticket", "tombstone"):
        return f"{_shown(named['prefix'])}{_shown(named['number'])}"
    key = ", ".join(_shown(row[at]) for at in keys)
    ticket = named.get("ticket_id")
    if table == "attachment" and isinstance(named["item_id"], int):
        found = connection.execute("SELECT ticket_id FROM item WHERE id = ?", (named["item_id"],)).fetchone()
        ticket = found and found[0]
    if isinstance(ticket, int):
        found = connection.execute("SELECT prefix, number FROM ticket WHERE id = ?", (ticket,)).fetchone()
        if found is not None:
            return f"{key} of {_shown(found[0])}{_shown(found[1])}"
    return key


def _shown(value: Any) -> str:
    if isinstance(value, _Broken):
        return value.data.decode(errors="backslashreplace")[:60]
    return str(value)[:60]


# ---------------------------------------------------------------------------------------------- one value


def _check(table: str, column: str, kind: str, needed: bool) -> Callable[[Any], str | None]:
    """Return a function that says what is wrong with a value of that column."""
    shape = _SHAPES.get((table, column))

    def check(value: Any) -> str | None:
        if value is None:
            return "is missing" if needed else None
        if kind == "BLOB":  # the name of its type
            return None if value == "blob" or (value == "null" and not needed) else f"is {value}, not bytes"
        if kind == "INTEGER":
            return _number_fault(table, column, value)
        if isinstance(value, _Broken):
            return "is not UTF-8"
        if not isinstance(value, str):
            return f"is {_shown(value)}, not text"
        return None if shape is None else _json_fault(value, shape)

    return check


def _number_fault(table: str, column: str, value: Any) -> str | None:
    if type(value) is not int:
        return f"is {_shown(value)!r}, not a whole number"
    if column.endswith(_INSTANTS):
        return None if _FIRST_INSTANT <= value <= _LAST_INSTANT else f"is {value}, which is not a valid time"
    if abs(value) > _LARGEST and (table, column) != _UNBOUND:
        return f"is {value}, which is out of range"
    if value < 0 and (column in _COUNTS or table == "counter"):
        return f"is {value}, which is less than 0"
    if (table, column) == ("holiday", "day") and not 1 <= value <= 3_652_059:
        return f"is {value}, which is not a valid day"
    return None


def _json_fault(text: str, shape: Callable[[Any], bool]) -> str | None:
    try:
        value = json.loads(text, parse_constant=_no_constant)
        sound = _is_finite(value) and shape(value)
    except (ValueError, RecursionError):
        return "is not valid JSON"
    return None if sound else "is JSON of the wrong structure"


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, int) or abs(value) <= 2**63


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _pairs(kind: type) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(one, list) and len(one) == 2 and all(type(part) is kind for part in one)
            for one in value
        )

    return fits


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _text_object(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _lists(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, list) for one in value)


def _changes(value: Any) -> bool:
    """Return whether this is a valid ``sets`` of an item: columns of the ticket and their values."""
    return isinstance(value, dict) and all(
        one is None or (isinstance(one, (str, int)) and _fits_ticket(name, one))
        for name, one in value.items()
    )


def _fits_ticket(name: str, value: Any) -> bool:
    """Return whether a value fits that column of a ticket; names written by an older tix are accepted."""
    shape = _SHAPES.get(("ticket", name))
    if shape is not None:
        return isinstance(value, str) and _json_fault(value, shape) is None
    if name.endswith(_INSTANTS) or name in _COUNTS:
        return _number_fault("ticket", name, value) is None
    return not isinstance(value, int) or abs(value) <= _LARGEST


_SHAPES: dict[tuple[str, str], Callable[[Any], bool]] = {
    ("ticket", "pauses"): _pairs(int),
    ("ticket", "fields"): _object,
    ("ticket", "internal_fields"): _object,
    ("ticket", "assets"): _texts,
    ("ticket", "watchers"): _texts,
    ("ticket", "links"): _pairs(str),
    ("item", "sets"): _changes,
    ("person", "departments"): _texts,
    ("person", "teams"): _texts,
    ("client", "domains"): _texts,
    ("department", "mapping"): _text_object,
    ("sla_plan", "overrides"): _lists,
    ("schedule", "fields"): _pairs(str),
    ("schedule", "assets"): _texts,
    ("schedule", "tags"): _texts,
    ("topic_field", "choices"): _texts,
    ("view", "words"): _object,
    ("workflow", "definition"): _object,
}
