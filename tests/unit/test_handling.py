"""Assigning, claiming, editing: one event for each thing that changes, none for what is so already."""

import pytest

from tests.factories import HOUR, T0, author, person, rules, ticket
from tix.domain.sla.plans import Override, Plan
from tix.domain.tickets.edit import (
    Edit,
    Priority,
    assign,
    assign_team,
    check_version,
    claim,
    edit,
    redated,
    refuse_unassignable,
)
from tix.domain.tickets.ticket import play
from tix.errors import AlreadyClaimed, FinalStatus, Refused, StaleVersion

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


# ------------------------------------------------------------------------------------------- who holds it


def test_given_to_nobody_it_leaves_its_team_too():
    """A person takes it and the team stays; nobody takes it and the team goes."""
    both = ticket(assignee="ben", team="net")
    assert changed(assign(both, rules(), author(), None)) == [
        ("assigned", "assignee", "ben", None),
        ("assigned", "team", "net", None),
    ]
    assert play(both, assign(both, rules(), author(), None)).team is None
    assert changed(assign(ticket(team="net"), rules(), author(), None)) == [("assigned", "team", "net", None)]
    assert changed(assign(both, rules(), author(), person("kim"))) == [("assigned", "assignee", "ben", "kim")]


def test_who_is_away_takes_no_ticket():
    """Until they are back, at that very instant."""
    with pytest.raises(Refused, match="away until 2026-11-20T10:00:00Z"):
        assign(ticket(), rules(), author(), person("ben", away_until=T0 + HOUR))
    assert len(assign(ticket(), rules(), author(), person("ben", away_until=T0))) == 1
    refuse_unassignable(person("root", "admin"), T0)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, [("assigned", "team", None, "net")]),
        ({"team": "web"}, [("assigned", "team", "web", "net")]),
        ({"team": "net"}, []),
        ({"assignee": "kim"}, [("assigned", "team", None, "net")]),
        ({"assignee": "ben"}, [("assigned", "team", None, "net"), ("assigned", "assignee", "ben", None)]),
        ({"assignee": "ben", "team": "net"}, [("assigned", "assignee", "ben", None)]),
        ({"assignee": "kim", "team": "net"}, []),
    ],
)
def test_a_team_takes_it_over(values, said):
    """A holder who is not of it lets go."""
    before = ticket(**values)
    items = assign_team(before, rules(), author(), "net", {"kim", "max"})
    assert changed(items) == said
    assert play(before, items).team == "net"


def test_a_team_of_nobody_takes_no_ticket():
    with pytest.raises(Refused, match="the team net has no members"):
        assign_team(ticket(), rules(), author(), "net", ())


def test_a_closed_ticket_may_be_final():
    final = ticket("itflow", status="closed")
    for act in (
        lambda: assign(final, rules("itflow"), author(), None),
        lambda: assign_team(final, rules("itflow"), author(), "net", {"kim"}),
        lambda: claim(final, rules("itflow"), author()),
    ):
        with pytest.raises(FinalStatus):
            act()


# ---------------------------------------------------------------------------------------------- its clock

PLAN = Plan("gold", 4 * HOUR, HOUR, overrides=(Override("low", grace_seconds=8 * HOUR),))


def ruled(plan=PLAN, **given):
    return rules()._replace(plan=plan, **given)


def test_a_plan_is_chosen():
    """The dates that follow are part of the event; it counts as chosen by hand."""
    items = edit(ticket(), ruled(), author(), Edit(sla=("gold",)))
    assert changed(items) == [("field-changed", "sla", None, "gold")]
    assert items[0].sets == {
        "sla": "gold",
        "sla_by_hand": 1,
        "due_at": T0 + 4 * HOUR,
        "response_due_at": T0 + HOUR,
    }
    held = play(ticket(), items)
    assert edit(held, ruled(), author(), Edit(sla=("gold",))) == []
    gone = edit(held, ruled(None), author(), Edit(sla=(None,)))
    assert changed(gone) == [("field-changed", "sla", "gold", None)]
    after = play(held, gone)
    assert (after.due_at, after.response_due_at, after.sla_by_hand) == (None, None, 1)


