"""Read named fields from a foreign record.

Every function takes the names of a field (``createdAt``, ``created_at``) and uses the first that is present and not
null. Raises BrokenRecord, a sentence about this one record, if a value does not fit its name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from tix.errors import BrokenRecord
from tix.importers.record import ImportedAuthor
from tix.typing import Any

Record = Mapping[str, Any]

NO_SUBJECT = "(no subject)"
_MOST_VOICES = 20_000  # people kept in the cache: the same ones write again and again

_UNSTORABLE = re.compile("\x00|[\ud800-\udfff]")
_LINE_ENDS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SPACED_OFFSET = re.compile(r" ([+-][0-9]{2}:?[0-9]{2})$")
_MAILBOX = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>\s]+)>")
_DAY = 24 * 3600


def clean(text: str) -> str:
    """Return ``text`` as a store can hold it: without U+0000, with U+FFFD for a surrogate without its other half."""
    if text.isascii() and "\x00" not in text:  # known without scanning: most texts of an import
        return text
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text)


def one_line(text: str) -> str:
    """Return ``text`` with line ends as spaces, trimmed."""
    words = clean(text)
    return words.strip() if words.isprintable() else _LINE_ENDS.sub(" ", words).strip()


def whole(value: object, place: str) -> Record:
    """Return ``value`` as a record. ``place`` names it in the error."""
    if not isinstance(value, dict):
        raise BrokenRecord(f"{place} is not an object")
    return value


def first(record: Record, *names: str) -> object:
    """Return the first value that is present, of any type; else None."""
    for name in names:
        value: object = record.get(name)
        if value is not None:
            return value
    return None


def text(record: Record, *names: str) -> str:
    """Return a text, line ends unchanged; empty if there is none."""
    value = first(record, *names)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BrokenRecord(f"'{names[0]}' is not text")
    return clean(value)


def subject(record: Record, *names: str) -> str:
    """Return a title on one line; an empty one becomes ``(no subject)``. Raises BrokenRecord if there is none."""
    if first(record, *names) is None:
        raise BrokenRecord(f"'{names[0]}' is missing")
    return one_line(text(record, *names)) or NO_SUBJECT


def instant(record: Record, *names: str) -> int | None:
    """Return UTC seconds, fractions dropped; None if there is no time, or only Go's zero time."""
    value = "" if len(names) == 1 and record.get(names[0], "") == "" else text(record, *names)
    return _instant(value) if value.strip() else None


def due(record: Record, *names: str) -> int | None:
    """Return when something is due, in UTC seconds: a day without a time is over at its end."""
    return parse_due(text(record, *names))


def parse_due(value: str) -> int | None:
    """Return the end of a bare day, and any other moment itself, in UTC seconds; None for none."""
    word = value.strip()
    at = parse_instant(word) if word else None
    return at if at is None or len(word) > len("2026-11-22") else at + _DAY - 1


def known_instant(record: Record, *names: str) -> int:
    """Return the same for a time that is required."""
    value = instant(record, *names)
    if value is None:
        raise BrokenRecord(f"'{names[0]}' is missing")
    return value


@lru_cache(maxsize=1024)  # a record is asked for the same time more than once
def _instant(value: str) -> int | None:
    return parse_instant(value)


def parse_instant(value: str) -> int | None:
    """Parse ISO 8601 with any offset and any number of fractional digits; without an offset it is UTC."""
    try:
        moment = _moment(value.strip())
    except ValueError:
        raise BrokenRecord(f"'{value}' is not a date; write it as 2026-11-22T09:00:00Z") from None
    if moment.year == 1:  # how Go prints a time that was never set
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return math.floor(moment.timestamp())


def _moment(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        # As Ruby prints it: a space before the offset, or UTC for one.
        return datetime.fromisoformat(_SPACED_OFFSET.sub(r"\1", value.removesuffix(" UTC")))


def records(record: Record, *names: str) -> Iterator[Record]:
    """Yield the objects of a list; none if the value is absent, or only a count."""
    value = first(record, *names)
    if value is None or isinstance(value, int):
        return
    if not isinstance(value, list):
        raise BrokenRecord(f"'{names[0]}' is not a list")
    for item in value:
        yield whole(item, f"an item of '{names[0]}'")


def labels(record: Record, *names: str) -> tuple[str, ...]:
    """Return a list of words, or of objects with a ``name``; each on one line and once, in order."""
    value = first(record, *names) or []
    if not isinstance(value, list):
        raise BrokenRecord(f"'{names[0]}' is not a list")
    words = (item.get("name") if isinstance(item, dict) else item for item in value)
    return distinct(one_line(word) for word in words if isinstance(word, str))


def answers(told: Record) -> dict[str, str]:
    """Return an object of single values, each as text; null is left out."""
    found = {}
    for key, value in told.items():
        if isinstance(value, bool):
            found[key] = "true" if value else "false"
        elif isinstance(value, str | int | float):
            found[key] = clean(str(value))
        elif value is not None:
            raise BrokenRecord(f"the custom field '{str(key)[:40]}' is not a single value")
    return found


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Return each word once, without empty ones, in order of first appearance."""
    return tuple(dict.fromkeys(word for word in words if word))


def voice(value: object) -> ImportedAuthor | None:
    """Return a person: an object with a ``login``, or a text that is a login, a name, an address or both."""
    if isinstance(value, dict):
        return _voice_of(value)
    if value is None or isinstance(value, str):
        return parse_voice(value or "")
    raise BrokenRecord("a person is neither an object nor text")


def parse_voice(value: str) -> ImportedAuthor | None:
    """Parse ``lan``, ``Lan Nguyen``, ``lan@x.example`` or ``Lan <lan@x.example>``; None if it is empty."""
    words = one_line(value)
    if not words:
        return None
    mailbox = _MAILBOX.fullmatch(words.strip())
    if mailbox and "@" in mailbox["email"][1:-1]:
        return ImportedAuthor(None, mailbox["name"].strip().strip('"') or None, mailbox["email"])
    if " " in words:
        return ImportedAuthor(None, name=words)
    return ImportedAuthor(None, email=words) if "@" in words[1:-1] else ImportedAuthor(words)


def _voice_of(person: Record) -> ImportedAuthor | None:
    return _voice(text(person, "login"), text(person, "name"), text(person, "email"))


@lru_cache(maxsize=_MOST_VOICES)
def _voice(*words: str) -> ImportedAuthor | None:
    login, name, email = (one_line(word) or None for word in words)
    return ImportedAuthor(login, name, email) if login or name or email else None
