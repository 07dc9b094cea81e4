"""``tix date``: what tix understands by the words for a time or a duration."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.errors import Ambiguous, InvalidValue
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tix.domain.sla.calendars import Calendar

FIELDS = ("use", "at", "seconds", "words")


@app.prints(Kind(FIELDS, ("use", "at", "seconds"), "use"))
@app.reading
def command(
    session: Session,
    words: Annotated[
        list[str],
        Argument(metavar="WORDS…", help="A time or a duration, e.g. next friday, 2bd, dec 24, 1:30."),
    ],
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show how tix understands a time or a duration."""
    printer = Printer(session, output, Kind(FIELDS, ("use", "at", "seconds"), "use"))
    text = " ".join(words)
    calendar = None if session.remote is not None else session.reader().calendar
    try:
        found, refused = _readings(text, session.now, calendar)
    except Ambiguous as error:
        error.hint = "; ".join(_meanings(error.readings, session.now, calendar)) or error.hint
        raise
    printer.records(found)
    if refused is not None:
        session.say(f"As a time {refused.message}.")


def _readings(
    text: str, now: int, calendar: Calendar | None
) -> tuple[list[dict[str, Any]], InvalidValue | None]:
    """Return a record for each use of the words: as a due date, after --since, after --until, as a duration.

    Also return why they are no time, if they are only a duration. Raises InvalidValue if they are neither.
    """
    from tix.cli.date_order import date_order
    from tix.cli.output import zone
    from tix.domain.durations import parse_duration
    from tix.domain.moments import parse_moment, parse_when
    from tix.domain.tickets.due_dates import end_of
    from tix.domain.times import instant

    here, order = zone(), date_order()

    def due() -> int:
        return end_of(parse_when(text, now, here, order=order), calendar, now)

    def looking_back(*, ends: bool) -> int:
        return parse_moment(text, now, here, past=True, ends=ends, order=order, calendar=calendar)

    uses: dict[str, Callable[[], int]] = {
        "due": due,
        "since": lambda: looking_back(ends=False),
        "until": lambda: looking_back(ends=True),
        "duration": lambda: parse_duration(text, minutes=True),
    }
    found: list[dict[str, Any]] = []
    refused: dict[str, InvalidValue] = {}
    for use, parse in uses.items():
        try:
            value = parse()
        except InvalidValue as error:
            refused.setdefault(use, error)
            continue
        at, seconds = (None, value) if use == "duration" else (instant(value), None)
        found.append({"use": use, "at": at, "seconds": seconds, "words": text})
    if not found:
        raise refused["due"]
    return found, refused.get("due")


def _meanings(readings: list[str], now: int, calendar: Calendar | None) -> Iterator[str]:
    """What each reading of ambiguous words would be, ahead of now."""
    for text in readings:
        try:
            found, _ = _readings(text, now, calendar)
        except InvalidValue:
            continue
        for one in found[:1]:
            meant = one["at"] if one["at"] is not None else f"{one['seconds']} seconds"
            yield f"{text} is {meant}"
