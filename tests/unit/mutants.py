"""Workflows that somebody might write: the shipped ones, changed at random.

``changed`` makes one change, sensible or not. ``mutants`` are anything; ``sound`` are those in which only
changes were kept that leave nothing wrong.
"""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

from tix.domain.workflows.shipped import SHIPPED
from tix.domain.workflows.validation import COLOURS, PHASES, TRIGGERS, problems
from tix.domain.workflows.workflow import VERBS, Status, Transition, Who, Workflow
from tix.typing import get_args

BASES = tuple(SHIPPED.values())
WHO = get_args(Who)
TEXTS = (
    'Say "so"',
    "C:\\new\\u0041",
    "Über",
    "等待",
    "a # b",
    "'''",
    "x = 1",
    "[[rule]]",
    "🎉",
    "ends in \\",
)
WINDOWS = (0, 1, 61, 3600, 90_061, 72 * 3600, 604_800, 1_209_600, 36_525 * 86_400)


def _status(workflow: Workflow, chance: Random, **changes: Any) -> Workflow:
    place = chance.randrange(len(workflow.statuses))
    statuses = list(workflow.statuses)
    statuses[place] = statuses[place]._replace(**changes)
    return workflow._replace(statuses=tuple(statuses))


def _rule(workflow: Workflow, chance: Random, **changes: Any) -> Workflow:
    if not workflow.rules:
        return workflow
    place = chance.randrange(len(workflow.rules))
    rules = list(workflow.rules)
    rules[place] = rules[place]._replace(**changes)
    return workflow._replace(rules=tuple(rules))


def _word(chance: Random) -> str:
    return chance.choice(["new", "odd-one", "open", "closed", "hold", "resolved", "9", "No", ""])


def _names(workflow: Workflow, chance: Random) -> tuple[str, ...]:
    names = [status.name for status in workflow.statuses]
    return tuple(chance.sample(names, chance.randint(1, len(names))))


def _any_rule(workflow: Workflow, chance: Random) -> Transition:
    return Transition(
        chance.choice(TRIGGERS),
        _names(workflow, chance),
        chance.choice(workflow.statuses).name,
        chance.choice(WHO),
    )


def _add_status(workflow: Workflow, chance: Random) -> Workflow:
    made = Status(_word(chance), chance.choice(PHASES), chance.choice(TEXTS), chance.choice(COLOURS))
    return workflow._replace(statuses=(*workflow.statuses, made))


def _drop_status(workflow: Workflow, chance: Random) -> Workflow:
    """Without a trace: the rules that named it go, or name it no more."""
    gone = chance.choice(workflow.statuses).name
    rules = [
        rule._replace(sources=tuple(name for name in rule.sources if name != gone))
        for rule in workflow.rules
        if rule.target != gone
    ]
    statuses = tuple(status for status in workflow.statuses if status.name != gone)
    kept = tuple(rule for rule in rules if rule.sources)
    return workflow._replace(statuses=statuses or workflow.statuses, rules=kept)


def _drop_rule(workflow: Workflow, chance: Random) -> Workflow:
    rules = list(workflow.rules)
    if rules:
        rules.pop(chance.randrange(len(rules)))
    return workflow._replace(rules=tuple(rules))


def _drop_source(workflow: Workflow, chance: Random) -> Workflow:
    if not workflow.rules:
        return workflow
    rules = list(workflow.rules)
    place = chance.randrange(len(rules))
    sources = list(rules[place].sources)
    if len(sources) > 1:
        sources.remove(chance.choice(sources))
    rules[place] = rules[place]._replace(sources=tuple(sources))
    return workflow._replace(rules=tuple(rules))


def _add_rule(workflow: Workflow, chance: Random) -> Workflow:
    rules = list(workflow.rules)
    rules.insert(chance.randint(0, len(rules)), _any_rule(workflow, chance))
    return workflow._replace(rules=tuple(rules))


def _shuffled(workflow: Workflow, chance: Random) -> Workflow:
    return workflow._replace(rules=tuple(chance.sample(workflow.rules, len(workflow.rules))))


CHANGES = (
    _add_status,
    _drop_status,
    _drop_rule,
    _drop_source,
    _add_rule,
    _add_rule,
    _shuffled,
    lambda w, c: w._replace(name=chance_name(c)),
    lambda w, c: w._replace(title=c.choice(TEXTS)),
    lambda w, c: w._replace(window_seconds=c.choice((*WINDOWS, -1))),
    lambda w, c: w._replace(claims=not w.claims),
    lambda w, c: w._replace(rated_in=tuple(c.sample(PHASES, c.randint(0, 3)))),
    lambda w, c: w._replace(hints=((c.choice(VERBS), c.choice(VERBS)),)),
    lambda w, c: w._replace(statuses=tuple(c.sample(w.statuses, len(w.statuses)))),
    lambda w, c: _status(w, c, name=_word(c)),
    lambda w, c: _status(w, c, phase=c.choice(PHASES)),
    lambda w, c: _status(w, c, label=c.choice((*TEXTS, ""))),
    lambda w, c: _status(w, c, colour=c.choice((*COLOURS, "", "black"))),
    lambda w, c: _status(w, c, aliases=(_word(c),)),
    lambda w, c: _status(w, c, pauses=True),
    lambda w, c: _status(w, c, final=c.choice((True, False))),
    lambda w, c: _rule(w, c, sources=_names(w, c)),
    lambda w, c: _rule(w, c, target=c.choice(w.statuses).name),
    lambda w, c: _rule(w, c, by=c.choice(WHO)),
    lambda w, c: _rule(w, c, trigger=c.choice(TRIGGERS)),
)


def chance_name(chance: Random) -> str:
    """A name for a workflow; not always a good one."""
    return chance.choice(["mine", "2nd", "a" * 40, "a" * 41, "Mine", "-x", ""])


def changed(workflow: Workflow, chance: Random) -> Workflow:
    """``workflow`` with one change."""
    return chance.choice(CHANGES)(workflow, chance)


@st.composite
def mutants(draw: st.DrawFn, most: int = 5) -> Workflow:
    """A shipped workflow with some changes, whatever comes of it."""
    chance = draw(st.randoms(use_true_random=False))
    workflow = draw(st.sampled_from(BASES))
    for _ in range(draw(st.integers(0, most))):
        workflow = changed(workflow, chance)
    return workflow


@st.composite
def sound(draw: st.DrawFn, most: int = 30) -> Workflow:
    """A shipped workflow with those of many changes that leave nothing wrong."""
    chance = draw(st.randoms(use_true_random=False))
    workflow = draw(st.sampled_from(BASES))
    for _ in range(draw(st.integers(0, most))):
        tried = changed(workflow, chance)
        if not problems(tried):
            workflow = tried
    return workflow
