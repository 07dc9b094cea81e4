"""Restore merges and links between the tickets of an import, once all of them are stored.

Tickets of a file name each other by reference. Where a number was taken, the ticket has a new reference here, and
nothing is ever linked to the ticket of this desk that happens to have the old one.
"""

from __future__ import annotations

from collections.abc import Mapping

from tix.domain.json_columns import dumps, loads
from tix.domain.permissions import Scope
from tix.domain.tickets.ticket import Ticket, fold
from tix.domain.tickets.timeline import Item
from tix.store.connection import Store
from tix.store.tickets import merge, tickets, timeline
from tix.typing import Any

_EVERYTHING = Scope("all", "", staff=True)
# Events that name another ticket, besides those with the field ``entries``.
_NAMING = frozenset({"merged", "unmerged", "split", "linked", "unlinked"})
# Values that a merge changes on its source; without the target they are dropped.
_TAKEN = frozenset({"merged_into", "watchers", "time_seconds", "unbilled_seconds"})


class TicketReferences:
    """References between a file's tickets, and their references here. ``merged`` are those of merged tickets."""

    def __init__(self) -> None:
        self.merged: set[str] = set()
        self._named: set[str] = set()
        self._refs: dict[str, str] = {}
        self._tied: list[int] = []

    def learn(self, ticket: Ticket) -> None:
        """Note the references in a ticket of the file."""
        if ticket.merged_into is not None:
            self.merged.add(ticket.ref)
            self._named |= {ticket.ref, ticket.merged_into}
        if ticket.links is not None:
            self._named.update(ref for _, ref in ticket.link_list())

    def landed(self, ref: str, ticket: Ticket) -> None:
        """Note that a ticket is stored; ``ref`` is its reference in the file."""
        if ref in self._named:
            self._refs[ref] = ticket.ref
        if ticket.id is not None and (ref in self._named or _named(ticket)):
            self._tied.append(ticket.id)

    def tie(self, store: Store, aparts: Mapping[str, int]) -> None:
        """Restore merges and links, after all tickets are stored; ``aparts`` as in ``store.tickets.bulk.Loader``."""
        renamed = any(ref != here for ref, here in self._refs.items())
        for id in self._tied:
            ticket = tickets.by_id(store, id)
            if ticket is not None and (renamed or not self._refs.keys() >= set(_named(ticket))):
                self._rename(store, ticket)
        for id in self._tied:
            ticket = tickets.by_id(store, id)
            if ticket is not None and (place := merge.holder(store, ticket)).id != id:
                merge.hang(store, id, place.id or 0)
        for ref, place_in_list in aparts.items():
            found = merge.numbered(store, self._refs[ref]) if ref in self._refs else None
            merge.set_apart(store, -place_in_list, None if found is None else found.id)

    def _rename(self, store: Store, ticket: Ticket) -> None:
        """Rewrite a ticket's references to those of this desk, and drop those to tickets that are not here."""
        assert ticket.id is not None
        written = []
        for item in timeline.timelines(store, [ticket.id], _EVERYTHING)[ticket.id]:
            new = self._renamed(item)
            if new != item:
                store.run("item_rename", key=item.id, sets=dumps(new.sets), old=new.old, new=new.new)
            written.append(new)
        row = fold(ticket.number, ticket.prefix, ticket.uid, written)._replace(id=ticket.id)
        tickets.save(store, ticket, row, [])

    def _renamed(self, item: Item) -> Item:
        if item.type in _NAMING or item.field == "entries":
            item = item._replace(old=self._here(item.old), new=self._here(item.new))
        if item.sets is None:
            return item
        sets: dict[str, Any] = dict(item.sets)
        target = sets.get("merged_into")
        if target is not None:
            if target in self._refs:
                sets["merged_into"] = self._refs[target]
            else:
                sets = {name: value for name, value in sets.items() if name not in _TAKEN}
        if sets.get("links") is not None:
            pairs = [
                [relation, self._refs[ref]] for relation, ref in loads(sets["links"]) if ref in self._refs
            ]
            sets["links"] = dumps(pairs)
        return item._replace(sets=sets or None)

    def _here(self, ref: str | None) -> str | None:
        return None if ref is None else self._refs.get(ref, ref)


def _named(ticket: Ticket) -> list[str]:
    merged = [] if ticket.merged_into is None else [ticket.merged_into]
    return [*merged, *(ref for _, ref in ticket.link_list())]
