"""Translate other systems' statuses and priorities to this desk's.

In this order: the options ``--map-status`` and ``--map-priority``, the desk's own names and aliases, the table of
other trackers' words, then the options' entry for everything else (``*``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tix.domain.organisation import Priority
from tix.domain.workflows.workflow import Phase, Status, Workflow
from tix.errors import InvalidValue
from tix.importers import vocabulary
from tix.importers.record import ImportedChange, ImportedTicket

REST = "*"
_NONE: Mapping[str, str] = MappingProxyType({})


class Translation:
    """The translations of one import. ``statuses`` and ``priorities`` map a word of the file to one of the desk.

    ``changed`` counts translated words, e.g. ``status done → closed``.
    """

    def __init__(self, statuses: Mapping[str, str] = _NONE, priorities: Mapping[str, str] = _NONE) -> None:
        self._statuses = {_key(word): ours for word, ours in statuses.items()}
        self._priorities = {_key(word): ours for word, ours in priorities.items()}
        self.changed: Counter[str] = Counter()

    # ------------------------------------------------------------------------------------------ statuses

    def status(self, story: ImportedTicket, workflow: Workflow) -> Status | None:
        """Return the last status of an imported ticket, None where the source has none.

        Where the source also gives a phase, the phase is kept. Raises InvalidValue for an unknown word, where the
        status must be known.
        """
        word = (story.status_word or "").strip()
        found = self._status(word, story.status, workflow)
        if found is None and word and story.must_know and story.phase is None:
            raise InvalidValue(
                f"'{word[:40]}' is not a status of workflow {workflow.name}",
                hint=f"--map-status '{word[:40]}=STATUS', one of {', '.join(one.name for one in workflow.statuses)}",
            )
        if story.phase is not None and (found is None or found.phase != story.phase):
            found = of_phase(workflow, story.phase)
        if found is not None and word and _key(word) not in _names(found):
            self.changed[f"status {word[:40]} → {found.name}"] += 1
        return found

    def step(self, turn: ImportedChange, workflow: Workflow) -> Status | None:
        """Return the status a record went to on its way, None where this desk has no status for it in that phase."""
        if turn.status is None and turn.word is None:
            return None
        phase = ("resolved" if turn.resolved else "closed") if turn.closed else "open"
        found = self._status((turn.word or "").strip(), turn.status, workflow)
        return found if found is not None and found.phase == phase else None

    def _status(self, word: str, canonical: str | None, workflow: Workflow) -> Status | None:
        key = _key(word)
        if key and key in self._statuses:
            return workflow.find_status(self._statuses[key])
        for name in (key, canonical):
            found = next((one for one in workflow.statuses if name and name in _names(one)), None)
            if found is not None:
                return found
        if canonical in ("resolved", "closed"):
            return of_phase(workflow, canonical)
        if canonical is None and key and REST in self._statuses:
            return workflow.find_status(self._statuses[REST])
        return None if canonical is None else workflow.first

    # ---------------------------------------------------------------------------------------- priorities

    def priority(
        self, word: str | None, known: Sequence[Priority], usual: Priority, *, must_know: bool = False
    ) -> Priority:
        """Return the priority of a word; ``usual`` for none. ``known`` are the desk's, lowest first.

        Raises InvalidValue for an unknown word, where ``must_know``.
        """
        key = _key(word or "")
        if not key:
            return usual
        found = self._priority(key, known, usual)
        if found is None:
            if must_know:
                raise InvalidValue(
                    f"'{(word or '')[:40]}' is not a priority",
                    hint=f"--map-priority '{(word or '')[:40]}=PRIORITY', one of {', '.join(p.name for p in known)}; "
                    "'*=PRIORITY' maps every other word",
                )
            return usual
        if key != _key(found.name) and key not in map(_key, found.aliases):
            self.changed[f"priority {(word or '')[:40]} → {found.name}"] += 1
        return found

    def _priority(self, key: str, known: Sequence[Priority], usual: Priority) -> Priority | None:
        if key in self._priorities:
            return _named(self._priorities[key], known)
        own = _found(key, known)
        if own is not None:
            return own
        canonical = vocabulary.priority(key)
        if canonical is not None:
            # A desk with custom priorities uses its lowest and highest ones.
            edge = {"low": known[0], "high": known[-1], "urgent": known[-1]}
            return _found(canonical, known) or edge.get(canonical, usual)
        return _named(self._priorities[REST], known) if REST in self._priorities else None


def of_phase(workflow: Workflow, phase: Phase | str) -> Status:
    """Return this desk's status for ``open``, ``resolved`` or ``closed``: of that phase, else of the nearest one."""
    if phase == "open":
        return workflow.first
    phases = ("resolved", "closed") if phase == "resolved" else ("closed", "resolved")
    candidates = [status for one in phases for status in workflow.statuses if status.phase == one]
    return next((one for one in candidates if one.name == phase), candidates[0])


def _key(word: str) -> str:
    return REST if word.strip() == REST else vocabulary.slug(word)


def _names(status: Status) -> set[str]:
    return {_key(status.name), *map(_key, status.aliases)}


def _found(key: str, known: Sequence[Priority]) -> Priority | None:
    return next((one for one in known if key == _key(one.name) or key in map(_key, one.aliases)), None)


def _named(word: str, known: Sequence[Priority]) -> Priority:
    found = _found(_key(word), known)
    if found is None:
        raise InvalidValue(
            f"'{word[:40]}' is not a priority", hint="use one of " + ", ".join(one.name for one in known)
        )
    return found
