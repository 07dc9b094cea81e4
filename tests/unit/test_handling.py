"""Assigning, claiming, editing: one event for each thing that changes, none for what is so already."""

import pytest

from tests.factories import HOUR, T0, author, person, rules, ticket
from tix.domain.tickets.edit import Edit, Priority, assign, check_version, claim, edit
from tix.domain.tickets.ticket import play
from tix.errors import AlreadyClaimed, Refused, StaleVersion

LOW = Priority("low", 10)


def changed(items):
    """Of each event what it says: type, field, old, new."""
    return [(item.type, item.field, item.old, item.new) for item in items]


def test_each_changed_field_is_one_event():
    """With its old and new value; unchanged ones are none."""
    wanted = Edit(
        fields={"subject": "Scanner", "category": None, "phone": "1"},
        priority=LOW,
        due_at=(T0 + HOUR,),
        tags=("b", "a", "b"),
        status=rules().workflow.status("in-progress"),
    )
    items = edit(ticket(), rules(), author(), wanted)
    assert changed(items) == [
        ("field-changed", "subject", "Printer", "Scanner"),
        ("field-changed", "phone", None, "1"),
        ("field-changed", "priority", "medium", "low"),
        ("field-changed", "due_at", None, "2026-11-20T10:00:00Z"),
        ("tag-added", "tags", None, "b"),
        ("tag-added", "tags", None, "a"),
        ("status-changed", "status", "open", "in-progress"),
    ]
    after = play(ticket(), items)
    assert (after.rank, after.tags, after.due_key, after.due_by_hand) == (10, " a b ", T0 + HOUR, 1)
    again = edit(after, rules(), author(), wanted)
    assert again == []


def test_what_a_requester_sees_changing():
    """Subject, priority, type, requester, due date, status, assignee; not category, tags, phone."""
    wanted = Edit(
        fields={"subject": "x", "category": "x", "type": "issue", "notify_email": "x@y.z"}, tags=("t",)
    )
    public = {item.field: not item.internal for item in edit(ticket(), rules(), author(), wanted)}
    assert public == {"subject": True, "category": False, "type": True, "notify_email": False, "tags": False}
    assert not assign(ticket(), rules(), author(), person("ben"))[0].internal


def test_tags_go_and_come():
    """Adding what is there and removing what is not are nothing."""
    tagged = ticket(tags=" a b ")
    items = edit(tagged, rules(), author(), Edit(tags=("a", "c"), remove_tags=("b", "z")))
    assert changed(items) == [("tag-added", "tags", None, "c"), ("tag-removed", "tags", "b", None)]
    assert play(tagged, items).tag_list() == ["a", "c"]


def test_a_due_date_that_has_passed_is_overdue_from_now():
    """The mark is time's, dated when the date was set, not before."""
    items = edit(ticket(), rules(), author(at=T0 + HOUR), Edit(due_at=(T0,)))
    assert [(item.type, item.side, item.at) for item in items] == [
        ("field-changed", "staff", T0 + HOUR),
        ("overdue", "system", T0 + HOUR),
    ]
    cleared = edit(play(ticket(), items), rules(), author(), Edit(due_at=(None,)))
    assert (
        play(ticket(), [*items, *cleared]).due_at,
        play(ticket(), [*items, *cleared]).due_by_hand,
        play(ticket(), [*items, *cleared]).overdue_at,
    ) == (None, 0, None)


def test_assigning_is_for_active_staff():
    """To the holder it is nothing; none releases; a requester or somebody inactive is refused."""
    held = ticket(assignee="ben")
    assert assign(held, rules(), author(), person("ben")) == []
    assert changed(assign(held, rules(), author(), None)) == [("assigned", "assignee", "ben", None)]
    assert assign(ticket(), rules(), author(), None) == []
    for nobody in (person("rita", "requester"), person("ann", active=False)):
        with pytest.raises(Refused):
            assign(ticket(), rules(), author(), nobody)


def test_one_claim_wins():
    """The second is told who has it; the holder's own is nothing."""
    held = play(ticket(), claim(ticket(), rules(), author()))
    assert held.assignee == "ann"
    assert claim(held, rules(), author()) == []
    with pytest.raises(AlreadyClaimed, match="ann"):
        claim(held, rules(), author("ben"))


def test_a_stale_version_is_refused():
    """Both versions are named; none asks for none."""
    check_version(ticket(), None)
    check_version(ticket(), 1)
    with pytest.raises(StaleVersion, match="version 1, not 2"):
        check_version(ticket(), 2)
