"""The queue of ``tix triage``: the next ticket, and the ones before."""

from __future__ import annotations

import contextlib

from tix.cli.options import Output
from tix.cli.triage.progress import Progress
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.errors import NotFound
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.queue.select import Selection
    from tix.domain.tickets.ticket import Ticket


class Waiting:
    """The tickets that words, filters and a view choose, less those dealt with today.

    Looked up again for each ticket, so that what has come in meanwhile has its place. ``restart`` begins at the
    top; ``goes_on`` says that it does not.
    """

    def __init__(self, words: list[str], filters: Filters, view: str | None, *, restart: bool) -> None:
        self._words, self._filters, self._view = words, filters, view
        self._restart = restart
        self._progress: Progress | None = None
        self._path: list[int] = []  # numbers, in the order they were shown
        self._wanted: int | None = None  # a ticket to show instead of the next one

    def chosen(self, desk: Desk) -> Selection:
        """All of the queue. Raises UnknownName, InvalidValue."""
        if self._view is None:
            found, filters = select.queue(desk, self._filters, self._words), self._filters
        else:
            from tix.cli.tickets import view_options

            viewed, filters, _ = view_options.seen(desk, self._view, self._filters, Output())
            found = select.queue(desk, filters, self._words, viewed)
        return found._replace(limit=select.limit(filters, -1))

    def goes_on(self, desk: Desk) -> bool:
        """Whether some of its tickets were already handled today."""
        return len(self._known(desk)) > 0

    def left(self, desk: Desk) -> int:
        """How many tickets it has."""
        return select.count(desk, self.chosen(desk))

    def next(self, desk: Desk) -> Ticket | None:
        """The first that is not dealt with, or the one that is wanted instead."""
        found = self._instead(desk)
        if found is not None:
            return found
        done = self._known(desk)
        chosen = self.chosen(desk)
        if chosen.limit < 0:
            chosen = chosen._replace(limit=len(done) + 1)
        for row in select.page(desk, chosen):
            if not done.is_done(row.ticket.number, row.ticket.version):
                return self._shown(row.ticket)
        return None

    def _instead(self, desk: Desk) -> Ticket | None:
        from tix.desk.tickets.read import find
        from tix.domain.tickets.references import Reference

        number, self._wanted = self._wanted, None
        if number is not None:
            with contextlib.suppress(NotFound):
                return self._shown(find(desk, Reference(None, number)))
        return None

    def _shown(self, ticket: Ticket) -> Ticket:
        if self._path[-1:] != [ticket.number]:
            self._path.append(ticket.number)
        return ticket

    def leave(self, desk: Desk, ticket: Ticket) -> None:
        """That ticket is dealt with, for today."""
        self._known(desk).done(ticket.number, ticket.version)

    def again(self, desk: Desk, number: int) -> None:
        """That ticket comes next, dealt with or not."""
        self._known(desk).forget(number)
        self._wanted = number

    def back(self) -> bool:
        """The one that was shown before comes next; False where there is none."""
        if len(self._path) < 2:
            return False
        self._path.pop()
        self._wanted = self._path.pop()
        return True

    def _known(self, desk: Desk) -> Progress:
        if self._progress is None:
            words = (*self._words, str(self._view), *map(str, self._filters))
            queue = (str(desk.store.path), desk.actor.login, *words)
            self._progress = Progress(queue, desk.now, anew=self._restart)
        return self._progress
