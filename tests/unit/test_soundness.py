"""What is wrong with a workflow: each problem has a table that shows it, and a sound one strands nobody."""

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.color import Color, ColorType

from tests.factories import T0, actor, author, ticket
from tests.unit.mutants import changed, mutants, sound
from tix.domain import permissions
from tix.domain.tickets import edit, lifecycle
from tix.domain.tickets.edit import Edit
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import play
from tix.domain.times import LONGEST_SECONDS
from tix.domain.workflows.shipped import SHIPPED
from tix.domain.workflows.validation import ACTORS, COLOURS, INTO, TRIGGERS, label_of, problems
from tix.domain.workflows.workflow import VERBS, Status, Transition, Workflow
from tix.errors import TixError
from tix.render.terminal.console import sequence

GUIDE = Path(__file__).parents[2] / "docs" / "workflows.md"

OPEN = Status("open", "open", "Open")
RESOLVED = Status("resolved", "resolved", "Resolved")
CLOSED = Status("closed", "closed", "Closed")
RESOLVE = Transition("resolve", ("open",), "resolved")
CLOSE = Transition("close", ("open", "resolved"), "closed", "anyone")
REOPEN = Transition("reopen", ("resolved", "closed"), "open", "anyone")
SMALL = Workflow(
    "small", "Small", (OPEN, RESOLVED, CLOSED), (RESOLVE, CLOSE, REOPEN), rated_in=("resolved", "closed")
)
SLUG = "use lower-case letters, digits and dashes, at most 40, not starting with a dash"


def small(open_=OPEN, resolved=RESOLVED, closed=CLOSED, **changes) -> Workflow:
    """The small workflow with something else in it."""
    return SMALL._replace(statuses=(open_, resolved, closed), **changes)


def ruled(*rules: Transition) -> Workflow:
    """The small workflow with these rules after its own."""
    return SMALL._replace(rules=(*SMALL.rules, *rules))


ALONE = Workflow(
    "alone", "Alone", (OPEN, CLOSED), (Transition("close", ("open",), "closed"),), rated_in=("closed",)
)

