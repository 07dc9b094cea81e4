"""Plans and due dates: what is promised, when it is over, and segments that say why."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tix.domain.sla.calendars import Calendar, parse_hours
from tix.domain.sla.plans import Override, Plan, Segment, Targets, due_at, moved, segments
from tix.domain.times import LATEST
from tix.errors import InvalidValue

HOUR = 3600
BERLIN = ZoneInfo("Europe/Berlin")
CHRISTMAS = {
    dt.date(2026, 12, 25).toordinal(): "Christmas Day",
    dt.date(2026, 12, 26).toordinal(): "Boxing Day",
}
OFFICE = Calendar("office", "Europe/Berlin", parse_hours("mon-fri 9-17"), CHRISTMAS)


def at(text):
    """``23 09:00`` is that in November 2026 (the 23rd is a Monday); with a month, ``12-25 09:00``."""
    day, clock = text.split()
    day = f"2026-{day}" if "-" in day else f"2026-11-{day}"
    return int(dt.datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=BERLIN).timestamp())


def pauses(*written):
    """``"23 10:00", "23 11:00"``: pairs."""
    return list(zip(map(at, written[::2]), map(at, written[1::2]), strict=True))


@pytest.mark.parametrize(
    ("grace", "response", "priority"),
    [(4, 1, "high"), (1, 0.5, "urgent"), (4, 0.25, "normal"), (8, 1, "low")],
)
def test_a_priority_overrides_what_it_names(grace, response, priority):
    """None in an override is the plan's own."""
    plan = Plan(
        "gold",
        4 * HOUR,
        HOUR,
        overrides=(Override("urgent", HOUR, 1800), Override("normal", None, 900), Override("low", 8 * HOUR)),
    )
    assert plan.targets(priority) == Targets(grace * HOUR, response * HOUR)


def test_a_plan_without_a_response_target_has_none():
    assert Plan("plain", 60).targets("normal") == Targets(60, None)
    assert Plan("plain", 60, overrides=(Override("low", None, 5),)).targets("low") == Targets(60, 5)


@pytest.mark.parametrize(
    ("due", "clock_at", "hours", "stood"),
    [
        ("23 13:00", "23 09:00", 4, []),
        ("23 14:00", "23 09:00", 4, ["23 10:00", "23 11:00"]),
        ("23 13:00", "23 09:00", 4, ["23 07:00", "23 09:00"]),  # nothing would have been worked
        ("24 13:00", "23 09:00", 4, ["23 12:00", "24 12:00"]),  # eight hours of work, over a night
        ("24 10:00", "23 09:00", 4, ["23 10:00", "23 12:00", "23 14:00", "23 17:00"]),
        ("23 17:00", "23 09:00", 4, ["23 10:00", "23 12:00", "23 15:00", "23 17:00"]),
        ("12-28 11:00", "12-24 15:00", 4, []),  # Friday is a holiday, then a weekend
        ("12-28 12:00", "12-24 15:00", 4, ["12-24 16:00", "12-26 12:00"]),
    ],
)
def test_a_date_from_a_plan(due, clock_at, hours, stood):
    """Grace in working time, moved by the working time that was paused."""
    assert due_at(OFFICE, at(clock_at), hours * HOUR, pauses(*stood)) == at(due)


def test_round_the_clock_pauses_are_what_they_last():
    assert due_at(None, 1000, 500, [(1100, 1150), (1200, 1300)]) == 1650
    assert moved(None, 1500, 1100, 1150) == 1550


@pytest.mark.parametrize(
    ("due", "by_hand", "since", "until"),
    [
        ("24 12:00", "24 11:00", "23 10:00", "23 11:00"),
        ("24 10:00", "23 17:00", "23 12:00", "23 13:00"),
        ("21 12:00", "21 12:00", "20 17:00", "20 23:00"),  # set on a Saturday, and nothing was missed
        ("23 10:00", "21 12:00", "20 16:00", "20 23:00"),
    ],
)
def test_a_date_set_by_hand_moves_in_working_time(due, by_hand, since, until):
    """On leaving the pause it moves by the paused working time."""
    assert moved(OFFICE, at(by_hand), at(since), at(until)) == at(due)


