"""The shipped workflows as data: what must hold of any table, whoever writes it."""

import pytest

from tix.domain.workflows.shipped import SHIPPED
from tix.domain.workflows.workflow import VERBS, Status, Transition, Workflow
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
        (Transition("close", ("a",), "b"), Transition("close", ("a", "b"), "c", "anyone")),
        rated_in=("closed",),
    )
    assert table.rule("close", "a", "staff").target == "b"
    assert table.rule("close", "a", "requester").target == "c"
    assert table.rule("close", "c", "staff") is None
    assert table.lapse("c") is None
    with pytest.raises(KeyError):
        table.status("d")


def test_what_a_status_a_rule_and_a_workflow_are_unless_somebody_says_otherwise():
    status = Status("a", "open", "A")
    assert (status.colour, status.aliases, status.pauses, status.final) == ("", (), False, False)
    assert Transition("close", ("a",), "b").by == "staff"
    table = Workflow("w", "W", (status,), (), rated_in=())
    assert (table.window_seconds, table.claims, table.hints) == (259_200, False, ())


ROWS = Workflow(
    "w",
    "W",
    (Status("a", "open", "A", aliases=("x", "y")), Status("b", "resolved", "B"), Status("c", "closed", "C")),
    (
        Transition("resolve", ("a",), "b"),
        Transition("close", ("a",), "c", "anyone"),
        Transition("close", ("b",), "b"),
        Transition("reopen", ("c",), "a", "requester"),
        Transition("elapsed", ("b",), "c", "system"),
    ),
    rated_in=("closed",),
)


@pytest.mark.parametrize(
    ("word", "known"), [("a", True), ("y", True), ("c", True), ("A", False), ("d", False), ("", False)]
)
def test_which_words_a_workflow_knows(word, known):
    assert ROWS.knows(word) is known


def test_where_a_trigger_leads():
    assert ROWS.targets("close") == ("c", "b")
    assert ROWS.targets("hold") == ()
    assert (ROWS.lapse("b"), ROWS.lapse("a")) == ("c", None)


@pytest.mark.parametrize(
    ("trigger", "who", "allowed"),
    [
        ("resolve", "staff", True),
        ("resolve", "requester", False),
        ("close", "requester", True),
        ("reopen", "staff", False),
        ("hold", "staff", False),
        ("elapsed", "system", True),
    ],
)
def test_who_may_ever_use_a_trigger(trigger, who, allowed):
    assert ROWS.open_to(trigger, who) is allowed


@pytest.mark.parametrize(
    ("source", "who", "verbs"),
    [
        ("a", "staff", ("resolve", "close")),
        ("a", "requester", ("close",)),
        ("b", "staff", ()),  # closing there changes nothing
        ("c", "requester", ("reopen",)),
        ("c", "staff", ()),
    ],
)
def test_what_is_possible_from_a_status(source, who, verbs):
    assert ROWS.possible(source, who) == verbs


# Of each shipped workflow which of its statuses stop the clock, and which are for good; its window, and whether it
# claims.
TRAITS = {
    "standard": ({"on-hold"}, set(), False),
    "dphish": (set(), set(), False),
    "backoffice": (set(), set(), False),
    "helpdesk": (set(), set(), False),
    "osticket": (set(), set(), True),
    "itflow": ({"hold"}, {"closed"}, False),
}


@pytest.mark.parametrize("name", TRAITS)
def test_the_traits_of_what_is_shipped(name):
    """As the table of the lifecycle page says."""
    table = SHIPPED[name]
    assert {status.name for status in table.statuses if status.pauses} == TRAITS[name][0]
    assert {status.name for status in table.statuses if status.final} == TRAITS[name][1]
    assert table.claims is TRAITS[name][2]
    assert table.window_seconds == 72 * 3600
