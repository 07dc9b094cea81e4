"""Due dates that follow from plans and calendars: what ``why`` says of them, and what a change of either does."""

from collections import Counter
from contextlib import closing
from typing import Any

import pytest

from tests.harness import Shell
from tix.desk.context import Desk
from tix.desk.people import actor_of
from tix.desk.tickets import why
from tix.domain.tickets.references import parse_reference
from tix.domain.times import parse_instant
from tix.store.open import open_store

FRIDAY = "2026-11-20T16:00:00Z"


@pytest.fixture
def office(desk: Shell) -> Shell:
    """At four on a Friday: tickets 1 to 4 under a plan of office hours, of which 3 is closed and 4 due by hand.

    Ticket 5 is under a plan without a calendar, in a department that has one; ticket 6 under none.
    """
    desk.now = FRIDAY
    desk.people("sam:agent", "lan:requester")
    desk.tix("calendar", "add", "office", "--hours", "mon-fri 9-17", "--zone", "UTC")
    desk.tix("sla", "add", "gold", "--grace", "4h", "--response", "30m", "--calendar", "office")
    desk.tix("sla", "add", "bare", "--grace", "4h")
    desk.tix("department", "add", "IT", "--calendar", "office")
    for number in range(1, 5):
        desk.tix("new", f"Ticket {number}", "-m", "x", "--sla", "gold")
    desk.tix("new", "Ticket 5", "-m", "x", "--sla", "bare", "--department", "IT")
    desk.tix("new", "Ticket 6", "-m", "x", "--sla", "none")
    desk.tix("close", 3)
    desk.tix("edit", 4, "--due", "2026-12-24T12:00:00Z")
    return desk


def due(desk: Shell, number: int) -> Any:
    return desk.tix("show", number, "--json").json["due_at"]


def all_due(desk: Shell) -> list[str]:
    """When each is due: month, day and hour."""
    return [(due(desk, number) or "")[5:13] for number in range(1, 7)]


# When each was held, is looked at, the kinds of time till then in minutes, and what ``show`` says in short.
REASONS = {
    1: (("plan", "gold", "office", 14400), {"running": 240, "outside hours": 64 * 60}, "gold: 4h in the hours of office"),
    2: (("plan", "gold", "office", 14400), {"running": 30, "paused": 15}, "gold: 4h in the hours of office, paused now"),
    4: (("hand", "gold", "office", None), {"running": 188 * 60, "outside hours": 624 * 60}, "set by hand"),
    5: (("plan", "bare", "office", 14400), {"running": 240, "outside hours": 64 * 60}, "bare: 4h in the hours of office"),
    6: ((None, None, None, None), {}, ""),
    7: (("plan", "bare", None, 14400), {"running": 240}, "bare: 4h round the clock"),
    8: (("hand", None, None, None), {"running": 60}, "set by hand"),
}  # fmt: skip


def test_why_counts_the_time_until_then(office: Shell):
    """A paused one until now, the others until they are due."""
    assert all_due(office) == ["11-23T12", "11-23T12", "11-23T12", "12-24T12", "11-23T12", ""]
    office.tix("new", "Ticket 7", "-m", "x", "--sla", "bare")
    office.tix("new", "Ticket 8", "-m", "x", "--sla", "none", "--due", "+1h")
    office.now = "2026-11-20T16:30:00Z"
    office.tix("hold", 2)
    office.now = "2026-11-20T16:45:00Z"
    with closing(open_store(office.store)) as store:
        desk = Desk(store, actor_of(store, "sam"), parse_instant(office.now))
        for number, (source, minutes, words) in REASONS.items():
            found = why.why(desk, parse_reference(str(number)))
            assert (found.source, found.plan, found.calendar, found.grace_seconds) == source, number
            counted: Counter[str] = Counter()
            for one in found.segments:
                counted[one.kind] += one.seconds // 60
            assert counted == minutes, number
            assert why.in_short(desk, found.ticket) == words, number


