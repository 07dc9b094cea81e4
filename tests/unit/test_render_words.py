"""What happened and when, in words."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from tix.domain.tickets.timeline import Author as By
from tix.domain.tickets.timeline import EventType, File, event, system
from tix.domain.times import LATEST, parse_instant
from tix.render import event_phrases, words
from tix.render.records.tickets import item_record
from tix.typing import get_args

NOW = parse_instant("2026-11-22T09:00:00Z")
MINUTE, HOUR, DAY = 60, 3600, 86_400
BERLIN = ZoneInfo("Europe/Berlin")
SAM = By("sam", None, "staff", NOW)


def said(type, author=SAM, **values):
    """The sentence of an event."""
    return event_phrases.sentence(item_record(event(type, author, **values), None), zone=BERLIN)


@pytest.mark.parametrize("type", get_args(EventType))
def test_every_event_has_its_words(type):
    """A new kind of event without a phrase fails here; each can do without any detail."""
    assert type in event_phrases.PHRASES
    assert said(type).startswith("sam ")
    assert "no words for" not in said(type)


def test_only_events_have_words():
    """A phrase for what no longer happens is dead."""
    assert set(event_phrases.PHRASES) == set(get_args(EventType))


@pytest.mark.parametrize(
    ("due_at", "ending"),
    [(NOW, "from low to high; due 2026-11-22 10:00"), (None, "from low to high; no longer due")],
)
def test_a_change_says_where_it_moved_the_due_date(due_at, ending):
    change = {"field": "priority", "old": "low", "new": "high"}
    assert said("field-changed", **change, sets={"due_at": due_at, "priority": "high"}).endswith(ending)
    assert said("field-changed", **change, sets={"priority": "high"}).endswith("from low to high")
    back = said("field-changed", **change, reason="undone", sets={"due_at": due_at, "priority": "high"})
    assert back.endswith(ending.replace("; ", " (undo); "))


def test_the_due_date_itself_is_not_said_twice():
    moved = {"field": "due_at", "new": "2026-11-22T09:00:00Z", "sets": {"due_at": NOW}}
    assert said("field-changed", **moved) == "sam set the due date to 2026-11-22 10:00"
    assert "due_at" not in item_record(event("field-changed", SAM, **moved), None)["event"]


def test_a_newer_event_is_named():
    """A store written by a newer tix does not stop the timeline."""
    item = item_record(event("overdue", SAM), None)
    item["event"]["type"] = "frobnicated"
    assert event_phrases.phrase(item, zone=UTC).endswith("does not know: frobnicated")


@pytest.mark.parametrize(
    ("expected", "type", "values"),
    [
        (
            "sam changed the status from open to answered",
            "status-changed",
            {"old": "open", "new": "answered"},
        ),
        ("sam reopened the ticket", "status-changed", {"old": "closed", "new": "open", "reason": "reopened"}),
        (
            "sam reopened the ticket: the solution was not accepted",
            "status-changed",
            {"old": "resolved", "new": "open", "reason": "solution-not-accepted"},
        ),
        ("sam assigned the ticket to kim", "assigned", {"new": "kim"}),
        ("sam assigned the ticket to kim (was bob)", "assigned", {"old": "bob", "new": "kim"}),
        ("sam took the ticket", "assigned", {"new": "sam"}),
        ("sam took the ticket over from kim", "assigned", {"old": "kim", "new": "sam"}),
        ("sam unassigned the ticket", "assigned", {"old": "sam"}),
        ("sam unassigned the ticket (was kim)", "assigned", {"old": "kim"}),
        (
            "sam changed the priority from low to high",
            "field-changed",
            {"field": "priority", "old": "low", "new": "high"},
        ),
        (
            "sam changed the subject from “a b” to c",
            "field-changed",
            {"field": "subject", "old": "a b", "new": "c"},
        ),
        ("sam cleared the phone (was 12)", "field-changed", {"field": "phone", "old": "12"}),
        (
            "sam set the due date to 2026-12-01 14:00",
            "field-changed",
            {"field": "due_at", "new": "2026-12-01T13:00:00Z"},
        ),
        ("sam added the tag vip", "tag-added", {"field": "tags", "new": "vip"}),
        ("sam removed the tag vip", "tag-removed", {"field": "tags", "old": "vip"}),
        ("sam rated the ticket 5 of 5 (★★★★★)", "rated", {"field": "rating", "new": "5"}),
        ("sam merged the ticket into TIX-9", "merged", {"new": "TIX-9"}),
        ("sam added the link: is blocked by TIX-9", "linked", {"field": "blocked-by", "new": "TIX-9"}),
        ("sam logged 1h30m", "time-added", {"new": "5400"}),
        ("sam deleted a time entry of 25m", "time-removed", {"old": "25m"}),
        ("sam snoozed the ticket until 2026-12-01 14:00", "snoozed", {"new": "2026-12-01T13:00:00Z"}),
        ("sam attached a.pdf (2KB)", "attached", {"files": (File("a.pdf", 2000, "application/pdf", ""),)}),
        ("sam removed the file a.pdf", "attached", {"old": "a.pdf"}),
    ],
)
def test_what_people_do(expected, type, values):
    """The sentences of a desk's day."""
    assert said(type, **values) == expected


