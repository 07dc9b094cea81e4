"""A ticket's clock: the dates a plan gives, at the beginning, after a change, a pause and a reopening."""

import pytest

from tests.factories import HOUR, T0, rules, ticket
from tix.domain.sla.calendars import Calendar, parse_hours
from tix.domain.sla.plans import Override, Plan
from tix.domain.tickets import due_dates

# Four hours, the first response within one; urgent ones have two hours, low ones no word of a response.
PLAN = Plan("gold", 4 * HOUR, HOUR, overrides=(Override("urgent", grace_seconds=2 * HOUR),))
QUIET = Plan("quiet", 8 * HOUR)
# T0 is a Friday at nine, UTC.
OFFICE = Calendar("office", "UTC", parse_hours("mon-fri 9-17"), {})


def ruled(plan=PLAN, calendar=None):
    return rules()._replace(plan=plan, calendar=calendar)


# ------------------------------------------------------------------------------------------------ beginning


@pytest.mark.parametrize(
    ("plan", "calendar", "priority", "dates"),
    [
        (None, None, "medium", {}),
        (PLAN, None, "medium", {"due_at": T0 + 4 * HOUR, "response_due_at": T0 + HOUR}),
        (PLAN, None, "urgent", {"due_at": T0 + 2 * HOUR, "response_due_at": T0 + HOUR}),
        (QUIET, None, "medium", {"due_at": T0 + 8 * HOUR, "response_due_at": None}),
        # Eight hours and one are over on Monday at ten.
        (Plan("p", 9 * HOUR), OFFICE, "low", {"due_at": T0 + 73 * HOUR, "response_due_at": None}),
    ],
)
def test_the_first_dates(plan, calendar, priority, dates):
    assert due_dates.first_dates(plan, calendar, priority, T0) == dates


# ------------------------------------------------------------------------------------------ after a change


@pytest.mark.parametrize(
    ("values", "plan", "changed"),
    [
        ({}, PLAN, {"due_at": T0 + 4 * HOUR, "response_due_at": T0 + HOUR}),
        ({"due_at": T0 + 4 * HOUR}, PLAN, {"response_due_at": T0 + HOUR}),
        ({"due_at": T0 + 4 * HOUR, "response_due_at": T0 + HOUR}, PLAN, {}),
        ({"priority": "urgent"}, PLAN, {"due_at": T0 + 2 * HOUR, "response_due_at": T0 + HOUR}),
        ({}, QUIET, {"due_at": T0 + 8 * HOUR}),
        ({"response_due_at": T0 + HOUR}, QUIET, {"due_at": T0 + 8 * HOUR, "response_due_at": None}),
        ({"due_at": T0, "response_due_at": T0}, None, {"due_at": None, "response_due_at": None}),
        ({}, None, {}),
        # Set by hand: no plan changes it.
        ({"due_at": T0, "due_by_hand": 1}, PLAN, {"response_due_at": T0 + HOUR}),
        # Answered: that target is history.
        ({"first_response_at": T0, "response_due_at": T0 + 60}, PLAN, {"due_at": T0 + 4 * HOUR}),
        ({"first_response_at": T0, "response_due_at": T0 + 60}, None, {}),
        # Over: nothing is due any more.
        ({"status": "resolved", "due_at": T0}, PLAN, {}),
        ({"status": "closed"}, PLAN, {}),
        # Reopened two hours later, and paused for one since.
        (
            {"clock_at": T0 + 2 * HOUR},
            PLAN,
            {"due_at": T0 + 6 * HOUR, "response_due_at": T0 + 3 * HOUR},
        ),
        (
            {"pauses": f"[[{T0 + 60},{T0 + 60 + HOUR}]]"},
            PLAN,
            {"due_at": T0 + 5 * HOUR, "response_due_at": T0 + 2 * HOUR},
        ),
        # It was overdue; with another date it is not.
        ({"due_at": T0 + 60, "overdue_at": T0 + 60}, QUIET, {"due_at": T0 + 8 * HOUR, "overdue_at": None}),
        ({"due_at": T0 + 8 * HOUR, "overdue_at": T0 + 8 * HOUR}, QUIET, {}),
        (
            {"due_at": T0 + 4 * HOUR, "overdue_at": T0 + 4 * HOUR},
            PLAN,
            {"response_due_at": T0 + HOUR},
        ),
    ],
)
def test_what_a_plan_changes(values, plan, changed):
    assert due_dates.planned(ticket(**values), ruled(plan)) == changed


