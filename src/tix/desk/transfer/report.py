"""What an import did, and what it left out and why: with counts, and the first of each."""

from __future__ import annotations

from collections.abc import Sequence

from tix.typing import Any, NamedTuple

MOST_EXAMPLES = 5
_MOST_SAID = 20
_MOST_NAMED = 5

# Reasons that have a sentence of their own.
BROKEN = "broken records"
LEFT = "left unchanged:"
UNKNOWN = "left out, because they do not exist on this desk"
POSSIBLE = "possible doubles, with the same number and subject"
UNNEEDED = "names of the people file that the import did not meet"
ADMINS_ONLY = "only an admin can import settings, roles, clients, departments, topics and the like; this desk's are unchanged"


class Tally:
    """How many there are of something, and the first of them in words."""

    def __init__(self, most: int = MOST_EXAMPLES) -> None:
        self._most = most
        self.count = 0
        self.examples: list[str] = []

    def add(self, example: str | None = None, count: int = 1) -> None:
        """Count some more; ``example`` is one of them."""
        self.count += count
        if example is not None and len(self.examples) < self._most:
            self.examples.append(example)

    def listed(self) -> str:
        """Return the first ones, and how many more there are."""
        return _listed(self.examples, self.count)


class LeftOut(NamedTuple):
    """Something that an import left out or changed: why, how often, and the first of them."""

    reason: str
    records: int
    examples: tuple[str, ...] = ()


class NewPerson(NamedTuple):
    """A person that an import added."""

    login: str
    name: str
    email: str | None


class WordLeft(NamedTuple):
    """A word of the file that the desk did not know: in how many records, what they got, and the option that decides it.

    ``used`` is None where the records are refused. ``examples`` are the first lines.
    """

    field: str
    word: str
    records: int
    used: str | None
    flag: str
    examples: tuple[str, ...] = ()


class ImportReport(NamedTuple):
    """What an import did. ``updated`` and ``differing`` are references, as far as they are listed; counts are whole.

    ``kept`` are fields that the file has otherwise, but people of this desk have changed: a reference with the fields.
    """

    imported: int
    skipped: int
    failed: int
    entries: int
    people: int
    updated: int = 0
    links: int = 0
    files: int = 0
    differing: int = 0
    new_people: tuple[NewPerson, ...] = ()
    updated_tickets: tuple[str, ...] = ()
    differing_tickets: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    translated: tuple[LeftOut, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unknown_words: tuple[WordLeft, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return it as plain values, by name."""
        record: dict[str, Any] = self._asdict()
        for name in ("new_people", "translated", "left_out", "unknown_words"):
            record[name] = [
                {
                    key: list(value) if isinstance(value, tuple) else value
                    for key, value in one._asdict().items()
                }
                for one in record[name]
            ]
        for name in ("updated_tickets", "differing_tickets", "kept"):
            record[name] = list(record[name])
        return record


def said(report: ImportReport) -> list[str]:
    """Return the sentences about what a report has left out, translated and added, as they are printed."""
    found = []
    for reason, count, examples in report.left_out:
        if reason.startswith(LEFT):
            found.append(f"{reason} ({_listed(examples, count)})")
        elif reason in (UNNEEDED, POSSIBLE):
            found.append(f"{reason}: {_listed(examples, count)}")
        elif reason == UNKNOWN:
            names = [name.rpartition(" (")[0] for name in examples]
            found.append(f"{reason}: {_listed(names[:_MOST_SAID], count)}")
        elif reason.startswith("attachment"):
            found.append(f"{count:,} {reason}")
        elif reason != BROKEN:
            found.append(reason)
    if report.translated:
        words = [f"{what} ({count:,})" for what, count, _ in report.translated]
        found.append(f"translated: {_listed(words[:_MOST_SAID], len(words))}")
    found += _unknown(report.unknown_words)
    if report.new_people:
        logins = [one.login for one in report.new_people]
        found.append(f"new people: {_listed(logins[:_MOST_NAMED], len(logins))}")
    return found


def _unknown(words: Sequence[WordLeft]) -> list[str]:
    """Return what became of words that the desk does not know; types that were added have a sentence of their own."""
    found = []
    for one in words:
        if one.used is not None and one.field != "type":
            records = f"{one.records:,} {'record' if one.records == 1 else 'records'}"
            found.append(f"unknown {one.field} '{one.word}' became {one.used} ({records}): {one.flag}")
    return found


def _listed(words: Sequence[str], count: int) -> str:
    more = count - len(words)
    return ", ".join(words) + (f" and {more:,} more" if more > 0 else "")
