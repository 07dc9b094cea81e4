"""Taking back a command: what stays, what the events say, and that the row is as it was."""

import pytest

from tests.factories import HOUR, T0, author, person, rules, ticket
from tix.domain.billing import time_entries
from tix.domain.organisation import Priority
from tix.domain.tickets import edit, followers, lifecycle, links, snooze, undo
from tix.domain.tickets.ticket import FIELDS, evolve, play
from tix.domain.tickets.timeline import UNDONE, Work, entry, event
from tix.errors import FinalStatus, Refused

ANN = author("ann", at=T0 + 60)
BEN = author("ben", at=T0 + 120)
KEPT = {"version", "updated_at", "last_activity_at"}


def steps(before, items):
    """Each item, and the ticket before it."""
    found = []
    for item in items:
        found.append(undo.UndoStep(item, before))
        before = evolve(before, item)
    return found


def undone(before, items, works=(), at=BEN):
    """The ticket after the command and its taking back, and what that says."""
    after = play(before, items)
    back = undo.taken_back(after, steps(before, items), before, at, dict(works))
    return play(after, back), back


def same(one, other):
    """The columns in which two rows differ, but for those that count on."""
    return [name for name in FIELDS if name not in KEPT and getattr(one, name) != getattr(other, name)]


# ---------------------------------------------------------------------------------------------- what stays


@pytest.mark.parametrize("verb", ["set-up", "invoice", "import"])
def test_what_is_more_than_its_tickets_stays(verb):
    with pytest.raises(Refused, match="the last command cannot be undone"):
        undo.refuse_whole(verb)


def test_other_commands_may_be_taken_back():
    for verb in ("edit", "assign", "close", "link", ""):
        undo.refuse_whole(verb)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (entry("message", "x", ANN), "a sent message cannot be undone"),
        (entry("reply", "x", ANN), "a sent reply cannot be undone"),
        (entry("note", "x", ANN), "a note cannot be undone"),
        *[
            (event(kind, ANN), words)
            for kind, words in (
                ("attached", "attaching or removing a file cannot"),
                ("rated", "a rating cannot be undone"),
                ("unmerged", "undoing a merge cannot"),
                ("split", "splitting a ticket cannot"),
                ("time-removed", "deleting a time entry cannot be undone"),
                ("deleted", "deleting a ticket cannot"),
            )
        ],
    ],
)
def test_what_people_wrote_or_judged_stays(item, words):
    with pytest.raises(Refused, match=words) as refused:
        undo.refuse_item(item, "TIX-1", opening=False, work=None)
    assert refused.value.ref == "TIX-1"
    assert "{ref}" not in refused.value.hint


def test_a_reply_goes_only_while_it_is_held_and_nobody_can_have_seen_it():
    said = entry("reply", "x", ANN)
    undo.refuse_item(said, "TIX-1", opening=False, work=None, held=True)
    for given in ({"held": False}, {"held": True, "seen": "mail 3 is sent"}):
        with pytest.raises(Refused, match="a sent reply cannot be undone"):
            undo.refuse_item(said, "TIX-1", opening=False, work=None, **given)
    for other in (entry("message", "x", ANN), entry("note", "x", ANN)):
        with pytest.raises(Refused):
            undo.refuse_item(other, "TIX-1", opening=False, work=None, held=True)


def test_a_ticket_that_was_raised_stays():
    with pytest.raises(Refused, match="creating a ticket cannot be undone") as refused:
        undo.refuse_item(entry("message", "x", ANN), "TIX-1", opening=True, work=None)
    assert "tix close TIX-1" in refused.value.hint


@pytest.mark.parametrize("kind", sorted(set(undo.OPPOSITE) - {"time-added"}))
def test_changes_may_be_taken_back(kind):
    undo.refuse_item(event(kind, ANN), "TIX-1", opening=False, work=None)


def test_time_is_taken_back_while_it_is_there_and_on_no_invoice():
    put = event("time-added", ANN)
    undo.refuse_item(put, "TIX-1", opening=False, work=Work(T0, 60))
    with pytest.raises(Refused, match="no longer exists"):
        undo.refuse_item(put, "TIX-1", opening=False, work=None)
    with pytest.raises(Refused, match="is on invoice 7") as refused:
        undo.refuse_item(put, "TIX-1", opening=False, work=Work(T0, 60, invoice=7))
    assert refused.value.hint == "void the invoice first: tix invoice void 7"


# ------------------------------------------------------------------------------------------ where it leads


def test_the_goal_is_as_it_was():
    before = ticket()
    after = before._replace(status="on-hold", paused_at=T0)
    assert undo.goal(after, rules(), before, after, T0 + HOUR) == before


