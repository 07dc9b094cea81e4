"""Every noun of a desk as plain rows, for exports: out of one store, into another."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from tix.errors import InvalidValue, TixError
from tix.store.clocks import CALENDARS, PLANS
from tix.store.connection import Store
from tix.store.shelves import ASSETS, CLIENTS, DEPARTMENTS, TEAMS, Shelf
from tix.store.topics import TOPICS
from tix.store.workflows import SHELF as WORKFLOWS

Row = dict[str, Any]
# Types and priorities have had places of their own in exports since the first.
_SHELVES: tuple[Shelf[Any], ...] = (
    CLIENTS,
    WORKFLOWS,
    CALENDARS,
    PLANS,
    DEPARTMENTS,
    TEAMS,
    TOPICS,
    ASSETS,
)
# Rows that hang on a noun: the statement that reads all, the one that keeps one.
_HANGING = {"topic_field": ("topic_fields", "topic_field_put"), "holiday": ("holidays_all", "holiday_put")}


def read(store: Store) -> dict[str, list[Row]]:
    """The rows of every noun, by its name."""
    found = {shelf.noun: _rows(store, f"{shelf.noun}_all") for shelf in _SHELVES}
    return {**found, **{name: _rows(store, every) for name, (every, _) in _HANGING.items()}}


def _rows(store: Store, statement: str) -> list[Row]:
    cursor = store.run(statement)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def check(store: Store, told: Mapping[str, Any]) -> dict[str, list[Row]]:
    """What somebody's file says of nouns, as rows that can be kept. Raises InvalidValue."""
    known = {shelf.noun: (shelf, f"{shelf.noun}_all") for shelf in _SHELVES}
    whole: dict[str, list[Row]] = {}
    for noun, rows in told.items():
        if noun not in known and noun not in _HANGING:
            raise InvalidValue(f"'nouns' has a kind this tix does not know: '{str(noun)[:40]}'")
        if not isinstance(rows, list):
            raise InvalidValue(f"'{noun}' of 'nouns' is not a list")
        shelf, every = known.get(noun, (None, _HANGING[noun][0] if noun in _HANGING else ""))
        names = [column[0] for column in store.run(every).description]
        whole[noun] = [_checked(noun, names, shelf, row) for row in rows]
    return whole


def _checked(noun: str, names: list[str], shelf: Shelf[Any] | None, told: Any) -> Row:
    if not isinstance(told, dict) or not isinstance(told.get(names[0]), str):
        raise InvalidValue(f"a {noun} of 'nouns' has no {names[0]}")
    row = {name: told.get(name) for name in names}
    for name, value in row.items():
        if value is not None and type(value) not in (str, int, bool):
            raise InvalidValue(f"'{name}' of a {noun} is not a text or a number")
        if type(value) is int and not -(2**53) < value < 2**53:
            raise InvalidValue(f"'{name}' of a {noun} is too large")
    if shelf is not None:
        try:
            shelf.read([row[name] for name in names])
        except TixError:
            raise
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InvalidValue(f"the {noun} '{str(told[names[0]])[:40]}' cannot be read") from error
    return row


def write(store: Store, whole: Mapping[str, list[Row]], *, replace: bool) -> None:
    """Keeps them; with ``replace`` instead of those that are there, else only those that are not.

    Raises InvalidValue for rows that no store can hold.
    """
    try:
        for shelf in _SHELVES:
            if shelf.noun in whole:
                _write(store, shelf, whole[shelf.noun], replace=replace)
        for name, (every, put) in _HANGING.items():
            if replace and name in whole:
                store.run(f"{every.removesuffix('_all')}_clear")
            for row in whole.get(name, ()):
                store.run(put, **row)
    except sqlite3.IntegrityError as error:
        raise InvalidValue(f"'nouns' contradicts itself: {error}") from error


def _write(store: Store, shelf: Shelf[Any], rows: list[Row], *, replace: bool) -> None:
    if replace:
        shelf.clear(store)
    for row in rows:
        if shelf.get(store, row["name"]) is None:
            store.run(f"{shelf.noun}_add", **row)
