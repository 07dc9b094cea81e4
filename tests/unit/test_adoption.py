"""Another workflow, another window: where each ticket goes, and which dates stay."""

import pytest

from tests.factories import HOUR, T0, author, rules, ticket
from tix.domain.tickets import workflow_change
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import play
from tix.domain.workflows.shipped import BACKOFFICE, STANDARD
from tix.domain.workflows.workflow import Status, Transition, Workflow

LATER = author("ann", at=T0 + HOUR)

# Words of the shipped ones that mean something else here.
OTHER = Workflow(
    "other",
    "Other",
    (
        Status("open", "open", "Open"),
        Status("in-progress", "open", "In progress", pauses=True),
        Status("on-hold", "open", "On hold"),
        Status("answered", "closed", "Answered"),
        Status("resolved", "open", "Resolved"),
        Status("done", "closed", "Done", aliases=("closed",)),
    ),
    (Transition("close", ("open",), "done"),),
    rated_in=("closed",),
)


def desk(workflow=OTHER, window=72 * HOUR):
    return TicketPolicy(workflow, window, False)


def adopted(one, table, status, by=LATER):
    """The ticket in another workflow, and what that wrote."""
    items = workflow_change.adopt(one, table, table.workflow.status(status), by)
    return play(one, items), [(item.type, item.field, item.old, item.new, item.reason) for item in items]


@pytest.mark.parametrize(
    ("workflow", "status", "mapping", "name"),
    [
        (STANDARD, "open", {}, "open"),
        (STANDARD, "working", {}, "in-progress"),  # an alias
        (BACKOFFICE, "in-progress", {}, "inprocess"),
        (BACKOFFICE, "on-hold", {}, None),
        (BACKOFFICE, "on-hold", {"on-hold": "open"}, "open"),
        (BACKOFFICE, "on-hold", {"on-hold": "in-process"}, "inprocess"),
        (BACKOFFICE, "on-hold", {"on-hold": "away"}, None),
        (BACKOFFICE, "open", {"open": "answered"}, "answered"),  # what is mapped goes there
        (BACKOFFICE, "open", {"answered": "closed"}, "open"),
    ],
)
def test_where_a_status_goes(workflow, status, mapping, name):
    found = workflow_change.target(workflow, status, mapping)
    assert (None if found is None else found.name) == name


def test_another_status_is_a_change_of_status():
    after, said = adopted(ticket(status="in-progress"), rules("dphish"), "open")
    assert said == [("status-changed", "status", "in-progress", "open", "workflow")]
    assert (after.status, after.phase, after.reopened) == ("open", "open", 0)


def test_a_pause_ends_with_its_status():
    after, _ = adopted(ticket(status="on-hold"), rules("dphish"), "open")
    assert after.paused_at is None


def test_nobody_closed_what_a_workflow_closes():
    after, said = adopted(ticket(), desk(), "done")
    assert said == [("status-changed", "status", "open", "done", "workflow")]
    assert (after.phase, after.closed_at, after.closed_by, after.resolved_at) == (
        "closed",
        T0 + HOUR,
        None,
        T0 + HOUR,
    )


def test_what_was_closed_goes_on_being_closed_then():
    closed = ticket(status="closed", closed_at=T0, closed_by="ben", resolved_at=T0 - HOUR)
    after, said = adopted(closed, desk(), "done")
    assert said == [("status-changed", "status", "closed", "done", "workflow")]
    assert (after.status, after.closed_at, after.closed_by, after.resolved_at) == (
        "done",
        T0,
        "ben",
        T0 - HOUR,
    )


def test_the_same_name_in_another_phase_is_a_change_of_status():
    after, said = adopted(ticket(status="answered"), desk(), "answered")
    assert said == [("status-changed", "status", "answered", "answered", "workflow")]
    assert (after.status, after.phase, after.closed_at, after.closed_by) == (
        "answered",
        "closed",
        T0 + HOUR,
        None,
    )
    solved = ticket(status="resolved", resolved_at=T0, lapses_at=T0 + 72 * HOUR, lapses_to="closed")
    after, said = adopted(solved, desk(), "resolved")
    assert said == [("status-changed", "status", "resolved", "resolved", "workflow")]
    assert (after.phase, after.reopened, after.lapses_at, after.resolved_at) == ("open", 1, None, None)