def test_time_has_gone_on_meanwhile():
    """It was resolved, and its wait has ended since; that a date has passed is told anew."""
    before = ticket(status="resolved", resolved_at=T0, lapses_at=T0 + HOUR, lapses_to="closed")
    after = before._replace(lapses_at=T0 + 9 * HOUR)
    assert undo.goal(after, rules(), before, after, T0 + HOUR).status == "closed"
    assert undo.goal(after, rules(), before, after, T0 + HOUR - 1).status == "resolved"
    late = ticket(due_at=T0)
    assert undo.goal(late, rules(), late, late, T0 + HOUR).overdue_at is None
    told = late._replace(overdue_at=T0)
    assert undo.goal(told, rules(), told, told, T0 + HOUR).overdue_at == T0


@pytest.mark.parametrize(
    ("values", "fits"),
    [
        ({}, True),
        ({"status": "on-hold"}, True),
        ({"status": "on-hold", "paused_at": None}, False),  # it stops the clock by now
        ({"paused_at": T0}, False),  # it stops it no more
        ({"phase": "closed"}, False),
        ({"status": "gone"}, False),
    ],
)
def test_a_status_that_is_no_more_refuses(values, fits):
    name = values.pop("status", "open")
    before = ticket(status="open" if name == "gone" else name)._replace(**values)
    before = before._replace(status=name)
    if fits:
        assert undo.goal(ticket(), rules(), before, ticket(), T0) == before
        return
    with pytest.raises(Refused, match=f"TIX-1 was {name}, which is no longer a status of its workflow"):
        undo.goal(ticket(), rules(), before, ticket(), T0)


def test_what_closed_for_good_since_stays_closed():
    """By time, or by a command after that one; what the command itself closed for good comes back."""
    before, table = ticket("itflow"), rules("itflow")
    closed = ticket("itflow", status="closed")
    assert undo.goal(closed, table, before, closed, T0).status == "open"
    for after in (ticket("itflow", status="resolved"), before):
        with pytest.raises(FinalStatus, match="closed since and cannot be reopened"):
            undo.goal(closed, table, before, after, T0)
    # Closed in a workflow where that is not for good, or in a status of another workflow.
    other = ticket(status="closed")
    assert undo.goal(other, rules(), ticket(), ticket(), T0).status == "open"
    strange = ticket()._replace(status="elsewhere")
    assert undo.goal(strange, table, before, before, T0).status == "open"


# ------------------------------------------------------------------------------------------- what it says


def edited(before, **wanted):
    return edit.edit(before, rules(), ANN, edit.Edit(**wanted))


HELD = ticket(assignee="ben", tags=" red ", links='[["blocks","TIX-2"]]', assets='["pump"]')

