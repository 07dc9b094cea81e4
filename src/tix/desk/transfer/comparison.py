"""Compare records with tickets imported before: whether they are the same records at all."""

from __future__ import annotations

from tix.domain.tickets.ticket import Ticket
from tix.errors import InvalidValue

_MOST_SAID = 20


class Comparison:
    """Compares the records of one import with existing tickets. ``mistakable``: uids that two sources may share.

    In an update a record with another subject is the same one if its other fields agree: subjects are corrected.
    """

    def __init__(self, mistakable: set[str], *, is_update: bool = False) -> None:
        self._mistakable = mistakable
        self._is_update = is_update
        self._retitled: list[str] = []
        self._compared = 0

    def compare(self, told: Ticket, here: Ticket) -> None:
        """Compare a record with the ticket that has its uid."""
        if told.uid not in self._mistakable:
            return
        self._compared += 1
        if told.subject == here.subject:
            return
        if not self._is_update or (told.created_at, told.creator) != (here.created_at, here.creator):
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


def _listed(refs: list[str]) -> str:
    more = f" and {len(refs) - _MOST_SAID:,} more" if len(refs) > _MOST_SAID else ""
    return ", ".join(refs[:_MOST_SAID]) + more
