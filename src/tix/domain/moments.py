"""Points in time as people type them: ``+3d``, ``tomorrow 9am``, ``next friday``, ``dec 24``, ``eow``, ``2bd``.

A grammar of our own: the libraries that parse such words guess where a word can be read in several ways. This one
refuses it and names the readings. ``day_words`` reads the days; this module puts days, times and durations together.
"""

from __future__ import annotations

from tix.domain.day_words import DayWords, Nearest, Span, closing_words, ordinal
from tix.domain.durations import ambiguous, parse_duration
from tix.domain.times import LATEST, MIDNIGHT, Clock, Day, exact, in_range, local
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from datetime import date, tzinfo

    from tix.domain.sla.calendars import Calendar


class BusinessDays(NamedTuple):
    """So many business days after ``now`` (UTC seconds), or before it; which days those are, a calendar says.

    ``zone`` applies where there is no calendar.
    """

    days: int
    now: int
    zone: tzinfo

    def day(self, calendar: Calendar | None) -> Day:
        """Return the day, by a calendar. Raises as ``calendars.business_day``."""
        from tix.domain.sla.calendars import business_day

        return business_day(calendar, self.now, self.days, self.zone)


When: TypeAlias = "int | Day | BusinessDays"

_HINT = "write it as 2026-12-01 14:00, 3d, in 2 weeks, tomorrow 9am, next friday, dec 24, eow or 2bd; tix date WORDS shows"


def parse_moment(
    text: str,
    now: int,
    zone: tzinfo,
    *,
    past: bool = False,
    ends: bool = False,
    order: str | None = None,
    calendar: Calendar | None = None,
) -> int:
    """Return the UTC seconds of a time as people type it: of a day its start or, with ``ends``, its last second.

    Business days are those of ``calendar``, without one Monday to Friday. For the rest see ``parse_when``.
    """
    return edge(parse_when(text, now, zone, past=past, order=order), lambda: calendar, ends=ends)


def edge(found: When, calendar: Callable[[], Calendar | None], *, ends: bool) -> int:
    """Return a moment, or of a day its first second; its last one with ``ends``, and for ``eod``."""
    if isinstance(found, BusinessDays):
        found = found.day(calendar())
    if isinstance(found, Day):
        return found.end if ends or found.closing else found.start
    return found


def parse_when(text: str, now: int, zone: tzinfo, *, past: bool = False, order: str | None = None) -> When:
    """Return the UTC seconds of a time as people type it, a ``Day``, or ``BusinessDays``.

    ``now`` and ``zone`` are the reader's. ``past``: they look back, as with ``--since``. ``order``: how the reader's
    locale orders the numbers of a date, ``dmy`` or ``mdy``; None if it does not say.

    - ``2026-12-01T14:00:00Z``, also with ``+02:00``: that instant; fractions of a second are dropped.
    - ``now``; ``+3d``, ``-2h``; ``3d``, ``in 3 days``, ``1h30m``: that much time from now, a day being 24 hours;
      looking back ``3d`` is three days ago; ``3 days ago`` and ``2w ago`` always are. Months and years keep the
      local day, or take the last one of a shorter month.
    - ``2bd``, ``in 2 business days``: the second business day after today.
    - ``2026-12-01 14:00``, ``dec 24 2pm``, ``9am tomorrow``, ``noon``: in ``zone``. A day alone is a ``Day``, for the
      words see ``day_words``; ``eod`` is the end of today, ``eow``, ``eom``, ``eoq``, ``eoy`` of the week, month and so on.
    - ``fri 14:00``, ``friday``, ``9am``, ``dec 24``: the first such time after now, looking back the last up to now.

    A local time that the clocks skip is read with the offset before the change, so it falls after the change
    (02:30 is 03:30); of a local time that occurs twice the first is taken (RFC 5545 §3.3.5). Raises InvalidValue for
    anything else, for what can be read in several ways, and outside the years 1970 to 9999.
    """
    phrase = " ".join(text.lower().split())
    try:
        found = _found(text, phrase, now, zone, past, order)
    except (ValueError, OverflowError):  # a day or an hour that does not exist
        found = None
    if found is None:
        raise InvalidValue(f"'{text}' is not a date or time", hint=_HINT)
    if not isinstance(found, BusinessDays):
        in_range(found.start if isinstance(found, Day) else found, text)
    return found


