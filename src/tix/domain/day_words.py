"""The words for a day, or several in a row: ``friday``, ``dec 24``, ``24.12.2026``, ``next week``, ``2026-12``.

Weeks begin on Monday (ISO 8601): ``next friday`` is the Friday of next week, ``friday`` the first one after today.
"""

from __future__ import annotations

from tix.domain.durations import ambiguous
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, tzinfo

_DAYS = {
    "today": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "the day before yesterday": -2,
    "day before yesterday": -2,
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_TURNS = {"this": 0, "the": 0, "": 0, "next": 1, "coming": 1, "last": -1, "previous": -1}
_CLOSINGS = {
    "eod": "today",
    "eow": "this week",
    "eom": "this month",
    "eoq": "this quarter",
    "eoy": "this year",
}

# The first and the last day.
Span: TypeAlias = "tuple[date, date]"


def is_weekday(word: str) -> bool:
    """Return whether a word is the name of a weekday, or at least its first three letters."""
    return _place(word, _WEEKDAYS) is not None


class Nearest(NamedTuple):
    """Days of which the nearest is meant, in order. ``kind``: ``day`` for every day, ``weekday``, or ``date``."""

    kind: str
    days: Iterable[date]


def closing_words(phrase: str) -> str | None:
    """Return the words for the days at whose end ``phrase`` is: of ``eow`` and ``end of week``, ``this week``.

    None where it names no end.
    """
    if phrase in _CLOSINGS:
        return _CLOSINGS[phrase]
    if phrase.endswith(" eod"):
        return phrase.removesuffix(" eod")
    for start in ("end of the ", "the end of the ", "end of ", "the end of "):
        if phrase.startswith(start):
            rest = phrase.removeprefix(start)
            return "today" if rest in ("day", "this day") else f"this {rest}" if rest in _PERIODS else rest
    return None


_PERIODS = ("week", "month", "quarter", "year")


class DayWords:
    """What words for days mean to a reader: their ``now`` (UTC seconds) and ``zone``, see ``moments.parse_when``."""

    def __init__(self, text: str, now: int, zone: tzinfo, past: bool, order: str | None) -> None:
        from datetime import datetime

        self.today = datetime.fromtimestamp(now, zone).date()
        self._text = text
        self._past = past
        self._order = order

    @property
    def around(self) -> list[date]:
        """Return yesterday, today and tomorrow."""
        return [self._shift(days) for days in (-1, 0, 1)]

    def find(self, words: str) -> Span | Nearest | None:
        """Return the first and the last day of ``words``, or the days of which the nearest is meant.

        None for other words. Raises ValueError for a day that does not exist, InvalidValue for an ambiguous one.
        """
        words = words.removeprefix("on ")
        if words in _DAYS:
            return self._one(self._shift(_DAYS[words]))
        return self._weekday(words) or self._period(words) or self._numbers(words) or self._month(words)

    def _shift(self, days: int) -> date:
        from datetime import timedelta

        return self.today + timedelta(days=days)

    def _one(self, day: date) -> Span:
        return day, day

    def _weekday(self, words: str) -> Span | Nearest | None:
        """``fri``, ``thurs``, ``friday``: at least three letters; ``next friday``, ``friday next week``."""
        turn, _, name = words.rpartition(" ")
        if (parts := words.split(" "))[1:] in (["next", "week"], ["this", "week"], ["last", "week"]):
            name, turn = parts[:2]
        day = _place(name, _WEEKDAYS)
        if day is None or turn not in _TURNS:
            return None
        days = day - self.today.weekday()
        if turn in ("", "the", "coming"):
            return Nearest("weekday", [self._shift(days + more) for more in (-7, 0, 7)])
        if turn == "this" and days < 0 and not self._past:
            days += 7
        return self._one(self._shift(days + 7 * _TURNS[turn]))

    def _period(self, words: str) -> Span | None:
        """``this week``, ``next month``, ``last year``."""
        from datetime import date, timedelta

        turn, _, name = words.replace("-", " ").partition(" ")
        if turn not in _TURNS or name not in _PERIODS or turn == "":
            return None
        if name == "week":
            first = self._shift(7 * _TURNS[turn] - self.today.weekday())
            return first, first + timedelta(days=6)
        size = {"month": 1, "quarter": 3, "year": 12}[name]
        number = (self.today.year * 12 + self.today.month - 1) // size + _TURNS[turn]
        starts = [date(*_month_of(size * (number + more)), 1) for more in (0, 1)]
        return starts[0], starts[1] - timedelta(days=1)

    def _numbers(self, words: str) -> Span | Nearest | None:
        """``2026-12-24``, ``2026/12/24``, ``2026-12``, ``2026-12-24/2026-12-31``, ``24.12.2026``, ``24.12.``, ``12/24``."""
        import re
        from datetime import date, timedelta

        day = "([0-9]{4})([-/])([0-9]{2})\\2([0-9]{2})"
        if match := re.fullmatch(day, words):
            return self._one(date(int(match[1]), int(match[3]), int(match[4])))
        if match := re.fullmatch("([0-9-]{10})/([0-9-]{10})", words):
            first, last = date.fromisoformat(match[1]), date.fromisoformat(match[2])
            return (first, last) if first <= last else None
        if match := re.fullmatch("([0-9]{4})-([0-9]{2})", words):
            number = int(match[1]) * 12 + int(match[2]) - 1
            first = date(int(match[1]), int(match[2]), 1)
            return first, date(*_month_of(number + 1), 1) - timedelta(days=1)
        if match := re.fullmatch(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})?", words):
            return self._dated(int(match[1]), int(match[2]), match[3])
        if match := re.fullmatch("([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}))?", words):
            return self._slashed(int(match[1]), int(match[2]), match[3])
        if match := re.fullmatch(r"(?:the )?([0-9]{1,2})(?:st|nd|rd|th|\.)", words):
            return self._day_of_a_month(int(match[1]))
        return None

    def _slashed(self, first: int, second: int, year: str | None) -> Span | Nearest:
        if self._order is not None:
            month, day = (first, second) if self._order == "mdy" else (second, first)
            if not 1 <= month <= 12:
                raise InvalidValue(
                    f"'{self._text}' has no month {month}; your locale puts the {'month' if self._order == 'mdy' else 'day'} first",
                    hint=f"write {self._reading(day, month, year)}",
                )
            return self._dated(day, month, year)
        readings = [(first, second)] if first == second else [(first, second), (second, first)]
        possible = [self._reading(*one, year) for one in readings if 1 <= one[1] <= 12 and 1 <= one[0] <= 31]
        if not possible:
            raise ValueError(self._text)
        raise InvalidValue(
            f"'{self._text}' could be {' or '.join(possible)}: your locale (LC_TIME) does not say whether the day "
            "or the month comes first",
            hint=f"write {' or '.join(possible)}",
        )

    def _reading(self, day: int, month: int, year: str | None) -> str:
        if not 1 <= month <= 12:
            day, month = month, day
        return f"{year}-{month:02}-{day:02}" if year else f"{_MONTHS[month - 1][:3]} {day}"

    def _month(self, words: str) -> Span | Nearest | None:
        """``dec 24``, ``24 december 2026``, ``dec 24th, 2026``, ``december 2026``."""
        import re
        from datetime import date, timedelta

        number = "([0-9]{1,2})(?:st|nd|rd|th|\\.)?"
        year = "(?:,? ([0-9]{4}))?"
        if match := re.fullmatch(f"([a-z]+)\\.? {number}{year}", words):
            name, day = match[1], match[2]
        elif match := re.fullmatch(f"(?:the )?{number} (?:of )?([a-z]+)\\.?{year}", words):
            day, name = match[1], match[2]
        elif match := re.fullmatch("([a-z]+)\\.? ([0-9]{4})", words):
            place = _place(match[1], _MONTHS)
            if place is None:
                return None
            first = date(int(match[2]), place + 1, 1)
            return first, date(*_month_of(int(match[2]) * 12 + place + 1), 1) - timedelta(days=1)
        else:
            self._refuse_friday_9(words)
            return None
        place = _place(name, _MONTHS)
        if place is None:
            self._refuse_friday_9(words)
            return None
        return self._dated(int(day), place + 1, match[3])

    def _refuse_friday_9(self, words: str) -> None:
        """Refuse ``friday 9``: an hour, or a day of the month."""
        name, _, number = words.partition(" ")
        if number.isdigit() and len(number) < 3 and _place(name, _WEEKDAYS) is not None:
            raise ambiguous(self._text, [f"{name} {number}:00", ordinal(int(number))])

    def _dated(self, day: int, month: int, year: str | None) -> Span | Nearest:
        from datetime import date

        if year is not None:
            return self._one(date(int(year), month, day))
        if not 1 <= month <= 12:
            raise ValueError(self._text)
        years = range(self.today.year - 8, self.today.year + 9)
        return Nearest("date", _existing((year, month, day) for year in years))

    def _day_of_a_month(self, day: int) -> Nearest:
        now = self.today.year * 12 + self.today.month - 1
        return Nearest("date", _existing((*_month_of(number), day) for number in range(now - 2, now + 3)))


def ordinal(day: int) -> str:
    """Return ``1st``, ``2nd``, ``3rd`` or ``4th``."""
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _existing(days: Iterable[tuple[int, int, int]]) -> list[date]:
    """Return the days that exist. Raises ValueError if none does."""
    from datetime import date

    found = []
    for day in days:
        try:
            found.append(date(*day))
        except ValueError:
            continue
    if not found:
        raise ValueError("no such day")
    return found


def _month_of(number: int) -> tuple[int, int]:
    """Return the year and the month of a number of months since January of year 0."""
    year, month = divmod(number, 12)
    return year, month + 1


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Return the place of a name of which ``word`` is the beginning: at least three letters."""
    found = [at for at, name in enumerate(names) if name.startswith(word)] if len(word) > 2 else []
    return found[0] if found else None
