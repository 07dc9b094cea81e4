"""SLA plans: their targets, the due dates that follow, and the explanation of a date.

Targets are counted in the working time of a calendar. While a status pauses the SLA a date does not move; at the
end of the pause it moves by the working time of the pause. Instants are UTC seconds since 1970.
"""

from collections.abc import Iterable, Iterator

from tix.domain.sla.calendars import Calendar, after, spans, working
from tix.domain.times import LATEST
from tix.errors import InvalidValue
from tix.typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["running", "paused", "outside hours", "holiday"]
Pause: TypeAlias = tuple[int, int]


class Targets(NamedTuple):
    """The targets of a plan: seconds to resolution, and to the first response if the plan has such a target."""

    grace_seconds: int
    response_seconds: int | None


class Override(NamedTuple):
    """Targets for one priority; None means the plan's own."""

    priority: str
    grace_seconds: int | None = None
    response_seconds: int | None = None


class Plan(NamedTuple):
    """An SLA plan: its targets in seconds, and the calendar they are counted in if a department has none."""

    name: str
    grace_seconds: int
    response_seconds: int | None = None
    calendar: str | None = None
    overrides: tuple[Override, ...] = ()
    active: bool = True

    def targets(self, priority: str) -> Targets:
        """Return the plan's targets for tickets of that priority."""
        grace, response = self.grace_seconds, self.response_seconds
        for override in self.overrides:
            if override.priority == priority:
                grace = grace if override.grace_seconds is None else override.grace_seconds
                response = response if override.response_seconds is None else override.response_seconds
        return Targets(grace, response)


def due_at(calendar: Calendar | None, clock_at: int, seconds: int, pauses: Iterable[Pause] = ()) -> int:
    """Return when ``seconds`` of working time since ``clock_at`` are over, moved by every pause that has ended since.

    Raises InvalidValue like ``after``.
    """
    paused_seconds = sum(working(calendar, since, until) for since, until in pauses)
    return after(calendar, clock_at, seconds + paused_seconds)


def moved(calendar: Calendar | None, due_at: int, pause_start: int, pause_end: int) -> int:
    """Return a date at the end of a pause, moved on by the working time of the pause.

    A date that would leave the supported years (``--due 9999-12-31`` means never) stops at their end. Raises
    InvalidValue if this machine does not know the calendar's zone.
    """
    paused_seconds = working(calendar, pause_start, pause_end)
    try:
        return after(calendar, due_at, paused_seconds)
    except InvalidValue:
        return LATEST


class Segment(NamedTuple):
    """A span of time and whether it counts; ``why`` is the name of a holiday."""

    kind: Kind
    start: int
    end: int
    why: str | None = None

    @property
    def seconds(self) -> int:
        return self.end - self.start


def segments(
    calendar: Calendar | None,
    start: int,
    end: int,
    pauses: Iterable[Pause] = (),
    paused_at: int | None = None,
) -> list[Segment]:
    """Return [start, end] in segments, in order and without gaps; neighbours differ in kind or why.

    ``paused_at`` begins a pause that has not ended. A pause takes precedence over everything else.
    A holiday is only time that would have been within the hours of its weekday. The running segments add up to the
    target of a date that came from a plan, unless a pause began after that date: it moved the date, too.
    """
    standing = sorted(pauses if paused_at is None else [*pauses, (paused_at, end)])
    found: list[Segment] = []
    at = start
    for since, until in [*standing, (end, end)]:
        begin, finish = max(at, min(since, end)), min(until, end)
        found += _counted(calendar, at, begin)
        found.append(Segment("paused", begin, finish))
        at = max(begin, finish)
    return _merged(found)


def _counted(calendar: Calendar | None, start: int, end: int) -> Iterator[Segment]:
    """Yield [start, end] as the calendar divides it, including empty segments and equal neighbours."""
    if calendar is None:
        yield Segment("running", start, end)
        return
    at = start
    for since, until, holiday in spans(calendar, start, end):
        yield Segment("outside hours", at, since)
        yield Segment("running" if holiday is None else "holiday", since, until, holiday)
        at = until
    yield Segment("outside hours", at, end)


def _merged(found: list[Segment]) -> list[Segment]:
    merged: list[Segment] = []
    for segment in found:
        if segment.start >= segment.end:
            continue
        if merged and (merged[-1].kind, merged[-1].why) == (segment.kind, segment.why):
            merged[-1] = merged[-1]._replace(end=segment.end)
        else:
            merged.append(segment)
    return merged
