"""Working time counted minute by minute: the oracle of the laws about due dates, and calendars to try.

Nothing here is ``tix.domain``'s arithmetic: each minute asks zoneinfo what the clock on the wall shows.
"""

import datetime as dt
import random
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tix.domain.sla.calendars import Calendar, parse_hours

HOUR = 3600
DAY = 24 * HOUR
MINUTES = 12 * 7 * 24 * 60  # of a window; what happens begins in its first third

# Each is twelve weeks of a zone, from three before that day on.
WINDOWS = {
    "Berlin, an hour on": ("Europe/Berlin", "2026-03-29"),
    "Berlin, an hour back": ("Europe/Berlin", "2026-10-25"),
    "New York, an hour on": ("America/New_York", "2026-03-08"),
    "New York, an hour back": ("America/New_York", "2026-11-01"),
    "Lord Howe, half an hour back": ("Australia/Lord_Howe", "2026-04-05"),
    "Lord Howe, half an hour on": ("Australia/Lord_Howe", "2026-10-04"),
    "Chatham, three quarters off": ("Pacific/Chatham", "2026-04-05"),
    "Casablanca, back for Ramadan": ("Africa/Casablanca", "2026-02-15"),
    "Casablanca, on after it": ("Africa/Casablanca", "2027-03-14"),
    "Sao Paulo, back at midnight": ("America/Sao_Paulo", "2018-02-18"),
    "Sao Paulo, on at midnight": ("America/Sao_Paulo", "2018-11-04"),
    "Santiago, back at midnight": ("America/Santiago", "2026-04-05"),
    "Cairo, on at midnight": ("Africa/Cairo", "2026-04-24"),
    "Samoa, a day left out": ("Pacific/Apia", "2011-12-30"),
    "Kolkata, never": ("Asia/Kolkata", "2026-06-15"),
    "UTC, never": ("UTC", "2026-06-15"),
}
QUIET = {"Kolkata, never", "UTC, never"}

RUNNING, HOLIDAY, OUTSIDE = b"rho"
KINDS = {"running": b"r", "holiday": b"h", "outside hours": b"o"}


# --------------------------------------------------------------------------------------------- the oracle


class Walls(NamedTuple):
    """What the clock on the wall shows at each minute from ``start`` on: the day, and the minute of the week."""

    zone: str
    start: int
    days: list[int]
    minutes: list[int]
    changes: list[int]  # the instants at which it jumps


@lru_cache(maxsize=2)
def walls(name: str) -> Walls:
    zone, day = WINDOWS[name]
    start = int(dt.datetime.fromisoformat(f"{day}T12:00+00:00").timestamp()) - 21 * DAY
    info = ZoneInfo(zone)
    shown = [dt.datetime.fromtimestamp(start + 60 * n, info).replace(tzinfo=None) for n in range(MINUTES)]
    minute = dt.timedelta(minutes=1)
    return Walls(
        zone,
        start,
        [wall.toordinal() for wall in shown],
        [wall.weekday() * 1440 + wall.hour * 60 + wall.minute for wall in shown],
        [start + 60 * n for n in range(1, MINUTES) if shown[n] - shown[n - 1] != minute],
    )


class Oracle:
    """Says of each minute what it is, and counts them one after the other."""

    def __init__(self, wall: Walls, calendar: Calendar) -> None:
        self.wall = wall
        self.calendar = calendar
        open_minutes = {
            day * 1440 + minute
            for day, pairs in enumerate(calendar.hours)
            for opens, closes in pairs
            for minute in range(opens, closes)
        }
        self.kinds = bytes(
            OUTSIDE if minute not in open_minutes else HOLIDAY if day in calendar.holidays else RUNNING
            for day, minute in zip(wall.days, wall.minutes, strict=True)
        )

    def place(self, at: int) -> int:
        return (at - self.wall.start) // 60

    def working(self, since: int, until: int) -> int:
        first, last = self.place(since), self.place(until)
        seconds = 60 * self.kinds.count(RUNNING, first, last)
        seconds -= since % 60 if self.kinds[first] == RUNNING else 0
        return seconds + (until % 60 if self.kinds[last] == RUNNING else 0)

    def after(self, since: int, seconds: int) -> int:
        at, place = since, self.place(since)
        while seconds > 0:
            place = self.kinds.index(RUNNING, place)
            at = max(at, self.wall.start + 60 * place)
            stay = min(seconds, 60 - at % 60)
            at, seconds, place = at + stay, seconds - stay, place + 1
        return at

    def names(self, since: int, until: int) -> set[str]:
        return {
            self.calendar.holidays[day]
            for day in self.wall.days[self.place(since) : self.place(until - 1) + 1]
        }


HOURS = [
    "mon-fri 9-17",
    "mon-fri 08:00-12:00 13:00-17:30, sat 10-14",
    "daily 0-24",
    "daily 0:00-2:30 3:00-8:00 23:15-24:00",  # boundaries within the hours that come twice or not at all
    "daily 1:45-2:15 2:20-2:40 9-13",
    "daily 22-24 0-0:30 0:45-6",
    "fri-mon 0-24",
]


def some_calendar(draw: random.Random, wall: Walls) -> Calendar:
    """Of one of the weeks above or of any hours, holidays strewn in, at times where the clocks change."""
    hours = parse_hours(draw.choice(HOURS)) if draw.random() < 0.6 else some_hours(draw)
    names = ("Eid", "Diwali", "Labour Day")
    free = {draw.choice(wall.days): draw.choice(names) for _ in range(draw.randrange(9))}
    if wall.changes and draw.random() < 0.2:
        free[wall.days[(draw.choice(wall.changes) - wall.start) // 60]] = "the day itself"
    return Calendar("drawn", wall.zone, hours, free)


def some_hours(draw: random.Random):
    """Up to two pairs of any minutes a day, often with an early boundary, 25 hours a week at least."""
    while True:
        days = []
        for _ in range(7):
            step = draw.choice((1, 5, 15))
            cuts = sorted({draw.randrange(0, draw.choice((240, 1441)), step) for _ in range(4)})
            pairs = tuple(zip(cuts[::2], cuts[1::2], strict=False))
            days.append(pairs if draw.random() < 0.8 else ())
        if sum(closes - opens for pairs in days for opens, closes in pairs) >= 25 * 60:
            return tuple(days)
