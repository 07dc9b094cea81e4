"""Dates as trackers and spreadsheets write them.

ISO 8601 in all its spellings, RFC 5322, seconds and milliseconds since 1970, ``24.12.2026 15:04``,
``12/24/26 3:04 PM``, ``24/Dec/26``, and months in the languages trackers export in. A date that could be read in two
ways is refused with both.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from tix.errors import BrokenRecord
from tix.typing import NamedTuple

# Languages whose months are known, from CLDR: those that Jira and its like are translated to.
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu", "ro", "tr", "ru", "uk",
    "el", "et", "lt", "lv", "sl", "hr", "vi", "ca",
)  # fmt: skip
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "bst": 60, "wet": 0, "west": 60,
    "eet": 120, "eest": 180,
}  # fmt: skip
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})|(\d{15,16})")
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?(?![^\W\d_]))?\s*(?:\(?(?P<zone>[A-Za-z]{1,5}|(?:utc|gmt)?[+-]\d{1,2}:?\d{0,2})\)?)?\s*$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{2,4})\.?")
_DAY_FIRST_WORDS = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th|º|er)?[\s./,-]*(?:de\s+)?([^\W\d_]+)\.?[\s./,-]*(?:de\s+)?(\d{4}|\d{2})"
)
_MONTH_FIRST_WORDS = re.compile(r"([^\W\d_]+)\.?[\s./-]*(\d{1,2})(?:st|nd|rd|th)?[\s,./-]+(\d{4}|\d{2})")
_WEEKDAY = re.compile(r"([^\W\d_]{2,12})\.?,?\s+(?=\d|[^\W\d_]+\.?\s*\d)")
_C_TIME = re.compile(r"(?:\w{3} )?(\w{3}) (\d{1,2}) (\d{1,2}:\d{2}:\d{2}) (?:([A-Z]{1,5}) )?(\d{4})")


class DateRules(NamedTuple):
    """How dates are read: ``formats`` as in ``strptime``, tried first; ``zone`` of those that name none.

    ``day_first`` decides 03/04/2026: 3 April if it is True, 4 March if False; with None such a date is refused.
    """

    formats: tuple[str, ...] = ()
    day_first: bool | None = None
    zone: tzinfo = UTC


def parse_date(text: str, rules: DateRules) -> int:
    """Return UTC seconds, fractions dropped; a day without a time is its start in the zone.

    Raises BrokenRecord for what is no date, and for one that can be read in two ways.
    """
    words = " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())
    for form in rules.formats:
        try:
            return _at(datetime.strptime(words, form), rules)  # noqa: DTZ007  # the zone is added where it has none
        except ValueError:
            continue
    found = _exact(words, rules)
    if found is None:
        found = _loose(words, rules)
    if found is None:
        raise BrokenRecord(
            f"'{text[:40]}' is not a date; write it as 2026-11-22T09:00:00Z, or say how it is written: --date-format '%d.%m.%Y %H:%M'"
        )
    return found


def _exact(words: str, rules: DateRules) -> int | None:
    """Return a moment written in a way that a machine reads."""
    epoch = _EPOCH.fullmatch(words)
    if epoch:
        # In seconds, milliseconds, or microseconds as Trac has them.
        return int(epoch[1] or (epoch[2][:-3] if epoch[2] else epoch[3][:-6]))
    plain = words.replace("/", "-") if re.match(r"\d{4}/", words) else words
    plain = re.sub(r"\s+(?:UTC|GMT|Z)$", "Z", plain)
    plain = re.sub(r"\s+([+-]\d{2}:?\d{2})(?:\s+[A-Z]{3,4})?$", r"\1", plain)
    try:
        return _at(datetime.fromisoformat(plain), rules)
    except ValueError:
        return None


def _loose(words: str, rules: DateRules) -> int | None:
    """Return a moment written for people."""
    words = re.sub(r"\s*\([^)]*\)$", "", words)  # GMT+0100 (Central European Standard Time)
    words = _C_TIME.sub(r"\1 \2 \5 \3 \4", words).strip()  # Fri Jan 2 10:00:00 2026
    weekday = _WEEKDAY.match(words)
    if weekday and _month_number(weekday[1]) is None:
        words = words[weekday.end() :]
    day, clock = words, None
    found = _CLOCK.search(words)
    if found and (found.start() == 0 or not words[found.start() - 1].isdigit()) and found.start() > 0:
        before = words[: found.start()].rstrip(" ,T-").removesuffix(" at").removesuffix(" um").rstrip(" ,")
        if _is_day(before):
            day, clock = before, found
    date = _date(day, rules)
    if date is None:
        return None
    year, month, number = date
    try:
        moment = datetime(year, month, number)  # noqa: DTZ001  # the zone is added where it has none
        if clock is not None:
            moment = _with_clock(moment, clock)
    except ValueError:
        return None
    return _at(moment, rules)


def _is_day(words: str) -> bool:
    return any(form.fullmatch(words) for form in (_NUMBERS, _DAY_FIRST_WORDS, _MONTH_FIRST_WORDS))


def _date(words: str, rules: DateRules) -> tuple[int, int, int] | None:
    numbers = _NUMBERS.fullmatch(words)
    if numbers:
        return _by_numbers(words, numbers, rules)
    found = _DAY_FIRST_WORDS.fullmatch(words)
    if found and (month := _month_number(found[2])):
        return _year(found[3]), month, int(found[1])
    found = _MONTH_FIRST_WORDS.fullmatch(words)
    if found and (month := _month_number(found[1])):
        return _year(found[3]), month, int(found[2])
    return None


def _by_numbers(words: str, found: re.Match[str], rules: DateRules) -> tuple[int, int, int] | None:
    first, mark, second, last = int(found[1]), found[2], int(found[3]), found[4]
    if len(found[1]) == 4:
        return first, second, int(last)
    if len(found[1]) == 3 or len(last) == 3:
        return None
    year = _year(last)
    day_first = rules.day_first
    if mark == "." or first > 12:
        day_first = True
    elif second > 12:
        day_first = False
    elif first == second:
        day_first = True
    if day_first is None:
        raise BrokenRecord(
            f"'{words}' can be {year}-{second:02}-{first:02} (--day-first) or {year}-{first:02}-{second:02} (--month-first)"
        )
    return (year, second, first) if day_first else (year, first, second)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else 2000 + year if year < 70 else 1900 + year


def _with_clock(moment: datetime, clock: re.Match[str]) -> datetime:
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    if clock["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if clock["half"][0] in "pP" else 0)
    moment = moment.replace(hour=hour, minute=minute, second=second)
    return moment if clock["zone"] is None else moment.replace(tzinfo=_zone(clock["zone"]))


def _zone(word: str) -> tzinfo:
    name = word.lower()
    if name in _ZONES:
        return timezone(timedelta(minutes=_ZONES[name]))
    found = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?", name)
    if found is None:
        raise ValueError(word)
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _at(moment: datetime, rules: DateRules) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=rules.zone)
    try:
        return math.floor(moment.timestamp())
    except (OverflowError, ValueError, OSError):
        raise ValueError(moment) from None


@lru_cache(maxsize=1)
def _english() -> dict[str, int]:
    from calendar import month_abbr, month_name

    names = {name.casefold(): number for number, name in enumerate(month_name) if name}
    return names | {name.casefold(): number for number, name in enumerate(month_abbr) if name} | {"sept": 9}


@lru_cache(maxsize=1)
def _all_months() -> dict[str, int]:
    """Return the months of all LANGUAGES by name; one that is two months in two languages is none."""
    from babel import Locale

    names: dict[str, int] = {}
    unclear: set[str] = set()
    for language in LANGUAGES:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    key = name.rstrip(".").casefold()
                    if key.isalpha() and names.setdefault(key, number) != number:
                        unclear.add(key)
    return {name: number for name, number in names.items() if name not in unclear}


def _month_number(word: str) -> int | None:
    key = word.rstrip(".,").casefold()
    found = _english().get(key)
    return _all_months().get(key) if found is None and key.isalpha() and len(key) > 1 else found