@pytest.mark.parametrize(
    ("values", "wanted", "sla"),
    [
        ({}, {"plan": ("gold",)}, "gold"),
        ({"sla": "iron"}, {"plan": ("gold",)}, "gold"),
        ({"sla": "iron"}, {"plan": (None,)}, None),
        ({"sla": "iron", "sla_by_hand": 1}, {"plan": ("gold",)}, "iron"),  # somebody chose it
        ({"sla": "iron"}, {"plan": ("gold",), "sla": ("tin",)}, "tin"),
        ({"sla": "iron"}, {}, "iron"),
    ],
)
def test_a_new_department_brings_its_plan_where_nobody_chose_one(values, wanted, sla):
    before = ticket(department="IT", **values)
    items = edit(before, ruled(), author(), Edit(fields={"department": "HR"}, **wanted))
    assert play(before, items).sla == sla
    assert [item.field for item in items if "due_at" in (item.sets or {})] == [items[-1].field]


def test_dates_are_part_of_the_last_event_they_follow_from():
    """A change that no plan depends on has none, wherever it stands."""
    wanted = Edit(fields={"department": "HR", "subject": "Fire"}, priority=LOW, tags=("a",))
    items = edit(ticket(), ruled(), author(), wanted)
    assert [item.field for item in items] == ["department", "subject", "priority", "tags"]
    assert [(item.sets or {}).get("due_at") for item in items] == [None, None, T0 + 8 * HOUR, None]
    assert play(ticket(), items).due_at == T0 + 8 * HOUR
    plain = edit(ticket(), ruled(), author(), Edit(fields={"subject": "Fire"}))
    assert plain[0].sets == {"subject": "Fire"}
    reverse = edit(ticket(), ruled(), author(), Edit(fields={"department": "HR", "subject": "Fire"}))
    assert [(item.field, "due_at" in (item.sets or {})) for item in reverse] == [
        ("department", True),
        ("subject", False),
    ]


def test_a_date_of_a_plan_that_has_passed_is_overdue_from_now():
    items = edit(ticket(), ruled(), author(at=T0 + 9 * HOUR), Edit(sla=("gold",)))
    assert [(item.type, item.at, item.side) for item in items] == [
        ("field-changed", T0 + 9 * HOUR, "staff"),
        ("overdue", T0 + 9 * HOUR, "system"),
    ]


def test_none_returns_to_the_date_of_the_plan():
    """Also where it is over: the date it would have."""
    by_hand = ticket(due_at=T0 + HOUR, due_by_hand=1)
    items = edit(by_hand, ruled(), author(), Edit(due_at=(None,)))
    assert changed(items) == [("field-changed", "due_at", "2026-11-20T10:00:00Z", "2026-11-20T13:00:00Z")]
    after = play(by_hand, items)
    assert (after.due_at, after.due_by_hand) == (T0 + 4 * HOUR, 0)
    assert edit(after, ruled(), author(), Edit(due_at=(None,))) == []
    closed = ticket(status="closed", due_at=T0 + HOUR, due_by_hand=1)
    assert play(closed, edit(closed, ruled(), author(), Edit(due_at=(None,)))).due_at == T0 + 4 * HOUR
    # The same date, now by the plan: still a change, and what was told of it stays told.
    same = ticket(due_at=T0 + 4 * HOUR, due_by_hand=1, overdue_at=T0 + 4 * HOUR)
    (said,) = edit(same, ruled(), author(at=T0 + 5 * HOUR), Edit(due_at=(None,)))
    assert (said.sets["due_by_hand"], said.sets["overdue_at"]) == (0, T0 + 4 * HOUR)


@pytest.mark.parametrize(
    ("values", "plan", "said"),
    [
        ({}, PLAN, [("field-changed", "due_at", None, "2026-11-20T13:00:00Z")]),
        (
            {"due_at": T0 + HOUR}, None,
            [("field-changed", "due_at", "2026-11-20T10:00:00Z", None)],
        ),
        (
            {"due_at": T0 + 4 * HOUR}, PLAN,
            [("field-changed", "response_due_at", "2026-11-20T13:00:00Z", "2026-11-20T13:00:00Z")],
        ),
        ({"response_due_at": T0}, None, [("field-changed", "response_due_at", None, None)]),
        ({"due_at": T0 + 4 * HOUR, "response_due_at": T0 + HOUR}, PLAN, []),
        ({"due_at": T0, "due_by_hand": 1, "first_response_at": T0}, PLAN, []),
    ],
)  # fmt: skip
def test_another_plan_dates_a_ticket_anew(values, plan, said):
    items = redated(ticket(**values), ruled(plan), author(), "sla gold")
    assert changed(items) == said
    assert {item.reason for item in items} <= {"sla gold"}


