"""All resources of a desk as plain rows, for exports: read from one store, written to another."""

from __future__ import annotations

from collections.abc import Mapping

from tix.domain.names import name_key
from tix.errors import InvalidValue, TixError
from tix.store.connection import Store
from tix.store.engines import ConstraintViolation
from tix.store.setup.repository import ASSETS, CANNED, CLIENTS, DEPARTMENTS, TEAMS, VIEWS, Repository
from tix.store.setup.schedules import SCHEDULES
from tix.store.setup.sla import CALENDARS, PLANS
from tix.store.setup.topics import TOPICS, field_of
from tix.store.setup.workflows import WORKFLOWS
from tix.typing import Any

Row = dict[str, Any]
Nouns = dict[str, list[Row]]
# Types and priorities have had keys of their own in exports since the first version.
REPOSITORIES: dict[str, Repository[Any]] = {
    repository.noun: repository
    for repository in (
        CLIENTS,
        WORKFLOWS,
        CALENDARS,
        PLANS,
        DEPARTMENTS,
        TEAMS,
        TOPICS,
        ASSETS,
        CANNED,
        VIEWS,
        SCHEDULES,
    )
}
# Rows that belong to a resource: to which, the statement that reads all of them, and the one that stores one.
HANGING = {
    "topic_field": ("topic", "topic_fields", "topic_field_put"),
    "holiday": ("calendar", "holidays_all", "holiday_put"),
}
_CLEARED_BY = {"topic_field": "topic_fields_clear", "holiday": "holidays_clear"}

_FLAGS = frozenset("active required required_to_close staff_only by_hand paused".split())
_NUMBERS = frozenset("position grace_seconds response_seconds day start_at next_at last_at".split())


def read(store: Store) -> Nouns:
    """Return the rows of every kind of resource, by its name."""
    found = {noun: _rows(store, f"{noun}_all") for noun in REPOSITORIES}
    return {**found, **{name: _rows(store, every) for name, (_, every, _) in HANGING.items()}}


def _rows(store: Store, statement: str) -> list[Row]:
    cursor = store.run(statement)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def value(noun: str, row: Row) -> Any:
    """Return a row as the domain's value. Raises InvalidValue if it is not valid.

    A holiday is the tuple of its columns.
    """
    columns = list(row.values())
    try:
        if noun in HANGING:
            return field_of(columns) if noun == "topic_field" else tuple(columns)
        return REPOSITORIES[noun].read(columns)
    except TixError:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise InvalidValue(f"the {noun} {_quoted(next(iter(row.values())))} cannot be read") from error


def check(store: Store, told: Mapping[str, Any]) -> Nouns:
    """Return the resources in an import file as rows with valid columns. Raises InvalidValue."""
    whole: Nouns = {}
    for noun, rows in told.items():
        if noun in HANGING:
            statement = HANGING[noun][1]
        elif noun in REPOSITORIES:
            statement = f"{noun}_all"
        else:
            raise InvalidValue(f"'nouns' has a kind unknown to this version of tix: {_quoted(noun)}")
        if not isinstance(rows, list):
            raise InvalidValue(f"'{noun}' of 'nouns' is not a list")
        names = [column[0] for column in store.run(statement).description]
        whole[noun] = [_checked(noun, names, row) for row in rows]
        _refuse_doubles(noun, whole[noun])
    return whole


def _checked(noun: str, names: list[str], told: Any) -> Row:
    if not isinstance(told, dict) or not isinstance(told.get(names[0]), str):
        raise InvalidValue(f"a {noun} of 'nouns' has no {names[0]}")
    if not told.keys() <= set(names):
        strange = min(str(name) for name in told.keys() - set(names))
        raise InvalidValue(
            f"a {noun} of 'nouns' has a column unknown to this version of tix: {_quoted(strange)}"
        )
    return {name: _column(noun, name, told.get(name)) for name in names}


def _column(noun: str, name: str, value: Any) -> str | int | None:
    if name in _FLAGS:
        if value not in (0, 1) or type(value) not in (int, bool):
            raise InvalidValue(f"'{name}' of a {noun} is neither 0 nor 1")
        return int(value)
    if value is None:
        return None
    if name in _NUMBERS:
        if type(value) is not int or not 0 <= value < 2**53:
            raise InvalidValue(f"'{name}' of a {noun} is out of range")
        return value
    if not isinstance(value, str) or "\0" in value or not _is_unicode(value):
        raise InvalidValue(f"'{name}' of a {noun} is not text")
    return value


def _is_unicode(text: str) -> bool:
    """Return whether the store can hold the text: no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_doubles(noun: str, rows: list[Row]) -> None:
    seen = set()
    for row in rows:
        parts = list(row.values())
        name = (name_key(parts[0]), parts[1]) if noun in HANGING else name_key(parts[0])
        if name in seen:
            raise InvalidValue(f"'nouns' has the {noun} {_quoted(parts[0])} twice")
        seen.add(name)


def _quoted(word: object) -> str:
    return f"'{str(word)[:40]}'"


def write(store: Store, whole: Nouns, *, replace: bool) -> int:
    """Store the rows: with ``replace`` in place of the existing ones, else only new ones. Return how many.

    Raises InvalidValue for rows that no store can hold.
    """
    added = 0
    try:
        for noun, repository in REPOSITORIES.items():
            if noun in whole:
                added += _write(store, repository, whole, replace=replace)
    except ConstraintViolation as error:
        raise InvalidValue(f"'nouns' is inconsistent: {error}") from error
    return added


def _write(store: Store, repository: Repository[Any], whole: Nouns, *, replace: bool) -> int:
    if replace:
        repository.clear(store)
    new = [row for row in whole[repository.noun] if repository.get(store, row["name"]) is None]
    for row in new:
        store.run(f"{repository.noun}_add", **row)
    # Rows of a resource that already existed stay as they are, too.
    owners = {name_key(row["name"]) for row in new}
    for name, (owner, _, put) in HANGING.items():
        if owner == repository.noun and name in whole:
            if replace:
                store.run(_CLEARED_BY[name])
            for row in whole[name]:
                if name_key(row[owner]) in owners:
                    store.run(put, **row)
    return len(new)
