"""Workflows: statuses are data, phases are code.

A workflow is a table that can be printed: its statuses, their phases, and which trigger leads from where to where,
by whom. The program branches only on the phase. A rule says nothing about the period in which a resolved ticket
can be reopened: every write first applies what time has done (``lifecycle.settle``), so a ticket whose period is
over has another status by then.
"""

from tix.errors import InvalidValue
from tix.typing import Literal, NamedTuple

Phase = Literal["open", "resolved", "closed"]
Trigger = Literal[
    "staff-replied", "requester-replied", "start", "hold", "resolve", "close", "reopen", "elapsed"
]
Who = Literal["staff", "requester", "anyone", "system"]

# The commands that fire a trigger, in the order in which an error lists them.
VERBS: tuple[Trigger, ...] = ("start", "hold", "resolve", "close", "reopen")


class Status(NamedTuple):
    """A status in a phase. ``pauses``: the SLA is paused while a ticket has it. ``final``: nothing can follow."""

    name: str
    phase: Phase
    label: str
    colour: str = ""
    aliases: tuple[str, ...] = ()
    pauses: bool = False
    final: bool = False


class Transition(NamedTuple):
    """On ``trigger``, from any of ``sources`` to ``target``, if ``by`` acts."""

    trigger: Trigger
    sources: tuple[str, ...]
    target: str
    by: Who = "staff"


class Workflow(NamedTuple):
    """A table of statuses and rules; the first status is that of a new ticket.

    ``window_seconds`` is how long a resolved ticket waits if there is an ``elapsed`` rule, unless the desk sets
    ``auto_close_after``. ``rated_in`` are the phases in which a requester may rate. ``claims``: the first staff
    reply assigns an unassigned ticket to its author. ``hints`` name, for a trigger that the workflow does not
    have, the verb to use instead.
    """

    name: str
    title: str
    statuses: tuple[Status, ...]
    rules: tuple[Transition, ...]
    rated_in: tuple[Phase, ...]
    window_seconds: int = 72 * 3600
    claims: bool = False
    hints: tuple[tuple[Trigger, str], ...] = ()

    @property
    def first(self) -> Status:
        return self.statuses[0]

    def status(self, name: str) -> Status:
        """Return the status with that exact name. Raises KeyError: a stored status is one of the workflow's."""
        for status in self.statuses:
            if status.name == name:
                return status
        raise KeyError(name)

    def find_status(self, word: str) -> Status:
        """Return the status for a typed name or alias. Raises InvalidValue naming the valid ones."""
        key = word.strip().lower()
        for status in self.statuses:
            if key == status.name or key in status.aliases:
                return status
        raise InvalidValue(
            f"'{word}' is not a status of the workflow {self.name}",
            hint="statuses: " + ", ".join(s.name for s in self.statuses),
        )

    def knows(self, word: str) -> bool:
        """Return whether a status has that name or alias."""
        return any(word == status.name or word in status.aliases for status in self.statuses)

    def rule(self, trigger: Trigger, source: str, by: Who) -> Transition | None:
        """Return the first rule that matches, or None. ``by`` is who acts: staff, requester or system."""
        for rule in self.rules:
            if rule.trigger == trigger and source in rule.sources and rule.by in (by, "anyone"):
                return rule
        return None

    def targets(self, trigger: Trigger) -> tuple[str, ...]:
        """Return the statuses that a trigger can lead to."""
        return tuple(rule.target for rule in self.rules if rule.trigger == trigger)

    def open_to(self, trigger: Trigger, by: Who) -> bool:
        """Return whether ``by`` can ever use ``trigger`` in this workflow."""
        return any(rule.trigger == trigger and rule.by in (by, "anyone") for rule in self.rules)

    def possible(self, source: str, by: Who) -> tuple[Trigger, ...]:
        """Return the verbs that ``by`` can use from a status, without those that would change nothing."""
        found = []
        for verb in VERBS:
            rule = self.rule(verb, source, by)
            if rule is not None and rule.target != source:
                found.append(verb)
        return tuple(found)

    def lapse(self, source: str) -> str | None:
        """Return the status to which time alone leads from ``source``, or None."""
        rule = self.rule("elapsed", source, "system")
        return None if rule is None else rule.target