PLANTED = {
    f"the workflow's name 'My own' is not valid: {SLUG}": small(name="My own"),
    f"the workflow's name '{'a' * 41}' is not valid: {SLUG}": small(name="a" * 41),
    f"the workflow's name 'a\n' is not valid: {SLUG}": small(name="a\n"),
    "the title is not one line of 1 to 120 printable characters": small(title="two\nlines"),
    "auto_close_after is negative; use 0 for never": small(window_seconds=-1),
    "auto_close_after is longer than a hundred years; use 0 for never": small(
        window_seconds=LONGEST_SECONDS + 1
    ),
    "rated_in contains 'open'; a ticket can be rated only when it is resolved or closed": small(
        rated_in=("open",)
    ),
    "rated_in contains the phase resolved, but no status has that phase": SHIPPED["dphish"]._replace(
        rated_in=("resolved",)
    ),
    "rated_in contains 'closed' more than once": small(rated_in=("closed", "closed")),
    "the workflow has no statuses": Workflow("none", "None", (), (), rated_in=()),
    "the first status 'closed' has the phase closed; the status of new tickets must be open": SMALL._replace(
        statuses=(CLOSED, RESOLVED, OPEN)
    ),
    f"the status 'Odd one' has a name that is not valid: {SLUG}": SMALL._replace(
        statuses=(*SMALL.statuses, Status("Odd one", "open", "Odd"))
    ),
    f"the status 'open' has the alias 'New', which is not valid: {SLUG}": small(
        OPEN._replace(aliases=("New",))
    ),
    "the status 'open' has a label that is not one line of 1 to 40 printable characters": small(
        OPEN._replace(label="O\x1b[31m")
    ),
    f"the status 'open' has the unknown colour 'black'; use one of {', '.join(COLOURS)}": small(
        OPEN._replace(colour="black")
    ),
    "the status 'odd' has the unknown phase 'ajar'; use one of open, resolved, closed": SMALL._replace(
        statuses=(*SMALL.statuses, Status("odd", "ajar", "Odd"))
    ),
    "the status 'resolved' is final and resolved; only a closed status can be final": small(
        resolved=RESOLVED._replace(final=True), rules=(RESOLVE, CLOSE._replace(sources=("open",)))
    ),
    "the status 'closed' pauses the SLA and is closed; only an open status can pause it": small(
        closed=CLOSED._replace(pauses=True)
    ),
    "the word 'open' is used 2 times as a name or alias (of 'open', 'resolved')": small(
        resolved=RESOLVED._replace(aliases=("open",))
    ),
    "the word 'open' is used 2 times as a name or alias (of 'open')": small(OPEN._replace(aliases=("open",))),
    "the word 'closed' is used 2 times as a name or alias (of 'closed')": SMALL._replace(
        statuses=(*SMALL.statuses, CLOSED)
    ),
    f"rule 4 (on open) has the unknown trigger 'open'; use one of {', '.join(TRIGGERS)}": ruled(
        Transition("open", ("closed",), "open")
    ),
    "rule 4 (on start) names 'gone', which is not a status": ruled(
        Transition("start", ("open", "gone"), "open")
    ),
    "rule 4 (on hold) names 'waiting', which is not a status": ruled(
        Transition("hold", ("open",), "waiting")
    ),
    "rule 4 (on start) has by = 'requester'; use staff": ruled(
        Transition("start", ("open",), "open", "requester")
    ),
    "rule 4 (on requester-replied) has by = 'staff'; use requester": ruled(
        Transition("requester-replied", ("closed",), "open")
    ),
    "rule 4 (on elapsed) has by = 'anyone'; use system": ruled(
        Transition("elapsed", ("resolved",), "closed", "anyone")
    ),
    "rule 4 (on close) has by = 'system'; use staff or requester or anyone": ruled(
        Transition("close", ("resolved",), "closed", "system")
    ),
    "rule 4 (on start) starts from no status": ruled(Transition("start", (), "open")),
    "rule 4 (on start) leads to 'closed', which is closed; it must be an open status": ruled(
        Transition("start", ("open",), "closed")
    ),
    "rule 4 (on close) leads to 'resolved', which is resolved; it must be a closed status": ruled(
        Transition("close", ("closed",), "resolved")
    ),
    "rule 4 (on start) names 'open' more than once": ruled(Transition("start", ("open", "open"), "open")),
    "rule 3 (on reopen) starts from 'closed', which is final": small(closed=CLOSED._replace(final=True)),
    "rule 4 (on elapsed) starts from 'open', which is open; only resolved tickets close automatically": ruled(
        Transition("elapsed", ("open",), "closed", "system")
    ),
    "rule 4 (on reopen) starts from 'open', which is already open": ruled(
        Transition("reopen", ("open",), "open")
    ),
    "the hint undo = 'close' does not name two verbs; verbs are start, hold, resolve, close, reopen": small(
        hints=(("undo", "close"),)
    ),
    "the hint start = 'begin' does not name two verbs; verbs are start, hold, resolve, close, reopen": small(
        hints=(("start", "begin"),)
    ),
    "the hint start = 'hold' names a verb without a rule": small(hints=(("start", "hold"),)),
    "the hint close = 'close' names the verb itself": small(hints=(("close", "close"),)),
    "there are 2 hints for start": small(hints=(("start", "close"), ("start", "resolve"))),
    "rule 4 (on close) never applies: earlier rules always match first": ruled(
        Transition("close", ("open",), "closed")
    ),
    "rule 2 (on close) never applies: earlier rules always match first": ALONE._replace(
        statuses=(OPEN, CLOSED._replace(final=True)), rules=(*ALONE.rules, *ALONE.rules)
    ),
    "the status 'closed' cannot be reached from 'open'": small(
        rules=(RESOLVE, REOPEN._replace(sources=("resolved", "closed")))
    ),
    (
        "the status 'closed' cannot be reached from 'open' (auto_close_after is 0, so nothing closes automatically)"
    ): small(
        rules=(RESOLVE, REOPEN, Transition("elapsed", ("resolved",), "closed", "system")), window_seconds=0
    ),
    # From a final status nobody goes on by name either, though a rule starts and ends there.
    "the status 'lost' cannot be reached from 'open'": Workflow(
        "losing",
        "Losing",
        (OPEN, CLOSED._replace(final=True), Status("lost", "closed", "Lost", final=True)),
        (Transition("close", ("open",), "closed", "requester"), Transition("close", ("closed",), "closed")),
        rated_in=("closed",),
    ),
    "a ticket would stay 'closed' for ever: set final = true, or add a rule on reopen": ALONE,
    "a ticket would stay 'resolved' for ever: add a rule on reopen or close": small(
        rules=(RESOLVE, CLOSE._replace(sources=("open",)), REOPEN._replace(sources=("closed",)))
    ),
    (
        "a ticket would stay 'resolved' for ever: add a rule on reopen or close"
        " (auto_close_after is 0, so nothing closes automatically)"
    ): small(
        rules=(
            RESOLVE,
            CLOSE._replace(sources=("open",)),
            REOPEN._replace(sources=("closed",)),
            Transition("elapsed", ("resolved",), "closed", "system"),
        ),
        window_seconds=0,
    ),
    "no open status leads to a resolved or closed one, so no ticket could ever be finished": Workflow(
        "endless", "Endless", (OPEN, Status("busy", "open", "Busy")), (), rated_in=()
    ),
}