def _found(text: str, phrase: str, now: int, zone: tzinfo, past: bool, order: str | None) -> When | None:
    if phrase == "now":
        return now
    if (at := exact(phrase)) is not None:
        return at
    if (distance := _distance(phrase, now, zone, past)) is not None:
        return distance
    _refuse_unclear(text, phrase)
    days = DayWords(text, now, zone, past, order)
    closing = closing_words(phrase)
    if closing is None:
        return _day_and_clock(text, phrase, days, now, zone, past)
    found = _placed(days.find(closing), None, now, zone, past)
    return found._replace(closing=True) if isinstance(found, Day) else None


def _refuse_unclear(text: str, phrase: str) -> None:
    """Raise InvalidValue for ``9`` and for midnight, with what they could be."""
    import re

    if re.fullmatch("[0-9]{1,2}", phrase):
        hours = [f"{phrase}:00"] if int(phrase) < 24 else []
        raise ambiguous(text, [*hours, f"{phrase}d", ordinal(int(phrase))])
    if re.fullmatch("(?:.+ )?midnight", phrase):
        day = phrase.removesuffix("midnight").strip().removesuffix("at").strip() or "today"
        raise ambiguous(text, [f"{day} 00:00", f"{day} eod"])


def _day_and_clock(
    text: str, phrase: str, days: DayWords, now: int, zone: tzinfo, past: bool
) -> int | Day | None:
    said, clock = _clock(text, phrase)
    if phrase in ("tonight", "this evening"):
        evening = local(days.today, clock or MIDNIGHT, zone)
        return evening if past or evening > now else _span(days.today, days.today, zone, closing=True)
    found = Nearest("day", days.around) if said == "" and clock is not None else days.find(said)
    return _placed(found, clock, now, zone, past)


def _placed(
    found: Span | Nearest | None, clock: Clock | None, now: int, zone: tzinfo, past: bool
) -> int | Day | None:
    """Return the time on a day, or without a time the days; None for a time on several days."""
    if found is None:
        return None
    if isinstance(found, Nearest):
        return _nearest(found, clock, now, zone, past)
    if clock is None:
        return _span(*found, zone)
    return local(found[0], clock, zone) if found[0] == found[1] else None


# --------------------------------------------------------------------------------- so much time from now

_AMOUNT = r"(?P<count>[0-9]{1,5}|an?) ?(?P<unit>bd|business days?|working days?|mo|months?|y|years?)"


def _distance(phrase: str, now: int, zone: tzinfo, past: bool) -> When | None:
    """Return what is so much time from now or ago; None for other words."""
    import re

    amount, ahead = _direction(phrase)
    sign = 1 if (not past if ahead is None else ahead) else -1
    if match := re.fullmatch(_AMOUNT, amount):
        count = sign * (1 if match["count"].startswith("a") else int(match["count"]))
        if match["unit"].startswith(("b", "w")):
            return BusinessDays(count, now, zone)
        return _months(now, count * (12 if match["unit"].startswith("y") else 1), zone)
    if amount.startswith(("a ", "an ")):
        amount = f"1 {amount.partition(' ')[2]}"
    if ahead is None and (":" in amount or amount.isdigit() or not amount[:1].isdigit()):
        return None  # a time, or a number that could be anything
    try:
        return now + sign * parse_duration(amount)
    except InvalidValue:
        if ahead is not None and amount.isdigit():
            raise
        return None


def _direction(phrase: str) -> tuple[str, bool | None]:
    """Return how much time is meant, and whether ahead or back; None if the words do not say."""
    if phrase[:1] in ("+", "-"):
        return phrase[1:], phrase[0] == "+"
    if phrase.startswith("in "):
        return phrase.removeprefix("in "), True
    for ending, ahead in ((" from now", True), (" ago", False)):
        if phrase.endswith(ending):
            return phrase.removesuffix(ending), ahead
    return phrase, None


