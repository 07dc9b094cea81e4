"""Workflows: statuses are data, phases are code.

A workflow is a table a person can print: which statuses there are, in which phase, and which trigger leads
from where to where, by whom. The program branches on the phase alone. A rule says nothing about the window
in which a resolved ticket may be reopened: whoever writes first settles what time has done
(``lifecycle.settle``), so a ticket whose window has passed is in another status by then.
"""

from typing import Literal, NamedTuple

from tix.errors import InvalidValue

Phase = Literal["open", "resolved", "closed"]
Trigger = Literal[
    "staff-replied", "requester-replied", "start", "hold", "resolve", "close", "reopen", "elapsed"
]
Who = Literal["staff", "requester", "anyone", "system"]

# The verb of the shell that asks for a trigger, in the order a refusal lists them.
VERBS: tuple[Trigger, ...] = ("start", "hold", "resolve", "close", "reopen")


class Status(NamedTuple):
    """A place in a phase. ``pauses``: the due date stands still there. ``final``: nothing may follow."""

    name: str
    phase: Phase
    label: str
    colour: str = ""
    aliases: tuple[str, ...] = ()
    pauses: bool = False
    final: bool = False


class Rule(NamedTuple):
    """On ``trigger`` from any of ``sources`` to ``target``, if ``by`` acts."""

    trigger: Trigger
    sources: tuple[str, ...]
    target: str
    by: Who = "staff"


class Workflow(NamedTuple):
    """A table of statuses and rules; the first status is where a ticket starts.

    ``window_seconds`` is how long a resolved ticket waits where an ``elapsed`` rule is there, unless the desk
    sets ``auto_close_after``. ``rated_in`` are the phases a requester may rate in. ``claims``: the first
    staff reply assigns an unassigned ticket to its author. ``hints`` say, per trigger that the workflow
    lacks, which verb does that job here.
    """

    name: str
    title: str
    statuses: tuple[Status, ...]
    rules: tuple[Rule, ...]
    rated_in: tuple[Phase, ...]
    window_seconds: int = 72 * 3600
    claims: bool = False
    hints: tuple[tuple[Trigger, str], ...] = ()

    @property
    def first(self) -> Status:
        return self.statuses[0]

    def status(self, name: str) -> Status:
        """The status of that exact name. Raises KeyError: a stored status is one of the workflow's."""
        for status in self.statuses:
            if status.name == name:
                return status
        raise KeyError(name)

    def find_status(self, word: str) -> Status:
        """The status somebody typed, by name or alias. Raises InvalidValue naming the valid ones."""
        key = word.strip().lower()
        for status in self.statuses:
            if key == status.name or key in status.aliases:
                return status
        raise InvalidValue(
            f"'{word}' is not a status of the workflow {self.name}",
            hint="statuses: " + ", ".join(s.name for s in self.statuses),
        )

    def knows(self, word: str) -> bool:
        """Whether a status has that name or alias."""
        return any(word == status.name or word in status.aliases for status in self.statuses)

    def rule(self, trigger: Trigger, source: str, by: Who) -> Rule | None:
        """The first rule that fits, or None. ``by`` is who acts: staff, requester or system."""
        for rule in self.rules:
            if rule.trigger == trigger and source in rule.sources and rule.by in (by, "anyone"):
                return rule
        return None

    def targets(self, trigger: Trigger) -> tuple[str, ...]:
        """Where a trigger can lead at all."""
        return tuple(rule.target for rule in self.rules if rule.trigger == trigger)

    def open_to(self, trigger: Trigger, by: Who) -> bool:
        """Whether ``by`` may ever use ``trigger`` in this workflow."""
        return any(rule.trigger == trigger and rule.by in (by, "anyone") for rule in self.rules)

    def possible(self, source: str, by: Who) -> tuple[Trigger, ...]:
        """The verbs ``by`` may use from a status, those that would change nothing left out."""
        found = []
        for verb in VERBS:
            rule = self.rule(verb, source, by)
            if rule is not None and rule.target != source:
                found.append(verb)
        return tuple(found)

    def lapse(self, source: str) -> str | None:
        """The status that time alone leads to from ``source``, or None."""
        rule = self.rule("elapsed", source, "system")
        return None if rule is None else rule.target
