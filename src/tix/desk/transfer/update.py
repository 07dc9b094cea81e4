"""Tickets of a file that exist here already: how they differ, and with ``take`` what the file changes on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tix.desk.context import Desk
from tix.desk.transfer import relations
from tix.desk.transfer.plain_items import item_of
from tix.desk.transfer.report import Tally
from tix.desk.transfer.revision import Revision, Told, revision
from tix.domain.permissions import Scope
from tix.domain.tickets.ticket import FIELDS, Ticket
from tix.domain.tickets.timeline import Item
from tix.store.setup import repository
from tix.store.tickets import tickets, timeline
from tix.store.tickets.bulk import Load
from tix.typing import Any

_UID = FIELDS.index("uid")
_EVERYTHING = Scope("all", "", True)
_MOST_LISTED = 20


class Update:
    """Compares the tickets of one import with those here, and takes the changes if ``take``.

    ``prepare`` gets each changed ticket before it is stored, and adds what it refers to; ``data`` returns the bytes of a
    file.
    """

    def __init__(
        self, desk: Desk, *, take: bool, prepare: Callable[[Load], None], data: Callable[[str], bytes]
    ) -> None:
        self._desk = desk
        self._take = take
        self._prepare = prepare
        self._data = data
        self._priorities = repository.PRIORITIES.all(desk.store)
        self.updated = Tally(_MOST_LISTED)
        self.differing = Tally(_MOST_LISTED)
        self.kept = Tally(_MOST_LISTED)
        self.left: dict[str, Tally] = {}
        self.entries = self.files = 0
        # The uids of tickets whose links may be completed.
        self.followed: set[str] = set()

    def words(self) -> list[str]:
        """Return the sentences to print."""
        found = []
        if self.updated.count:
            found.append(f"updated {_tickets(self.updated.count)}: {self.updated.listed()}")
        if self.differing.count:
            found.append(
                f"{_tickets(self.differing.count)} imported before and different in the file, left unchanged "
                f"(to take the changes: --update): {self.differing.listed()}"
            )
        if self.kept.count and self._take:
            found.append(f"kept what was changed here: {self.kept.listed()}")
        return found

    def meet(self, batch: Sequence[Any]) -> list[tuple[Ticket, Ticket]]:
        """Compare some tickets of the file that are not new, and take what differs; return each pair, theirs first."""
        here = relations.by_uid(self._desk.store, {row[_UID] for row, *_ in batch})
        ids = [ticket.id for ticket in here.values() if ticket.id is not None]
        lines = timeline.timelines(self._desk.store, ids, _EVERYTHING)
        pairs = []
        for row, plain, _, _ in batch:
            told = Ticket(*row)
            found = here.pop(told.uid, None)
            if found is not None and self.is_visible(found):
                pairs.append((told, found))
                self._meet(Told(told, [item_of(item) for item in plain]), found, lines[found.id or 0])
            elif found is None and told.uid not in here and self._is_deleted(told.uid):
                self._leave("deleted here", told.about or told.subject)
        return pairs

    def is_visible(self, ticket: Ticket) -> bool:
        scope = self._desk.scope
        return scope.kind == "all" or tickets.get(self._desk.store, ticket.number, scope) is not None

    def _is_deleted(self, uid: str) -> bool:
        return self._take and uid not in relations.by_uid(self._desk.store, (uid,))

    def _meet(self, told: Told, here: Ticket, lines: Sequence[Item]) -> None:
        if told.ticket.merged_into is not None:
            return
        found = revision(
            here, lines, told, self._desk.rules_of(here), self._priorities, self._desk.actor.login
        )
        if found.kept:
            self.kept.add(f"{here.ref} ({', '.join(dict.fromkeys(found.kept))})")
        if not self._take:
            if found.changes:
                self.differing.add(here.ref)
            return
        if here.merged_into is not None:
            reason = "merged into another ticket here"
        elif found.closed_here:
            reason = "closed for good here"
        else:
            self.followed.add(here.uid)
            if found.changes:
                self._save(here, found)
            return
        if found.changes:
            self._leave(reason, here.ref)

    def leave(self, reason: str, here: Ticket) -> None:
        """Count a record that is a ticket here, and leave that as it is; one that nobody here may see is not named."""
        self._leave(reason, here.ref if self.is_visible(here) else "")

    def _leave(self, reason: str, which: str) -> None:
        self.left.setdefault(reason, Tally()).add(which)

    def _save(self, here: Ticket, found: Revision) -> None:
        store = self._desk.store
        self._prepare(Load(found.ticket, found.items))
        for item in found.items:
            self.entries += item.kind != "event"
            for file in item.files:
                tickets.add_blob(store, file.sha256, self._data(file.sha256))
                self.files += 1
        for item, text in found.texts:
            tickets.rewrite(store, item, text)
        tickets.save(store, here, found.ticket, found.items, self._desk.deed("import"))
        self.updated.add(here.ref)


def _tickets(count: int) -> str:
    return f"{count:,} ticket{'s' * (count != 1)}"
