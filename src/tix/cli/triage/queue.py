"""The queue of ``tix triage``: the next ticket, and the ones before."""

from __future__ import annotations

import contextlib

from tix.cli.triage.progress import Progress
from tix.domain.tickets.references import Reference
from tix.errors import NotFound
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.cli.desks.triage import Query, Triage

Record = dict[str, Any]


class Waiting:
    """The tickets that words, filters and a view choose, less those dealt with today.

    Looked up again for each ticket, so that what has come in meanwhile has its place. ``restart`` begins at the
    top; ``goes_on`` says that it does not.
    """

    def __init__(self, desk: Triage, query: Query, now: int, *, restart: bool) -> None:
        self._desk, self._query, self._now = desk, query, now
        self._restart = restart
        self._progress: Progress | None = None
        self._path: list[int] = []  # numbers, in the order they were shown
        self._wanted: int | None = None  # a ticket to show instead of the next one
        self._passed = 0  # how many tickets before the one that is shown were dealt with
        self._places: dict[int, int] = {}  # each ticket that was shown: which one it is
        self._total = 0

    def goes_on(self) -> bool:
        """Whether some of its tickets were already handled today."""
        return len(self._known()) > 0

    def left(self) -> int:
        """How many tickets it has. Raises UnknownName, InvalidValue."""
        return self._desk.count(self._query)

    def next(self) -> Record | None:
        """The first that is not dealt with, or the one that is wanted instead."""
        found = self._instead()
        if found is not None:
            return found
        done = self._known()
        for passed, ticket in enumerate(self._desk.queue(self._query, len(done) + 1)):
            if not done.is_done(ticket["number"], ticket["version"]):
                self._passed = passed
                return self._shown(ticket)
        return None

    def place(self, ticket: Record) -> tuple[int, int]:
        """Which ticket of today that is, from 1, and how many there are: those dealt with count, also where they have left the queue."""
        number = ticket["number"]
        if number not in self._places:
            dealt = len(self._known())
            self._places[number] = max(dealt, *self._places.values(), 0) + 1
            self._total = max(self._total, self.left() + dealt - self._passed)
        return self._places[number], max(self._total, *self._places.values())

    def _instead(self) -> Record | None:
        number, self._wanted = self._wanted, None
        if number is not None:
            with contextlib.suppress(NotFound):
                return self._shown(self._desk.show(Reference(None, number)).record)
        return None

    def _shown(self, ticket: Record) -> Record:
        if self._path[-1:] != [ticket["number"]]:
            self._path.append(ticket["number"])
        return ticket

    def leave(self, ticket: Record) -> None:
        """That ticket is dealt with, for today."""
        self._known().done(ticket["number"], ticket["version"])

    def again(self, number: int) -> None:
        """That ticket comes next, dealt with or not."""
        self._known().forget(number)
        self._wanted = number

    def back(self) -> bool:
        """The one that was shown before comes next; False where there is none."""
        if len(self._path) < 2:
            return False
        self._path.pop()
        self._wanted = self._path.pop()
        return True

    def _known(self) -> Progress:
        if self._progress is None:
            asked = self._query
            words = (*asked.words, str(asked.view), *map(str, asked.filters))
            self._progress = Progress((*self._desk.name, *words), self._now, anew=self._restart)
        return self._progress
