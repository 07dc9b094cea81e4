"""Columns of a ticket in tix's own export: checked for type, range and the form of their JSON."""

from __future__ import annotations

import json
import math
import re
from typing import get_args, get_type_hints

from tix.domain.json_columns import dumps
from tix.domain.people import kept_login, parse_email, parse_login
from tix.domain.tickets.fields import names_of
from tix.domain.tickets.links import INVERSE
from tix.domain.tickets.ticket import Ticket
from tix.domain.times import LATEST
from tix.domain.topics import LONGEST_VALUE
from tix.errors import BrokenRecord, InvalidValue
from tix.importers import fields as read
from tix.typing import Any

# `int`, `int | None`, `str`, `str | None`: the type of a column, and whether it may be None.
TYPES: dict[str, tuple[type, bool]] = {
    name: (int if int in (note, *get_args(note)) else str, type(None) in get_args(note))
    for name, note in get_type_hints(Ticket).items()
}
_PEOPLE = frozenset(names_of("person"))
_EARLIEST = -62_135_596_800  # 0001-01-01T00:00:00Z
_LONGEST_NAME = 100
_LONGEST_WORD = 254  # an address
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MOST_NUMBER = 10**15


def typed(name: str, value: object) -> Any:
    """Return the value of a column; an invalid login stored by an older tix becomes a valid one.

    Raises BrokenRecord if it has another type.
    """
    kind, optional = TYPES[name]
    if value is None and optional:
        return None
    if kind is int:
        if type(value) is not int or not -(2**53) < value < 2**53:
            raise BrokenRecord(f"'{name}' is not a whole number")
        if name.endswith(("_at", "_until")) and not _EARLIEST <= value <= LATEST:
            raise BrokenRecord(f"'{name}' is outside the years 1 to 9999")
        return value
    if not isinstance(value, str):
        raise BrokenRecord(f"'{name}' is not text")
    if name in _PEOPLE:
        return kept_login(read.clean(value))
    check = _JSON.get(name)
    return read.clean(value) if check is None else _parsed(name, value, check)


def _parsed(name: str, text: str, check: Any) -> str | None:
    """Return a JSON column as the store writes it."""
    try:
        value = json.loads(text)
        if not check(value):
            raise BrokenRecord(f"'{name}' does not hold valid values for that column")
    except (ValueError, TypeError, RecursionError) as error:
        raise BrokenRecord(f"'{name}' is not valid JSON for that column") from error
    return dumps(value)


def _is_pauses(value: Any) -> bool:
    return isinstance(value, list) and all(
        [type(one) for one in pause] == [int, int] and all(_EARLIEST <= at <= LATEST for at in pause)
        for pause in value
    )


def _is_assets(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(name, str) and read.one_line(name) == name and 0 < len(name) <= _LONGEST_NAME
        for name in value
    )


def _is_watchers(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(who, str) and _is_watcher(who) for who in value)


def _is_watcher(text: str) -> bool:
    """Return whether the text is a login or an address."""
    if len(text) > _LONGEST_WORD:
        return False
    try:
        return (parse_email(text) if "@" in text else parse_login(text)) == text
    except InvalidValue:
        return False


def _is_links(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(link, list)
        and len(link) == 2
        and all(isinstance(one, str) for one in link)
        and link[0] in INVERSE
        and is_reference(link[1])
        for link in value
    )


def is_reference(text: str) -> bool:
    """Return whether a text is a ticket reference: ``TIX-12``."""
    return re.fullmatch(r"[A-Z][A-Z0-9]{0,9}-[1-9][0-9]{0,15}", text) is not None


def _is_answers(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _KEY.fullmatch(key) and _is_answer(answer) for key, answer in value.items()
    )


def _is_answer(value: Any) -> bool:
    if isinstance(value, str):
        return read.clean(value) == value and 0 < len(value) <= LONGEST_VALUE
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) < _MOST_NUMBER


_JSON = {
    "pauses": _is_pauses,
    "assets": _is_assets,
    "fields": _is_answers,
    "internal_fields": _is_answers,
    "watchers": _is_watchers,
    "links": _is_links,
}
