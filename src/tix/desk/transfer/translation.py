"""Translate other systems' statuses, priorities and types to this desk's.

In this order: the options ``--map-status``, ``--map-priority`` and ``--map-type``, the desk's own names and aliases, the
table of other trackers' words, then the options' entry for everything else (``*``). What is unknown is listed once a word.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from tix.desk.context import Desk
from tix.desk.transfer.report import Tally, WordLeft
from tix.domain.organisation import Priority
from tix.domain.workflows.workflow import Phase, Status, Workflow
from tix.errors import InvalidValue
from tix.importers import vocabulary
from tix.importers.record import Fault, ImportedChange, ImportedTicket
from tix.store.setup import repository
from tix.typing import NamedTuple

REST = "*"
NONE = "none"
_LONGEST = 40
_NONE: Mapping[str, str] = MappingProxyType({})


class UnknownWord(NamedTuple):
    """A word for a ``status``, ``priority`` or ``type`` that the desk does not know.

    ``used`` is what a ticket got instead, None where its record is refused.
    """

    field: str
    word: str
    used: str | None

    @property
    def flag(self) -> str:
        """The option that decides what the word is."""
        return f"--map-{self.field} {shlex.quote(f'{self.word}={self.field.upper()}')}"


class Translation:
    """The translations of one import. ``statuses``, ``priorities`` and ``types`` map a word of the file to one of the desk.

    ``changed`` counts translated words, e.g. ``status done → closed``. ``unknown`` are the words that the desk does not
    know, with the records that have them; ``take`` returns those of the record that was translated last.
    """

    def __init__(
        self,
        statuses: Mapping[str, str] = _NONE,
        priorities: Mapping[str, str] = _NONE,
        types: Mapping[str, str] = _NONE,
    ) -> None:
        self._statuses = {_key(word): ours for word, ours in statuses.items()}
        self._priorities = {_key(word): ours for word, ours in priorities.items()}
        self._types = {_key(word): ours for word, ours in types.items()}
        self._latest: list[UnknownWord] = []
        self.changed: Counter[str] = Counter()
        self.unknown: dict[UnknownWord, Tally] = {}
        self.choices: Mapping[str, Sequence[str]] = {}

    def check(
        self, workflows: Sequence[Workflow], priorities: Sequence[Priority], types: Sequence[str]
    ) -> None:
        """Learn the words of this desk. Raises InvalidValue for an option that names what it does not have."""
        self.choices = {
            "status": list(dict.fromkeys(one.name for flow in workflows for one in flow.statuses)),
            "priority": [one.name for one in priorities],
        }
        for word in self._statuses.values():
            if not any(workflow.knows(word.strip().lower()) for workflow in workflows):
                workflows[0].find_status(word)
        for word in self._priorities.values():
            _named(word, priorities)
        for word in self._types.values():
            if word != NONE and word not in types:
                raise InvalidValue(
                    f"'{word[:40]}' is not a ticket type", hint=f"use one of {', '.join(types)}, or {NONE}"
                )

    def take(self, line: int | None) -> bool:
        """Count the unknown words of a record that begins at ``line``; return whether it is refused for one."""
        if not self._latest:
            return False
        found, self._latest = self._latest, []
        for one in found:
            self.unknown.setdefault(one, Tally()).add(None if line is None else f"line {line}")
        return any(one.used is None for one in found)

    def type(self, word: str | None) -> str | None:
        """Return the type of a word; one that the desk does not have is added with the first ticket."""
        if not word or not self._types:
            return word
        key = _key(word)
        ours = self._types.get(key, self._types.get(REST))
        if ours is None or ours == word:
            return word
        self.changed[f"type {word[:40]} → {ours}"] += 1
        return None if ours == NONE else ours

    # ------------------------------------------------------------------------------------------ statuses

    def status(self, story: ImportedTicket, workflow: Workflow) -> Status | None:
        """Return the last status of an imported ticket, None where the source has none.

        Where the source also gives a phase, the phase is kept.
        """
        word = (story.status_word or "").strip()
        found = self._status(word, story.status, workflow)
        if found is None and word and story.phase is None:
            used = None if story.must_know else workflow.first.name
            self._latest.append(UnknownWord("status", word[:_LONGEST], used))
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
        """Return the priority of a word; ``usual`` for none, and for one nobody knows. ``known`` are the desk's, lowest first."""
        key = _key(word or "")
        if not key:
            return usual
        found = self._priority(key, known, usual)
        if found is None:
            used = None if must_know else usual.name
            self._latest.append(UnknownWord("priority", (word or "").strip()[:_LONGEST], used))
            return usual
        if key not in _slugs((found.name, *found.aliases)):
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


def check_words(desk: Desk, translation: Translation) -> None:
    """Raise InvalidValue for an option that names what the desk does not have."""
    store = desk.store
    departments = {one.name for one in repository.DEPARTMENTS.all(store) if one.workflow is not None}
    workflows = [desk.rules.workflow, *(desk.rules_for(name, None, None).workflow for name in departments)]
    types = [kind.name for kind in repository.TYPES.all(store)]
    translation.check(workflows, repository.PRIORITIES.all(store), types)


def refused_words(translation: Translation) -> list[Fault]:
    """Return a fault for each word that nobody knows and that must be known."""
    found = []
    for one, tally in translation.unknown.items():
        if one.used is None:
            records = "1 record" if tally.count == 1 else f"{tally.count:,} records"
            where = f": {tally.listed()}" if tally.examples else ""
            choices = ", ".join(translation.choices.get(one.field, ()))
            hint = f"{one.flag}, one of {choices}; '*={one.field.upper()}' decides all others"
            found.append(Fault(None, f"unknown {one.field} '{one.word}' ({records}{where})", hint))
    return found


def words_of(translation: Translation, new_types: Mapping[str, int]) -> tuple[WordLeft, ...]:
    """Return the words that the desk did not know, with the types that were added."""
    words = [
        WordLeft(one.field, one.word, tally.count, one.used, one.flag, tuple(tally.examples))
        for one, tally in translation.unknown.items()
    ]
    words += [
        WordLeft("type", name, count, name, UnknownWord("type", name, name).flag)
        for name, count in new_types.items()
    ]
    return tuple(words)


def of_phase(workflow: Workflow, phase: Phase | str) -> Status:
    """Return this desk's status for ``open``, ``resolved`` or ``closed``: of that phase, else of the nearest one."""
    if phase == "open":
        return workflow.first
    phases = ("resolved", "closed") if phase == "resolved" else ("closed", "resolved")
    candidates = [status for one in phases for status in workflow.statuses if status.phase == one]
    return next((one for one in candidates if one.name == phase), candidates[0])


def _key(word: str) -> str:
    return REST if word.strip() == REST else vocabulary.slug(word)


def _names(status: Status) -> frozenset[str]:
    return _slugs((status.name, *status.aliases))


@lru_cache(maxsize=1024)
def _slugs(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_key, words))


def _found(key: str, known: Sequence[Priority]) -> Priority | None:
    return next((one for one in known if key in _slugs((one.name, *one.aliases))), None)


def _named(word: str, known: Sequence[Priority]) -> Priority:
    found = _found(_key(word), known)
    if found is None:
        raise InvalidValue(
            f"'{word[:40]}' is not a priority", hint="use one of " + ", ".join(one.name for one in known)
        )
    return found
