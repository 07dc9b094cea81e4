"""When a mail is sent again: the schedule, and every transition of one recipient's copy."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.domain.mail import delivery
from tix.domain.mail.delivery import (
    HOUR,
    LAST_ATTEMPT,
    MINUTE,
    OUTCOMES,
    STATES,
    TRANSITIONS,
    Delivery,
    lease_lost,
    new,
    next_attempt,
    release,
    retry,
    settle,
    step,
)
from tix.errors import Refused

T0 = 1_790_000_000
EVENTS = tuple(dict.fromkeys(row.event for row in TRANSITIONS))


def sending(**values):
    return Delivery("sending", T0, T0)._replace(**values)


def attempt(copy, outcome, random=0.5):
    """One more attempt when it is due, ended at once."""
    return settle(step(copy, "lease"), outcome, copy.due, random)


def test_waits_grow_to_an_hour_and_end_after_two_days():
    copy, waits = new(T0), []
    while copy.state == "queued":
        due = copy.due
        copy = attempt(copy, "temporary")
        waits.append(None if copy.due is None else copy.due - due)
    assert waits[:8] == [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, HOUR, HOUR]
    assert waits[-1] is None
    assert sum(wait for wait in waits if wait) == LAST_ATTEMPT
    assert copy.state == "failed"
    assert copy.attempts == len(waits) == 54


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 60))
def test_waits_vary_by_a_fifth(random, attempts):
    middle = next_attempt(T0, attempts, 0, "temporary", T0, 0.5) - T0
    wait = next_attempt(T0, attempts, 0, "temporary", T0, random) - T0
    assert 0.8 * middle - 1 <= wait <= 1.2 * middle + 1


def test_the_ends_of_the_random_range_are_the_ends_of_the_wait():
    assert next_attempt(T0, 6, 0, "temporary", T0, 0.0) - T0 == 48 * MINUTE
    assert next_attempt(T0, 6, 0, "temporary", T0, 0.999999999) - T0 == 72 * MINUTE


def test_the_last_attempt_is_at_the_end_of_two_days():
    end = T0 + LAST_ATTEMPT
    assert next_attempt(T0, 9, 0, "temporary", end - 1, 0.5) == end
    assert next_attempt(T0, 9, 0, "temporary", end, 0.5) is None


def test_an_uncertain_mail_is_repeated_three_times_after_fifteen_minutes():
    """Traps 11 and 50: no storm of copies, and not for days."""
    copy = new(T0)
    for repeat in (1, 2, 3):
        due = copy.due
        copy = attempt(copy, "uncertain", random=0.0)
        assert (copy.state, copy.due - due, copy.doubts) == ("queued", 15 * MINUTE, repeat)
    copy = attempt(copy, "uncertain")
    assert (copy.state, copy.due, copy.doubts) == ("uncertain", None, 4)


@pytest.mark.parametrize("outcome", ["permanent", "temporary"])
def test_what_may_have_arrived_never_ends_as_failed(outcome):
    """A relay may refuse the repeat because it has the first."""
    copy = settle(sending(doubts=1), outcome, T0 + LAST_ATTEMPT, 0.5)
    assert (copy.state, copy.due) == ("uncertain", None)
    again = retry(copy, T0 + LAST_ATTEMPT + 5)
    assert (again.state, again.since, again.due, again.attempts) == (
        "queued", T0 + LAST_ATTEMPT + 5, T0 + LAST_ATTEMPT + 5, 0,
    )  # fmt: skip
    assert attempt(again, "permanent").state == "uncertain"


def test_a_repeat_that_is_accepted_is_sent():
    assert attempt(attempt(new(T0), "uncertain"), "accepted").state == "sent"


def test_a_permanent_refusal_fails_at_once():
    copy = attempt(new(T0), "permanent")
    assert (copy.state, copy.due, copy.attempts) == ("failed", None, 0)


def test_a_lost_lease_is_uncertain_only_at_the_dot():
    before = lease_lost(sending(), at_dot=False, now=T0, random=0.5)
    at_dot = lease_lost(sending(), at_dot=True, now=T0, random=0.5)
    assert (before.state, before.due, before.attempts, before.doubts) == ("queued", T0 + MINUTE, 1, 0)
    assert (at_dot.state, at_dot.due, at_dot.attempts, at_dot.doubts) == ("queued", T0 + 15 * MINUTE, 0, 1)


def test_a_held_mail_is_due_at_the_end_of_its_hold():
    held = new(T0, hold=30)
    assert held == Delivery("held", T0 + 30, T0 + 30)
    assert release(held) == Delivery("queued", T0 + 30, T0 + 30)
    assert step(held, "cancel") == Delivery("cancelled", T0 + 30, None)
    assert new(T0).state == new(T0, hold=-5).state == "queued"


@pytest.mark.parametrize(("state", "event"), list(itertools.product(STATES, EVENTS)))
def test_only_the_table_moves_a_mail(state, event):
    rows = [row for row in TRANSITIONS if (row.state, row.event) == (state, event)]
    if rows:
        (row,) = rows
        assert step(Delivery(state, T0, T0), event).state == row.next
        assert row.why
    else:
        with pytest.raises(Refused, match=f"that is {state} cannot be"):
            step(Delivery(state, T0, T0), event)


def test_every_state_is_reached_and_sent_and_cancelled_are_ends():
    assert {row.next for row in TRANSITIONS} | {"held"} == set(STATES)
    assert set(STATES) - {row.state for row in TRANSITIONS} == {"sent", "cancelled"}


@given(
    st.lists(st.tuples(st.sampled_from(OUTCOMES), st.floats(0, 1, exclude_max=True), st.integers(0, HOUR)))
)
def test_every_history_ends(outcomes):
    """Attempts are bounded, time goes on, and a state says whether there is another attempt."""
    copy = new(T0)
    now = T0
    for outcome, random, late in outcomes:
        if copy.state != "queued":
            break
        now = copy.due + late
        copy = settle(step(copy, "lease"), outcome, now, random)
        assert (copy.due is None) == (copy.state != "queued")
        assert copy.due is None or now < copy.due <= T0 + LAST_ATTEMPT + delivery.UNCERTAIN_WAIT
        assert copy.state != "failed" or copy.doubts == 0
        assert copy.attempts <= 70
        assert copy.doubts <= 4


@pytest.mark.parametrize("random", [-0.1, 1.0, float("nan")])
def test_a_random_number_is_in_range(random):
    with pytest.raises(ValueError, match="random"):
        settle(sending(), "temporary", T0, random)
