"""The shipped workflows as data: what must hold of any table, whoever writes it."""

import pytest

from tix.domain.workflows.shipped import SHIPPED
from tix.domain.workflows.workflow import VERBS, Rule, Status, Workflow
from tix.errors import InvalidValue

EVERY = pytest.mark.parametrize("workflow", SHIPPED.values(), ids=list(SHIPPED))


def reachable(workflow):
    """The statuses that rules and staff's own choice among open statuses lead to from the first."""
    reached = {status.name for status in workflow.statuses if status.phase == "open"}
    while True:
        more = {rule.target for rule in workflow.rules if reached & set(rule.sources)}
        if more <= reached:
            return reached
        reached |= more


@EVERY
def test_the_first_status_is_open(workflow):
    """A ticket starts where somebody has to act."""
    assert workflow.first.phase == "open"


@EVERY
def test_names_and_aliases_are_unique(workflow):
    """A word names one status."""
    words = [word for status in workflow.statuses for word in (status.name, *status.aliases)]
    assert len(words) == len(set(words))


@EVERY
def test_rules_name_statuses_that_exist(workflow):
    """Sources and targets are statuses; no two rules compete for one trigger, source and actor."""
    names = {status.name for status in workflow.statuses}
    seen = set()
    for rule in workflow.rules:
        assert {*rule.sources, rule.target} <= names
        for source in rule.sources:
            assert (rule.trigger, source, rule.by) not in seen
            seen.add((rule.trigger, source, rule.by))


@EVERY
def test_every_status_is_reached(workflow):
    """Nothing in the table is dead."""
    assert {status.name for status in workflow.statuses} == reachable(workflow)


@EVERY
def test_only_a_final_status_cannot_be_left(workflow):
    """From every other status some rule leads on."""
    for status in workflow.statuses:
        ways = [rule for rule in workflow.rules if status.name in rule.sources and rule.target != status.name]
        assert status.final == (ways == [])


@EVERY
def test_a_trigger_leads_into_its_phase(workflow):
    """Start and hold stay open, resolve resolves, close closes, reopen and a requester's reply open."""
    phases = {"start": "open", "hold": "open", "resolve": "resolved", "close": "closed", "reopen": "open"}
    phases |= {"requester-replied": "open", "staff-replied": "open", "elapsed": "closed"}
    assert {phases[rule.trigger] for rule in workflow.rules} <= {"open", "resolved", "closed"}
    for rule in workflow.rules:
        assert phases[rule.trigger] == workflow.status(rule.target).phase


@EVERY
def test_a_status_is_found_by_name_alias_and_any_case(workflow):
    """What somebody types is forgiven its case and blanks; anything else is refused with the list."""
    for status in workflow.statuses:
        for word in (status.name, *status.aliases):
            assert status == workflow.find_status(f" {word.upper()} ")
    with pytest.raises(InvalidValue) as refused:
        workflow.find_status("nonsense")
    assert all(status.name in refused.value.hint for status in workflow.statuses)


@EVERY
def test_possible_verbs_are_those_that_do_something(workflow):
    """In the order of the verbs, without those that change nothing."""
    for status in workflow.statuses:
        for who in ("staff", "requester"):
            found = workflow.possible(status.name, who)
            assert list(found) == [verb for verb in VERBS if verb in found]
            for verb in found:
                assert workflow.rule(verb, status.name, who).target != status.name


def test_the_first_rule_that_fits_wins():
    """And a rule of another actor does not fit."""
    table = Workflow(
        "w",
        "W",
        (Status("a", "open", "A"), Status("b", "open", "B"), Status("c", "closed", "C")),
        (Rule("close", ("a",), "b"), Rule("close", ("a", "b"), "c", "anyone")),
        rated_in=("closed",),
    )
    assert table.rule("close", "a", "staff").target == "b"
    assert table.rule("close", "a", "requester").target == "c"
    assert table.rule("close", "c", "staff") is None
    assert table.lapse("c") is None
    with pytest.raises(KeyError):
        table.status("d")