CHANGES = {
    "more time": (("sla", "edit", "gold", "--grace", "8h"), ["11-23T16", "11-23T16", "=", "=", "=", "="]),
    "no hours": (("sla", "edit", "gold", "--calendar", "none"), ["11-20T20", "11-20T20", "=", "=", "=", "="]),
    "a holiday": (
        ("calendar", "edit", "office", "--holiday", "2026-11-23"),
        ["11-24T12", "11-24T12", "=", "=", "11-24T12", "="],
    ),
    "other hours": (
        ("calendar", "edit", "office", "--hours", "mon-fri 10-17"),
        ["11-23T13", "11-23T13", "=", "=", "11-23T13", "="],
    ),
    "another zone": (
        ("calendar", "edit", "office", "--zone", "Etc/GMT+5"),
        ["11-20T20", "11-20T20", "=", "=", "11-20T20", "="],
    ),
    "a department without hours": (
        ("department", "edit", "IT", "--calendar", "none"), ["=", "=", "=", "=", "11-20T20", "="],
    ),
    "the same time": (("sla", "edit", "gold", "--grace", "240m"), ["=", "=", "=", "=", "=", "="]),
    "not for new tickets": (("sla", "edit", "gold", "--inactive"), ["=", "=", "=", "=", "=", "="]),
    "another plan": (("sla", "edit", "bare", "--grace", "8h"), ["=", "=", "=", "=", "11-23T16", "="]),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_moves_the_open_tickets_it_is_about(office: Shell, what: str):
    """Neither closed tickets nor those due by hand; what does not move has the same version."""
    words, wanted = CHANGES[what]
    before = all_due(office)
    versions = [office.tix("show", number, "--json").json["version"] for number in range(1, 7)]
    office.tix(*words)
    after = all_due(office)
    assert after == [old if new == "=" else new for new, old in zip(wanted, before, strict=True)]
    now = [office.tix("show", number, "--json").json["version"] for number in range(1, 7)]
    assert [one == other for one, other in zip(now, versions, strict=True)] == [new == "=" for new in wanted]
    assert office.tix("doctor").code == 0


def test_what_a_change_makes_overdue_its_assignee_hears_of(office: Shell):
    """Of the ticket that is late now, and not of the one that only moved."""
    office.tix("assign", "1,5", "sam")
    office.now = "2026-11-23T10:00:00Z"
    office.tix("notification", "read", "--all", as_="sam")
    office.tix("sla", "edit", "gold", "--grace", "1h")
    office.tix("sla", "edit", "bare", "--grace", "8h")
    heard = office.tix("notification", "--json", as_="sam").json
    assert [(one["ref"], one["reason"]) for one in heard] == [("TIX-1", "overdue")]
    events = [entry["event"] for entry in office.tix("show", 1, "--json").json["thread"] if entry["event"]]
    assert [(one["type"], one["reason"]) for one in events[1:]] == [
        ("field-changed", "plan-changed"), ("overdue", None),
    ]  # fmt: skip


def test_a_department_takes_its_tickets_to_another_workflow(office: Shell):
    """Its own alone, also those that are closed; a status without a place there is named, and nothing is written."""
    office.tix("new", "Ticket 7", "-m", "x", "--department", "IT")
    office.tix("hold", 7)
    office.tix("new", "Ticket 8", "-m", "x", "--department", "IT")
    office.tix("close", 8)
    before = office.tix("export").raw_out
    move = ("department", "edit", "IT", "--workflow", "helpdesk", "--map", "on-hold=opened")
    refused = office.tix(*move, check=5)
    assert "has no status for: closed" in refused.err
    assert office.tix("export").raw_out == before
    office.tix(*move, "--map", "closed=resolved")
    found = {one["number"]: one["status"] for one in office.tix("list", "--all", "--json").json}
    assert found == {
        1: "open", 2: "open", 3: "closed", 4: "open", 5: "opened", 6: "open", 7: "opened", 8: "resolved",
    }  # fmt: skip
    assert office.tix("doctor").code == 0