def _months(now: int, count: int, zone: tzinfo) -> int:
    """Return the same local time so many months away, on the last day of a shorter month."""
    from calendar import monthrange
    from datetime import date, datetime

    here = datetime.fromtimestamp(now, zone)
    year, month = divmod(here.year * 12 + here.month - 1 + count, 12)
    day = date(year, month + 1, min(here.day, monthrange(year, month + 1)[1]))
    return local(day, (here.hour, here.minute, here.second), zone)


# ------------------------------------------------------------------------------------------ days and times

_CLOCK = (
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?)?"
    r" ?(?P<half>[ap]m)?"
)
_CLOCKS: dict[str, Clock] = {
    "morning": (9, 0, 0),
    "noon": (12, 0, 0),
    "afternoon": (15, 0, 0),
    "evening": (18, 0, 0),
    "tonight": (20, 0, 0),
    "night": (20, 0, 0),
}


def _clock(text: str, phrase: str) -> tuple[str, Clock | None]:
    """Return the words of the day, and the hour, minute and second; None where none are said.

    Raises ValueError for ``13pm``, InvalidValue for ``friday 9``.
    """
    import re

    words = phrase.split(" ")
    if words[-1] in _CLOCKS:
        day = " ".join(words[:-1]).removesuffix(" at").removesuffix(" in the")
        if day in ("", "this") and words[-1] != "noon":
            day = "today"
        elif day in ("at", "last"):
            day = "" if day == "at" else "yesterday"
        return day, _CLOCKS[words[-1]]
    match = re.fullmatch(rf"(?:(?P<day>.+?)(?: at |(?<=[0-9])t| ))?{_CLOCK}", phrase)
    if match is not None and (match["half"] or match["minute"]):
        return _with_half(match["day"] or "", match)
    front = re.fullmatch(rf"{_CLOCK} (?:on )?(?P<day>[a-z0-9].+)", phrase)
    if front is not None and (front["half"] or front["minute"]) and front["day"] not in ("am", "pm"):
        return _with_half(front["day"], front)
    if match is not None and match["day"] and (match["day"] in _SURE_DAYS or _is_turned(match["day"])):
        raise ambiguous(text, [f"{match['day']} {match['hour']}{half}" for half in ("am", "pm")])
    return phrase, None


def _is_turned(day: str) -> bool:
    """Whether the words are those of one weekday, ``next fri``, so that a number behind them can be only an hour."""
    from tix.domain.day_words import is_weekday

    turn, _, name = day.rpartition(" ")
    return turn in ("next", "this", "last", "coming", "previous") and is_weekday(name)


_SURE_DAYS = frozenset({"today", "tomorrow", "yesterday"})


def _with_half(day: str, match: re.Match[str]) -> tuple[str, Clock]:
    hour, half = int(match["hour"]), match["half"]
    if half is not None:
        if not 1 <= hour <= 12:
            raise ValueError(match["hour"])
        hour = hour % 12 + (12 if half == "pm" else 0)
    return "today" if day == "tonight" else day, (hour, int(match["minute"] or 0), int(match["second"] or 0))


def _nearest(near: Nearest, clock: Clock | None, now: int, zone: tzinfo, past: bool) -> int | Day | None:
    """Return the first of several days after now, or looking back the last up to now; with a time at that time."""
    before: date | None = None
    for day in near.days:
        start = local(day, clock or MIDNIGHT, zone)
        # Of a weekday the next one is meant, of a date the whole day counts: today's has not passed.
        ahead = start > now if clock is not None or near.kind != "date" else _span(day, day, zone).end > now
        if past and start > now:
            break
        if ahead and not past:
            return _span(day, day, zone) if clock is None else start
        before = day
    if not past or before is None:
        return None
    return _span(before, before, zone) if clock is None else local(before, clock, zone)


def _span(first: date, last: date, zone: tzinfo, *, closing: bool = False) -> Day:
    """Return the days from ``first`` to ``last``, in seconds."""
    from datetime import timedelta

    start = local(first, MIDNIGHT, zone)
    try:
        return Day(start, min(local(last + timedelta(days=1), MIDNIGHT, zone) - 1, LATEST), closing)
    except OverflowError:  # the last possible day
        return Day(start, LATEST, closing)
