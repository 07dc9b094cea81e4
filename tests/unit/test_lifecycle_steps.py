"""Single steps of a ticket's life: every date that a change of status sets, and what is refused with which words."""

import pytest

from tests.factories import HOUR, T0, author, rules, ticket
from tix.domain.tickets import lifecycle
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import play
from tix.domain.topics import Field
from tix.domain.workflows.workflow import Status, Transition, Workflow
from tix.errors import FinalStatus, IllegalTransition, NotAllowed, Refused

NOW = T0 + HOUR
ANN = author("ann", at=NOW)
RITA = author("rita", "requester", at=NOW)
RESOLVED = {"resolved_at": T0, "lapses_at": T0 + 72 * HOUR, "lapses_to": "closed"}
CLOSED = {"resolved_at": T0, "closed_at": T0, "closed_by": "ben"}


def moved(one, status, desk=None, reason=None, by=ANN):
    desk = desk or rules()
    return lifecycle.move(one, desk, desk.workflow.status(status), by, reason)


@pytest.mark.parametrize(
    ("before", "status", "desk", "sets"),
    [
        (ticket(), "in-progress", rules(), {"status": "in-progress"}),
        (ticket(), "on-hold", rules(), {"status": "on-hold", "paused_at": NOW}),
        (ticket(status="on-hold"), "open", rules(), {"status": "open", "paused_at": None}),
        (
            ticket(), "resolved", rules(),
            {
                "status": "resolved", "phase": "resolved", "resolved_at": NOW,
                "lapses_at": NOW + 72 * HOUR, "lapses_to": "closed",
            },
        ),
        # A window of nothing is for ever; one of a second is one.
        (
            ticket(), "resolved", rules(window=0),
            {"status": "resolved", "phase": "resolved", "resolved_at": NOW},
        ),
        (
            ticket(), "resolved", rules(window=1),
            {
                "status": "resolved", "phase": "resolved", "resolved_at": NOW,
                "lapses_at": NOW + 1, "lapses_to": "closed",
            },
        ),
        # Nothing elapses there.
        (
            ticket("osticket"), "resolved", rules("osticket"),
            {"status": "resolved", "phase": "resolved", "resolved_at": NOW},
        ),
        # A direct close is a resolution too.
        (
            ticket(), "closed", rules(),
            {
                "status": "closed", "phase": "closed", "resolved_at": NOW, "closed_at": NOW, "closed_by": "ann",
            },
        ),
        (
            ticket(status="resolved", **RESOLVED), "closed", rules(),
            {
                "status": "closed", "phase": "closed", "closed_at": NOW, "closed_by": "ann",
                "lapses_at": None, "lapses_to": None,
            },
        ),
        (
            ticket(status="closed", **CLOSED), "resolved", rules(),
            {
                "status": "resolved", "phase": "resolved", "closed_at": None, "closed_by": None,
                "lapses_at": NOW + 72 * HOUR, "lapses_to": "closed",
            },
        ),
        # A reopening clears what ended, and counts.
        (
            ticket(status="closed", answered=1, reopened=2, resolution_met=1, rating=5, **CLOSED), "open", rules(),
            {
                "status": "open", "phase": "open", "resolved_at": None, "closed_at": None, "closed_by": None,
                "answered": 0, "reopened": 3, "resolution_met": None,
            },
        ),
        # In time, and at exactly the due instant late.
        (
            ticket(due_at=NOW + 1, due_key=NOW + 1), "closed", rules(),
            {
                "status": "closed", "phase": "closed", "resolved_at": NOW, "closed_at": NOW, "closed_by": "ann",
                "resolution_met": 1,
            },
        ),
        (
            ticket(due_at=NOW, due_key=NOW), "closed", rules(),
            {
                "status": "closed", "phase": "closed", "resolved_at": NOW, "closed_at": NOW, "closed_by": "ann",
                "resolution_met": 0,
            },
        ),
        # It was judged when it was resolved.
        (
            ticket(status="resolved", due_at=T0, resolution_met=1, **RESOLVED), "closed", rules(),
            {
                "status": "closed", "phase": "closed", "closed_at": NOW, "closed_by": "ann",
                "lapses_at": None, "lapses_to": None,
            },
        ),
    ],
)  # fmt: skip
def test_what_a_change_of_status_sets(before, status, desk, sets):
    assert moved(before, status, desk).sets == sets


