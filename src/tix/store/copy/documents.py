"""The documents of the search index, made anew from the rows of a store: its contents cannot be read from SQLite."""

from __future__ import annotations

from collections.abc import Iterator

from tix.domain.people import Person
from tix.domain.tickets.ticket import Ticket
from tix.store import people
from tix.store.connection import Store
from tix.store.search import index
from tix.typing import NamedTuple

Document = tuple[int, str, str]
_BATCH = 5_000
# The two parts that documents are made in: the heads of tickets, by the tickets' ids, and entries, by those of the items.
HEADS, ENTRIES = "heads", "entries"


class Batch(NamedTuple):
    """Documents by their table, each in the order of its rowids; ``part`` and ``last`` say where the next batch begins."""

    part: str
    last: int
    public_text: list[Document]
    internal_text: list[Document]


def batches(store: Store, after: dict[str, int]) -> Iterator[Batch]:
    """Yield the documents behind the places ``after``, by part; inside a snapshot."""
    yield from _heads(store, after.get(HEADS, 0))
    yield from _entries(store, after.get(ENTRIES, 0))


def _heads(store: Store, after: int) -> Iterator[Batch]:
    known: dict[str, Person] = {}
    while rows := store.run("tickets_to_index", after=after, limit=_BATCH).fetchall():
        tickets = [Ticket(*row) for row in rows]
        wanted = {one for ticket in tickets for one in (ticket.requester, ticket.assignee) if one is not None}
        if missing := wanted - known.keys():
            known.update(people.named(store, missing))
        public, internal = [], []
        for ticket in tickets:
            assert ticket.id is not None
            place = index.rowid(ticket.id, 0)
            public.append((place, *index.head_public(ticket, known)))
            words = index.head_internal(ticket, known)
            if any(words):
                internal.append((place, *words))
        after = rows[-1][0]
        yield Batch(HEADS, after, public, internal)


def _entries(store: Store, after: int) -> Iterator[Batch]:
    while rows := store.run("entries_to_index", after=after, limit=_BATCH).fetchall():
        last = rows[-1][0]
        names: dict[int, list[str]] = {}
        for item, name in store.run("file_names_to_index", after=after, last=last).fetchall():
            names.setdefault(item, []).append(name)
        public: list[Document] = []
        internal: list[Document] = []
        for id, origin, ordinal, _, hidden, body in rows:
            text = index.entry_text(body, names.get(id, ()))
            (internal if hidden else public).append((index.rowid(origin, ordinal), "", text))
        after = last
        yield Batch(ENTRIES, after, sorted(public), sorted(internal))