def test_a_date_that_means_never_stays():
    """A pause cannot push a date out of the years there are, and is not refused for it."""
    for calendar in (None, OFFICE):
        assert moved(calendar, LATEST, at("23 10:00"), at("23 11:00")) == LATEST
        with pytest.raises(InvalidValue, match="after the year 9999"):
            due_at(calendar, LATEST - 5, HOUR)


def written(found):
    """Segments as ``kind [why] end``, times local."""
    lines = []
    for segment in found:
        why = f" ({segment.why})" if segment.why else ""
        lines.append(f"{segment.kind}{why} {dt.datetime.fromtimestamp(segment.end, BERLIN):%d %H:%M}")
    return lines


@pytest.mark.parametrize(
    ("lines", "start", "end", "stood", "paused_at"),
    [
        (["running 23 13:00"], "23 09:00", "23 13:00", [], None),
        (["outside hours 23 09:00", "running 23 10:00"], "20 17:00", "23 10:00", [], None),
        (
            ["running 23 10:00", "paused 23 11:00", "running 23 14:00"],
            "23 09:00", "23 14:00", ["23 10:00", "23 11:00"], None,
        ),
        (
            ["running 23 16:00", "paused 24 10:00", "running 24 11:00"],  # the night is paused, too
            "23 15:00", "24 11:00", ["23 16:00", "24 10:00"], None,
        ),
        (
            ["running 23 10:00", "paused 23 12:00", "running 23 13:00"],  # two in a row
            "23 09:00", "23 13:00", ["23 10:00", "23 11:00", "23 11:00", "23 12:00"], None,
        ),
        (["running 23 10:00", "paused 23 13:00"], "23 09:00", "23 13:00", [], "23 10:00"),
        (["running 23 13:00"], "23 09:00", "23 13:00", [], "23 14:00"),
        (["paused 23 10:00", "running 23 12:00", "paused 23 13:00"],
         "23 09:00", "23 13:00", ["23 08:00", "23 10:00"], "23 12:00"),
        (
            [
                "running 24 17:00",
                "outside hours 25 09:00",
                "holiday (Christmas Day) 25 17:00",
                "outside hours 28 09:00",  # Boxing Day is a Saturday: closed anyhow
                "running 28 11:00",
            ],
            "12-24 15:00", "12-28 11:00", [], None,
        ),
        (["running 24 17:00", "paused 28 10:00"], "12-24 15:00", "12-28 10:00", [], "12-24 17:00"),
        ([], "23 09:00", "23 09:00", ["23 08:00", "23 10:00"], "23 08:00"),
    ],
)  # fmt: skip
def test_why_it_is_due_then(lines, start, end, stood, paused_at):
    """A pause wins, a holiday is named where there would have been work, neighbours of one kind are one."""
    found = segments(OFFICE, at(start), at(end), pauses(*stood), None if paused_at is None else at(paused_at))
    assert written(found) == lines


def test_holidays_that_touch_are_told_apart():
    """Round the clock two days of different names are two segments, the days between two changes are one."""
    always = OFFICE._replace(hours=parse_hours("0-24"))
    found = segments(always, at("12-20 00:00"), at("12-30 00:00"))
    assert written(found) == [
        "running 25 00:00",
        "holiday (Christmas Day) 26 00:00",
        "holiday (Boxing Day) 27 00:00",
        "running 30 00:00",
    ]


def test_round_the_clock_there_are_no_closed_hours():
    assert segments(None, 0, 100, [(10, 20)]) == [
        Segment("running", 0, 10), Segment("paused", 10, 20), Segment("running", 20, 100),
    ]  # fmt: skip
    assert Segment("paused", 10, 20).seconds == 10


def test_a_pause_after_the_date_moves_it_too():
    """Already overdue when it was put on hold: the date moves all the same, and more than the grace has run."""
    due = due_at(OFFICE, at("23 09:00"), HOUR, pauses("23 12:00", "23 13:00"))
    assert due == at("23 11:00")
    assert (
        sum(s.seconds for s in segments(OFFICE, at("23 09:00"), due, pauses("23 12:00", "23 13:00")))
        == 2 * HOUR
    )
