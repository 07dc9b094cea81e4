"""Compare records with tickets imported before: which differ, and whether they are the same records at all."""

from __future__ import annotations

from collections import Counter

from tix.domain.tickets.ticket import Ticket
from tix.errors import InvalidValue
from tix.importers.record import Notice

MOST_SAID = 20
# Fields that may differ in a newer file of the same source.
_COMPARED = ("subject", "status", "priority", "type", "assignee", "due_at", "entries", "notes")


class Comparison:
    """Compares the records of one import with existing tickets. ``mistakable``: uids that two sources may share."""

    def __init__(self, mistakable: set[str]) -> None:
        self._mistakable = mistakable
        self._differing: list[str] = []
        self._retitled: list[str] = []
        self._compared = 0

    def compare(self, told: Ticket, here: Ticket) -> None:
        """Compare a record with the ticket that has its uid."""
        if any(getattr(told, name) != getattr(here, name) for name in _COMPARED):
            self._differing.append(here.ref)
        if told.uid in self._mistakable:
            self._compared += 1
            if told.subject != here.subject:
                self._retitled.append(here.ref)

    def refuse_other_source(self) -> None:
        """Raise InvalidValue where most records have the number of a ticket with another subject."""
        if self._retitled and 2 * len(self._retitled) >= self._compared:
            count = len(self._retitled)
            what = "1 record has the number" if count == 1 else f"{count:,} records have the numbers"
            raise InvalidValue(
                f"{what} of imported tickets with another subject ({_listed(self._retitled)})",
                hint="if the file is from another repository or system, add --source NAME",
            )

    def words(self) -> list[str]:
        """Return the sentences to print about records that differ."""
        if not self._differing:
            return []
        return [f"already imported and different in the file; left unchanged: {_listed(self._differing)}"]


def noticed(changed: Counter[str], notices: Counter[Notice]) -> list[str]:
    """Return the sentences to print about translated words and about notices of the reader."""
    found = []
    if changed:
        said = [f"{what} ({count:,})" for what, count in changed.most_common(MOST_SAID)]
        more = f" and {len(changed) - MOST_SAID} more" if len(changed) > MOST_SAID else ""
        found.append(f"translated: {', '.join(said)}{more}")
    found += [
        notice.one if count == 1 else notice.many.format(count=count) for notice, count in notices.items()
    ]
    return found


def _listed(refs: list[str]) -> str:
    more = f" and {len(refs) - MOST_SAID:,} more" if len(refs) > MOST_SAID else ""
    return ", ".join(refs[:MOST_SAID]) + more