@pytest.mark.parametrize("workflow", SHIPPED.values(), ids=list(SHIPPED))
def test_what_is_shipped_is_sound(workflow):
    """The six tables of the lifecycle page have no problem."""
    assert problems(workflow) == []


@pytest.mark.parametrize("told", PLANTED)
def test_a_problem_is_told_and_nothing_else(told):
    """One fault, one sentence."""
    assert [told] == problems(PLANTED[told])


@pytest.mark.parametrize(
    "workflow",
    [
        SMALL,
        small(window_seconds=0),
        small(window_seconds=1),
        small(window_seconds=LONGEST_SECONDS),
        small(rated_in=()),
        ALONE._replace(statuses=(OPEN, CLOSED._replace(final=True))),
        # A final status may be the end of a rule that starts there: it changes nothing.
        ALONE._replace(
            statuses=(OPEN, CLOSED._replace(final=True)),
            rules=(Transition("close", ("open", "closed"), "closed"),),
        ),
        # A special rule above a general one, and two of different people.
        small(rules=(RESOLVE, CLOSE._replace(by="requester"), CLOSE, REOPEN)),
        small(rules=(RESOLVE, CLOSE._replace(by="staff"), CLOSE, REOPEN)),
        # A status that only a name leads to: the rule for close opens the way.
        SMALL._replace(
            statuses=(*SMALL.statuses, Status("refused", "closed", "Refused", final=True)), name="refusing"
        ),
        # Resolved is left by time alone, and closed by the requester's words alone.
        small(
            rules=(
                RESOLVE,
                Transition("elapsed", ("resolved",), "closed", "system"),
                Transition("requester-replied", ("closed",), "open", "requester"),
            )
        ),
    ],
)
def test_what_is_unusual_is_no_problem(workflow):
    """Only what would strand a ticket, or can never happen, is told."""
    assert problems(workflow) == []


def test_every_fault_of_a_table_is_told_at_once():
    """Nobody has to run the check once for each; where tickets can go is not asked of a broken table."""
    told = problems(small(OPEN._replace(colour="pink"), name="", title="", rules=()))
    assert len(told) == 3
    assert "never reached" not in " ".join(told)


def test_the_guide_quotes_what_is_told():
    """The sentences of the page are those of the check."""
    table = GUIDE.read_text(encoding="utf-8").partition("## Check it")[2].partition("\n## ")[0]
    quoted = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert len(quoted) > 5
    assert [sentence for sentence in quoted if sentence not in PLANTED] == []


def test_colours_are_the_terminals_own_and_neither_black_nor_white():
    """Readable on light and on dark grounds, on any terminal."""
    parsed = {name: Color.parse(name) for name in COLOURS}
    assert all(sequence(name, {}) == ";".join(Color.parse(name).get_ansi_codes()) for name in COLOURS)
    assert {colour.type for colour in parsed.values()} == {ColorType.STANDARD}
    assert sorted(set(range(16)) - {0, 7, 15}) == sorted(colour.number for colour in parsed.values())


def test_the_tables_have_a_row_for_every_trigger():
    """And a requester may be named where the table of permissions lets one, and nowhere else."""
    assert set(TRIGGERS) == set(INTO) == set(ACTORS)
    for verb in VERBS:
        assert (permissions.permission(verb, "requester") != permissions.NO) == ("requester" in ACTORS[verb])


def test_a_label_is_made_of_the_name():
    """Dashes are blanks, the first letter is large."""
    assert label_of("in-progress") == "In progress"
    assert label_of("2nd-level") == "2nd level"


# ------------------------------------------------------------------- what the lifecycle makes of a workflow

LOGINS = {"staff": ("ann", "agent"), "requester": ("rita", "requester")}