def test_what_time_does():
    """Nobody did it: it happened."""
    assert said("overdue", system(NOW)) == "tix marked the ticket as overdue"
    lapse = {"field": "status", "old": "resolved", "new": "closed", "reason": "elapsed"}
    assert said("status-changed", system(NOW), **lapse) == "tix closed the ticket automatically"


def test_values_are_neutralised_and_short():
    """A value is one short line of text."""
    shown = said("field-changed", field="subject", old="\x1b[31m\n[b]", new="x" * 500)
    assert r"\x1b[31m\n[b]" in shown
    assert len(shown) < 120
    assert (
        said("overdue", By("sam", "ro\x1bot", "staff", NOW))
        == r"sam (typed by ro\x1bot) marked the ticket as overdue"
    )


@pytest.mark.parametrize(
    ("expected", "away"),
    [
        ("now", 0),
        ("now", 59),
        ("now", -59),
        ("1m ago", -MINUTE),
        ("59m ago", -HOUR + 1),
        ("1h ago", -HOUR),
        ("23h ago", -DAY + 1),
        ("2d ago", -2 * DAY),
        ("6d ago", -7 * DAY + 1),
        ("15 Nov", -7 * DAY),
        ("in 1m", MINUTE),
        ("in 3h", 3 * HOUR),
        ("in 3h", 3 * HOUR - 1),
        ("in 1h", HOUR - 1),
        ("in 1d", DAY - 1),
        ("in 7d", 7 * DAY - 1),
        ("29 Nov", 7 * DAY),
        ("22 Nov 2025", -365 * DAY),
    ],
)
def test_relative(expected, away):
    """Within a week how far, else the day; the year where it is another."""
    assert words.relative(NOW + away, NOW, UTC) == expected


def test_times_are_local():
    """The person's own clock, summer time included, and their own day."""
    assert words.local(NOW, BERLIN) == "2026-11-22 10:00"
    assert words.local(parse_instant("2026-07-01T22:30:00Z"), BERLIN) == "2026-07-02 00:30"
    assert words.day(parse_instant("2026-07-01T22:30:00Z"), BERLIN) == "Thu 2 Jul 2026"
    assert words.clock(NOW, BERLIN) == "10:00"


def test_the_last_second_can_be_shown():
    """The year 10000 has begun in the east; the timeline does not break."""
    assert words.local(LATEST, ZoneInfo("Pacific/Kiritimati")) == "9999-12-31 23:59"


def test_numbers_and_nouns():
    """One is singular."""
    assert [words.counted(1, "entry"), words.counted(2, "entry"), words.counted(0, "event")] == [
        "1 entry", "2 entries", "0 events",
    ]  # fmt: skip
    assert words.stars(4) == "★★★★☆"
