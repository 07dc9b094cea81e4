"""What the columns, words and dates of a table mean, as people say it: by options, or in a mapping file (TOML)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from tix.errors import InvalidValue
from tix.importers.tables.dates import DateRules
from tix.importers.tables.encoding import known_encoding
from tix.typing import Any, NamedTuple

_NONE: Mapping[str, Any] = MappingProxyType({})
REST = "*"
# The keys of a mapping file besides the tables [columns] and [words.FIELD].
_KEYS = ("encoding", "delimiter", "date-formats", "day-first", "zone", "group-by")


class Layout(NamedTuple):
    """How to read a table; what is None, or empty, is found out or taken from the preset of a tracker.

    ``columns`` maps the name of a column to a field, ``note`` or ``none``; ``*`` is every column that is not named and
    that no preset knows. ``words`` maps a field or column to words of the file and what they are here. ``date_formats``
    are as in ``strptime``, ``day_first`` and ``zone`` (IANA name) as in ``DateRules``. ``group_by`` is the column that
    has the same value in all rows of a ticket, where it has several.
    """

    columns: Mapping[str, str] = _NONE
    words: Mapping[str, Mapping[str, str]] = _NONE
    date_formats: tuple[str, ...] = ()
    day_first: bool | None = None
    zone: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    group_by: str | None = None

    def over(self, other: Layout) -> Layout:
        """Return this layout, and ``other`` for what it leaves open."""
        words = {name: {**other.words.get(name, {}), **found} for name, found in self.words.items()}
        return Layout(
            {**other.columns, **self.columns},
            {**other.words, **words},
            self.date_formats or other.date_formats,
            other.day_first if self.day_first is None else self.day_first,
            self.zone or other.zone,
            self.delimiter or other.delimiter,
            self.encoding or other.encoding,
            self.group_by or other.group_by,
        )

    @property
    def dates(self) -> DateRules:
        """How dates are read. Raises InvalidValue for an unknown zone."""
        from datetime import UTC

        zone = UTC if self.zone is None else _zone(self.zone)
        return DateRules(self.date_formats, self.day_first, zone)

    def checked(self) -> Layout:
        """Return the layout with the names Python has. Raises InvalidValue for what is none."""
        _ = self.dates
        for form in self.date_formats:
            _check_format(form)
        return self._replace(
            encoding=None if self.encoding is None else known_encoding(self.encoding),
            delimiter=None if self.delimiter is None else _delimiter(self.delimiter),
        )


def parse_layout(text: str, name: str) -> Layout:
    """Parse a mapping file. Raises InvalidValue for what is not one; ``name`` is the file's."""
    import tomllib

    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidValue(f"the mapping file {name} cannot be read: {error}") from None
    unknown = [key for key in found if key not in (*_KEYS, "columns", "words")]
    if unknown:
        raise InvalidValue(
            f"the mapping file {name} has an unknown key '{unknown[0]}'",
            hint="its keys are columns, words, " + ", ".join(_KEYS),
        )
    words = _table(found, "words", name)
    day_first = found.get("day-first")
    if day_first is not None and not isinstance(day_first, bool):
        raise InvalidValue(f"'day-first' in the mapping file {name} is neither true nor false")
    formats = found.get("date-formats", [])
    if not isinstance(formats, list):
        raise InvalidValue(f"'date-formats' in the mapping file {name} is not a list")
    return Layout(
        _texts(_table(found, "columns", name), "columns", name),
        {field: _texts(_table(words, field, name), f"words.{field}", name) for field in words},
        tuple(_text(form, "date-formats", name) for form in formats),
        day_first,
        *(_optional(found, key, name) for key in ("zone", "delimiter", "encoding", "group-by")),
    ).checked()


def layout_text(layout: Layout) -> str:
    """Return a layout as a mapping file."""
    lines = [
        f"{key} = {_quoted(value)}"
        for key, value in (
            ("encoding", layout.encoding),
            ("delimiter", layout.delimiter),
            ("zone", layout.zone),
            ("group-by", layout.group_by),
        )
        if value is not None
    ]
    if layout.date_formats:
        lines.append(f"date-formats = [{', '.join(map(_quoted, layout.date_formats))}]")
    if layout.day_first is not None:
        lines.append(f"day-first = {'true' if layout.day_first else 'false'}")
    tables = [
        ("columns", layout.columns),
        *((f"words.{_key(name)}", found) for name, found in layout.words.items()),
    ]
    for title, pairs in tables:
        if pairs:
            lines += ["", f"[{title}]"] if lines else [f"[{title}]"]
            lines += [f"{_quoted(name)} = {_quoted(value)}" for name, value in pairs.items()]
    return "".join(f"{line}\n" for line in lines)


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() and name.isascii() else _quoted(name)


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(found: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    value = found.get(key, {})
    if not isinstance(value, dict):
        raise InvalidValue(f"'{key}' in the mapping file {name} is not a table")
    return value


def _texts(found: Mapping[str, Any], key: str, name: str) -> dict[str, str]:
    return {word: _text(value, f"{key}.{word}", name) for word, value in found.items()}


def _optional(found: Mapping[str, Any], key: str, name: str) -> str | None:
    return _text(found[key], key, name) if key in found else None


def _text(value: object, key: str, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(f"'{key}' in the mapping file {name} is not a text")
    return value


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        pass
    except KeyError:
        pass
    raise InvalidValue(f"'{name}' is not a time zone", hint="for example --zone Europe/Berlin")


def _delimiter(word: str) -> str:
    mark = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}.get(word.lower(), word)
    if len(mark) != 1 or mark in '"\r\n':
        raise InvalidValue(f"'{word}' is not a delimiter", hint="one character, or tab: --delimiter tab")
    return mark


def _check_format(form: str) -> None:
    from datetime import datetime

    try:
        once = datetime(2026, 11, 22, 9, 5, 7).strftime(form)  # noqa: DTZ001  # only its form counts
        back = datetime.strptime(once, form)  # noqa: DTZ007
    except (ValueError, UnicodeError):
        back = None
    if back is None or (back.year, back.month, back.day) != (2026, 11, 22):
        raise InvalidValue(
            f"'{form}' is not the form of a date", hint="for example --date-format '%d.%m.%Y %H:%M'"
        )