def acts(workflow: Workflow):
    """Everything somebody can do that may move a ticket: functions of ticket, rules and moment."""
    for side, (login, role) in LOGINS.items():
        for verb in VERBS:
            if permissions.permission(verb, role) != permissions.NO:
                yield lambda t, r, at, v=verb, s=side, n=login: lifecycle.pull(t, r, v, author(n, s, at), s)
        yield lambda t, r, at, s=side, n=login: lifecycle.reply(t, r, author(n, s, at), "text")
    for status in workflow.statuses:
        wanted = Edit(status=status)
        yield lambda t, r, at, w=wanted: edit.edit(t, r, author(at=at), w)
    yield lambda t, r, at: [lifecycle.note(t, r, author(at=at), "text")]
    yield lambda t, r, at: edit.assign(t, r, author(at=at), actor("ben").person)
    yield lambda t, r, at: [lifecycle.rate(t, r, author("rita", "requester", at), 4, None)]


def done(act, before, rules, at):
    """The ticket after an act; as it was where the act is refused. Nothing but a refusal is forgiven."""
    try:
        return play(before, act(before, rules, at))
    except TixError:
        return before


def started(workflow: Workflow, status: Status | None = None):
    """The desk's rules, and a ticket of its own that stands in ``status``, by default the first."""
    rules = TicketPolicy(workflow, workflow.window_seconds, workflow.claims)
    first = workflow.first
    made = ticket()._replace(
        status=first.name, phase=first.phase, paused_at=T0 if first.pauses else None, due_at=T0 + 60
    )
    if status is not None and status != first:
        made = play(made, [lifecycle.move(made, rules, status, author(at=T0))])
    return rules, made


def onward(workflow: Workflow, status: Status) -> set[str]:
    """The statuses that a ticket goes to from ``status``, by trying everything."""
    rules, there = started(workflow, status)
    found = {done(act, there, rules, T0 + 1).status for act in acts(workflow)}
    found.add(lifecycle.settled(there, T0 + 2 * LONGEST_SECONDS).status)
    return found


def reaching(steps: dict[str, set[str]], ends: set[str]) -> set[str]:
    """Every status from which one of ``ends`` can be come to."""
    while more := {name for name, found in steps.items() if found & ends} - ends:
        ends = ends | more
    return ends


ONLY_WAYS = re.compile(r"never reached|for ever|ever be over|never fires")


@given(mutants(most=4))
def test_the_ways_that_are_told_are_those_of_the_lifecycle(workflow):
    """Never reached, never left, never over: what trying everything finds, the check says, and nothing else."""
    told = problems(workflow)
    assume(all(ONLY_WAYS.search(sentence) for sentence in told))
    steps = {status.name: onward(workflow, status) for status in workflow.statuses}
    open_ = {status.name for status in workflow.statuses if status.phase == "open"}
    final = {status.name for status in workflow.statuses if status.final}
    unreached = {name for name in steps if workflow.first.name not in reaching(steps, {name})}
    stuck = steps.keys() - reaching(steps, open_ | final)
    text = "\n".join(told)
    assert unreached == set(re.findall("the status '(.*)' is never reached", text))
    assert stuck == set(re.findall("would stay '(.*)' for ever", text))
    assert (not any(steps[name] - open_ for name in open_)) == ("ever be over" in text)


@given(st.one_of(mutants(), sound(most=12)), st.randoms(use_true_random=False))
def test_a_workflow_has_problems_or_survives_any_walk(workflow, chance):
    """Whatever people and time do, in any order: each step moves the ticket, or is refused."""
    told = problems(workflow)
    if told:
        assert all(sentence and sentence == sentence.strip() for sentence in told)
        return
    rules, there = started(workflow)
    possible = list(acts(workflow))
    at = T0
    for _ in range(40):
        at += chance.choice((0, 1, 3600, 72 * 3600, LONGEST_SECONDS))
        before = lifecycle.settled(there, at)
        there = done(chance.choice(possible), before, rules, at)
        status = workflow.status(there.status)
        assert status.phase == there.phase
        assert status.pauses == (there.paused_at is not None)
        assert there.status == before.status or not workflow.status(before.status).final
        assert (there.closed_at is not None) == (there.phase == "closed")


def test_the_mutants_are_of_both_kinds():
    """The properties above look at something: many changes are problems, many are not."""
    chance = Random(7)
    verdicts = [bool(problems(changed(workflow, chance))) for _ in range(60) for workflow in SHIPPED.values()]
    assert 60 < sum(verdicts) < len(verdicts) - 60