@pytest.mark.parametrize(
    ("before", "status", "given", "reason"),
    [
        (ticket(), "closed", None, None),
        (ticket(status="resolved", **RESOLVED), "closed", None, None),
        (ticket(status="closed", **CLOSED), "open", None, "reopened"),
        (ticket(status="closed", **CLOSED), "open", "workflow", "workflow"),
        (ticket(), "closed", "merged", "merged"),
    ],
)
def test_why_it_changed(before, status, given, reason):
    said = moved(before, status, reason=given)
    assert (said.type, said.field, said.old, said.new, said.reason) == (
        "status-changed",
        "status",
        before.status,
        status,
        reason,
    )


# ---------------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("values", "now", "types"),
    [
        ({}, T0 + 99 * HOUR, []),
        ({"snoozed_until": NOW}, NOW - 1, []),
        ({"snoozed_until": NOW}, NOW, ["woken"]),
        ({"due_at": NOW}, NOW - 1, []),
        ({"due_at": NOW}, NOW, ["overdue"]),
        ({"due_at": NOW, "overdue_at": NOW}, NOW, []),
        ({"status": "resolved", "resolved_at": T0, "lapses_at": NOW, "lapses_to": "closed"}, NOW - 1, []),
        (
            {"status": "resolved", "resolved_at": T0, "lapses_at": NOW, "lapses_to": "closed"},
            NOW,
            ["status-changed"],
        ),
        ({"status": "resolved", "resolved_at": T0}, T0 + 99 * HOUR, []),
        ({"status": "closed", "lapses_at": NOW}, NOW, []),  # over already
        ({"due_at": NOW, "snoozed_until": NOW - 1}, NOW, ["woken", "overdue"]),
        ({"due_at": NOW - 1, "snoozed_until": NOW}, NOW, ["overdue", "woken"]),
    ],
)
def test_at_exactly_the_instant_it_has_happened(values, now, types):
    """And ``settled`` is what that leaves, whether or not it is recorded."""
    before = ticket(**values)
    items = lifecycle.settle(before, now)
    assert [item.type for item in items] == types
    assert {(item.by, item.side) for item in items} <= {(None, "system")}
    assert lifecycle.settled(before, now) == play(before, items)


def test_a_lapse_is_nobodys():
    before = ticket(status="resolved", resolved_at=T0, lapses_at=NOW, lapses_to="closed")
    (said,) = lifecycle.settle(before, NOW + 9)
    assert (said.at, said.old, said.new, said.reason) == (NOW, "resolved", "closed", "elapsed")
    after = play(before, [said])
    assert (after.phase, after.closed_at, after.closed_by, after.lapses_at, after.resolved_at) == (
        "closed",
        NOW,
        None,
        None,
        T0,
    )


# ------------------------------------------------------------------------------------------------- triggers


@pytest.mark.parametrize(
    ("workflow", "status", "trigger"),
    [
        ("standard", "open", "reopen"),
        ("standard", "on-hold", "hold"),
        ("standard", "in-progress", "start"),
        ("standard", "closed", "close"),
        ("standard", "resolved", "resolve"),
        ("helpdesk", "opened", "reopen"),
        ("dphish", "closed", "close"),
        ("itflow", "closed", "close"),
    ],
)
def test_where_it_is_already_nothing_is_done(workflow, status, trigger):
    assert lifecycle.pull(ticket(workflow, status=status), rules(workflow), trigger, ANN, "staff") == []