CASES = [
    (
        ticket(), lambda t: edited(t, fields={"subject": "Fire"}),
        [("field-changed", "subject", "Fire", "Printer")],
    ),
    (
        ticket(), lambda t: edited(t, priority=Priority("low", 10)),
        [("field-changed", "priority", "low", "medium")],
    ),
    (
        ticket(), lambda t: edited(t, tags=("a", "b")),
        [("tag-removed", "tags", "b", None), ("tag-removed", "tags", "a", None)],
    ),
    (HELD, lambda t: edited(t, remove_tags=("red",)), [("tag-added", "tags", None, "red")]),
    (ticket(), lambda t: edited(t, assets=("pump",)), [("asset-removed", "assets", "pump", None)]),
    (HELD, lambda t: edited(t, remove_assets=("pump",)), [("asset-added", "assets", None, "pump")]),
    (
        HELD, lambda t: edit.assign(t, rules(), ANN, person("kim")),
        [("assigned", "assignee", "kim", "ben")],
    ),
    (
        ticket(), lambda t: links.link(t, "blocks", "TIX-9", ANN),
        [("unlinked", "blocks", "TIX-9", None)],
    ),
    (HELD, lambda t: links.unlink(t, "blocks", "TIX-2", ANN), [("linked", "blocks", None, "TIX-2")]),
    (ticket(), lambda t: followers.follow(t, ["kim"], ANN), [("followed", "watchers", "kim", None)]),
    (
        ticket(), lambda t: snooze.snooze(t, rules(), ANN, T0 + HOUR),
        [("woken", "snoozed_until", "2026-11-20T10:00:00Z", None)],
    ),
    (
        ticket(snoozed_until=T0 + HOUR), lambda t: snooze.snooze(t, rules(), ANN, None),
        [("snoozed", "snoozed_until", None, "2026-11-20T10:00:00Z")],
    ),
    (
        ticket(snoozed_until=T0 + HOUR), lambda t: snooze.snooze(t, rules(), ANN, T0 + 2 * HOUR),
        [("snoozed", "snoozed_until", "2026-11-20T11:00:00Z", "2026-11-20T10:00:00Z")],
    ),
    (
        ticket(due_at=T0 + HOUR, due_key=T0 + HOUR, due_by_hand=1),
        lambda t: edited(t, due_at=(T0 + 2 * HOUR,)),
        [("field-changed", "due_at", "2026-11-20T11:00:00Z", "2026-11-20T10:00:00Z")],
    ),
    (
        ticket(), lambda t: edited(t, due_at=(T0 + 2 * HOUR,)),
        [("field-changed", "due_at", "2026-11-20T11:00:00Z", None)],
    ),
    (
        ticket(), lambda t: lifecycle.pull(t, rules(), "start", ANN, "staff"),
        [("status-changed", "status", "in-progress", "open")],
    ),
    (
        ticket(), lambda t: lifecycle.pull(t, rules(), "close", ANN, "staff"),
        [("status-changed", "status", "closed", "open")],
    ),
    (
        ticket(status="closed", closed_at=T0, closed_by="ben", clock_at=T0 - HOUR),
        lambda t: lifecycle.pull(t, rules(), "reopen", ANN, "staff"),
        [("status-changed", "status", "open", "closed")],
    ),
    (
        ticket(status="on-hold", pauses=f"[[{T0 - 9},{T0 - 5}]]"),
        lambda t: lifecycle.pull(t, rules(), "start", ANN, "staff"),
        [("status-changed", "status", "in-progress", "on-hold")],
    ),
    (
        ticket(), lambda t: edited(t, fields={"subject": "Fire"}, tags=("a",), status=rules().workflow.status("resolved")),
        [
            ("status-changed", "status", "resolved", "open"),
            ("tag-removed", "tags", "a", None),
            ("field-changed", "subject", "Fire", "Printer"),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "command", "said"), CASES)
def test_each_change_is_answered_the_other_way_round(before, command, said):
    """The last first, all for the same reason; the row is as it was."""
    items = command(before)
    assert items
    back, answers = undone(before, items)
    assert [(item.type, item.field, item.old, item.new) for item in answers] == said
    assert {(item.by, item.at, item.reason) for item in answers} == {("ben", T0 + 120, UNDONE)}
    assert same(before, back) == []


def test_time_that_was_put_down_is_taken_out():
    work = Work(T0, 900)
    put = time_entries.added(ticket(), rules(), ANN, work)._replace(id=5)
    back, (said,) = undone(ticket(), [put], {5: work, 6: Work(T0, 60)})
    assert (said.type, said.work, back.time_seconds, back.unbilled_seconds) == ("time-removed", work, 0, 0)
    tagged = event("tag-added", ANN, field="tags", new="a", sets={"tags": " a "})
    assert undone(ticket(), [tagged], {1: work})[1][0].work is None


def test_what_is_as_it_was_already_says_nothing():
    """Somebody has set it back by hand."""
    items = edited(ticket(), fields={"subject": "Fire"})
    assert undo.taken_back(ticket(), steps(ticket(), items), ticket(), BEN, {}) == []


def test_what_others_did_since_goes_too_with_the_first_change():
    """``wanted`` is the whole row; the version and the dates of activity count on."""
    items = edited(ticket(), fields={"subject": "Fire"})
    after = play(ticket(), items)
    (said,) = undo.taken_back(after, steps(ticket(), items), ticket(), BEN, {})
    assert said.sets == {"subject": "Printer"}


def test_a_workflow_that_came_with_a_department_goes_with_it():
    """Its event stands after the department's, and has no answer of its own."""
    before = ticket(department="IT")
    moved = event("field-changed", ANN, field="department", old="IT", new="HR", sets={"department": "HR"})
    brought = event("field-changed", ANN, field="workflow", new="itflow", sets={"lapses_at": T0 + 9})
    back, said = undone(before, [moved, brought])
    assert [item.field for item in said] == ["department"]
    assert same(before, back) == []
    # By itself, as the first of a command, it is answered.
    assert [item.field for item in undone(before, [brought])[1]] == ["workflow"]


def test_a_date_that_has_passed_by_then_is_told():
    before = ticket(due_at=T0 + 90, due_by_hand=1)
    items = edited(before, due_at=(T0 + HOUR,))
    back, said = undone(before, items)
    assert [(item.type, item.side, item.at) for item in said] == [
        ("field-changed", "staff", T0 + 120),
        ("overdue", "system", T0 + 120),
    ]
    assert back.overdue_at == T0 + 120
    _, said = undone(ticket(due_at=T0 + 121, due_by_hand=1), items)
    assert [item.type for item in said] == ["field-changed"]


def test_a_date_that_was_told_already_is_not_told_again():
    before = ticket(due_at=T0, due_by_hand=1, overdue_at=T0)
    _, said = undone(before, edited(before, due_at=(T0 + HOUR,)))
    assert [item.type for item in said] == ["field-changed"]