def test_the_same_status_is_nothing():
    assert adopted(ticket(), desk(), "open") == (ticket(), [])


def test_a_status_that_now_stops_the_clock():
    after, said = adopted(ticket(status="in-progress"), desk(), "in-progress")
    assert said == [("field-changed", "workflow", None, "other", None)]
    assert (after.status, after.paused_at) == ("in-progress", T0 + HOUR)


def test_a_status_that_stops_the_clock_no_more():
    """Its pause ends now."""
    after, said = adopted(ticket(status="on-hold"), desk(), "on-hold")
    assert said == [("field-changed", "workflow", None, "other", None)]
    assert (after.status, after.paused_at, after.pause_list()) == ("on-hold", None, [(T0, T0 + HOUR)])


def test_a_status_that_goes_on_stopping_it():
    paused = ticket(status="on-hold")
    assert adopted(paused, rules(), "on-hold") == (paused, [])


def test_a_wait_goes_by_the_new_workflow():
    solved = ticket(status="resolved", resolved_at=T0, lapses_at=T0 + 72 * HOUR, lapses_to="closed")
    assert adopted(solved, rules("itflow"), "resolved") == (solved, [])
    after, said = adopted(solved, rules("osticket"), "resolved")  # nothing elapses there
    assert said == [("field-changed", "workflow", None, "osticket", None)]
    assert (after.lapses_at, after.lapses_to) == (None, None)
    after, _ = adopted(after, rules(), "resolved")
    assert (after.lapses_at, after.lapses_to) == (T0 + 72 * HOUR, "closed")


# -------------------------------------------------------------------------------------------------- window

SOLVED = ticket(status="resolved", resolved_at=T0, lapses_at=T0 + 72 * HOUR, lapses_to="closed")


@pytest.mark.parametrize(
    ("hours", "now", "lapses_at", "new"),
    [
        (24, T0 + HOUR, T0 + 24 * HOUR, "2026-11-21T09:00:00Z"),
        (96, T0 + HOUR, T0 + 96 * HOUR, "2026-11-24T09:00:00Z"),
        (24, T0 + 30 * HOUR, T0 + 30 * HOUR, "2026-11-21T15:00:00Z"),  # nothing closes before now
        (24, T0 + 24 * HOUR, T0 + 24 * HOUR, "2026-11-21T09:00:00Z"),
        (0, T0 + HOUR, None, None),
    ],
)
def test_a_new_window_counts_from_the_last_activity(hours, now, lapses_at, new):
    (said,) = workflow_change.rewait(SOLVED, rules(window=hours * HOUR), author(at=now))
    assert (said.type, said.field, said.old, said.new, said.reason) == (
        "field-changed",
        "lapses_at",
        "2026-11-23T09:00:00Z",
        new,
        "auto_close_after",
    )
    after = play(SOLVED, [said])
    assert (after.lapses_at, after.lapses_to) == (lapses_at, None if new is None else "closed")


def test_a_window_after_none():
    never = SOLVED._replace(lapses_at=None, lapses_to=None)
    (said,) = workflow_change.rewait(never, rules(window=1), author())
    assert (said.old, said.new) == (None, "2026-11-20T09:00:01Z")
    assert play(never, [said]).lapses_to == "closed"


@pytest.mark.parametrize(
    ("one", "hours"),
    [
        (SOLVED, 72),
        (SOLVED._replace(lapses_at=None, lapses_to=None), 0),
        (ticket(), 24),
        (ticket(status="closed"), 24),
    ],
)
def test_where_nothing_changes_nothing_is_written(one, hours):
    assert workflow_change.rewait(one, rules(window=hours * HOUR), LATER) == []


def test_only_the_target_of_the_wait_may_change():
    """The moment stays: it is told all the same."""
    other = SOLVED._replace(lapses_to="binned")
    (said,) = workflow_change.rewait(other, rules(), LATER)
    assert (said.old, said.new, said.sets) == (
        "2026-11-23T09:00:00Z",
        "2026-11-23T09:00:00Z",
        {"lapses_to": "closed"},
    )
