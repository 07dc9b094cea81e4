"""Check a workflow, whoever wrote it.

A valid one meets what the lifecycle relies on: the statuses that rules name exist, a trigger leads into its phase,
every status can be reached, and only a final status is a dead end. The table itself is checked first; where a
ticket can go is analysed only if the table is correct, because anything said about an incorrect one would be noise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tix.domain.times import LONGEST_SECONDS
from tix.domain.workflows.workflow import VERBS, Phase, Status, Transition, Trigger, Who, Workflow
from tix.typing import get_args

PHASES: tuple[Phase, ...] = get_args(Phase)
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)

# The phase a trigger leads into, and who can fire it, most usual first. Replies have their side in their name,
# elapsed time is the system's, and start, hold and resolve are for staff in every workflow
# (``permissions.PERMISSIONS``).
INTO: dict[Trigger, Phase] = {
    "staff-replied": "open",
    "requester-replied": "open",
    "start": "open",
    "hold": "open",
    "resolve": "resolved",
    "close": "closed",
    "reopen": "open",
    "elapsed": "closed",
}
ACTORS: dict[Trigger, tuple[Who, ...]] = {
    "staff-replied": ("staff",),
    "requester-replied": ("requester",),
    "start": ("staff",),
    "hold": ("staff",),
    "resolve": ("staff",),
    "close": ("staff", "requester", "anyone"),
    "reopen": ("staff", "requester", "anyone"),
    "elapsed": ("system",),
}

# The colours of a terminal's palette that are readable on light and on dark backgrounds: neither black nor
# white. No colour means that of the phase.
COLOURS = (
    *("red", "green", "yellow", "blue", "magenta", "cyan"),
    *("bright_red", "bright_green", "bright_yellow", "bright_blue", "bright_magenta", "bright_cyan"),
    "bright_black",
)

LONGEST_NAME = 40
LONGEST_LABEL = 40
LONGEST_TITLE = 120

# Who can act; "anyone" in a rule is staff or a requester.
_ACTING: tuple[Who, ...] = ("staff", "requester", "system")
# The trigger that setting a status of another phase by name stands for (``lifecycle.set_status``).
_BY_NAME: dict[Phase, Trigger] = {"open": "reopen", "resolved": "resolve", "closed": "close"}


def problems(workflow: Workflow) -> list[str]:
    """Return what is wrong with it, one sentence each; empty if it is valid."""
    found = [*_head(workflow), *_statuses(workflow), *_words(workflow), *_rules(workflow), *_hints(workflow)]
    return found or [*_shadowed(workflow), *_unreached(workflow), *_dead_ends(workflow)]


def label_of(name: str) -> str:
    """Return the label of a status without one of its own: ``in-progress`` is ``In progress``."""
    return name.replace("-", " ").capitalize()


# ------------------------------------------------------------------------------------------------- the table


def _head(workflow: Workflow) -> Iterator[str]:
    if not _is_slug(workflow.name):
        yield f"the workflow's name '{workflow.name}' is not valid: {_SLUG}"
    if not _is_line(workflow.title, LONGEST_TITLE):
        yield f"the title is not one line of 1 to {LONGEST_TITLE} printable characters"
    if workflow.window_seconds < 0:
        yield "auto_close_after is negative; use 0 for never"
    if workflow.window_seconds > LONGEST_SECONDS:
        yield "auto_close_after is longer than a hundred years; use 0 for never"
    for phase, times in Counter(workflow.rated_in).items():
        if phase not in ("resolved", "closed"):
            yield f"rated_in contains '{phase}'; a ticket can be rated only when it is resolved or closed"
        elif all(status.phase != phase for status in workflow.statuses):
            yield f"rated_in contains the phase {phase}, but no status has that phase"
        if times > 1:
            yield f"rated_in contains '{phase}' more than once"


def _statuses(workflow: Workflow) -> Iterator[str]:
    if not workflow.statuses:
        yield "the workflow has no statuses"
        return
    if workflow.first.phase != "open":
        yield (
            f"the first status '{workflow.first.name}' has the phase {workflow.first.phase}; "
            "the status of new tickets must be open"
        )
    for status in workflow.statuses:
        yield from _status(status)


def _status(status: Status) -> Iterator[str]:
    named = f"the status '{status.name}'"
    if not _is_slug(status.name):
        yield f"{named} has a name that is not valid: {_SLUG}"
    for alias in status.aliases:
        if not _is_slug(alias):
            yield f"{named} has the alias '{alias}', which is not valid: {_SLUG}"
    if not _is_line(status.label, LONGEST_LABEL):
        yield f"{named} has a label that is not one line of 1 to {LONGEST_LABEL} printable characters"
    if status.colour and status.colour not in COLOURS:
        yield f"{named} has the unknown colour '{status.colour}'; use one of {', '.join(COLOURS)}"
    if status.phase not in PHASES:
        yield f"{named} has the unknown phase '{status.phase}'; use one of {', '.join(PHASES)}"
        return
    if status.final and status.phase != "closed":
        yield f"{named} is final and {status.phase}; only a closed status can be final"
    if status.pauses and status.phase != "open":
        yield f"{named} pauses the SLA and is {status.phase}; only an open status can pause it"


def _words(workflow: Workflow) -> Iterator[str]:
    words = [(word, status.name) for status in workflow.statuses for word in (status.name, *status.aliases)]
    for word, times in Counter(word for word, _ in words).items():
        if times > 1:
            whose = ", ".join(dict.fromkeys(f"'{name}'" for other, name in words if other == word))
            yield f"the word '{word}' is used {times} times as a name or alias (of {whose})"


def _rules(workflow: Workflow) -> Iterator[str]:
    statuses = {status.name: status for status in workflow.statuses}
    for number, rule in enumerate(workflow.rules, 1):
        named = f"rule {number} (on {rule.trigger})"
        if rule.trigger not in TRIGGERS:
            yield f"{named} has the unknown trigger '{rule.trigger}'; use one of {', '.join(TRIGGERS)}"
            continue
        missing = [name for name in dict.fromkeys((*rule.sources, rule.target)) if name not in statuses]
        yield from (f"{named} names '{name}', which is not a status" for name in missing)
        if rule.by not in ACTORS[rule.trigger]:
            yield f"{named} has by = '{rule.by}'; use {' or '.join(ACTORS[rule.trigger])}"
        if not missing:
            ends = [statuses[name] for name in rule.sources], statuses[rule.target]
            yield from (f"{named} {what}" for what in _ends(rule, *ends))


def _ends(rule: Transition, sources: list[Status], target: Status) -> Iterator[str]:
    """Yield what is wrong with the statuses a rule starts from and leads to, all of them known."""
    if not sources:
        yield "starts from no status"
    phase = INTO[rule.trigger]
    if target.phase != phase:
        article = "an" if phase == "open" else "a"
        yield f"leads to '{target.name}', which is {target.phase}; it must be {article} {phase} status"
    for source, times in Counter(sources).items():
        if times > 1:
            yield f"names '{source.name}' more than once"
        if source.final and source != target:
            yield f"starts from '{source.name}', which is final"
        if rule.trigger == "elapsed" and source.phase != "resolved":
            yield f"starts from '{source.name}', which is {source.phase}; only resolved tickets close automatically"
        if rule.trigger == "reopen" and source.phase == "open":
            yield f"starts from '{source.name}', which is already open"


def _hints(workflow: Workflow) -> Iterator[str]:
    pulled = {rule.trigger for rule in workflow.rules}
    for trigger, instead in workflow.hints:
        named = f"the hint {trigger} = '{instead}'"
        if trigger not in VERBS or instead not in VERBS:
            yield f"{named} does not name two verbs; verbs are {', '.join(VERBS)}"
        elif instead not in pulled:
            yield f"{named} names a verb without a rule"
        elif trigger == instead:
            yield f"{named} names the verb itself"
    for trigger, times in Counter(trigger for trigger, _ in workflow.hints).items():
        if times > 1:
            yield f"there are {times} hints for {trigger}"


# ----------------------------------------------------------------------------------- where a ticket can go


def _shadowed(workflow: Workflow) -> Iterator[str]:
    """Yield rules that never apply: an earlier one always matches first."""
    for number, rule in enumerate(workflow.rules, 1):
        earlier = workflow._replace(rules=workflow.rules[: number - 1])
        acting: tuple[Who, ...] = ("staff", "requester") if rule.by == "anyone" else (rule.by,)
        if all(earlier.rule(rule.trigger, source, by) for source in rule.sources for by in acting):
            yield f"rule {number} (on {rule.trigger}) never applies: earlier rules always match first"


def _unreached(workflow: Workflow) -> Iterator[str]:
    steps = _steps(workflow)
    reached: set[str] = set()
    more = {workflow.first.name}
    while more:
        reached |= more
        more = {name for source in more for name in steps[source]} - reached
    for status in workflow.statuses:
        if status.name not in reached:
            yield f"the status '{status.name}' cannot be reached from '{workflow.first.name}'{_never(workflow)}"


def _dead_ends(workflow: Workflow) -> Iterator[str]:
    """Yield statuses in which a ticket would stay for ever although the workflow does not say so."""
    steps = _steps(workflow)
    is_open = {status.name: status.phase == "open" for status in workflow.statuses}
    if not any(is_open[source] and not is_open[name] for source in steps for name in steps[source]):
        yield "no open status leads to a resolved or closed one, so no ticket could ever be finished"
    well = {status.name for status in workflow.statuses if status.final or status.phase == "open"}
    while more := {name for name, onward in steps.items() if onward & well} - well:
        well |= more
    for status in workflow.statuses:
        if status.name not in well:
            way = (
                "set final = true, or add a rule on reopen"
                if status.phase == "closed"
                else "add a rule on reopen or close"
            )
            yield f"a ticket would stay '{status.name}' for ever: {way}{_never(workflow)}"


def _never(workflow: Workflow) -> str:
    waits = any(rule.trigger == "elapsed" for rule in workflow.rules)
    return (
        " (auto_close_after is 0, so nothing closes automatically)"
        if waits and not workflow.window_seconds
        else ""
    )


def _steps(workflow: Workflow) -> dict[str, set[str]]:
    """Return for each status where a ticket can go next, whoever acts: by a rule, or by name as staff may."""
    triggers = [trigger for trigger in TRIGGERS if trigger != "elapsed" or workflow.window_seconds > 0]
    steps = {}
    for status in workflow.statuses:
        pulled = [workflow.rule(trigger, status.name, by) for trigger in triggers for by in _ACTING]
        onward = {rule.target for rule in pulled if rule is not None}
        onward |= {target.name for target in workflow.statuses if _may_be_set(workflow, status, target)}
        steps[status.name] = set() if status.final else onward - {status.name}
    return steps


def _may_be_set(workflow: Workflow, source: Status, target: Status) -> bool:
    """Return whether staff may move a ticket from ``source`` to ``target`` by name."""
    if source.phase == target.phase == "open":
        return True
    return workflow.rule(_BY_NAME[target.phase], source.name, "staff") is not None


# ------------------------------------------------------------------------------------------------------ words

_SLUG = f"use lower-case letters, digits and dashes, at most {LONGEST_NAME}, not starting with a dash"


def _is_slug(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", text) is not None


def _is_line(text: str, longest: int) -> bool:
    return text.isprintable() and text == text.strip() and 0 < len(text) <= longest