def test_a_plan_counts_in_the_time_of_its_calendar():
    plan = Plan("p", 9 * HOUR, HOUR)
    assert due_dates.planned(ticket(created_at=T0 - 5 * HOUR), ruled(plan, OFFICE)) == {
        "due_at": T0 + 73 * HOUR,
        "response_due_at": T0 + HOUR,
    }


# ------------------------------------------------------------------------------------- the end of a pause


@pytest.mark.parametrize(
    ("values", "sets"),
    [
        ({}, {}),
        (
            {"due_at": T0 + 4 * HOUR, "response_due_at": T0 + 3 * HOUR},
            {"due_at": T0 + 6 * HOUR, "overdue_at": None, "response_due_at": T0 + 5 * HOUR},
        ),
        ({"response_due_at": T0 + HOUR}, {"response_due_at": T0 + 3 * HOUR}),
        ({"response_due_at": T0 + HOUR, "first_response_at": T0 + 60}, {}),
        # Overdue when it was put on hold: it still is when the new date has passed already, at that very instant too.
        (
            {"due_at": T0 - HOUR, "overdue_at": T0 - HOUR},
            {"due_at": T0 + HOUR, "overdue_at": T0 - HOUR},
        ),
        ({"due_at": T0, "overdue_at": T0}, {"due_at": T0 + 2 * HOUR, "overdue_at": T0}),
        ({"due_at": T0 + 1, "overdue_at": T0}, {"due_at": T0 + 2 * HOUR + 1, "overdue_at": None}),
    ],
)
def test_a_pause_of_two_hours_moves_the_dates_of_a_plan(values, sets):
    paused = ticket(status="on-hold", **values)
    assert due_dates.unpaused(paused, ruled(), T0 + 2 * HOUR) == sets


def test_a_night_moves_nothing():
    """On hold from Friday at nine to Monday at ten: a working day and an hour."""
    paused = ticket(status="on-hold", due_at=T0 + HOUR)
    found = due_dates.unpaused(paused, ruled(PLAN, OFFICE), T0 + 73 * HOUR)
    # From Friday at ten nine hours of work: till Monday at eleven.
    assert found["due_at"] == T0 + 74 * HOUR


# ----------------------------------------------------------------------------------------------- reopening


def test_reopened_it_counts_anew():
    """A date by hand is dropped, what was said of it too."""
    late = ticket(due_at=T0, due_by_hand=1, overdue_at=T0, resolution_met=0)
    assert due_dates.restarted(late, ruled(), T0 + 24 * HOUR) == {
        "due_at": T0 + 28 * HOUR,
        "due_by_hand": 0,
        "overdue_at": None,
        "resolution_met": None,
        "response_due_at": T0 + 25 * HOUR,
    }


def test_reopened_without_a_plan_nothing_is_due():
    found = due_dates.restarted(ticket(due_at=T0), ruled(None), T0 + 60)
    assert (found["due_at"], found["response_due_at"]) == (None, None)


def test_who_was_answered_is_promised_no_first_response():
    found = due_dates.restarted(ticket(first_response_at=T0), ruled(), T0 + 60)
    assert "response_due_at" not in found


# ---------------------------------------------------------------------------------------------------- kept


@pytest.mark.parametrize(("due_at", "met"), [(None, None), (T0 + 1, 1), (T0, 0), (T0 - 1, 0)])
def test_whether_it_was_resolved_in_time(due_at, met):
    """At exactly the due instant it is late."""
    assert due_dates.resolution_met(due_at, T0) == met


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, {}),
        ({"response_due_at": T0 + 1}, {"response_met": 1}),
        ({"response_due_at": T0}, {"response_met": 0}),
        ({"response_due_at": T0 + 1, "first_response_at": T0 - 60}, {}),
        # On hold since a minute ago: what counts is when the clock stopped.
        ({"response_due_at": T0, "paused_at": T0 - 60}, {"response_met": 1}),
        ({"response_due_at": T0 - 60, "paused_at": T0 - 60}, {"response_met": 0}),
    ],
)
def test_whether_the_first_answer_was_in_time(values, said):
    assert due_dates.response_met(ticket(**values), T0) == said