def test_a_new_date_that_has_passed_is_told():
    items = redated(ticket(), ruled(), author(at=T0 + 4 * HOUR), "sla gold")
    assert [item.type for item in items] == ["field-changed", "overdue"]
    assert [item.type for item in redated(ticket(), ruled(), author(at=T0 + 4 * HOUR - 1), "x")] == [
        "field-changed"
    ]


# ---------------------------------------------------------------------------------- assets, answers, workflow


def test_assets_come_and_go_in_their_order():
    held = ticket(assets='["pump","fan"]')
    items = edit(
        held, rules(), author(), Edit(assets=("fan", "belt", "belt"), remove_assets=("pump", "lamp"))
    )
    assert changed(items) == [
        ("asset-added", "assets", None, "belt"),
        ("asset-removed", "assets", "pump", None),
    ]
    assert play(held, items[:1]).asset_list() == ["pump", "fan", "belt"]
    assert play(held, items).asset_list() == ["fan", "belt"]
    assert edit(held, rules(), author(), Edit(assets=("fan",), remove_assets=("lamp",))) == []


@pytest.mark.parametrize(
    ("values", "internal", "said", "public", "staff"),
    [
        ({"room": "12"}, (), [], {"room": "12", "vip": True}, {"cost": 7}),
        ({"room": "13"}, (), [("field.room", "12", "13")], {"room": "13", "vip": True}, {"cost": 7}),
        ({"room": None}, (), [("field.room", "12", None)], {"vip": True}, {"cost": 7}),
        ({"seats": 4}, (), [("field.seats", None, "4")], {"room": "12", "vip": True, "seats": 4}, {"cost": 7}),
        ({"cost": 8}, ("cost",), [("field.cost", "7", "8")], {"room": "12", "vip": True}, {"cost": 8}),
        ({"cost": None}, ("cost",), [("field.cost", "7", None)], {"room": "12", "vip": True}, {}),
        # One is not true, though Python says so.
        ({"vip": 1}, (), [("field.vip", "true", "1")], {"room": "12", "vip": 1}, {"cost": 7}),
        (
            {"room": "1", "seats": 4}, (), [("field.room", "12", "1"), ("field.seats", None, "4")],
            {"room": "1", "vip": True, "seats": 4}, {"cost": 7},
        ),
        ({}, (), [], {"room": "12", "vip": True}, {"cost": 7}),
    ],
)  # fmt: skip
def test_answers_to_a_topics_questions(values, internal, said, public, staff):
    held = ticket(fields='{"room":"12","vip":true}', internal_fields='{"cost":7}')
    items = edit(held, rules(), author(), Edit(values=values, internal=frozenset(internal)))
    assert [(item.field, item.old, item.new) for item in items] == said
    after = play(held, items)
    assert after.field_values(staff=False) == public
    assert after.field_values() == public | staff


def test_the_first_answers():
    items = edit(
        ticket(), rules(), author(), Edit(values={"room": "12", "cost": 7}, internal=frozenset({"cost"}))
    )
    after = play(ticket(), items)
    assert (after.fields, after.internal_fields) == ('{"room":"12"}', '{"cost":7}')


def test_another_department_may_bring_another_workflow():
    held = ticket(status="in-progress", department="IT")
    after = rules("dphish")
    wanted = Edit(fields={"department": "HR"}, after=after, place=after.workflow.status("open"))
    items = edit(held, rules(), author(), wanted)
    assert changed(items) == [
        ("field-changed", "department", "IT", "HR"),
        ("status-changed", "status", "in-progress", "open"),
    ]
    assert items[-1].reason == "workflow"
    # The same workflow: nothing moves by itself.
    assert [i.field for i in edit(held, rules(), author(), wanted._replace(after=rules()))] == ["department"]


def test_a_priority_brings_its_rank_once():
    low = ticket(priority="low", rank=10)
    assert edit(low, rules(), author(), Edit(priority=LOW)) == []
    assert edit(ticket(), rules(), author(), Edit(priority=LOW))[0].sets == {"priority": "low", "rank": 10}