@pytest.mark.parametrize(
    ("workflow", "status", "trigger", "who", "words", "hint"),
    [
        (
            "standard", "resolved", "hold", "staff",
            "cannot put TIX-1 on hold: it is resolved", "possible now: close, reopen",
        ),
        (
            "standard", "closed", "start", "staff",
            "cannot start TIX-1: it is closed", "possible now: reopen",
        ),
        # There is another verb for it, and it is possible.
        (
            "dphish", "open", "resolve", "staff",
            "the workflow dphish has no way to resolve a ticket",
            "on this desk, use: tix close 1; see other workflows: tix workflow list",
        ),
        # There is one, and it is not.
        (
            "dphish", "closed", "resolve", "staff",
            "the workflow dphish has no way to resolve a ticket",
            "possible now: reopen; see other workflows: tix workflow list",
        ),
        (
            "dphish", "open", "hold", "staff",
            "the workflow dphish has no way to put a ticket on hold",
            "possible now: close; see other workflows: tix workflow list",
        ),
        (
            "helpdesk", "opened", "close", "staff",
            "cannot close TIX-1: it is opened", "on this desk, use: tix resolve 1",
        ),
        (
            "helpdesk", "opened", "close", "requester",
            "cannot close TIX-1: it is opened", "only replies and notes are possible now",
        ),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_possible(workflow, status, trigger, who, words, hint):
    by = ANN if who == "staff" else RITA
    with pytest.raises(IllegalTransition) as refused:
        lifecycle.pull(ticket(workflow, status=status), rules(workflow), trigger, by, who)
    assert (refused.value.message, refused.value.hint) == (words, hint)


def test_only_those_who_may():
    for trigger in ("resolve", "start", "hold"):
        with pytest.raises(NotAllowed, match=f"only staff may {trigger} a ticket"):
            lifecycle.pull(ticket(), rules(), trigger, RITA, "requester")
    (said,) = lifecycle.pull(ticket(), rules(), "close", RITA, "requester")
    assert said.sets["closed_by"] == "rita"


# Solving begins with work: `resolve` leads on from `working` alone, and nothing leads back.
STRICT = Workflow(
    "strict",
    "Strict",
    (
        Status("new", "open", "New"),
        Status("working", "open", "Working"),
        Status("solved", "resolved", "Solved"),
        Status("over", "closed", "Over"),
        Status("binned", "closed", "Binned"),
    ),
    (
        Transition("resolve", ("working",), "solved"),
        Transition("close", ("solved",), "over"),
        Transition("reopen", ("over",), "solved"),
    ),
    rated_in=("closed",),
)
STRICT_DESK = TicketPolicy(STRICT, 0, False)


def strict(name):
    status = STRICT.status(name)
    return ticket()._replace(status=name, phase=status.phase)


@pytest.mark.parametrize(
    ("before", "wanted", "allowed"),
    [
        ("new", "new", None),
        ("new", "working", True),  # among open statuses staff may always
        ("working", "new", True),
        ("working", "solved", True),
        ("new", "solved", False),
        ("new", "over", False),
        ("working", "over", False),
        ("solved", "over", True),
        ("solved", "binned", True),  # closing leads into that phase
        ("solved", "working", False),
        ("over", "working", False),  # reopening leads elsewhere
        ("binned", "new", False),
    ],
)
def test_a_status_by_name_is_the_trigger_it_amounts_to(before, wanted, allowed):
    target = STRICT.status(wanted)
    if allowed is False:
        with pytest.raises(IllegalTransition):
            lifecycle.set_status(strict(before), STRICT_DESK, target, ANN)
        return
    items = lifecycle.set_status(strict(before), STRICT_DESK, target, ANN)
    assert [(item.old, item.new) for item in items] == ([] if allowed is None else [(before, wanted)])


def test_what_is_closed_for_good_is_not_opened_by_name():
    with pytest.raises(FinalStatus):
        lifecycle.set_status(
            ticket("itflow", status="closed"), rules("itflow"), rules("itflow").workflow.status("open"), ANN
        )


ASKED = rules()._replace(fields=(Field("A", "cause", "Cause", required_to_close=True),))


def end(how, one, by, who):
    """By its trigger, or by the name of the status."""
    if how == "name":
        return lifecycle.set_status(one, ASKED, ASKED.workflow.status("closed"), by)
    return lifecycle.pull(one, ASKED, how, by, who)


@pytest.mark.parametrize("how", ["resolve", "close", "name"])
def test_staff_answer_what_has_to_be_before_the_end(how):
    with pytest.raises(Refused, match="TIX-1 cannot be resolved or closed without cause"):
        end(how, ticket(), ANN, "staff")
    assert len(end(how, ticket(fields='{"cause":"dust"}'), ANN, "staff")) == 1


def test_nobody_else_does():
    """A requester closes all the same; what is over already is not asked, and what goes on is not either."""
    assert len(end("close", ticket(), RITA, "requester")) == 1
    assert len(end("close", ticket(status="resolved", **RESOLVED), ANN, "staff")) == 1
    assert len(end("start", ticket(), ANN, "staff")) == 1
    assert len(end("reopen", ticket(status="closed", **CLOSED), ANN, "staff")) == 1


# ------------------------------------------------------------------------------------------------- speaking


@pytest.mark.parametrize(
    ("by", "kind"), [(ANN, "reply"), (RITA, "message"), (author("ann", "requester", at=NOW), "message")]
)
def test_what_somebody_says(by, kind):
    said = lifecycle.speak(ticket(), rules(), by, "Words.")
    assert (said.kind, said.body, said.at, said.sets, said.internal) == (kind, "Words.", NOW, None, False)


@pytest.mark.parametrize("by", [ANN, RITA])
def test_words_on_what_is_resolved_begin_the_wait_again(by):
    solved = ticket(status="resolved", **RESOLVED)
    assert lifecycle.speak(solved, rules(), by, "Words.").sets == {"lapses_at": NOW + 72 * HOUR}
    never = solved._replace(lapses_at=None, lapses_to=None)
    assert lifecycle.speak(never, rules(), by, "Words.").sets is None


def test_the_first_answer_settles_what_was_promised():
    promised = ticket(response_due_at=NOW)
    assert lifecycle.speak(promised, rules(), ANN, "Words.").sets == {"response_met": 0}
    assert lifecycle.speak(promised._replace(response_due_at=NOW + 1), rules(), ANN, "x").sets == {
        "response_met": 1
    }
    assert lifecycle.speak(promised, rules(), RITA, "Words.").sets is None


@pytest.mark.parametrize(
    ("status", "by", "new", "reason"),
    [
        ("open", ANN, "answered", None),
        ("answered", ANN, None, None),
        ("on-hold", ANN, None, None),
        ("resolved", ANN, None, None),
        ("closed", ANN, None, None),
        ("open", RITA, None, None),
        ("answered", RITA, "open", None),
        ("on-hold", RITA, "open", None),
        ("resolved", RITA, "open", "solution-not-accepted"),
        ("closed", RITA, "open", "reopened"),
    ],
)
def test_what_a_workflow_makes_of_words(status, by, new, reason):
    """As the table of the lifecycle page says of ``standard``."""
    said, *rest = lifecycle.reply(ticket(status=status), rules(), by, "Words.")
    assert said.kind == ("reply" if by is ANN else "message")
    assert [(item.old, item.new, item.reason) for item in rest] == (
        [] if new is None else [(status, new, reason)]
    )


@pytest.mark.parametrize(
    ("values", "by", "claims", "taken"),
    [
        ({}, ANN, True, True),
        ({}, ANN, False, False),
        ({"assignee": "ben"}, ANN, True, False),
        ({"first_response_at": T0}, ANN, True, False),
        ({}, RITA, True, False),
        ({}, ANN._replace(by=None), True, False),
    ],
)
def test_the_first_answer_may_claim(values, by, claims, taken):
    items = lifecycle.claim_by_reply(ticket(**values), rules(claims=claims), by)
    assert [(item.type, item.old, item.new) for item in items] == (
        [("assigned", None, "ann")] if taken else []
    )


@pytest.mark.parametrize(
    ("workflow", "status", "rated"),
    [
        ("standard", "open", False), ("standard", "resolved", True), ("standard", "closed", True),
        ("osticket", "resolved", True), ("dphish", "closed", True), ("helpdesk", "resolved", True),
        ("itflow", "closed", True), ("itflow", "hold", False),
    ],
)  # fmt: skip
def test_when_a_ticket_is_rated(workflow, status, rated):
    one = ticket(workflow, status=status)
    if rated:
        said = lifecycle.rate(one, rules(workflow), RITA, 4, "Fine.")
        assert (said.type, said.field, said.new, said.internal) == ("rated", "rating", "4", False)
        assert said.sets == {"rating": 4, "rating_comment": "Fine.", "rated_at": NOW}
        return
    with pytest.raises(Refused, match="rated once it is resolved or closed"):
        lifecycle.rate(one, rules(workflow), RITA, 4, None)
