"""Put away for a while: what a snooze writes, and what ends it."""

import pytest

from tests.factories import HOUR, T0, author, rules, ticket
from tix.domain.tickets import lifecycle, snooze
from tix.domain.tickets.ticket import play
from tix.domain.tickets.timeline import event
from tix.errors import FinalStatus

RULES = rules()
LATER = T0 + 24 * HOUR


def away(**values):
    """A ticket that ann has put away."""
    found = ticket(**values)
    return play(found, snooze.snooze(found, RULES, author(), LATER))


def test_a_snooze_is_one_internal_event():
    (put,) = snooze.snooze(ticket(), RULES, author(), LATER)
    assert (put.type, put.field, put.old, put.new, put.internal) == (
        "snoozed",
        "snoozed_until",
        None,
        "2026-11-21T09:00:00Z",
        True,
    )
    assert play(ticket(), [put]).snoozed_until == LATER


def test_the_same_again_is_already_so():
    assert snooze.snooze(away(), RULES, author(), LATER) == []
    assert snooze.snooze(ticket(), RULES, author(), None) == []


def test_another_moment_takes_the_place_of_the_first():
    (put,) = snooze.snooze(away(), RULES, author(), LATER + HOUR)
    assert (put.type, put.old, put.new) == ("snoozed", "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z")


def test_staff_bring_it_back():
    (woken,) = snooze.snooze(away(), RULES, author(), None)
    assert (woken.type, woken.by, woken.internal) == ("woken", "ann", True)
    assert play(away(), [woken]).snoozed_until is None


def test_a_final_ticket_is_not_put_away():
    with pytest.raises(FinalStatus):
        snooze.snooze(ticket("itflow", status="closed"), rules("itflow"), author(), LATER)


def test_a_message_of_the_requester_brings_it_back():
    """Whoever typed it; the event is theirs, at that moment."""
    now = T0 + HOUR
    items = lifecycle.reply(away(), RULES, author("rita", "requester", now, via="root"), "And?")
    *said, woken = snooze.awakened(away(), items)
    assert said == items
    assert (woken.type, woken.by, woken.via, woken.side, woken.at) == (
        "woken",
        "rita",
        "root",
        "requester",
        now,
    )
    assert play(away(), [*said, woken]).snoozed_until is None


@pytest.mark.parametrize(
    "items",
    [
        lifecycle.reply(away(), RULES, author(), "An answer."),
        [lifecycle.note(away(), RULES, author(), "Between us.")],
        [event("tag-added", author(), field="tags", new="red")],
        [],
    ],
    ids=["reply", "note", "tag", "nothing"],
)
def test_what_staff_write_does_not(items):
    assert snooze.awakened(away(), items) == items


def test_a_reopening_brings_it_back():
    """Nobody would find it otherwise."""
    solved = play(away(), lifecycle.pull(away(), RULES, "resolve", author(), "staff"))
    assert solved.snoozed_until == LATER
    items = lifecycle.pull(solved, RULES, "reopen", author(), "staff")
    assert [item.type for item in snooze.awakened(solved, items)] == ["status-changed", "woken"]


def test_a_ticket_that_is_awake_stays_as_it_is():
    items = lifecycle.reply(ticket(), RULES, author("rita", "requester"), "And?")
    assert snooze.awakened(ticket(), items) == items


def test_what_puts_it_away_does_not_bring_it_back():
    put = snooze.snooze(away(), RULES, author(), LATER + HOUR)
    assert snooze.awakened(away(), put) == put
